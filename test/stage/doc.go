// Package stage sets up what the programs under test play on: the registry and the
// server, each in a process of its own, and what it takes until a profile is
// verified. Everything goes over the interfaces that anybody has.
package stage

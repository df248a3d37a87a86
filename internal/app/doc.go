// Package app puts the parts together: from a configuration to a running server.
//
// It is the only place that knows everything. It wires the interfaces that the
// lower floors declare, starts the loops and the listeners, and stops them in the
// reverse order. Without a configuration it runs everything embedded: SQLite,
// files, a mail sink and a registry of its own.
package app

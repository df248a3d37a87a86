// Package epptest helps to test the EPP packages: golden frames, validation
// against schemas, and registries that follow a script.
package epptest

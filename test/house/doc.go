// Package house holds the shape of the code: which room stands on which floor,
// and who may import whom. It also holds docs/traceability.md to the tests that
// the page names. It has tests only.
package house

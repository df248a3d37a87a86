// Package simulate is a registrar that runs verinym, for ninety days of a clock that is moved
// by hand (docs/simulation.md).
//
// The world has customers, reviewers, authorities, mail servers, a registry and other
// systems, who act through the interfaces that anybody has and keep books of their own. At
// every stop of the clock what verinym tells its users is compared with those books; what
// should never be is a Violation, and names its invariant.
package simulate

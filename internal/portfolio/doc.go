// Package portfolio audits names that stand somewhere already, before they are brought
// in: which of them a registry would take out of the zone, when, and why. It reads a CSV
// dump or asks a registry by <info>, and changes nothing anywhere.
//
// What a dump does not say is not guessed: a name whose verdicts are unknown is answered
// with what would follow if they were missing.
package portfolio

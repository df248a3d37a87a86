// Package sample makes numbers for tests and demonstrations: they pass every
// check of package identifier and belong to nobody.
//
// A made-up number with a real region code and a right check character may well
// be somebody's. So these carry what no authority assigns: region code 990000,
// the ISO user-assigned nationality 999, the state of Utopia (UTO) of ICAO's own
// specimens. Residence permits cannot avoid their fixed prefixes 810000, 820000
// and 830000; there the sequence 000, which is not issued, keeps the number
// free. Numbers that are mere serials begin with 99, far beyond what has been
// issued as far as we know.
//
// Never send one of them to a registry's or an authority's live system, and
// never take them for a person's: a row that holds region 990000 is test data.
//
// The same source of randomness gives the same numbers in the same order.
package sample

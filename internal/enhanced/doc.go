// Package enhanced is enhanced verification: of a domain or of a profile that staff want
// to be looked at again, as when a name is abused.
//
// Staff open one with a cause. The registrant is told what is wanted and by when: all
// sides of the identity document, a photo of the holder with it in hand, undertakings.
// They upload it through the intake that all documents go through, with limits of its
// own, and submit it; the desk decides. When nothing comes in time, or the verification
// fails, the domains are put on clientHold where policy says so, and released when it
// passes in the end.
//
// It promises that a hold of its own is told from everybody else's by its evidence, and
// that no other is lifted. What a profile's own review has decided stays as it is.
package enhanced

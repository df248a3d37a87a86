// Package qualification is what a few suffixes ask for beside an identity: that a body is
// of the government (gov.cn), that a mark is the holder's (.商标), that somebody feeds
// people or works for those who do (.餐厅).
//
// Policy says which papers a suffix wants, all of some and one set of others, and by which
// pattern a name may be made of a mark. An order under such a suffix asks for them; they
// come in through the intake of all documents, and the desk reviews them apart from the
// holder's identity: both have to pass. A new holder shows papers anew, within the grace
// that policy gives.
//
// It promises that a name has at most one qualification that counts, and that what was
// submitted stays as it was until it is decided. It puts nothing on hold and deletes no
// name: registries do.
package qualification

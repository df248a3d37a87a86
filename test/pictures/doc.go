// Package pictures makes photographs of identity documents that do not exist.
//
// Screening must be tried on what registrants really upload: a card on a desk under a lamp, a licence from a flatbed
// scanner, a picture that three messengers have saved again. Real documents cannot be kept in a repository, so this
// package draws fictitious ones (holders, companies and offices that do not exist, numbers with the region code 990000
// that no office was ever given) and then photographs them: perspective, light, shadow, lens, sensor noise, the phone's
// own sharpening, JPEG. Because everything is drawn, everything is known: the truth of each picture says where the four
// corners lie, what the text says, and which defect was put in and how badly.
//
// Layouts are invented in the spirit of the documents, not copied from them, and the text itself says that the document
// is a sample (issued in 样本市, "Specimen City"). Nothing here may be used as an example of a valid document.
//
// The same seed gives the same picture. The package is for tests and tools; the server never imports it.
package pictures

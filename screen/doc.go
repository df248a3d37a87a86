// Package screen answers one question about an uploaded picture of an identity document: why would a reviewer refuse it?
//
// A registrant who photographs a card with a finger over its corner learns it at once instead of days later. [Screen] looks
// at the bytes (does the content agree with the name, is the file whole, is it within the registry's limits) and then at
// the picture (is a document there, complete, sharp, lit, in colour) and reports findings: a canonical code, how grave it
// is, what to do about it in English and Chinese, and where in the picture it is seen.
//
//	report, err := screen.Screen(ctx, file, size, screen.Options{Kind: "resident_id", Side: "front", Policy: screen.CNNIC})
//
// # What it promises
//
//   - Every property of the file is a finding, never an error: an error from [Screen] means that reading failed or that the
//     context ended.
//   - It never panics on hostile bytes. Dimensions are read and checked before anything is decoded; see the caps below.
//   - Only findings about the file itself (format, size, corruption) are hard. A judgement about the picture can always be
//     overridden by a person.
//   - Kinds of document that are born digital ([Policy].BornDigital) get warnings for colour, margins and screenshots, never
//     errors.
//   - What a program wrote into the metadata (a software tag) is no finding, nor is having been saved twice.
//
// # What it never does
//
// It does not execute anything, log, read the environment or the network, keep the picture, or decide about identity. It
// holds no state between calls, so calls may run in parallel. Whether a picture is the same as one refused before, its
// caller remembers: [Report].Fingerprint is what to keep, and [Fingerprint.Likeness] compares.
//
// # Caps
//
// JPEG, PNG, BMP, WebP and HEIC are decoded. A picture beyond the policy's MaxPixels or MaxSide is refused before decoding;
// one beyond its format's cap gets the warning picture_not_checked, and a person looks at it. Within the caps, and with
// files of up to 5 MB, a call takes at most:
//
//	format  pixels       memory   processor time
//	JPEG    50 million   256 MB    8 s   (one scan: about 0.2 s; two hundred progressive scans are the worst)
//	PNG     50 million   768 MB   10 s
//	BMP     50 million   768 MB   10 s
//	WebP    50 million   768 MB   15 s
//	HEIC    13 million   768 MB   15 s   (12 megapixels: 2.5 s, the first one of a process 1 s more)
//
// These are limits under which the worst files are screened in a test, in a process of their own, not typical values; a
// photograph of twelve megapixels takes a tenth of a second as JPEG. Callers who screen what strangers send should do the
// same: call Screen in a process that has these limits. HEIC goes through libheif in WebAssembly, which must be built with
// the tag nodynamic: without it, a libheif that happens to be installed would be loaded and meet the bytes natively.
package screen

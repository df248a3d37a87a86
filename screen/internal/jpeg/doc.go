// Package jpeg decodes JPEG pictures at a reduced size, fast.
//
// A phone's picture of a document has twelve million pixels, and screening looks at three quarters of a million. Decoding
// them all first costs four times as much as the rest. This decoder reconstructs each 8 × 8 block at 1 × 1, 2 × 2, 4 × 4
// or 8 × 8 from its lowest frequencies, which is what a good downscale of the whole picture would give; the remaining
// coefficients are skipped without being computed, several at a time. Where two cores are free, two parts of the
// compressed data are read at once.
//
// It reads baseline, extended and progressive Huffman-coded pictures with 8 bits a sample, one, three or four components,
// every sampling, restart intervals, and several scans. Arithmetic coding, lossless and hierarchical modes and 12-bit
// samples are ErrUnsupported. Anything damaged or incomplete is ErrCorrupt: half a document is no document.
//
// The bytes are hostile until proven otherwise. Memory is bounded by the declared dimensions (the caller checks these
// first, with ReadConfig): at most 3 bytes a pixel of the original at full size, 0.3 at a quarter, twice that for
// progressive pictures.
package jpeg

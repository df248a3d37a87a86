package screen

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"io"
)

// Options says what is known about an upload beforehand. The zero value screens under General and knows nothing else.
type Options struct {
	Name         string // file name as uploaded; "" is not checked
	DeclaredType string // MIME type as declared; "" is not checked
	Kind         string // document kind ("resident_id", "business_licence", …); "" is unknown
	Side         string // "front", "back", …; "" is unknown
	Policy       Policy
	// Decoded, where it is set, is shown the picture, as stored, when one of PNG, BMP, WebP or HEIC has been decoded: whoever
	// makes a copy need not do so again. A JPEG is reduced while it is decoded, and not shown.
	Decoded func(image.Image) `json:"-"`
}

// Report is the answer.
type Report struct {
	Verdict  Verdict
	Findings []Finding // the gravest first
	Image    ImageInfo
	// Document is where the document lies, if its outline was found.
	Document *Document
	// Turned is by how many quarters clockwise the writing stands in the picture as stored, 0 to 3; -1 where too little can be
	// seen of it. Image.Orientation says how a viewer turns it back.
	Turned int
	// Fingerprint is to be kept of refused pictures: whoever sends one again should hear so (same_image_already_rejected).
	Fingerprint Fingerprint
	Measures    Measures
}

// ImageInfo is what the file says about itself.
type ImageInfo struct {
	Format        Format
	Width, Height int // pixels as stored, of HEIC as shown; 0 where the file could not be read that far
	Orientation   int // as EXIF numbers them, 1 … 8; 0 where nothing is said
	Bytes         int64
}

// Document is the place of a document in the picture.
type Document struct {
	Corners [4]Point // clockwise from the corner nearest to the picture's top left; may lie outside the picture
	Cut     bool     // part of it lies outside
}

// Screen looks at an upload of size bytes. The error is non-nil only when r cannot be read or ctx ended; whatever is wrong
// with the picture is a finding.
func Screen(ctx context.Context, r io.ReaderAt, size int64, o Options) (Report, error) {
	o.Policy = o.Policy.withDefaults()
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	head := make([]byte, min(size, sniffLen))
	if err := readAt(r, head, 0); err != nil {
		return Report{}, err
	}
	rep := Report{Turned: -1, Image: ImageInfo{Format: Sniff(head), Bytes: size}}
	rep.Findings = checkFile(rep.Image.Format, size, o)
	if _, ok := codecs[rep.Image.Format]; ok && size <= o.Policy.MaxBytes {
		data := make([]byte, size)
		half := size / 2
		var first, second error
		together(func() { first = readAt(r, data[:half], 0) }, func() { second = readAt(r, data[half:], half) })
		if err := cmp.Or(first, second); err != nil {
			return Report{}, err
		}
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		checkPicture(data, o, &rep)
	}
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	rep.settle()
	return rep, nil
}

// readAt fills b.
func readAt(r io.ReaderAt, b []byte, off int64) error {
	if len(b) == 0 {
		return nil
	}
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("screen: read: %w", err)
}

func (r *Report) add(f Finding) { r.Findings = append(r.Findings, f) }

// settle orders the findings and sums them up.
func (r *Report) settle() {
	var ordered []Finding
	for _, rank := range []func(Finding) bool{
		func(f Finding) bool { return f.Severity == Error && f.Hard },
		func(f Finding) bool { return f.Severity == Error && !f.Hard },
		func(f Finding) bool { return f.Severity != Error },
	} {
		for _, f := range r.Findings {
			if rank(f) {
				ordered = append(ordered, f)
			}
		}
	}
	r.Findings, r.Verdict = ordered, verdict(ordered)
}

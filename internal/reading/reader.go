package reading

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/ocr"
)

// Jail is where pictures are decoded: a *jail.Pool that serves Inside.
type Jail interface {
	Do(ctx context.Context, name string, picture jail.Picture, args []byte) ([]byte, error)
}

// Reader reads pages.
type Reader struct {
	Jail   Jail
	Engine ocr.Engine
	// Now is the time as of which numbers are judged.
	Now func() time.Time
}

// Page reads one side of a document of a kind. A picture that lies on its side or on its head is turned until something of
// the form can be read. Errors: jail's, ocr.ErrFailed.
func (r *Reader) Page(ctx context.Context, kind, side string, f Form, picture jail.Picture) (Page, error) {
	on := []Page{{Side: side}}
	args, err := json.Marshal(wanted{Kind: kind, Side: side, QR: f.shows(QR, on), Seals: f.Organization && f.shows(IssuedOn, on)})
	if err != nil {
		return Page{}, err
	}
	reply, err := r.Jail.Do(ctx, prepare, picture, args)
	if err != nil {
		return Page{}, err
	}
	flat, err := parseFlat(reply)
	if err != nil {
		return Page{}, err
	}
	return r.turned(ctx, side, f, flat)
}

// turned reads a flat page the way up in which most of the form is found on it.
func (r *Reader) turned(ctx context.Context, side string, f Form, flat flat) (best Page, err error) {
	most := -1
	back := 4 - flat.Turned
	todo := []int{0, 2, 1, 3}
	for i := 0; i < len(todo); i++ {
		p := flat.Picture.Turned(back + todo[i])
		lines, err := r.Engine.Recognize(ctx, p, nil)
		if err != nil {
			return best, err
		}
		page := Page{Side: side, Engine: r.Engine.Name(), Width: p.Width, Height: p.Height, Lines: lines}
		if flat.QR != "" {
			page.QR = []string{flat.QR}
		}
		if n := f.evidence(page, r.Now()); n > most {
			best, most = page, n
		}
		if most >= enough {
			break
		}
		if i == 0 && sideways(lines) {
			todo = []int{0, 1, 3, 2}
		}
	}
	return best, nil
}

// enough is the evidence from which a page is the right way up.
const enough = 2

// evidence counts what of a form is found on a page: its labels, and what carries a check.
func (f Form) evidence(p Page, now time.Time) (n int) {
	for _, l := range f.lay(p).lines {
		n += len(l.labels)
	}
	read := f.Read(now, p)
	if v, ok := read.Values[Number]; ok && checkable(f.Number) && f.checks(v.Text, now) {
		n += enough
	}
	if _, ok := read.Values[MRZ]; ok {
		n += enough
	}
	return n
}

// sideways reports whether most of the writing runs up or down.
func sideways(lines []ocr.Line) bool {
	n := 0
	for _, l := range lines {
		if dx, dy := l.Quad[1].X-l.Quad[0].X, l.Quad[1].Y-l.Quad[0].Y; math.Abs(dy) > math.Abs(dx) {
			n++
		}
	}
	return 2*n > len(lines)
}

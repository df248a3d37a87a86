package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"slices"

	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/screen"
)

// Inside is what a child in jail can do for this package.
func Inside() map[string]jail.Func {
	inside := reading.Inside()
	inside[look] = lookInside
	return inside
}

// look screens a picture and derives from it what leaves the vault.
const look = "document.look"

// question is what is asked about a picture.
type question struct {
	Options screen.Options
	// Least and Most are the bytes that the copy may have.
	Least, Most int64
	// Contested asks for the copies of a picture that only a judgement refuses.
	Contested bool
}

// answer is what was seen, and the copies of a picture that is not refused.
type answer struct {
	Verdict  screen.Verdict
	Findings []screen.Finding
	Image    screen.ImageInfo
	Corners  []screen.Point
	Print    screen.Fingerprint
	// Preview is of a picture that is refused for how it looks, for its owner to see where.
	Preview []byte
	// NoCopy says that no honest copy within the bounds can be made.
	NoCopy bool
	copies
}

type copies struct{ Copy, Thumb []byte }

// turn takes what was measured on the picture as stored over to the upright one.
func (a *answer) turn(orientation int) {
	w, h := a.Image.Width, a.Image.Height
	for i, f := range a.Findings {
		if r := f.Region; r != nil {
			x1, y1 := turned(float64(r.X), float64(r.Y), w, h, orientation)
			x2, y2 := turned(float64(r.X+r.W), float64(r.Y+r.H), w, h, orientation)
			a.Findings[i].Region = &screen.Rect{X: int(min(x1, x2)), Y: int(min(y1, y2)), W: int(max(x1, x2) - min(x1, x2)), H: int(max(y1, y2) - min(y1, y2))}
		}
	}
	for i, c := range a.Corners {
		a.Corners[i].X, a.Corners[i].Y = turned(c.X, c.Y, w, h, orientation)
	}
	if orientation >= 5 { // lying on its side
		a.Image.Width, a.Image.Height = h, w
	}
}

// refused reports whether the picture is not to be kept.
func (a answer) refused(contested bool) bool {
	if a.Verdict != screen.Reject {
		return false
	}
	return !contested || a.hard()
}

// hard reports whether something is wrong with the picture that is no judgement.
func (a answer) hard() bool {
	return slices.ContainsFunc(a.Findings, func(f screen.Finding) bool { return f.Severity == screen.Error && f.Hard })
}

func lookInside(ctx context.Context, picture, args []byte) ([]byte, error) {
	var q question
	if err := json.Unmarshal(args, &q); err != nil {
		return nil, err
	}
	var img image.Image
	q.Options.Decoded = func(decoded image.Image) { img = decoded }
	report, err := screen.Screen(ctx, bytes.NewReader(picture), int64(len(picture)), q.Options)
	if err != nil {
		return nil, err
	}
	a := answer{Verdict: report.Verdict, Findings: report.Findings, Image: report.Image, Print: report.Fingerprint}
	if report.Document != nil {
		a.Corners = report.Document.Corners[:]
	}
	a.turn(report.Image.Orientation)
	if a.refused(q.Contested) && !a.hard() {
		if img == nil {
			img, _, err = image.Decode(bytes.NewReader(picture))
		}
		if err == nil {
			a.Preview, err = encode(upright(reduce(img, preview), report.Image.Orientation), q.Most)
		}
		if err != nil { // it goes without
			a.Preview, err = nil, nil
		}
	}
	if !a.refused(q.Contested) {
		if img == nil {
			if img, _, err = image.Decode(bytes.NewReader(picture)); err != nil {
				err = errNoPicture
			}
		}
		if err == nil {
			a.copies, err = derive(img, report.Image.Orientation, q.Least, q.Most)
		}
		switch {
		case errors.Is(err, errNoPicture):
			a.Verdict = screen.Reject
			a.Findings = append(a.Findings, screen.Finding{Code: screen.FileCorrupt, Severity: screen.Error, Hard: true})
		case errors.Is(err, errNoHonestCopy):
			a.NoCopy = true
		case err != nil:
			return nil, err
		}
	}
	return json.Marshal(a)
}

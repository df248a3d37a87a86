package reading

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // what copies are
	_ "image/png"  // likewise

	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/screen"
)

// Inside is what a child in jail can do for this package.
func Inside() map[string]jail.Func { return map[string]jail.Func{prepare: prepareInside} }

// prepare lays a document flat and reads its QR code.
const prepare = "reading.prepare"

// wanted is what is asked about a picture.
type wanted struct {
	Kind, Side string
	QR         bool
	// Seals: what is printed under red seals is wanted.
	Seals bool
}

// flat is a page ready to be read. Its pixels follow its JSON.
type flat struct {
	ocr.Picture
	QR string `json:"qr,omitempty"`
	// Turned is by how many quarters clockwise the writing stands, as far as it is known; 0 where it is not.
	Turned int `json:"turned,omitempty"`
}

func prepareInside(ctx context.Context, picture, args []byte) ([]byte, error) {
	var w wanted
	if err := json.Unmarshal(args, &w); err != nil {
		return nil, err
	}
	f, err := flatten(ctx, picture, w)
	if err != nil {
		return nil, err
	}
	head, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return append(append(head, '\n'), f.Pix...), nil
}

func flatten(ctx context.Context, picture []byte, w wanted) (f flat, err error) {
	img, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return f, fmt.Errorf("reading: %w", err)
	}
	report, err := screen.Screen(ctx, bytes.NewReader(picture), int64(len(picture)), screen.Options{
		Kind: w.Kind, Side: w.Side, Policy: screen.Policy{MaxBytes: int64(len(picture))},
	})
	if err != nil {
		return f, err
	}
	var page *image.RGBA
	if d := report.Document; d != nil {
		var corners [4]ocr.Point
		for i, c := range d.Corners {
			corners[i] = ocr.Point{X: c.X, Y: c.Y}
		}
		page = Rectify(img, corners)
	} else {
		page = reduce(img)
	}
	f.Turned = max(report.Turned, 0)
	if w.QR {
		if f.QR = readCode(page); f.QR == "" {
			f.QR = readCode(img)
		}
	}
	if w.Seals {
		bleach(page)
	}
	f.Picture = ocr.FromImage(page)
	return f, nil
}

func parseFlat(reply []byte) (f flat, err error) {
	head, pixels, ok := bytes.Cut(reply, []byte{'\n'})
	if !ok {
		return f, errors.New("reading: no pixels")
	}
	if err := json.Unmarshal(head, &f); err != nil {
		return f, fmt.Errorf("reading: %w", err)
	}
	f.Pix = pixels
	return f, f.Check()
}

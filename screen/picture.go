package screen

import (
	"math"

	"github.com/verinym/verinym/screen/internal/outline"
)

// checkPicture decodes and judges. Everything it finds goes into the report.
func checkPicture(data []byte, o Options, rep *Report) {
	p := o.Policy
	f := rep.Image.Format
	unreadable := func(err error) {
		if err == errUnsupported {
			rep.add(Finding{Code: PictureUnchecked, Severity: Warn, Params: map[string]string{"Format": string(f)}})
			return
		}
		rep.add(Finding{Code: FileCorrupt, Severity: Error, Hard: true})
	}
	w, h, err := dimensions(f, data)
	if err != nil {
		unreadable(err)
		return
	}
	rep.Image.Width, rep.Image.Height = w, h
	if max(w, h) > p.MaxSide || w*h > p.MaxPixels {
		rep.add(Finding{Code: TooManyPixels, Severity: Error, Hard: true, Params: map[string]string{
			"Width": itoa(w), "Height": itoa(h), "MaxSide": itoa(p.MaxSide)}})
		return
	}
	if min(w, h) < 16 {
		rep.add(tooFewPixels(w, h, p.MinSide))
		return
	}
	fr, err := decode(f, data)
	if err != nil {
		unreadable(err)
		return
	}
	judge(examine(fr), o, rep)
}

func tooFewPixels(w, h, least int) Finding {
	return Finding{Code: TooFewPixels, Severity: Error, Hard: true, Params: map[string]string{
		"Width": itoa(w), "Height": itoa(h), "MinSide": itoa(least)}}
}

// sides returns the lengths of the document's longer and shorter sides in frame pixels; of the picture without an outline.
func (v view) sides() (long, short float64) {
	if v.outline.State == outline.None {
		return float64(max(v.frame.W, v.frame.H)), float64(min(v.frame.W, v.frame.H))
	}
	var l [4]float64
	for i := range 4 {
		a, b := v.outline.Corners[i], v.outline.Corners[(i+1)%4]
		l[i] = math.Hypot(b[0]-a[0], b[1]-a[1])
	}
	x, y := (l[0]+l[2])/2, (l[1]+l[3])/2
	return max(x, y), min(x, y)
}

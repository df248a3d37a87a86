package screen

import (
	"github.com/verinym/verinym/screen/internal/outline"
)

// Thresholds. Each has two steps: beyond the second a reviewer surely refuses, between the two one may.
const (
	blurWarn, blurError     = 1.7, 2.7 // thousandths of the longer side: a stroke of Chinese text is about three
	chromaWarn, chromaError = 6, 3     // lower is worse; colour that a faded card still has, and what noise alone makes
	glareWarn, glareError   = .004, .012
	paperWarn, paperError   = 105, 72 // lower is worse
	fullWarn, fullError     = .45, .70
	washedInk               = 105 // ink this light on clipped paper is no longer read
)

// judge turns measures into findings.
func judge(v view, o Options, rep *Report) {
	long, short := v.sides()
	k := v.frame.Scale
	m := &rep.Measures
	m.Blur = v.sharp.Worst() / long * 1000
	m.Chroma, m.Glare = v.colour.Chroma, v.light.Glare
	m.Paper, m.Ink, m.Full = v.light.Paper, v.light.Ink, v.light.Full
	m.Depth, m.Glyphs, m.Lines, m.CutText = v.ink.Strong, v.text.Glyphs, len(v.text.Lines), v.cutText
	m.TextHeight = float64(v.text.Height()) / float64(max(v.doc.W, v.doc.H)) * 1000
	m.Quarters, m.Lead, m.Rival, m.Voters = v.stance.Quarters, v.stance.Lead, v.stance.Rival, v.stance.Glyphs
	if v.stance.Mirrored {
		m.Quarters += 4
	}
	m.Cover, m.CoverSkin = v.cover.Share, v.cover.Skin
	m.Peak, m.Period = v.pattern.Peak, v.pattern.Period
	g := v.frame.Grain
	m.Still, m.Same, m.Level3, m.Fine = g.Still, g.Same, g.Peak, g.Fine
	m.Blobs = v.blobs
	m.Score, m.State = v.outline.Score, int(v.outline.State)
	born := o.Policy.BornDigital

	switch v.outline.State {
	case outline.None:
		rep.add(Finding{Code: NoMargin, Severity: Warn})
	default:
		d := &Document{Cut: v.outline.State == outline.Cut}
		for i, c := range v.outline.Corners {
			d.Corners[i] = Point{(c[0] + .5) * k, (c[1] + .5) * k}
		}
		rep.Document = d
		if d.Cut {
			rep.add(Finding{Code: CutOff, Severity: Warn})
		}
		m.Contrast = v.outline.Contrast[0]
		for _, c := range v.outline.Contrast {
			m.Contrast = min(m.Contrast, c)
		}
	}
	if short*k < float64(o.Policy.MinSide)*.98 {
		f := tooFewPixels(rep.Image.Width, rep.Image.Height, o.Policy.MinSide)
		if min(rep.Image.Width, rep.Image.Height) >= o.Policy.MinSide { // the outline may be wrong, so only a warning
			f.Severity, f.Hard = Warn, false
		}
		rep.add(f)
	}
	twoStep := func(c Code, value, warn, fail float64, soft bool) {
		worse := func(limit float64) bool { return (fail >= warn && value > limit) || (fail < warn && value < limit) }
		switch {
		case worse(fail) && !soft:
			rep.add(Finding{Code: c, Severity: Error})
		case worse(warn):
			rep.add(Finding{Code: c, Severity: Warn})
		}
	}
	twoStep(Grayscale, m.Chroma, chromaWarn, chromaError, born)
	if v.sharp.Edges >= 120 {
		twoStep(Blurred, m.Blur, blurWarn, blurError, false)
	}
	twoStep(Glare, m.Glare, glareWarn, glareError, false)
	twoStep(Dark, float64(m.Paper), paperWarn, paperError, false)
	if m.Ink > washedInk {
		twoStep(Overexposed, m.Full, fullWarn, fullError, born)
	}
}

package screen

import (
	"math"

	"github.com/verinym/verinym/screen/internal/outline"
)

// A warning begins at the first limit, an error at the second.
var (
	// Radius of blur against the height of the smaller print. A stroke of a Chinese character is about a tenth of it.
	blurLimits = limits{.068, .083}
	// Grey level of paper. A lit sheet lies above 180; at 70 the sensor's noise is as deep as print.
	darkLimits = limits{128, 84}
	// Depth of print against its paper.
	faintLimits = limits{.36, .19}
	glareLimits = limits{.0035, .012}
	// Chroma beyond the light's tint. Noise alone makes two or three; a faded card still has six.
	greyLimits = limits{6, 3}
)

// clipped is the share of the document without any detail, on a photograph, from which its light is in question.
const clipped = .35

// blurRadius is the blur in units of the smaller print's height.
func (j *judgement) blurRadius() float64 {
	long, _ := j.sides()
	if j.sharp.Edges < 120 || long == 0 {
		return 0
	}
	height := float64(j.text.Height()) / float64(max(j.doc.W, j.doc.H))
	if most := 1.4 * j.kind.print; most > 0 && (height == 0 || height > most) { // blur runs print together
		height = most
	}
	if height == 0 {
		height = .022
	}
	return j.sharp.Worst() / long / max(height, .011)
}

func (j *judgement) blurred() { j.above(Blurred, j.blurRadius(), blurLimits, false, nil) }

// contrast is the depth of print against the paper's brightness.
func (j *judgement) contrast() float64 {
	return float64(j.ink.Deep) / math.Max(40, float64(j.ink.Paper))
}

// exposure: too dark, too bright, or too pale to read. One cause is named, the one that explains the others.
func (j *judgement) exposure() {
	paper, full, pale := float64(j.light.Paper), j.light.Full, j.contrast() < .45
	switch {
	case paper < darkLimits.warn:
		j.below(Dark, paper, darkLimits, false, nil)
		if paper < darkLimits.fail && j.outline.State == outline.None && !j.legible() {
			j.warn(NoDocument, nil) // a dark desk, or a document that the dark hides: either way none is seen
		}
	case full > clipped && (pale && j.light.Ink > 100 || j.photograph() && (pale || j.light.Ink > 100)):
		// Clipped paper alone can still be read; when the print goes too, a reviewer refuses it.
		j.refuse(Overexposed, nil, j.soft)
	case full > clipped && (j.photograph() || !j.soft && full > .7):
		j.warn(Overexposed, nil)
	case full > clipped: // a white page
	case j.blurRadius() < blurLimits.fail:
		j.below(LowContrast, j.contrast(), faintLimits, false, nil)
	}
}

// photograph is true of a picture that a camera took of a scene: around the document there is something other than a
// scanner's lid or a program's page.
func (j *judgement) photograph() bool { return j.surround.Level < 205 || j.surround.Plain < .6 }

func (j *judgement) glare() {
	j.above(Glare, j.light.Glare, glareLimits, false, j.region(j.light.Spot))
}

// grayscale: kinds that are often printed in black on white have little colour to show.
func (j *judgement) grayscale() {
	l := greyLimits
	if j.soft && !j.kind.seal {
		l.warn = l.fail
	}
	j.below(Grayscale, j.colour.Chroma, l, j.soft, nil)
}

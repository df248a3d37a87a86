package screen

import "math"

// Limits: a warning beyond the first, an error beyond the second.
const (
	// Radius of blur against the height of the smaller print. A stroke of a Chinese character is about a tenth of it.
	blurWarn, blurFail = .058, .078
	// Grey level of paper. A lit sheet lies above 180; at 70 the sensor's noise is as deep as print.
	darkWarn, darkFail = 118, 84
	// Depth of print against its paper.
	faintWarn, faintFail = .30, .19
	// Share of the document without any detail, on a photograph.
	clippedWarn          = .45
	glareWarn, glareFail = .0035, .012
	// Chroma beyond the light's tint. Noise alone makes two or three; a faded card still has six.
	greyWarn, greyFail = 6, 3
)

// blurRadius is the blur in units of the smaller print's height.
func (j *judgement) blurRadius() float64 {
	long, _ := j.sides()
	if j.sharp.Edges < 120 || long == 0 {
		return 0
	}
	height := float64(j.text.Height()) / float64(max(j.doc.W, j.doc.H))
	if j.kind.long > 0 { // blur runs print together: what the kind's print measures is an upper bound
		if most := 1.4 * j.kind.text / j.kind.long; height == 0 || height > most {
			height = most
		}
	}
	if height == 0 {
		height = .022
	}
	return j.sharp.Worst() / long / max(height, .011)
}

func (j *judgement) blurred() { j.steps(Blurred, j.blurRadius(), blurWarn, blurFail, false, nil) }

// contrast is the depth of print against the paper's brightness.
func (j *judgement) contrast() float64 {
	return float64(j.ink.Strong) / math.Max(40, float64(j.ink.Paper))
}

// exposure: too dark, too bright, or too pale to read. One cause is named, the one that explains the others.
func (j *judgement) exposure() {
	switch paper := float64(j.light.Paper); {
	case paper < darkWarn:
		j.steps(Dark, paper, darkWarn, darkFail, false, nil)
	case j.light.Full > clippedWarn && (j.contrast() < .45 || j.light.Ink > 100):
		// Clipped paper alone can still be read; when the print goes too, a reviewer refuses it.
		j.refuse(Overexposed, nil, j.soft)
	case j.light.Full > clippedWarn && j.photograph():
		j.warn(Overexposed, nil)
	default:
		if j.blurRadius() < blurFail {
			j.steps(LowContrast, j.contrast(), faintWarn, faintFail, false, nil)
		}
	}
}

// photograph is true of a picture that a camera took of a scene: around the document there is something other than a
// scanner's lid or a program's page.
func (j *judgement) photograph() bool { return j.surround.Level < 205 || j.surround.Rough > 12 }

func (j *judgement) glare() {
	j.steps(Glare, j.light.Glare, glareWarn, glareFail, false, j.region(j.light.Spot))
}

func (j *judgement) grayscale() { j.steps(Grayscale, j.colour.Chroma, greyWarn, greyFail, j.soft, nil) }

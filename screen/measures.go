package screen

import "github.com/verinym/verinym/screen/internal/measure"

// Measures are the figures behind the findings, for a reviewer who wants to know how near it was. They are comparable
// between pictures, but no promise: a later version may measure better.
type Measures struct {
	Blur     float64 // radius by which edges are smeared, against the height of the smaller print
	Contrast float64 // depth of print against its paper, 0 to 1
	Chroma   float64 // colour inside the document beyond the light's tint
	Paper    int     // grey level of its light parts
	Ink      int     // grey level of its darkest parts
	Full     float64 // share of it without detail, at the sensor's limit
	Glare    float64 // share of it under the largest reflection
	Edge     float64 // difference of colour between document and desk, at the weakest side
	Cover    float64 // longest stretch of its edge that something lies across, against its longer side
	Drawn    float64 // share of the picture exactly as bright as what is beside it, as no camera leaves it
	Grid     float64 // how far a regular fine pattern stands out, in nats
	Glyphs   int     // marks that stand in lines
	Turned   int     // quarter turns clockwise by which the text stands, 0 to 3
	Mirror   float64 // evidence a character for a mirror image; negative against it
	Seal     float64 // redness of the seal

	Lead, Rival    float64
	Voters         int
	CutText, State int
	Bars, Round    float64

	Pair                           float64
	TextHeight                     float64
	Surround                       float64
	Rough                          float64
	Score                          float64
	AX, AY                         float64
	Out                            float64
	Blobs                          []measure.Blob
	WShare, WLoose, WStrokes, WRow float64
	WMarks                         int
	Step, Odd, Void                int
	Even, VSpread                  float64
	VLevel                         int
	Outside                        float64
}

func (j *judgement) measures() {
	m := &j.rep.Measures
	m.Blur, m.Contrast, m.Chroma = j.blurRadius(), j.contrast(), j.colour.Chroma
	m.Paper, m.Ink, m.Full, m.Glare = j.light.Paper, j.light.Ink, j.light.Full, j.light.Glare
	m.Edge = j.outline.Contrast[0]
	for _, c := range j.outline.Contrast {
		m.Edge = min(m.Edge, c)
	}
	m.Cover, m.Drawn, m.Grid = j.cover.Share, j.grain.Same, j.pattern.Peak
	m.Glyphs, m.Turned, m.Mirror = j.text.Glyphs, j.stance.Quarters, -j.stance.Rival
	if j.stance.Mirrored {
		m.Mirror = j.stance.Rival
	}
	m.Seal = j.sealed.Strength

	m.Lead, m.Rival, m.Voters = j.stance.Lead, j.stance.Rival, j.stance.Glyphs
	m.CutText, m.State, m.Bars, m.Round = j.cutText, int(j.outline.State), j.grain.Bars, j.sealed.Round
	m.Pair = j.outline.Pair
	m.TextHeight = float64(j.text.Height()) / float64(max(j.doc.W, j.doc.H)) * 1000
	m.Surround, m.Rough, m.Score = float64(j.surround.Level), j.surround.Plain, j.outline.Score
	m.Even, m.Outside, m.VLevel, m.VSpread = j.ink.Even, j.beside.Lead, j.history.Void.Level, j.history.Void.Even
	m.AX, m.AY = j.sharp.Radius[2], j.sharp.Radius[3]
	m.Out, _ = j.overhang()
	m.Blobs = j.blobs
	m.WRow, m.WStrokes = j.overlay.Row, j.overlay.Strokes
	m.Step, m.Odd, m.Void = j.history.Step, j.history.OddTiles, j.history.Void.Blocks
	m.WLoose = j.overlay.Loose
	m.WShare, m.WMarks = j.overlay.Share, j.overlay.Marks
}

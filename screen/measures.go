package screen

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
	Even     float64 // share of it about as bright as its paper
	Edge     float64 // difference of colour between document and desk, at the weakest side
	Overhang float64 // how far its farthest corner lies outside the picture, against its longer side
	CutText  int     // marks that run over the picture's border
	Cover    float64 // longest stretch of its edge that something lies across, against its longer side
	Overlay  float64 // share of its blank parts under pale strokes
	Tint     float64 // share of it under broad even strokes paler than print
	Tints    int     // how many pieces these are
	Slanted  float64 // longest row of large marks that runs at an angle, against its width
	Drawn    float64 // share of the picture exactly as bright as what is beside it, as no camera leaves it
	Grid     float64 // how far a regular fine pattern stands out, in nats
	Void     int     // blocks of 8 × 8 pixels without the noise that the rest has, in one rectangle
	Odd      int     // tiles of 64 × 64 pixels with another history of saving than the rest, in one area
	Second   float64 // how sure it is that a second document lies beside, 0 to 1
	Glyphs   int     // marks that stand in lines
	Letters  float64 // evidence a mark that these are characters, in nats
	Mirror   float64 // evidence a character for a mirror image; negative against it
	Seal     float64 // redness of the seal
}

func (j *judgement) measures() Measures {
	m := Measures{
		Blur: j.blurRadius(), Contrast: j.contrast(), Chroma: j.colour.Chroma,
		Paper: j.light.Paper, Ink: j.light.Ink, Full: j.light.Full, Glare: j.light.Glare, Even: j.ink.Even,
		Edge: j.outline.Contrast[0], CutText: j.cutText, Cover: j.cover.Share,
		Overlay: j.overlay.Share, Tint: j.overlay.Tint, Tints: j.overlay.Tints, Slanted: max(j.overlay.Row, j.overlay.Strokes),
		Drawn: j.grain.Same, Grid: j.pattern.Peak, Void: j.history.Void.Blocks, Odd: j.history.OddTiles, Second: j.outline.Pair,
		Glyphs: j.text.Glyphs, Letters: j.stance.Lead, Mirror: -j.stance.Rival, Seal: j.sealed.Strength,
	}
	for _, c := range j.outline.Contrast {
		m.Edge = min(m.Edge, c)
	}
	m.Overhang, _ = j.overhang()
	if j.stance.Mirrored {
		m.Mirror = j.stance.Rival
	}
	return m
}

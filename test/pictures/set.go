package pictures

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
)

// Level is how bad a defect is.
type Level int

const (
	Mild  Level = iota // a reviewer may let it pass
	Clear              // a reviewer would refuse it
	Gross
)

func (l Level) String() string { return [...]string{"mild", "clear", "gross"}[l] }

// Truth is what is known about a picture because it was made.
type Truth struct {
	File        string            `json:"file"`
	Half        string            `json:"half"` // tuning or validation
	Kind        string            `json:"kind"`
	Side        string            `json:"side"`
	Source      string            `json:"source"` // photo, scan, render, screenshot
	BornDigital bool              `json:"born_digital,omitempty"`
	BlackWhite  bool              `json:"black_white,omitempty"`
	Resaved     bool              `json:"resaved,omitempty"`
	Defect      string            `json:"defect,omitempty"` // canonical code; "" for a good picture
	Level       string            `json:"level,omitempty"`
	Variant     string            `json:"variant"`
	Desk        string            `json:"desk,omitempty"`
	Corners     *Quad             `json:"corners,omitempty"` // in pixels as stored
	Width       int               `json:"width"`
	Height      int               `json:"height"`
	Text        map[string]string `json:"text,omitempty"`
}

// Item is a picture still to be made.
type Item struct {
	Style   Style
	Seed    uint64
	Index   int
	Defect  string
	Level   Level
	Variant string
	paper   paper
	make    func(k *kitchen)
}

// Name is the picture's file name without extension.
func (it Item) Name() string {
	v := strings.NewReplacer(" ", "-", ",", "").Replace(it.Variant)
	if it.Defect == "" {
		return fmt.Sprintf("%03d-%s-%s", it.Index, it.paper.kind, v)
	}
	return fmt.Sprintf("%03d-%s-%s-%s-%s", it.Index, it.Defect, it.Level, it.paper.kind, v)
}

// Half is tuning or validation.
func (it Item) Half() string { return [...]string{"tuning", "validation"}[it.Style] }

// Make makes the picture and says what is true about it.
func (it Item) Make() ([]byte, Truth) {
	hash := fnv.New64a()
	fmt.Fprint(hash, it.Half(), it.Seed, it.Index)
	k := &kitchen{Item: it, rng: rand.New(rand.NewPCG(it.Seed, hash.Sum64())), source: "photo"}
	k.place = randomPlacing(k.rng)
	k.light = randomLight(k.rng)
	k.phone = randomPhone(it.Style, k.rng)
	it.make(k)
	if k.out == nil {
		k.encode()
	}
	ext := ".jpg"
	switch {
	case bytes.HasPrefix(k.out, []byte("\x89PNG")):
		ext = ".png"
	case bytes.HasPrefix(k.out, []byte("RIFF")):
		ext = webpSaver.ending
	case bytes.Contains(k.out[:min(len(k.out), 12)], []byte("ftyp")):
		ext = heicSaver.ending
	}
	t := Truth{File: it.Half() + "/" + it.Name() + ext, Half: it.Half(), Kind: it.paper.kind, Side: it.paper.side, Source: k.source,
		BornDigital: it.paper.bornDigital, BlackWhite: k.blackWhite, Resaved: k.resaved, Defect: it.Defect, Variant: it.Variant,
		Desk: k.deskName, Width: k.img.Rect.Dx(), Height: k.img.Rect.Dy()}
	if it.Defect != "" {
		t.Level = it.Level.String()
	}
	if k.quad != (Quad{}) {
		q := k.quad
		t.Corners = &q
	}
	if k.sheet != nil {
		t.Text = k.sheet.Text
	}
	return k.out, t
}

// kitchen is where one picture is being made.
type kitchen struct {
	Item
	rng      *rand.Rand
	place    placing
	light    Light
	phone    phone
	upright  bool // the phone is held upright whatever the document's shape
	sheet    *Sheet
	shot     Shot
	deskName string
	quad     Quad
	img      *image.RGBA
	out      []byte
	free     bool // corners may leave the picture

	source              string
	blackWhite, resaved bool
}

// draw draws the document for a picture whose document is about px pixels wide.
func (k *kitchen) draw(px float64) {
	k.sheet = k.paper.draw(k.Style, min(max(px/k.paper.wide*1.15, 4), 22), k.rng)
	if k.paper.wash > 0 {
		washRed(k.sheet.Img, k.paper.wash)
	}
}

// set prepares the shot, without taking it.
func (k *kitchen) set() {
	w, h := k.phone.w, k.phone.h
	k.draw(float64(w) * .8)
	mmw, mmh := k.sheet.Size()
	if mmh > mmw || k.upright {
		w, h = h, w
	}
	q := k.place.place(mmw, mmh, w, h, k.rng)
	if !k.free {
		q = q.inside(float64(w), float64(h), float64(min(w, h))*.022)
	}
	k.quad = q
	var desk Desk
	desk, k.deskName = RandomDesk(k.Style, k.rng)
	k.shot = Shot{W: w, H: h, Quad: q, Desk: desk, Turn: (k.rng.Float64()*2 - 1) * .7, Light: k.light, Camera: k.phone.cam}
	if !k.paper.glossy && k.rng.IntN(3) == 0 {
		k.shot.Crease = append(k.shot.Crease, Crease{Across: true, At: .5 + k.rng.Float64()*.04, Depth: .04 + k.rng.Float64()*.05})
		if k.rng.IntN(2) == 0 {
			k.shot.Crease = append(k.shot.Crease, Crease{At: .5, Depth: .05})
		}
	}
	if !k.paper.glossy && k.rng.IntN(4) == 0 {
		k.shot.Curl = (k.rng.Float64()*2 - 1) * .008
	}
}

// take photographs it.
func (k *kitchen) take() { k.img = Take(k.sheet, k.shot, k.rng) }

// encode saves it as the phone does.
func (k *kitchen) encode() { k.out = k.phone.enc.Encode(k.img) }

// resave saves it as a messenger or an editor does, decoding what was saved before.
func (k *kitchen) resave(long int, e Encoding) {
	if k.out == nil {
		k.encode()
	}
	k.img = decodeRGBA(k.out)
	if long > 0 && long < max(k.img.Rect.Dx(), k.img.Rect.Dy()) {
		f := float64(long) / float64(max(k.img.Rect.Dx(), k.img.Rect.Dy()))
		for i := range k.quad {
			k.quad[i] = Pt{k.quad[i].X * f, k.quad[i].Y * f}
		}
		k.img = Resize(k.img, long)
	}
	k.out, k.resaved = e.Encode(k.img), true
}

func decodeRGBA(b []byte) *image.RGBA {
	im, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		panic(fmt.Sprintf("pictures: own encoding does not decode: %v", err))
	}
	out := image.NewRGBA(im.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, im.At(x, y))
		}
	}
	return out
}

func pngBytes(im image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Plan lists the pictures of one half. More seeds give more pictures of the same recipes.
func Plan(style Style, seed uint64) []Item {
	items := slices.Concat(goodItems(style), badItems(style), otherItems(style))
	for i := range items {
		items[i].Seed, items[i].Index = seed, i
	}
	return items
}

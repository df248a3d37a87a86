package pictures

import (
	"fmt"
	"image/color"
	"math/rand/v2"
	"strings"
)

// Style picks one of two families of layouts: detectors are tuned on pictures of the one and checked on the other.
type Style int

const (
	StyleA Style = iota
	StyleB
)

var (
	ink   = color.NRGBA{24, 22, 24, 255}
	label = color.NRGBA{38, 104, 160, 255}
)

func rgb(r, g, b uint8) color.RGBA      { return color.RGBA{r, g, b, 255} }
func rgba(r, g, b, a uint8) color.NRGBA { return color.NRGBA{r, g, b, a} }

// card is an empty card of 85.6 × 54 mm with its printed ground.
func card(style Style, tint int, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := NewSheet(85.6, 54, pxPerMM)
	s.Radius = 3.2
	grounds := [][3]color.RGBA{
		{rgb(214, 231, 240), rgb(238, 243, 238), rgb(228, 216, 234)},
		{rgb(226, 236, 222), rgb(244, 242, 228), rgb(216, 230, 226)},
		{rgb(240, 226, 218), rgb(244, 240, 230), rgb(222, 226, 240)},
		{rgb(206, 222, 236), rgb(226, 238, 244), rgb(212, 218, 240)},
	}
	g := grounds[tint%len(grounds)]
	s.Gradient(g[0], g[1], g[2])
	if style == StyleA {
		s.Waves(rgba(120, 168, 196, 110), 0, 0, 85.6, 54, 64, 1+rng.Float64())
		s.Waves(rgba(206, 150, 180, 80), 20, 8, 50, 38, 40, 4+rng.Float64())
	} else {
		s.Rosette(rgba(120, 150, 190, 90), 58, 27, 24, 26, rng.Float64())
		s.Rosette(rgba(190, 150, 120, 70), 24, 30, 20, 18, rng.Float64())
	}
	return s
}

// Rosette draws the looping lines around a centre that some printers prefer to waves.
func (s *Sheet) Rosette(c color.Color, cx, cy, r float64, n int, phase float64) {
	for i := range n {
		o, h := Ellipse(cx, cy, r*(.4+.6*float64(i)/float64(n)), r*(.7-.3*float64(i)/float64(n))), .09
		var line []Pt
		for k, p := range o {
			a := phase + float64(i)*.4 + float64(k)*.52
			line = append(line, Pt{p.X + .8*sin(a), p.Y + .8*sin(a*1.3)})
		}
		line = append(line, line[0])
		s.Stroke(c, h, line...)
	}
}

// row sets label, value, label, value … on one line.
func (s *Sheet) row(x, y, small, large float64, lab color.Color, parts ...string) {
	for i, p := range parts {
		if i%2 == 0 {
			x += s.Write(x, y, small, 0, Sans, lab, p) + small*.55
		} else {
			x += s.Write(x, y, large, .1, SansBold, ink, p) + large*.9
		}
	}
}

// ResidentFront draws the portrait side of a resident card. The layout is our own.
func ResidentFront(h Holder, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := card(style, 0, pxPerMM, rng)
	num := h.Number()
	date := fmt.Sprintf("%d 年 %d 月 %d 日", h.Year, h.Month, h.Day)
	if style == StyleA {
		s.row(6, 10, 2.9, 3.5, label, "姓名", h.Name)
		s.row(6, 16.6, 2.9, 3.5, label, "性别", h.Sex, "民族", h.Nation)
		s.row(6, 23.2, 2.9, 3.5, label, "出生", date)
		s.Write(6, 29.8, 2.9, 0, Sans, label, "住址")
		s.Column(6+2*2.9+1.6, 29.8, 38, 3.2, 4.6, Sans, ink, h.Address)
		s.Portrait(58.5, 7, 21.5, 27.5, h.Sex == "女", rng)
		s.Write(6, 48, 2.9, 0, Sans, label, "公民身份号码")
		s.Write(26, 48.1, 4.1, .75, MonoBold, ink, num)
	} else {
		lab := rgba(90, 84, 130, 255)
		s.row(7, 9.5, 2.7, 3.7, lab, "姓　名", h.Name)
		s.row(7, 15.5, 2.7, 3.3, lab, "性　别", h.Sex, "民　族", h.Nation)
		s.row(7, 21.5, 2.7, 3.3, lab, "出　生", date)
		s.Write(7, 27.5, 2.7, 0, Sans, lab, "住　址")
		s.Column(16.6, 27.5, 36, 3, 4.3, Serif, ink, h.Address)
		s.Portrait(57, 5.5, 22.5, 29, h.Sex == "女", rng)
		s.Write(7, 43.4, 2.7, 0, Sans, lab, "公民身份号码")
		s.Write(7, 49, 4.4, 1.1, MonoBold, ink, num)
		s.Write(64, 43.4, 2.4, 0, Sans, lab, "样本市签发")
	}
	s.tell("resident_id", "front", h.Name, num)
	return s
}

// valid says from when to when the document is valid, as 2006-01-02.
func (s *Sheet) valid(from, to string, _ bool) { s.Text["valid_from"], s.Text["valid_to"] = from, to }

func (s *Sheet) tell(kind, side, name, number string) {
	s.Text["kind"], s.Text["side"], s.Text["name"], s.Text["number"] = kind, side, name, number
}

// ResidentBack draws the other side: emblem, title, office, term.
func ResidentBack(h Holder, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := card(style, 0, pxPerMM, rng)
	term := fmt.Sprintf("%d.%02d.%02d-%d.%02d.%02d", 2014+rng.IntN(9), h.Month, h.Day, 2034+rng.IntN(9), h.Month, h.Day)
	if style == StyleA {
		s.Emblem(14, 14, 8.5)
		s.Centre(50, 13, 5.2, 1.2, SerifBold, ink, "样本共和国")
		s.Centre(50, 22, 6.4, 1.6, SerifBold, ink, "居民身份证")
	} else {
		s.Emblem(13, 16, 7.5)
		s.Centre(51, 14, 4.6, 2, SansBold, ink, "样本共和国")
		s.Centre(51, 23.5, 6, 2.4, SansBold, ink, "居民身份证")
		s.Box(rgba(90, 84, 130, 120), 24, 27, 54, .3)
	}
	s.row(20, 40, 2.9, 3.3, ink, "签发机关", "样本市样张区样本局")
	s.row(20, 47, 2.9, 3.3, ink, "有效期限", term)
	s.tell("resident_id", "back", h.Name, h.Number())
	s.valid(strings.Cut(strings.ReplaceAll(strings.ReplaceAll(term, "-", "/"), ".", "-"), "/"))
	return s
}

// PermitFront draws a residence permit: like the resident card, with its own title and number.
func PermitFront(kind string, h Holder, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := card(style, 1+int(style)*2, pxPerMM, rng)
	title := map[string]string{"hk_macao_residence_permit": "港澳居民居住证", "taiwan_residence_permit": "台湾居民居住证"}[kind]
	num := h.Number()
	x, px := 6.0, 58.5
	if style == StyleB {
		x = 7
	}
	s.Write(x, 6.5, 2.4, .3, Sans, rgba(150, 60, 60, 255), title+" 样本")
	s.row(x, 13, 2.8, 3.4, label, "姓名", h.Name)
	s.row(x, 19, 2.8, 3.4, label, "性别", h.Sex)
	s.row(x, 25, 2.8, 3.4, label, "出生", fmt.Sprintf("%d 年 %d 月 %d 日", h.Year, h.Month, h.Day))
	s.Write(x, 31, 2.8, 0, Sans, label, "住址")
	s.Column(x+7.4, 31, 38, 3, 4.3, Sans, ink, h.Address)
	s.Portrait(px, 8, 21, 27, h.Sex == "女", rng)
	s.Write(x, 48, 2.8, 0, Sans, label, "公民身份号码")
	s.Write(x+20, 48.1, 4, .7, MonoBold, ink, num)
	s.tell(kind, "front", h.Name, num)
	return s
}

// PermitBack draws its other side.
func PermitBack(kind string, h Holder, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := card(style, 1+int(style)*2, pxPerMM, rng)
	s.Emblem(14, 13, 7)
	title := map[string]string{"hk_macao_residence_permit": "港澳居民居住证", "taiwan_residence_permit": "台湾居民居住证"}[kind]
	s.Centre(51, 17, 5.6, 1.2, SerifBold, ink, title)
	s.row(18, 33, 2.8, 3.2, ink, "签发机关", "样本市样张区样本局")
	s.row(18, 40, 2.8, 3.2, ink, "有效期限", "2021.05.20-2026.05.20")
	s.row(18, 47, 2.8, 3.2, ink, "通行证号码", fmt.Sprintf("H%08d", rng.IntN(1e8)), "签发次数", "1")
	s.tell(kind, "back", h.Name, h.Number())
	s.valid("2021-05-20", "2026-05-20", true)
	return s
}

// PermanentFront draws the foreign permanent resident card.
func PermanentFront(h Holder, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := card(style, 3-int(style), pxPerMM, rng)
	s.Emblem(8, 8, 4.5)
	s.Centre(49, 7.5, 3.6, .4, SansBold, ink, "外国人永久居留身份证 样本")
	s.Centre(49, 11.5, 2.1, 0, Sans, ink, "FOREIGN PERMANENT RESIDENT ID CARD · SPECIMEN")
	px, tx := 60., 6.
	if style == StyleB {
		px, tx = 5, 32
	}
	s.Portrait(px, 15, 20.5, 26, h.Sex == "女", rng)
	put := func(y float64, a, b string) {
		s.Write(tx, y, 1.9, 0, Sans, label, a)
		s.Write(tx, y+4, 3.1, 0, SansBold, ink, b)
	}
	put(16.5, "姓名/Name", h.Latin)
	put(24, "性别/Sex　出生日期/Date of birth", fmt.Sprintf("%s  %d.%02d.%02d", h.Sex, h.Year, h.Month, h.Day))
	put(31.5, "国籍/Nationality", "乌托邦 / UTO")
	num := "9" + Region[:2] + "999" + fmt.Sprintf("%04d%02d%02d", h.Year, h.Month, h.Day) + fmt.Sprintf("%03d", h.Seq)
	num += string(mod112(num))
	s.Write(tx, 46.5, 1.9, 0, Sans, label, "证件号码/ID No.")
	s.Write(tx, 51, 3.6, .5, MonoBold, ink, num)
	s.tell("foreign_permanent_resident_id", "front", h.Latin, num)
	return s
}

// PermanentBack has the zone for machines.
func PermanentBack(h Holder, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := card(style, 3-int(style), pxPerMM, rng)
	s.Emblem(72, 10, 6)
	s.row(6, 9, 2.4, 2.8, ink, "签发机关/Authority", "样本管理局 SPECIMEN BUREAU")
	s.row(6, 16, 2.4, 2.8, ink, "有效期限/Period", "2023.12.01-2033.12.01")
	s.Box(rgba(250, 250, 248, 160), 0, 31, 85.6, 23)
	z := h.TD1(fmt.Sprintf("S%08d", rng.IntN(1e8)))
	s.Zone(4, 37, 77, 5.6, z[:]...)
	s.tell("foreign_permanent_resident_id", "back", h.Latin, "")
	s.Text["valid_from"] = "2023-12-01"
	s.Text["mrz"] = strings.Join(z[:], "\n")
	return s
}

package pictures

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

func sin(a float64) float64 { return math.Sin(a) }

// TravelPermit draws a mainland travel permit for residents of Hong Kong and Macao, or of Taiwan.
func TravelPermit(kind string, h Holder, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := card(style, 3, pxPerMM, rng)
	title := map[string]string{"hk_macao_travel_permit": "港澳居民来往内地通行证", "taiwan_travel_permit": "台湾居民来往大陆通行证"}[kind]
	num := fmt.Sprintf("H%08d", rng.IntN(1e8))
	if kind == "taiwan_travel_permit" {
		num = fmt.Sprintf("%08d", rng.IntN(1e8))
	}
	s.Centre(42.8, 7, 3.6, .5, SansBold, ink, title+" 样本")
	px, tx := 5., 31.
	if style == StyleB {
		px, tx = 59, 6
	}
	s.Portrait(px, 11, 21.5, 28, h.Sex == "女", rng)
	put := func(y float64, a, b string) {
		s.Write(tx, y, 1.9, 0, Sans, label, a)
		s.Write(tx, y+4, 3.2, 0, SansBold, ink, b)
	}
	put(13, "姓名", h.Name+" "+h.Latin)
	put(20, "出生日期　　　　性别", fmt.Sprintf("%d.%02d.%02d　　%s", h.Year, h.Month, h.Day, h.Sex))
	put(27, "有效期限", "2019.08.16-2029.08.15")
	put(34, "签发机关", "样本出入境管理局")
	s.Write(tx, 44, 1.9, 0, Sans, label, "证件号码")
	s.Write(tx, 49.5, 4.6, .6, MonoBold, ink, num)
	s.tell(kind, "front", h.Name, num)
	s.valid("2019-08-16", "2029-08-15", true)
	return s
}

// Passport draws the data page of a passport of Utopia, 125 × 88 mm; with open, the page above it as well, as it lies on
// a table.
func Passport(h Holder, style Style, open bool, pxPerMM float64, rng *rand.Rand) *Sheet {
	height, top := 88., 0.
	if open {
		height, top = 176, 88
	}
	s := NewSheet(125, height, pxPerMM)
	s.Radius = 2.5
	s.Gradient(rgb(243, 236, 224), rgb(228, 237, 242), rgb(240, 227, 230))
	if open {
		s.Box(rgb(236, 234, 226), 0, 0, 125, 88)
		s.Waves(rgba(170, 150, 160, 70), 4, 4, 117, 80, 50, rng.Float64())
		s.Centre(62, 40, 5, 1, Serif, rgba(120, 90, 100, 200), "签 证 VISAS")
		s.Box(rgba(60, 50, 50, 90), 0, 87.6, 125, .8)
	}
	if style == StyleA {
		s.Waves(rgba(201, 150, 170, 110), 0, top, 125, 88, 80, rng.Float64()*3)
	} else {
		s.Rosette(rgba(150, 160, 200, 100), 70, top+36, 42, 34, rng.Float64())
	}
	num := fmt.Sprintf("E%08d", rng.IntN(1e8))
	dark := rgba(123, 45, 59, 255)
	s.Write(6, top+8, 3.4, .2, SansBold, dark, "UTOPIA 乌托邦　　护照 PASSPORT　SPECIMEN")
	px, tx := 6., 46.
	if style == StyleB {
		px, tx = 84, 7
	}
	s.Portrait(px, top+13, 34, 43, h.Sex == "女", rng)
	put := func(y float64, a, b string) {
		s.Write(tx, top+y, 2, 0, Sans, rgba(90, 90, 96, 255), a)
		s.Write(tx, top+y+4, 3.2, 0, SansBold, ink, b)
	}
	put(14, "类型/Type　国家码/Country　护照号/Passport No.", "P　　UTO　　"+num)
	put(22, "姓名/Name", h.Name+"  "+h.Latin)
	put(30, "性别/Sex　出生日期/Date of birth", fmt.Sprintf("%s　%02d.%02d.%d", h.Sex, h.Day, h.Month, h.Year))
	put(38, "出生地点/Place of birth", "样本城 SPECIMEN CITY")
	put(46, "签发日期/Issue　　有效期至/Expiry", "15.05.2021　14.05.2031")
	put(54, "签发机关/Authority", "样本管理局 BUREAU")
	s.Box(rgba(248, 246, 240, 200), 0, top+66, 125, 22)
	z := h.TD3(num)
	s.Zone(5, top+75, 115, 7, z[:]...)
	s.tell("passport", "front", h.Latin, num)
	s.Text["mrz"] = strings.Join(z[:], "\n")
	s.Text["issued_on"], s.Text["valid_to"] = "2021-05-15", "2031-05-14"
	return s
}

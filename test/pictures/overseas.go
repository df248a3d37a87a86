package pictures

import (
	"fmt"
	"math/rand/v2"
)

// HKIncorporation draws a certificate of incorporation as it is issued electronically: an A4 page, hardly any colour.
func HKIncorporation(c Company, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := NewSheet(210, 297, pxPerMM)
	blue := rgba(51, 81, 125, 255)
	if style == StyleB {
		blue = rgba(30, 30, 30, 255)
	}
	num := fmt.Sprintf("%08d", 70000000+rng.IntN(9999999))
	s.Write(20, 24, 4.4, 0, Serif, ink, "No. "+num)
	s.Write(20, 30, 4.4, 0, SerifTC, ink, "編號")
	if style == StyleA {
		s.Frame(blue, 9, 9, 192, 279, .6)
	}
	s.Centre(105, 52, 9, 1, SerifTC, blue, "公司註冊處")
	s.Centre(105, 64, 7.6, .4, SerifBold, blue, "CERTIFICATE OF INCORPORATION")
	s.Centre(105, 76, 9, 1, SerifTC, blue, "公司註冊證明書")
	y := 108.
	for _, l := range []struct {
		t Typeface
		s string
	}{
		{Serif, "I hereby certify that"},
		{SerifTC, "本人謹此證明"},
		{SerifBold, c.Latin},
		{SerifTC, "樣本海港貿易有限公司"},
		{Serif, "is this day incorporated in Hong Kong under the"},
		{Serif, "Companies Ordinance (Chapter 622 of the Laws of Specimen),"},
		{Serif, "and that this company is a limited company."},
		{SerifTC, "於本日根據《公司條例》（樣本）在香港成立為法團，"}, {SerifTC, "此公司是一間有限公司。"},
	} {
		s.Centre(105, y, 5, .1, l.t, ink, l.s)
		y += 10
	}
	s.Write(24, 226, 4.6, 0, Serif, ink, fmt.Sprintf("Issued on %d March %d.", c.Day, c.Year))
	s.Write(24, 234, 4.6, 0, SerifTC, ink, "本證明書於二〇二二年三月發出。")
	s.Stroke(ink, .5, Pt{130, 240}, Pt{136, 232}, Pt{141, 242}, Pt{148, 230}, Pt{152, 241}, Pt{166, 235}, Pt{180, 239})
	s.Write(128, 250, 4.4, 0, Serif, ink, "(SPECIMEN)")
	s.Write(128, 257, 4, 0, Serif, ink, "Registrar of Companies")
	s.Write(128, 263, 4, 0, SerifTC, ink, "公司註冊處處長（樣本）")
	s.tell("hk_certificate_of_incorporation", "front", c.Latin, num)
	return s
}

// HKBusiness draws a business registration certificate: a form of boxes.
func HKBusiness(c Company, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := NewSheet(210, 297, pxPerMM)
	tint := rgba(60, 100, 80, 255)
	if style == StyleB {
		tint = ink
	}
	num := fmt.Sprintf("%08d-000-%02d-%02d-%d", 70000000+rng.IntN(9999999), c.Month, c.Year%100, rng.IntN(10))
	s.Centre(105, 26, 6, .6, SerifTC, tint, "商業登記條例（樣本）")
	s.Centre(105, 36, 5.4, .2, SerifBold, tint, "BUSINESS REGISTRATION ORDINANCE (SPECIMEN)")
	s.Centre(105, 50, 7, .8, SerifTC, tint, "商業登記證 CERTIFICATE")
	rows := [][2]string{
		{"業務 / 法團所用名稱 Name of Business", c.Latin},
		{"業務 / 分行名稱 Branch Name", "* * *"},
		{"地址 Address", "FLAT 99, 9/F, SPECIMEN TOWER, 99 NOWHERE ROAD, KOWLOON"},
		{"業務性質 Nature of Business", "TRADING"}, {"法律地位 Status", "BODY CORPORATE"}, {"生效日期 Commencement", fmt.Sprintf("%02d/%02d/%d", c.Day, c.Month, c.Year)},
		{"屆滿日期 Expiry", fmt.Sprintf("%02d/%02d/%d", c.Day, c.Month, c.Year+1)}, {"登記證號碼 Certificate No.", num},
	}
	y := 64.
	for _, r := range rows {
		s.Frame(tint, 16, y, 178, 20, .35)
		s.Box(tint, 80, y, .35, 20)
		s.Column(19, y+8, 60, 3.8, 5.4, SerifTC, ink, r[0])
		s.Column(84, y+9, 106, 4.6, 6.4, Serif, ink, r[1])
		y += 20
	}
	s.Code(18, 240, 30, "http://www.example.cn/br?no="+num)
	s.Centre(130, 250, 4, 0, SerifTC, ink, "請注意：本證樣本，僅供測試")
	s.tell("hk_business_registration", "front", c.Latin, num)
	return s
}

// Foreign draws a registration certificate of no country, in English, with a gold seal.
func Foreign(c Company, style Style, pxPerMM float64, rng *rand.Rand) *Sheet {
	s := NewSheet(210, 297, pxPerMM)
	s.Gradient(rgb(252, 250, 243), rgb(253, 252, 248), rgb(250, 246, 236))
	edge := rgba(30, 60, 110, 255)
	if style == StyleB {
		edge = rgba(110, 60, 30, 255)
	}
	s.Frame(edge, 8, 8, 194, 281, 2)
	s.Waves(rgba(edge.R, edge.G, edge.B, 30), 12, 12, 186, 273, 60, rng.Float64())
	s.Centre(105, 44, 8, 1, SerifBold, edge, "STATE OF UTOPIA")
	s.Centre(105, 60, 6, .4, Serif, ink, "Office of the Specimen Registrar")
	s.Centre(105, 84, 9, .8, SerifBold, ink, "Certificate of Registration")
	num := fmt.Sprintf("UT-%07d", rng.IntN(1e7))
	y := 112.
	for _, l := range []string{
		"This is to certify that", c.Latin, "was duly registered as a company limited by shares", "under the Specimen Companies Act",
		fmt.Sprintf("on the %d day of %s, %d", c.Day, []string{"January", "March", "May", "August", "November"}[c.Month%5], c.Year),
		"with the registration number", num,
	} {
		t := Serif
		if l == c.Latin || l == num {
			t = SerifBold
		}
		s.Centre(105, y, 5.2, .1, t, ink, l)
		y += 13
	}
	gold := rgba(200, 160, 60, 255)
	s.Fill(gold, Ellipse(56, 248, 18, 18))
	o, i := Ring(56, 248, 16, 1)
	s.Fill(rgba(150, 110, 30, 255), o, i)
	s.Fill(rgba(150, 110, 30, 255), Star(56, 248, 8))
	s.Stroke(rgba(30, 40, 120, 255), .6, Pt{120, 246}, Pt{128, 236}, Pt{134, 250}, Pt{142, 236}, Pt{150, 248}, Pt{164, 240}, Pt{178, 246})
	s.Centre(150, 260, 4.4, 0, Serif, ink, "Registrar (specimen)")
	s.tell("foreign_registration", "front", c.Latin, num)
	return s
}

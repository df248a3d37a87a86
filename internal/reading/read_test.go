package reading_test

import (
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/ocr/ocrtest"
	"github.com/verinym/verinym/internal/reading"
)

var today = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// Forms as policies/documents.yaml has them, as far as the tests need.
var (
	person = map[reading.Field][]string{
		reading.Name: {"姓名", "姓名/Name"}, reading.Number: {"公民身份号码", "证件号码", "护照号/Passport No"}, reading.Birth: {"出生", "出生日期/Date of birth"},
		reading.Address: {"住址"}, "term": {"有效期限"}, reading.IssuedOn: {"签发日期/Issue"}, reading.ValidTo: {"有效期至/Expiry"}, "other": {"性别", "性别/Sex", "民族", "签发机关", "类型/Type", "国家码/Country", "出生地点/Place of birth"},
	}
	organization = map[reading.Field][]string{
		reading.Name: {"名称", "I hereby certify that"}, reading.Number: {"统一社会信用代码", "No."}, reading.IssuedOn: {"登记机关", "Issued on"}, "term": {"营业期限"}, reading.Address: {"住所"},
		"other": {"类型", "法定代表人", "经营范围", "注册资本", "成立日期"},
	}
	residentID = reading.Form{Number: identifier.ResidentID, Labels: person, Shows: map[string][]reading.Field{
		"front": {reading.Name, reading.Number, reading.Birth, reading.Address}, "back": {reading.IssuedOn, reading.ValidFrom, reading.ValidTo}}}
	passport = reading.Form{Number: identifier.Passport, Labels: person, Shows: map[string][]reading.Field{
		"front": {reading.Name, reading.NameLatin, reading.Number, reading.Birth, reading.IssuedOn, reading.ValidTo, reading.MRZ}}}
	licence = reading.Form{Number: identifier.BusinessLicence, Organization: true, Labels: organization, Shows: map[string][]reading.Field{
		"front": {reading.Name, reading.Number, reading.IssuedOn, reading.ValidFrom, reading.ValidTo, reading.QR}}}
	incorporation = reading.Form{Number: identifier.HKCertificateOfIncorporation, Organization: true, Labels: organization, Shows: map[string][]reading.Field{
		"front": {reading.Name, reading.NameLatin, reading.Number, reading.IssuedOn}}}
)

func page(side string, lines []ocr.Line) reading.Page {
	return reading.Page{Side: side, Engine: "fake", Width: 1000, Height: 600, Lines: lines}
}

// at puts a text at a place; a character is 20 pixels wide, a line 30 high.
func at(x, y float64, text string) ocr.Line {
	return ocr.Line{Text: text, Confidence: .95, Quad: ocr.Box(x, y, x+20*float64(len([]rune(text))), y+30)}
}

func TestFieldsAreFoundByTheirLabels(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		form  reading.Form
		pages []reading.Page
		want  map[reading.Field]string
	}{
		"a card as PP-OCR reads it: label and value in one line": {residentID,
			[]reading.Page{page("front", ocrtest.Page("姓名李思远", "性别男民族汉", "出生1990年3月7日", "住址样本省样本市样张区虚构路18号", "公民身份号码990000199003071171"))},
			map[reading.Field]string{reading.Name: "李思远", reading.Number: "990000199003071171", reading.Birth: "1990-03-07", reading.Address: "样本省样本市样张区虚构路18号"}},
		"labels with blanks inside, a colon, an address on two lines": {residentID,
			[]reading.Page{page("front", []ocr.Line{at(60, 60, "姓 名：李思远"), at(60, 200, "住 址"), at(160, 200, "样本省样本市样张区虚构"), at(160, 245, "路18号院3号楼"), at(60, 400, "公民身份号码"), at(60, 440, "990000 19900307 1171")})},
			map[reading.Field]string{reading.Name: "李思远", reading.Number: "990000199003071171", reading.Address: "样本省样本市样张区虚构路18号院3号楼"}},
		"one character of a long label misread, O for 0 in the number": {residentID,
			[]reading.Page{page("front", ocrtest.Page("姓名阿卜杜热合曼•买买提依明", "公民身伤号码99000O199003071171"))},
			map[reading.Field]string{reading.Name: "阿卜杜热合曼•买买提依明", reading.Number: "990000199003071171"}},
		"two confusions in a number are not repaired": {residentID,
			[]reading.Page{page("front", ocrtest.Page("姓名李思远", "公民身份号码99O0O0199003071171"))},
			map[reading.Field]string{reading.Name: "李思远", reading.Number: "99O0O0199003071171"}},
		"the back of a card: valid from the day of issue": {residentID,
			[]reading.Page{page("back", ocrtest.Page("居民身份证", "签发机关样本市样张区样本局", "有效期限2019.08.16-2039.08.16"))},
			map[reading.Field]string{reading.ValidFrom: "2019-08-16", reading.IssuedOn: "2019-08-16", reading.ValidTo: "2039-08-16"}},
		"a card for ever": {residentID,
			[]reading.Page{page("back", ocrtest.Page("有效期限", "2019.08.16-长期"))},
			map[reading.Field]string{reading.ValidFrom: "2019-08-16", reading.IssuedOn: "2019-08-16", reading.ValidTo: reading.LongTerm}},
		"a licence: two columns, a name on two lines, the day under its office": {licence,
			[]reading.Page{page("front", []ocr.Line{at(20, 20, "统一社会信用代码"), at(20, 60, "91990000MA0000005X"), at(20, 200, "名 称"), at(130, 200, "样本市云帆科技（样本）"), at(130, 240, "有限责任公司"),
				at(20, 300, "类型有限责任公司"), at(600, 200, "注册资本壹佰万元整"), at(600, 300, "营业期限2019年06月18日至长期"), at(600, 450, "登记机关"), at(600, 500, "2023年05月09日")})},
			map[reading.Field]string{reading.Name: "样本市云帆科技(样本)有限责任公司", reading.ValidFrom: "2019-06-18", reading.ValidTo: reading.LongTerm, reading.IssuedOn: "2023-05-09"}},
		"a licence whose seal stands on the label of its day, and cuts the day": {licence,
			[]reading.Page{page("front", []ocr.Line{at(20, 200, "成立日期"), at(130, 200, "2019年06月18日"), at(600, 450, "登 关"), at(600, 500, "2023年"), at(720, 502, "05月09日"), at(300, 560, "http://www.example.cn")})},
			map[reading.Field]string{reading.IssuedOn: "2023-05-09"}},
		"the day of foundation is not that of issue": {licence,
			[]reading.Page{page("front", []ocr.Line{at(20, 200, "成立日期"), at(130, 200, "2019年06月18日"), at(600, 450, "登 关")})},
			map[reading.Field]string{}},
		"a certificate from Hong Kong": {incorporation,
			[]reading.Page{page("front", []ocr.Line{at(20, 20, "No. 71234567"), at(300, 200, "I hereby certify that"), at(260, 240, "SPECIMEN HARBOUR TRADING LIMITED"), at(100, 300, "is this day incorporated in Hong Kong"), at(20, 500, "Issued on 21 March 2022.")})},
			map[reading.Field]string{reading.NameLatin: "SPECIMEN HARBOUR TRADING LIMITED", reading.Number: "71234567", reading.IssuedOn: "2022-03-21"}},
		"a passport: its zone counts, its days stand together under two labels": {passport,
			[]reading.Page{page("front", []ocr.Line{at(400, 60, "类型/Type 国家码/Country 护照号/Passport No."), at(400, 95, "P UTO L898902C3"), at(400, 150, "姓名/Name"), at(400, 185, "艾安娜 ERIKSSON ANNA MARIA"),
				at(400, 250, "签发日期/Issue 有效期至/Expiry"), at(400, 285, "15.04.2002 15.04.2012"), at(20, 480, "P<UT0ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<"), at(20, 530, "L898902C36UTO7408122F1204159ZE184226B<<<<<<<10")})},
			map[reading.Field]string{reading.Name: "艾安娜", reading.NameLatin: "ERIKSSON ANNA MARIA", reading.Number: "L898902C3", reading.Birth: "1974-08-12", reading.IssuedOn: "2002-04-15", reading.ValidTo: "2012-04-15",
				reading.MRZ: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"}},
		"the page's edge before a zone, digits for the letters of its state": {passport,
			[]reading.Page{page("front", ocrtest.Page("2P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "2L898902C360T07408122F1204159ZE184226B<<<<<10"))},
			map[reading.Field]string{reading.NameLatin: "ERIKSSON ANNA MARIA", reading.Number: "L898902C3", reading.Birth: "1974-08-12", reading.ValidTo: "2012-04-15",
				reading.MRZ: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"}},
		"the page's edge behind a zone, all letters of its state taken for digits": {passport,
			[]reading.Page{page("front", ocrtest.Page("P<UT0ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C360707408122F1204159ZE184226B<<<<<102"))},
			map[reading.Field]string{reading.NameLatin: "ERIKSSON ANNA MARIA", reading.Number: "L898902C3", reading.Birth: "1974-08-12", reading.ValidTo: "2012-04-15",
				reading.MRZ: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"}},
		"a Chinese and a Latin name run together": {residentID,
			[]reading.Page{page("front", ocrtest.Page("姓名", "黄秀英HUANG XIUYING"))}, map[reading.Field]string{reading.Name: "黄秀英", reading.NameLatin: "HUANG XIUYING"}},
		"days and zone lines in pieces": {passport,
			[]reading.Page{page("front", []ocr.Line{at(400, 250, "签发日期/Issue"), at(700, 250, "有效期至/Expiry"), at(400, 285, "15.04.2002 15.04.2012"),
				at(20, 480, "P<UTOERIKSSON<<ANNA<MARIA<<"), at(20, 530, "L898902C36UT07408122F1204159ZE184226B<"), at(800, 532, "<<10")})},
			map[reading.Field]string{reading.NameLatin: "ERIKSSON ANNA MARIA", reading.Number: "L898902C3", reading.Birth: "1974-08-12", reading.IssuedOn: "2002-04-15", reading.ValidTo: "2012-04-15",
				reading.MRZ: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"}},
		"a state read as digits in either line": {passport,
			[]reading.Page{page("front", ocrtest.Page("P<0T0ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36U707408122F1204159ZE184226B<<<<<10"))},
			map[reading.Field]string{reading.NameLatin: "ERIKSSON ANNA MARIA", reading.Number: "L898902C3", reading.Birth: "1974-08-12", reading.ValidTo: "2012-04-15",
				reading.MRZ: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"}},
		"nothing": {licence, []reading.Page{page("front", nil)}, map[reading.Field]string{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := tt.form.Read(today, tt.pages...)
			for field, want := range tt.want {
				if got := read.Values[field].Text; got != want {
					t.Errorf("%s is %q, want %q", field, got, want)
				}
			}
			for field, v := range read.Values {
				if _, ok := tt.want[field]; !ok && field != reading.Address && field != reading.Number {
					t.Errorf("%s was read as %q", field, v.Text)
				}
			}
		})
	}
}

func TestRepairedNumberSaysSo(t *testing.T) {
	t.Parallel()
	read := residentID.Read(today, page("front", ocrtest.Page("公民身份号码99000O199003071171")))
	if v := read.Values[reading.Number]; !v.Repaired || v.Side != "front" {
		t.Errorf("%+v", v)
	}
}

// A number that is repaired, or whose check is wrong, is not offered, however sure the engine is.
func TestDoubtfulNumbersAreNotOffered(t *testing.T) {
	t.Parallel()
	for name, number := range map[string]string{"repaired": "99000O199003071171", "two confusions": "99O0O0199003071171", "cut": "9900001990030711"} {
		read := residentID.Read(today, page("front", ocrtest.Page("公民身份号码"+number)))
		if v, ok := read.Prefill()[reading.Number]; ok || read.Values[reading.Number].Text == "" {
			t.Errorf("%s: offered %+v of %+v", name, v, read.Values)
		}
	}
}

// The letters of a state are under no check digit: where they were put right the zone is worth less, not what its checks cover.
func TestZoneThatWasPutRightSaysSo(t *testing.T) {
	t.Parallel()
	read := passport.Read(today, page("front", ocrtest.Page("P<UT0ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")))
	if v := read.Values[reading.MRZ]; !v.Repaired {
		t.Errorf("the zone: %+v", v)
	}
	if v := read.Values[reading.Number]; v.Repaired || v.Text != "L898902C3" {
		t.Errorf("the number: %+v", v)
	}
}

func TestZoneThatDoesNotAddUp(t *testing.T) {
	t.Parallel()
	zone := ocrtest.Page("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408125F1204159ZE184226B<<<<<10")
	read := passport.Read(today, page("front", zone))
	if _, ok := read.Values[reading.MRZ]; ok || !read.ZoneBroken {
		t.Errorf("%+v", read)
	}
}

// Whatever an engine says, reading it ends, and what is read are days and numbers of the right form.
func FuzzRead(f *testing.F) {
	f.Add("姓名李思远\n公民身份号码990000199003071171\n有效期限2019.08.16-长期")
	f.Add("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10")
	f.Add("签发日期/Issue 有效期至/Expiry\n8th day of March, 2022 31/12/2099")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		lines := strings.Split(text, "\n")
		p := page("front", ocrtest.Page(lines...))
		p.QR = lines
		for _, form := range []reading.Form{residentID, passport, licence} {
			read := form.Read(today, p)
			for _, field := range []reading.Field{reading.IssuedOn, reading.ValidFrom, reading.ValidTo, reading.Birth} {
				if v, ok := read.Values[field]; ok && v.Text != reading.LongTerm {
					if _, err := time.Parse(time.DateOnly, v.Text); err != nil {
						t.Errorf("%s is %q", field, v.Text)
					}
				}
			}
			form.Compare(reading.Typed{reading.Name: text, reading.Number: text}, read, today, p)
		}
	})
}

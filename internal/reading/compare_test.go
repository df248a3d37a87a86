package reading_test

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/ocr/ocrtest"
	"github.com/verinym/verinym/internal/reading"
)

func TestWhatCannotBeConfirmed(t *testing.T) {
	t.Parallel()
	card := ocrtest.Page("姓名李思远", "出生1990年3月7日", "公民身份号码990000199003071171")
	usual := reading.Typed{reading.Name: "李思远", reading.NameLatin: "LI SIYUAN", reading.Number: "990000199003071171"}
	with := func(field reading.Field, text string) reading.Typed {
		out := reading.Typed{}
		for k, v := range usual {
			out[k] = v
		}
		out[field] = text
		return out
	}
	passportPage := []ocr.Line{at(400, 185, "ERIKSSON ANNA MARIA"), at(20, 480, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"), at(20, 530, "L898902C36UTO7408122F1204159ZE184226B<<<<<10")}
	tests := map[string]struct {
		form  reading.Form
		page  reading.Page
		typed reading.Typed
		want  []string // code field read
	}{
		"all is as typed":                                 {residentID, page("front", card), usual, nil},
		"typed in full width":                             {residentID, page("front", card), with(reading.Number, "９９００００１９９００３０７１１７１"), nil},
		"another name":                                    {residentID, page("front", card), with(reading.Name, "李思源"), []string{"ocr_unconfirmed holder_name 李思远"}},
		"a part of the name is not the name":              {residentID, page("front", card), with(reading.Name, "李思"), []string{"ocr_unconfirmed holder_name 李思远"}},
		"two digits swapped":                              {residentID, page("front", card), with(reading.Number, "990000199003071717"), []string{"ocr_unconfirmed document_number 990000199003071171"}},
		"dates stand on the back, which nobody has shown": {residentID, page("front", card), with(reading.ValidTo, "2030-01-01"), nil},
		"dates on the back": {residentID, page("back", ocrtest.Page("有效期限2019.08.16-2039.08.16")), reading.Typed{reading.ValidTo: "2029-08-16", reading.ValidFrom: "2019-08-16", reading.IssuedOn: "2019-08-16"},
			[]string{"ocr_unconfirmed valid_to 2039-08-16"}},
		"long-term":                    {residentID, page("back", ocrtest.Page("有效期限2019.08.16-长期")), reading.Typed{reading.ValidTo: reading.LongTerm}, nil},
		"nothing could be read":        {residentID, page("front", nil), usual, []string{"ocr_unconfirmed holder_name ", "ocr_unconfirmed document_number "}},
		"a middle dot of another kind": {residentID, page("front", ocrtest.Page("姓名阿卜杜热合曼•买买提依明")), reading.Typed{reading.Name: "阿卜杜热合曼·买买提依明"}, nil},
		"the Latin name alone is not enough where a Chinese one is read": {passport, page("front", append([]ocr.Line{at(400, 100, "姓名/Name"), at(400, 140, "艾安娜")}, passportPage...)),
			reading.Typed{reading.Name: "爱安娜", reading.NameLatin: "ERIKSSON ANNA MARIA"}, []string{"ocr_unconfirmed holder_name 艾安娜"}},
		"a passport with a Latin name only, typed the other way round": {passport, page("front", passportPage),
			reading.Typed{reading.Name: "Anna Maria Eriksson", reading.Number: "L898902C3", reading.ValidTo: "2012-04-15"}, nil},
		"a passport whose zone is cut off": {passport, page("front", passportPage[:2]),
			reading.Typed{reading.Name: "ERIKSSON ANNA MARIA"}, []string{"mrz_check_failed  "}},
		"a licence from before, with a wrong check character": {licence, page("front", ocrtest.Page("统一社会信用代码", "91990000MA00000001", "名称样本市云帆科技有限公司")),
			reading.Typed{reading.Name: "样本市云帆科技有限公司", reading.Number: "91990000MA00000001"}, nil},
		"brackets in full width": {licence, page("front", ocrtest.Page("名称样本市云帆(样本)有限公司")),
			reading.Typed{reading.Name: "样本市云帆（样本）有限公司"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, u := range tt.form.Compare(tt.typed, tt.form.Read(today, tt.page), today, tt.page) {
				got = append(got, u.Code+" "+string(u.Field)+" "+u.Read)
				if u.Side != tt.page.Side || u.Typed != tt.typed[u.Field] {
					t.Errorf("%+v", u)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("unconfirmed: %q, want %q", got, tt.want)
			}
		})
	}
}

func TestQRCode(t *testing.T) {
	t.Parallel()
	p := page("front", ocrtest.Page("名称样本市云帆科技有限公司"))
	p.QR = []string{"http://www.example.cn/index?uniscid=" + credit}
	read := licence.Read(today, p)
	if read.Values[reading.Number].Text != credit {
		t.Errorf("the number is %+v", read.Values[reading.Number])
	}
	if us := licence.Compare(reading.Typed{reading.Number: credit}, read, today, p); len(us) != 0 {
		t.Errorf("unconfirmed: %+v", us)
	}
	us := licence.Compare(reading.Typed{reading.Number: other}, read, today, p)
	if len(us) != 2 || us[0].Code != reading.CodeUnconfirmed || us[1].Code != reading.CodeQR || us[1].Read != credit {
		t.Errorf("unconfirmed: %+v", us)
	}
}

func TestPrefillOffersWhatWasReadWell(t *testing.T) {
	t.Parallel()
	lines := ocrtest.Page("姓名李思远", "公民身份号码990000199003071171")
	lines[0].Confidence = .6
	offered := residentID.Read(today, page("front", lines)).Prefill()
	if _, ok := offered[reading.Name]; ok || offered[reading.Number].Text != "990000199003071171" {
		t.Errorf("%+v", offered)
	}
}

// Two social credit codes that check, of a region that no office was given.
const (
	credit = "91990000MA0000015Q"
	other  = "91990000MA0000023K"
)

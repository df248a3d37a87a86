package simulate

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/test/pictures/samples"
)

// customer is an account with somebody who runs it.
type customer struct {
	id      string // of the account
	mail    string // of the member who is told news
	api     *client.Client
	holders []*holder
	names   []*name
}

// flaw is what is wrong with what a registrant sends in.
type flaw string

// The flaws. The first four are seen at once, nameTypo by a reviewer only, and deadAddress by
// the mail server.
const (
	sound       flaw = ""
	numberTypo  flaw = "a digit of the number is wrong"
	expired     flaw = "the document is valid no more"
	badPicture  flaw = "the picture is cut off"
	nameTypo    flaw = "a character of the name is wrong"
	deadAddress flaw = "the e-mail address does not exist"
)

// holder is a registrant with the document that says who they are.
type holder struct {
	of     *customer
	serial int
	kind   string // cnnic or common
	// name and number are those on the document, and in the records of whoever checks it.
	name, number string
	profile      string // its id, "" before there is one
	// typed is what the registrant has sent in, by version; now the number of the newest.
	typed     map[int]client.Fields
	now       int
	flaw      flaw
	authority string
	wishes    int       // names wanted when verified
	verified  int       // the newest version that is, 0 for none
	seenAt    time.Time // when the registrant saw that it is
	approved  int       // the newest version that its authority has approved, whoever has seen it
	submitted time.Time
	answered  map[string]time.Time // when the registrant last answered from an address
	deaf      bool                 // never answers mail again
}

// current is what the newest version says.
func (h *holder) current() client.Fields { return h.typed[h.now] }

// field is a text of a version.
func (h *holder) field(version int, name string) string {
	s, _ := h.typed[version][name].(string)
	return s
}

var (
	surnames = []rune("李王张刘陈杨赵黄周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚")
	given    = []rune("思远若溪一帆明轩雨桐子涵梓萱浩然欣怡宇航诗琪博文嘉怡俊杰雅静天佑晓雯志强美玲建国秀英海燕文博晨曦佳琪立新春梅")
)

// person makes somebody up who has never lived: their number is of a region that does not
// exist.
func (w *world) person(serial int) (name, number string) {
	n := []rune{surnames[w.rng.IntN(len(surnames))], given[w.rng.IntN(len(given))], given[w.rng.IntN(len(given))]}
	birth := time.Date(1955, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, (serial/1000*37+w.rng.IntN(37))%18000)
	digits := fmt.Sprintf("990000%s%03d", birth.Format("20060102"), serial%1000)
	return string(n), digits + checkDigit(digits)
}

// checkDigit is that of GB 11643.
func checkDigit(digits string) string {
	sum := 0
	for i, d := range digits {
		sum += int(d-'0') * (1 << (17 - i) % 11)
	}
	return string("10X98765432"[sum%11])
}

// wrongDigit is a number with its last digit mistyped.
func wrongDigit(number string) string {
	last := "0"
	if number[17] == '0' {
		last = "1"
	}
	return number[:17] + last
}

// fields is what a registrant types whose flaw is f.
func (h *holder) fields(f flaw) client.Fields {
	out := client.Fields{
		"name_zh": h.name, "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": fmt.Sprintf("样张区虚构路%d号", h.serial+1), "postal_code": "310000",
		"phone": fmt.Sprintf("138%08d", h.serial), "email": h.address(), "document_kind": "resident_id", "document_number": h.number,
	}
	switch f {
	case numberTypo:
		out["document_number"] = wrongDigit(h.number)
	case expired:
		out["valid_to"] = "2026-01-02"
	case nameTypo:
		out["name_zh"] = h.name + "儿"
	case deadAddress:
		out["email"] = fmt.Sprintf("nobody%d@registrant.example", h.serial)
	}
	return out
}

func (h *holder) address() string { return fmt.Sprintf("holder%d@registrant.example", h.serial) }

// with is a copy of fields with some of them changed.
func with(f client.Fields, change client.Fields) client.Fields {
	out := maps.Clone(f)
	maps.Copy(out, change)
	return out
}

// picture is a picture of a document that nobody else has sent: a remark in it says whose.
func picture(of string) []byte {
	remark := []byte("specimen " + of)
	var out bytes.Buffer
	out.Write(samples.Wang[:2])
	out.Write([]byte{0xff, 0xfe})
	_ = binary.Write(&out, binary.BigEndian, uint16(len(remark)+2))
	out.Write(remark)
	out.Write(samples.Wang[2:])
	return out.Bytes()
}

// holiday of 2026 in the mainland, as people have it on their walls: a table of its own,
// which nobody shares with verinym.
var (
	holidays = map[string]string{
		"2026-01-01": "2026-01-03", "2026-02-15": "2026-02-23", "2026-04-04": "2026-04-06", "2026-05-01": "2026-05-05",
		"2026-06-19": "2026-06-21",
	}
	makeUp   = map[string]bool{"2026-01-04": true, "2026-02-14": true, "2026-02-28": true, "2026-05-09": true}
	shanghai = time.FixedZone("CST", 8*60*60)
)

// businessDay reports whether offices are open on the day of t.
func businessDay(t time.Time) bool {
	d := t.In(shanghai).Format(time.DateOnly)
	for from, to := range holidays {
		if d >= from && d <= to {
			return false
		}
	}
	wd := t.In(shanghai).Weekday()
	return makeUp[d] || wd != time.Saturday && wd != time.Sunday
}

// afterBusinessDays is the end of the n-th business day after the day of t.
func afterBusinessDays(t time.Time, n int) time.Time {
	d := t.In(shanghai)
	for n > 0 {
		d = d.AddDate(0, 0, 1)
		if businessDay(d) {
			n--
		}
	}
	return time.Date(d.Year(), d.Month(), d.Day()+1, 0, 0, 0, 0, shanghai)
}

package epp_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

var when = time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)

func TestSessionCommands(t *testing.T) {
	t.Parallel()
	login := epp.Login{
		ClientID: "verinym", Password: "foo-<BAR>2", NewPassword: "bar-FOO2", Version: "1.0", Lang: "zh",
		Objects:    []string{"urn:ietf:params:xml:ns:domain-1.0", "urn:ietf:params:xml:ns:contact-1.0"},
		Extensions: []string{"urn:ietf:params:xml:ns:changePoll-1.0"},
	}
	tests := map[string]struct {
		body epp.Body
		want epp.Request
	}{
		"login":    {login, epp.Request{Verb: epp.VerbLogin, Login: &login}},
		"logout":   {epp.Logout{}, epp.Request{Verb: epp.VerbLogout}},
		"poll":     {epp.Poll{}, epp.Request{Verb: epp.VerbPoll, Op: "req"}},
		"poll-ack": {epp.Ack{ID: "12345"}, epp.Request{Verb: epp.VerbPoll, Op: "ack", MessageID: "12345"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := epp.Command{Body: tt.body, ClTRID: "VN-12345"}
			golden := epptest.Golden(t, "command-"+name, cmd.AppendXML(nil))
			got, err := epp.ParseRequest(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			tt.want.ClTRID = "VN-12345"
			if !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("read back\n%+v\nwant\n%+v", *got, tt.want)
			}
		})
	}
}

func TestGreeting(t *testing.T) {
	t.Parallel()
	want := epp.Greeting{
		ServerID: "Example EPP server", Date: when, Versions: []string{"1.0"}, Langs: []string{"en", "zh"},
		Objects:    []string{"urn:ietf:params:xml:ns:domain-1.0"},
		Extensions: []string{"urn:ietf:params:xml:ns:changePoll-1.0", "urn:ietf:params:xml:ns:rgp-1.0"},
	}
	golden := epptest.Golden(t, "greeting", want.AppendXML(nil))
	got, err := epp.ParseGreeting(golden, wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want.Raw = golden
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("read back\n%+v\nwant\n%+v", *got, want)
	}
	if !got.Offers("urn:ietf:params:xml:ns:rgp-1.0") || got.Offers("urn:ietf:params:xml:ns:host-1.0") {
		t.Error("offers the wrong services")
	}
}

func TestPollAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]epp.Reply{
		"no-messages": {Code: epp.CodeNoMessages},
		"message": {
			Code:  epp.CodeMessage,
			Queue: &epp.MessageQueue{Count: 5, ID: "12345", Date: when, Message: "域名已核验", Lang: "zh"},
		},
		"acked": {Code: epp.CodeOK, Queue: &epp.MessageQueue{Count: 4, ID: "12345"}},
	}
	for name, reply := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply.ClTRID, reply.SvTRID = "VN-12345", "SV-1"
			golden := epptest.Golden(t, "answer-"+name, reply.AppendXML(nil))
			got, err := epp.ParseResponse(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Code() != reply.Code || got.ClTRID != "VN-12345" || got.SvTRID != "SV-1" || !reflect.DeepEqual(got.Queue, reply.Queue) {
				t.Errorf("read back %+v, queue %+v", got, got.Queue)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	name := &wire.Element{Space: "urn:ietf:params:xml:ns:domain-1.0", Local: "name", Text: "a<b.cn"}
	reply := epp.Reply{
		Code: epp.CodePolicy, ClTRID: "VN-12345", SvTRID: "SV-1",
		Reasons: []epp.Reason{{Value: name, Text: "名称受限", Lang: "zh"}, {Text: "second"}},
	}
	got, err := epp.ParseResponse(epptest.Golden(t, "answer-refused", reply.AppendXML(nil)), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	reasons := got.Results[0].Reasons
	if len(reasons) != 2 || reasons[0].Value.Value() != "a<b.cn" || reasons[0].Lang != "zh" || reasons[1].Text != "second" {
		t.Errorf("reasons %+v", reasons)
	}
}

// Several results, a bare value, and data of an extension that the client did
// not declare (RFC 9038).
func TestForeignAnswersAreRead(t *testing.T) {
	t.Parallel()
	got, err := epp.ParseResponse(epptest.Document(t, "foreign-refused"), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Results) != 2 || got.Results[1].Code != epp.CodeValueSyntax || got.Results[1].Lang != "en-US" {
		t.Errorf("results %+v", got.Results)
	}
	if v := got.Results[0].Reasons[0].Value; v == nil || v.Local != "name" {
		t.Errorf("bare value %+v", v)
	}
	got, err = epp.ParseResponse(epptest.Document(t, "foreign-unhandled"), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if reason := got.Results[0].Reasons[0]; !reason.Value.Is("urn:ietf:params:xml:ns:changePoll-1.0", "changeData") ||
		!strings.Contains(string(reason.Value.Raw), "real-name-verification") {
		t.Errorf("unhandled extension %+v", reason)
	}
}

func TestRequestsAreRefusedWithTheirCode(t *testing.T) {
	t.Parallel()
	wrap := func(s string) string { return `<epp xmlns="` + epp.NS + `">` + s + `</epp>` }
	tests := map[string]struct {
		frame  string
		code   int
		clTRID string
	}{
		"no XML":             {"garbage", epp.CodeSyntax, ""},
		"another root":       {`<soap/>`, epp.CodeSyntax, ""},
		"empty":              {wrap(""), epp.CodeSyntax, ""},
		"a response":         {wrap(`<response/>`), epp.CodeSyntax, ""},
		"empty command":      {wrap(`<command/>`), epp.CodeSyntax, ""},
		"unknown verb":       {wrap(`<command><restore/><clTRID>abc-1</clTRID></command>`), epp.CodeUnknownCommand, "abc-1"},
		"short clTRID":       {wrap(`<command><logout/><clTRID>ab</clTRID></command>`), epp.CodeSyntax, ""},
		"empty clTRID":       {wrap(`<command><logout/><clTRID/></command>`), epp.CodeSyntax, ""},
		"Chinese clTRID":     {wrap(`<command><poll/><clTRID>` + strings.Repeat("号", 64) + `</clTRID></command>`), epp.CodeSyntax, strings.Repeat("号", 64)},
		"clTRID in spaces":   {wrap("<command><poll/><clTRID> abc \n 1 </clTRID></command>"), epp.CodeSyntax, "abc 1"},
		"clTRID first":       {wrap(`<command><clTRID>abc-1</clTRID><logout/></command>`), epp.CodeSyntax, "abc-1"},
		"no object":          {wrap(`<command><check/><clTRID>abc-1</clTRID></command>`), epp.CodeSyntax, "abc-1"},
		"two objects":        {wrap(`<command><check><a xmlns="u"/><b xmlns="u"/></check><clTRID>abc-1</clTRID></command>`), epp.CodeSyntax, "abc-1"},
		"poll without op":    {wrap(`<command><poll/><clTRID>abc-1</clTRID></command>`), epp.CodeSyntax, "abc-1"},
		"ack of nothing":     {wrap(`<command><poll op="ack"/><clTRID>abc-1</clTRID></command>`), epp.CodeMissing, "abc-1"},
		"login out of order": {wrap(`<command><login><pw>x</pw><clID>y</clID></login></command>`), epp.CodeSyntax, ""},
		"login without svcs": {wrap(`<command><login><clID>y</clID><pw>x</pw><options/></login></command>`), epp.CodeSyntax, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request, err := epp.ParseRequest([]byte(tt.frame), wire.Limits{})
			if code := epp.CodeOf(err); code != tt.code || request.ClTRID != tt.clTRID {
				t.Errorf("code %d, clTRID %q (%v)", code, request.ClTRID, err)
			}
		})
	}
}

func TestEveryCodeHasAText(t *testing.T) {
	t.Parallel()
	for _, code := range []int{1000, 1001, 1300, 1301, 1500, 2000, 2001, 2002, 2003, 2004, 2005, 2100, 2101, 2102, 2103, 2104, 2105, 2106,
		2200, 2201, 2202, 2300, 2301, 2302, 2303, 2304, 2305, 2306, 2307, 2308, 2400, 2500, 2501, 2502} {
		if epp.CodeText(code) == "" {
			t.Errorf("%d has none", code)
		}
	}
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}

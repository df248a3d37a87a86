package epp_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/wire"
)

func TestRedactMasksSecrets(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ frame, want string }{
		"login":               {`<clID>v</clID><pw>secret</pw><newPW>secret</newPW>`, `<clID>v</clID><pw>***</pw><newPW>***</newPW>`},
		"prefix and spaces":   {`<a:pw roid="x>y" >secret</a:pw >`, `<a:pw roid="x>y" >***</a:pw >`},
		"authInfo":            {`<d:authInfo><d:pw>secret</d:pw></d:authInfo><d:name>a</d:name>`, `<d:authInfo>***</d:authInfo><d:name>a</d:name>`},
		"nothing in it":       {`<pw/><null/>`, `<pw/><null/>`},
		"end tag in CDATA":    {`<pw><![CDATA[</pw>secret]]></pw>x`, `<pw>***</pw>x`},
		"end tag in comment":  {`<pw><!-- </pw> -->secret</pw>x`, `<pw>***</pw>x`},
		"secret in a comment": {`<!-- <pw> --><a/>`, `<!-- <pw> --><a/>`},
		"cut off":             {`<pw>secr`, `<pw>***`},
		"cut off in a tag":    {`<pw>secret</p`, `<pw>***`},
		"other names":         {`<pwd>a</pwd><newPWx>b</newPWx>`, `<pwd>a</pwd><newPWx>b</newPWx>`},
		"document number":     {`<c:contact type="SFZ">990000199003071171</c:contact>`, `<c:contact type="SFZ">***</c:contact>`},
		"contact's role":      {`<contact type='admin'>vn1</contact><contact>vn2</contact>`, `<contact type='admin'>vn1</contact><contact>vn2</contact>`},
		"documents to a VSP":  {`<nv:num>990000199003071171</nv:num><nv:fileContent>AAAA</nv:fileContent>`, `<nv:num>***</nv:num><nv:fileContent>***</nv:fileContent>`},
		"no XML":              {`garbage < > `, `garbage < > `},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := string(epp.Redact([]byte(tt.frame))); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// FuzzRedact: whatever password a login carries, however it is written, its
// redacted frame is that of any other password.
func FuzzRedact(f *testing.F) {
	f.Add("secret", "2fooBAR")
	f.Add("</pw><pw>", "]]>&<!--")
	f.Fuzz(func(t *testing.T, password, authInfo string) {
		redacted := func(password, authInfo string) string {
			login := epp.Command{Body: epp.Login{ClientID: "v", Password: password}, ClTRID: "VN-1"}
			create := epp.Command{Body: domain.Create{Name: "a.cn", AuthInfo: &epp.AuthInfo{PW: authInfo}}, ClTRID: "VN-2"}
			return string(epp.Redact(login.AppendXML(nil))) + string(epp.Redact(create.AppendXML(nil)))
		}
		if got, want := redacted(password, authInfo), redacted("x", "y"); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

// FuzzParseFrames: nothing that a peer sends makes the readers panic, and what
// they accept was well-formed.
func FuzzParseFrames(f *testing.F) {
	for _, cmd := range []epp.Command{{Body: epp.Poll{}, ClTRID: "VN-1"}, {Body: epp.Login{ClientID: "v"}}, {Body: domain.Info{Name: "a.cn"}}} {
		f.Add(cmd.AppendXML(nil))
	}
	reply := epp.Reply{Code: epp.CodePolicy, SvTRID: "SV-1", Queue: &epp.MessageQueue{Count: 1, ID: "1"}, Reasons: []epp.Reason{{Text: "no"}}}
	f.Add(reply.AppendXML(nil))
	f.Add((&epp.Greeting{ServerID: "x"}).AppendXML(nil))
	f.Fuzz(func(t *testing.T, frame []byte) {
		_, wellFormed := wire.Parse(frame, wire.Limits{})
		request, err := epp.ParseRequest(frame, wire.Limits{})
		if err == nil && wellFormed != nil || request == nil {
			t.Errorf("request %+v", request)
		}
		if response, err := epp.ParseResponse(frame, wire.Limits{}); err == nil {
			if wellFormed != nil || response.Code() < 1000 {
				t.Errorf("response %+v", response)
			}
		}
		if _, err := epp.ParseGreeting(frame, wire.Limits{}); err == nil && wellFormed != nil {
			t.Error("greeting out of no XML")
		}
		epp.Redact(frame)
	})
}

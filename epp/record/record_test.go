package record_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/record"
	"github.com/verinym/verinym/epp/sandbox"
)

// conversation records a session with a sandbox.
func conversation(t *testing.T, talk func(*epp.Conn)) *record.Recording {
	t.Helper()
	server, err := sandbox.Start(t.Context(), sandbox.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	var recorder record.Recorder
	conn, err := epp.Dial(t.Context(), server.Addr(), epp.Options{TLS: server.TLS(), ClientID: "verinym", Password: "verinym-pw", Record: recorder.Record})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	talk(conn)
	var b bytes.Buffer
	if err := recorder.Recording("a story").Write(&b); err != nil {
		t.Fatal(err)
	}
	recording, err := record.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return recording
}

func code(t *testing.T, conn *epp.Conn, body epp.Body) int {
	t.Helper()
	response, err := conn.Do(t.Context(), epp.Command{Body: body})
	if response == nil {
		t.Fatal(err)
	}
	return response.Code()
}

var holder = contact.Create{
	ID: "holder-1", Email: "zhang@example.cn", Voice: contact.Phone{Number: "+86.13800000000"}, AuthInfo: &epp.AuthInfo{PW: "contact-pw"},
	Postal: []contact.PostalInfo{{Type: contact.Loc, Name: "张三", Addr: contact.Address{City: "北京", CC: "CN"}}},
}

func TestRecordingTellsNobodysData(t *testing.T) {
	t.Parallel()
	recording := conversation(t, func(conn *epp.Conn) {
		code(t, conn, holder)
		code(t, conn, contact.Info{ID: "holder-1"})
	})
	for _, f := range recording.Frames {
		for _, secret := range []string{"张三", "北京", "zhang@", "13800000000", "contact-pw", "verinym-pw"} {
			if strings.Contains(f.XML, secret) {
				t.Errorf("%s in %s", secret, f.XML)
			}
		}
	}
}

// The same question is answered as it was the first time, then the second; another
// clTRID or password makes no difference.
func TestAnswersComeInTheirTurn(t *testing.T) {
	t.Parallel()
	recording := conversation(t, func(conn *epp.Conn) {
		for _, body := range []epp.Body{
			domain.Info{Name: "a.com"}, domain.Create{Name: "a.com", AuthInfo: &epp.AuthInfo{PW: "one"}}, domain.Info{Name: "a.com"},
		} {
			code(t, conn, body)
		}
		if err := conn.Logout(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	options, err := recording.Options()
	if err != nil {
		t.Fatal(err)
	}
	options.ClientID, options.Depth = "somebody", 4
	for range 2 { // each session begins anew
		conn, err := epp.Dial(t.Context(), "anywhere:700", options)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Hello(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, tt := range []struct {
			body epp.Body
			want int
		}{
			{domain.Create{Name: "a.com", AuthInfo: &epp.AuthInfo{PW: "two"}}, epp.CodeOK},
			{domain.Info{Name: "a.com"}, epp.CodeNotExists},
			{domain.Info{Name: "a.com"}, epp.CodeOK},
			{domain.Info{Name: "a.com"}, epp.CodeOK},
			{domain.Info{Name: "b.com"}, epp.CodeFailed},
		} {
			if got := code(t, conn, tt.body); got != tt.want {
				t.Errorf("command %d: %d, want %d", i, got, tt.want)
			}
		}
		if err := conn.Logout(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsNoRecording(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{}", `{"frames": [{"sent": true, "xml": "<epp/>"}]}`} {
		if _, err := record.Read(strings.NewReader(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

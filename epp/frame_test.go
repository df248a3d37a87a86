package epp_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/epptest"
)

const byHand = `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><poll op="req"/>%</command></epp>`

// Frames by hand are sent as they are, and held to their clTRID if they have one.
func TestFramesByHand(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		clTRID string // in the frame
		echo   string // of the registry
		cause  error
	}{
		"with a clTRID":    {"by-hand", "by-hand", nil},
		"without":          {"", "", nil},
		"another's answer": {"by-hand", "other", epp.ErrOutOfStep},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := make(chan string, 1)
			r := epptest.Serve(t, func(s *epptest.Session) {
				s.Greet()
				heard <- s.Read().ClTRID
				s.Reply(epp.Reply{Code: epp.CodeNoMessages, ClTRID: tt.echo})
			})
			c, err := epp.Dial(t.Context(), r.Addr, r.Options())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			element := ""
			if tt.clTRID != "" {
				element = "<clTRID>" + tt.clTRID + "</clTRID>"
			}
			response, err := c.DoFrame(t.Context(), []byte(strings.Replace(byHand, "%", element, 1)), tt.clTRID)
			if !errors.Is(err, tt.cause) || tt.cause == nil && response.Code() != epp.CodeNoMessages {
				t.Errorf("answered %+v, %v", response, err)
			}
			if got := <-heard; got != tt.clTRID {
				t.Errorf("the registry heard %q", got)
			}
		})
	}
}

func TestHelloByHandBringsTheGreeting(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Read()
		s.Greeting()
	})
	c, err := epp.Dial(t.Context(), r.Addr, r.Options())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	response, err := c.DoFrame(t.Context(), []byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello/></epp>`), "")
	if err != nil || response.Code() != 0 || !strings.Contains(string(response.Raw), "<greeting>") {
		t.Errorf("%+v, %v", response, err)
	}
}

func TestSessionsAreRecorded(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Answer(s.Read(), epp.CodeNoMessages)
	})
	var mu sync.Mutex
	var heard []string
	options := r.Options()
	options.Record = func(sent bool, frame []byte) {
		mu.Lock()
		defer mu.Unlock()
		who := "registry"
		if sent {
			who = "client"
		}
		for _, verb := range []string{"<greeting>", "<login>", "<poll", "<result"} {
			if strings.Contains(string(frame), verb) {
				heard = append(heard, who+" "+verb)
			}
		}
	}
	c, err := epp.Dial(t.Context(), r.Addr, options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(t.Context(), epp.Command{Body: epp.Poll{}}); err != nil {
		t.Fatal(err)
	}
	c.Close()
	mu.Lock()
	defer mu.Unlock()
	want := "registry <greeting>, client <login>, registry <result, client <poll, registry <result"
	if got := strings.Join(heard, ", "); got != want {
		t.Errorf("recorded %s, want %s", got, want)
	}
}

func TestPersonalDataLeaveNoTrace(t *testing.T) {
	t.Parallel()
	frame := `<c:infData><c:id>vn1</c:id><c:postalInfo type="loc"><c:name>张三</c:name></c:postalInfo><c:voice x="1">+86.1</c:voice>` +
		`<c:email>a@b.cn</c:email><x:mobile>+86.2</x:mobile><d:name>example.cn</d:name></c:infData>`
	want := `<c:infData><c:id>vn1</c:id><c:postalInfo type="loc">***</c:postalInfo><c:voice x="1">***</c:voice>` +
		`<c:email>***</c:email><x:mobile>***</x:mobile><d:name>example.cn</d:name></c:infData>`
	if got := string(epp.RedactPersonal([]byte(frame))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Passwords of more than 16 characters need a registry that offers login security.
func TestLongPasswordIsNotSentWhereNobodyTakesIt(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greeting()
		s.Read()
		t.Error("the client logged in")
	})
	options := r.Options()
	options.Password = "a password of more than 16 characters"
	_, err := epp.Dial(t.Context(), r.Addr, options)
	var e *epp.Error
	if !errors.Is(err, epp.ErrLongPassword) || !errors.As(err, &e) || e.Sent {
		t.Errorf("%v", err)
	}
}

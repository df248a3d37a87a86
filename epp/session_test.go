package epp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
)

func info(name string) epp.Command { return epp.Command{Body: domain.Info{Name: name}} }

func dial(t *testing.T, r *epptest.Registry, change func(*epp.Options)) *epp.Conn {
	t.Helper()
	o := r.Options()
	if change != nil {
		change(&o)
	}
	c, err := epp.Dial(t.Context(), r.Addr, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func failure(t *testing.T, err error) *epp.Error {
	t.Helper()
	var e *epp.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want an *epp.Error", err)
	}
	return e
}

func TestLoginDeclaresWhatTheGreetingOffers(t *testing.T) {
	t.Parallel()
	logins := make(chan *epp.Login, 1)
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greeting()
		login := s.Read()
		logins <- login.Login
		s.Answer(login, epp.CodeOK)
		s.Answer(s.Read(), epp.CodeEnding)
	})
	c := dial(t, r, func(o *epp.Options) { o.NewPassword, o.Lang = "other-pw", "zh" })
	l := <-logins
	if l.ClientID != "verinym" || l.Password != "secret-pw" || l.NewPassword != "other-pw" || l.Lang != "zh" {
		t.Errorf("login %+v", l)
	}
	if len(l.Objects) != 2 || len(l.Extensions) != 1 {
		t.Errorf("declared %v and %v", l.Objects, l.Extensions)
	}
	if err := c.Logout(t.Context()); err != nil {
		t.Error(err)
	}
	if err := c.Err(); !errors.Is(err, epp.ErrClosed) {
		t.Errorf("session ended with %v", err)
	}
}

func TestRefusedLoginTellsTheCode(t *testing.T) {
	t.Parallel()
	for _, code := range []int{epp.CodeAuthentication, epp.CodeAuthClosing, epp.CodeSessionLimit} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			r := epptest.Serve(t, func(s *epptest.Session) {
				s.Greeting()
				s.Answer(s.Read(), code)
			})
			_, err := epp.Dial(t.Context(), r.Addr, r.Options())
			if e := failure(t, err); e.Code != code || !e.Sent {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestDialGivesUpOnASilentRegistry(t *testing.T) {
	t.Parallel()
	silent := map[string]func(*epptest.Session){
		"no greeting":        func(s *epptest.Session) { s.Read() },
		"no answer to login": func(s *epptest.Session) { s.Greeting(); s.Read(); s.Read() },
	}
	for name, script := range silent {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := epptest.Serve(t, script)
			o := r.Options()
			o.DialTimeout = 100 * time.Millisecond
			if _, err := epp.Dial(t.Context(), r.Addr, o); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestUntrustedRegistryIsRefused(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) { s.Read() })
	o := r.Options()
	o.TLS = nil
	if _, err := epp.Dial(t.Context(), r.Addr, o); err == nil {
		t.Error("no error")
	}
}

func TestRefusalCarriesReasons(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		request := s.Read()
		s.Reply(epp.Reply{
			Code: epp.CodePolicy, ClTRID: request.ClTRID, SvTRID: "SV-policy",
			Reasons: []epp.Reason{{Value: request.Object.Child(domain.NS, "name"), Text: "名称受限", Lang: "zh"}},
		})
		s.Read()
	})
	c := dial(t, r, nil)
	response, err := c.Do(t.Context(), info("a.cn"))
	e := failure(t, err)
	if response == nil || response.Code() != epp.CodePolicy {
		t.Errorf("response %+v", response)
	}
	if e.Code != epp.CodePolicy || e.SvTRID != "SV-policy" || e.ClTRID == "" || !e.Sent || len(e.Reasons) != 1 {
		t.Fatalf("got %+v", e)
	}
	if reason := e.Reasons[0]; reason.Text != "名称受限" || reason.Lang != "zh" || reason.Value.Value() != "a.cn" {
		t.Errorf("reason %+v", reason)
	}
	if !strings.Contains(err.Error(), "2306") || !strings.Contains(err.Error(), "名称受限") {
		t.Errorf("text %q", err)
	}
}

func TestDebugLogHasNoSecrets(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Answer(s.Read(), epp.CodeEnding)
	})
	var log bytes.Buffer
	c := dial(t, r, func(o *epp.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.NewPassword = "other-pw"
	})
	if err := c.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-c.Done()
	text := log.String()
	for _, want := range []string{"<greeting>", "<login>", "<logout/>", "session opened", "verinym"} {
		if !strings.Contains(text, want) {
			t.Errorf("log lacks %q", want)
		}
	}
	for _, secret := range []string{"secret-pw", "other-pw"} {
		if strings.Contains(text, secret) {
			t.Errorf("log has %q", secret)
		}
	}
}

func TestHelloBringsANewGreeting(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		if request := s.Read(); request.Verb != epp.VerbHello {
			t.Errorf("got %s", request.Verb)
		}
		s.Greeting()
		s.Read()
	})
	c := dial(t, r, nil)
	before := c.Greeting()
	g, err := c.Hello(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if g == before || g != c.Greeting() || !g.Offers(domain.NS) {
		t.Errorf("greeting %+v", g)
	}
}

func TestIdleSessionSaysHello(t *testing.T) {
	t.Parallel()
	greeted := make(chan bool)
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		for {
			if request := s.Read(); request.Verb != epp.VerbHello {
				t.Errorf("got %s", request.Verb)
			}
			s.Greeting()
			greeted <- true
		}
	})
	dial(t, r, func(o *epp.Options) { o.KeepAlive = 20 * time.Millisecond })
	<-greeted
	<-greeted
}

func TestWithoutClientIDThereIsNoLogin(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greeting()
		if request := s.Read(); request.Verb != epp.VerbHello {
			t.Errorf("got %s", request.Verb)
		}
		s.Greeting()
		s.Read()
	})
	c := dial(t, r, func(o *epp.Options) { o.ClientID = "" })
	if _, err := c.Hello(t.Context()); err != nil {
		t.Error(err)
	}
}

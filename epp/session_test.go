package epp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
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

func TestAnswersGoToTheirCommandsInOrder(t *testing.T) {
	t.Parallel()
	const n, depth = 40, 4
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		for {
			request := s.Read()
			s.Reply(epp.Reply{
				Code: epp.CodeOK, ClTRID: request.ClTRID,
				Data: domain.CreateData{Name: request.Object.ChildText(domain.NS, "name")},
			})
		}
	})
	c := dial(t, r, func(o *epp.Options) { o.Depth = depth })
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			name := fmt.Sprintf("d%d.cn", i)
			response, err := c.Do(t.Context(), info(name))
			if err != nil {
				t.Error(err)
				return
			}
			if got, _ := domain.ParseCreateData(response.Data); got.Name != name {
				t.Errorf("%s got the answer to %s", name, got.Name)
			}
		})
	}
	group.Wait()
}

// Commands that the connection's buffers cannot hold are written all the same.
func TestLargeCommandsAreSent(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		for {
			request := s.Read()
			if n := len(request.Object.Children); n != 20000 {
				t.Errorf("%d names arrived", n)
			}
			s.Answer(request, epp.CodeOK)
		}
	})
	c := dial(t, r, func(o *epp.Options) { o.Depth = 2 })
	names := make([]string, 20000)
	for i := range names {
		names[i] = fmt.Sprintf("domain-%d.example.cn", i)
	}
	var calls []*epp.Call
	for range 3 {
		call, err := c.Start(t.Context(), epp.Command{Body: domain.Check{Names: names}})
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, call)
	}
	for _, call := range calls {
		if _, err := call.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// More commands than the pipeline is deep, in one call and on several goroutines.
func TestCommandsStartTogether(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		for {
			s.Answer(s.Read(), epp.CodeOK)
		}
	})
	c := dial(t, r, func(o *epp.Options) { o.Depth = 3 })
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			cmds := make([]epp.Command, 20)
			for i := range cmds {
				cmds[i] = info(fmt.Sprintf("d%d.cn", i))
			}
			calls, err := c.StartAll(t.Context(), cmds...)
			if err != nil || len(calls) != len(cmds) {
				t.Errorf("%d calls, %v", len(calls), err)
			}
			for _, call := range calls {
				if _, err := call.Wait(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestStartAllTellsWhatItHasStarted(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Read()
		s.Read()
		s.Conn.Close()
	})
	c := dial(t, r, func(o *epp.Options) { o.Depth = 2 })
	calls, err := c.StartAll(t.Context(), info("a.cn"), info("b.cn"), info("c.cn"))
	if e := failure(t, err); e.Sent || len(calls) != 2 {
		t.Errorf("%d calls, %+v", len(calls), e)
	}
	for _, call := range calls {
		_, err := call.Wait(t.Context())
		if e := failure(t, err); !e.Sent {
			t.Errorf("%+v", e)
		}
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

func TestPipelineIsNoDeeperThanAllowed(t *testing.T) {
	t.Parallel()
	const depth = 3
	answer := make(chan bool)
	seen := make(chan string, 10)
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		var waiting []*epp.Request
		requests := make(chan *epp.Request)
		go func() {
			defer close(requests)
			for {
				requests <- s.Read()
			}
		}()
		for {
			select {
			case request, ok := <-requests:
				if !ok {
					return
				}
				waiting = append(waiting, request)
				seen <- request.ClTRID
			case <-answer:
				s.Answer(waiting[0], epp.CodeOK)
				waiting = waiting[1:]
			}
		}
	})
	c := dial(t, r, func(o *epp.Options) { o.Depth = depth })
	var calls []*epp.Call
	for range depth {
		call, err := c.Start(t.Context(), info("a.cn"))
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, call)
		if got := <-seen; got != call.ClTRID() {
			t.Fatalf("registry saw %s, want %s", got, call.ClTRID())
		}
	}

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := c.Start(ctx, info("a.cn"))
	if e := failure(t, err); e.Sent || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a fourth command: %+v", e)
	}

	answer <- true
	if _, err := calls[0].Wait(t.Context()); err != nil {
		t.Error(err)
	}
	call, err := c.Start(t.Context(), info("a.cn"))
	if err != nil {
		t.Fatal(err)
	}
	if got := <-seen; got != call.ClTRID() {
		t.Errorf("registry saw %s after the cancelled command, want %s", got, call.ClTRID())
	}
}

func TestCancelledCommandIsDrained(t *testing.T) {
	t.Parallel()
	received, proceed := make(chan bool), make(chan bool)
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		first := s.Read()
		received <- true
		<-proceed
		s.Answer(first, epp.CodeNotExists)
		for {
			s.Answer(s.Read(), epp.CodeOK)
		}
	})
	c := dial(t, r, nil)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-received
		cancel()
	}()
	_, err := c.Do(ctx, info("lost.cn"))
	if e := failure(t, err); !e.Sent || e.Code != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled command: %+v", e)
	}
	proceed <- true
	for range 3 {
		if _, err := c.Do(t.Context(), info("next.cn")); err != nil {
			t.Errorf("session is out of step: %v", err)
		}
	}
}

func TestLostAnswerIsReportedAsSent(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Read()
	})
	c := dial(t, r, nil)
	_, err := c.Do(t.Context(), info("a.cn"))
	if e := failure(t, err); !e.Sent || e.Code != 0 {
		t.Errorf("got %+v", e)
	}
	<-c.Done()
	_, err = c.Do(t.Context(), info("a.cn"))
	if e := failure(t, err); e.Sent {
		t.Errorf("a command on the ended session: %+v", e)
	}
}

// Whatever breaks a session fails all that is under way as possibly sent, and
// what comes later as certainly not sent.
func TestBrokenSessionsEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer func(*epptest.Session, *epp.Request)
		cause  error
	}{
		"wrong clTRID": {
			func(s *epptest.Session, _ *epp.Request) { s.Reply(epp.Reply{Code: epp.CodeOK, ClTRID: "other-1"}) },
			epp.ErrOutOfStep,
		},
		"success without clTRID": {
			func(s *epptest.Session, _ *epp.Request) { s.Reply(epp.Reply{Code: epp.CodeOK}) },
			epp.ErrOutOfStep,
		},
		"garbage": {
			func(s *epptest.Session, _ *epp.Request) { s.Send([]byte("garbage")) },
			epp.ErrOutOfStep,
		},
		"a DOCTYPE": {
			func(s *epptest.Session, _ *epp.Request) { s.Send([]byte(`<!DOCTYPE epp><epp/>`)) },
			epp.ErrOutOfStep,
		},
		"a greeting for an answer": {
			func(s *epptest.Session, _ *epp.Request) { s.Greeting() },
			epp.ErrOutOfStep,
		},
		"a command for an answer": {
			func(s *epptest.Session, _ *epp.Request) { s.Send(info("a.cn").AppendXML(nil)) },
			epp.ErrOutOfStep,
		},
		"a response without result": {
			func(s *epptest.Session, _ *epp.Request) {
				s.Send([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response/></epp>`))
			},
			epp.ErrOutOfStep,
		},
		"an oversized frame": {
			func(s *epptest.Session, _ *epp.Request) { s.Send(make([]byte, 70<<10)) },
			wire.ErrFrameLength,
		},
		"a frame of no length": {
			func(s *epptest.Session, _ *epp.Request) { s.Conn.Write([]byte{0, 0, 0, 4}) },
			wire.ErrFrameLength,
		},
		"half a frame": {
			func(s *epptest.Session, _ *epp.Request) { s.Conn.Write([]byte{0, 0, 1, 0, '<'}); s.Conn.Close() },
			nil,
		},
		"no answer in time": {
			func(*epptest.Session, *epp.Request) {},
			epp.ErrTimeout,
		},
		"2500": {
			func(s *epptest.Session, _ *epp.Request) { s.Reply(epp.Reply{Code: epp.CodeFailedClosing}) },
			epp.ErrClosed,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := epptest.Serve(t, func(s *epptest.Session) {
				s.Greet()
				first := s.Read()
				s.Read()
				tt.answer(s, first)
				s.Read() // until the client closes
			})
			c := dial(t, r, func(o *epp.Options) {
				o.Depth, o.MaxFrame, o.CommandTimeout = 2, 64<<10, 500*time.Millisecond
			})
			first, err := c.Start(t.Context(), info("a.cn"))
			if err != nil {
				t.Fatal(err)
			}
			second, err := c.Start(t.Context(), info("b.cn"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = first.Wait(t.Context())
			if e := failure(t, err); !e.Sent {
				t.Errorf("first command: %+v", e)
			}
			_, err = second.Wait(t.Context())
			if e := failure(t, err); !e.Sent || e.Code != 0 || tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("second command: %+v", e)
			}
			<-c.Done()
			_, err = c.Do(t.Context(), info("c.cn"))
			if e := failure(t, err); e.Sent {
				t.Errorf("third command: %+v", e)
			}
		})
	}
}

func TestUnansweredCommandEndsTheSession(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Read()
		s.Read()
	})
	c := dial(t, r, func(o *epp.Options) { o.CommandTimeout = 50 * time.Millisecond })
	_, err := c.Do(t.Context(), info("a.cn"))
	if e := failure(t, err); !e.Sent || !errors.Is(err, epp.ErrTimeout) {
		t.Errorf("got %+v", e)
	}
}

func TestFrameThatNobodyAskedForEndsTheSession(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Reply(epp.Reply{Code: epp.CodeOK})
		s.Read()
	})
	c := dial(t, r, nil)
	<-c.Done()
	if err := c.Err(); !errors.Is(err, epp.ErrOutOfStep) {
		t.Errorf("ended with %v", err)
	}
}

func TestUnreadableCommandIsRefusedWithoutClTRID(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Read()
		s.Reply(epp.Reply{Code: epp.CodeSyntax})
		s.Answer(s.Read(), epp.CodeOK)
		s.Read()
	})
	c := dial(t, r, nil)
	_, err := c.Do(t.Context(), info("a.cn"))
	if epp.CodeOf(err) != epp.CodeSyntax {
		t.Errorf("got %v", err)
	}
	if _, err := c.Do(t.Context(), info("a.cn")); err != nil {
		t.Errorf("session did not go on: %v", err)
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

func TestClosedSessionFailsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Read()
		s.Read()
	})
	c := dial(t, r, nil)
	call, err := c.Start(t.Context(), info("a.cn"))
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	_, err = call.Wait(t.Context())
	if e := failure(t, err); !e.Sent || !errors.Is(err, epp.ErrClosed) {
		t.Errorf("got %+v", e)
	}
}

package epp_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

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

// A registry that carries such a clTRID back otherwise would seem out of step,
// after it has carried the command out.
func TestClTRIDThatMayChangeOnItsWayIsNotSent(t *testing.T) {
	t.Parallel()
	r := epptest.Serve(t, func(s *epptest.Session) {
		s.Greet()
		s.Answer(s.Read(), epp.CodeOK)
		s.Read()
	})
	c := dial(t, r, nil)
	for _, id := range []string{"ab", strings.Repeat("x", 65), " abc", "abc ", "a  b", "a\tb", "a\nb", "ab\x01", "ab\uFFFE", "abc\xff"} {
		_, err := c.Do(t.Context(), epp.Command{Body: epp.Poll{}, ClTRID: id})
		if e := failure(t, err); e.Sent || !errors.Is(err, epp.ErrClTRID) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := c.Do(t.Context(), epp.Command{Body: epp.Poll{}, ClTRID: "order 7 of 张三"}); err != nil {
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

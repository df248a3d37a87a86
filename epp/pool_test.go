package epp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/verinym/verinym/epp/wire"
)

// registry is the other side of a pool: sessions over pipes, on a time that only
// goes by when everybody waits.
type registry struct {
	t      *testing.T
	answer func(session int, r *Request) int // result code; 0 drops the connection

	mu       sync.Mutex
	sessions int // opened so far
	open     int
	most     int
	heard    []string // "session verb clTRID" of every command but logins and logouts
}

func (r *registry) dial(ctx context.Context, _ string, o Options) (*Conn, error) {
	client, server := net.Pipe()
	r.mu.Lock()
	r.sessions++
	id := r.sessions
	r.open++
	r.most = max(r.most, r.open)
	r.mu.Unlock()
	go r.serve(id, server)
	c, err := open(ctx, client, o.withDefaults())
	if err != nil {
		client.Close()
	}
	return c, err
}

func (r *registry) serve(id int, nc net.Conn) {
	defer func() {
		nc.Close()
		r.mu.Lock()
		r.open--
		r.mu.Unlock()
	}()
	greeting := Greeting{ServerID: "registry", Date: time.Now(), Versions: []string{"1.0"}, Langs: []string{"en"}, Objects: []string{"urn:x"}}
	nc.Write(wire.AppendFrame(nil, greeting.AppendXML(nil)))
	for in := bufio.NewReader(nc); ; {
		frame, err := wire.ReadFrame(in, 1<<20)
		if err != nil {
			return
		}
		request, err := ParseRequest(frame, wire.Limits{})
		if err != nil {
			r.t.Errorf("%v: %s", err, frame)
		}
		if request.Verb == VerbHello {
			nc.Write(wire.AppendFrame(nil, greeting.AppendXML(nil)))
			continue
		}
		code := r.hear(id, request)
		if code == 0 {
			return
		}
		reply := Reply{Code: code, ClTRID: request.ClTRID, SvTRID: "SV-1"}
		nc.Write(wire.AppendFrame(nil, reply.AppendXML(nil)))
		if endsSession(code) {
			return
		}
	}
}

func (r *registry) hear(id int, request *Request) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if request.Verb == VerbLogout {
		return CodeEnding
	}
	if request.Verb != VerbLogin {
		r.heard = append(r.heard, fmt.Sprintf("%d %s %s", id, request.Verb, request.ClTRID))
	}
	if r.answer == nil {
		return CodeOK
	}
	return r.answer(id, request)
}

func (r *registry) count() (opened, open int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sessions, r.open
}

// onPool runs a story about a pool.
func onPool(t *testing.T, o PoolOptions, answer func(session int, r *Request) int, story func(*testing.T, *Pool, *registry)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &registry{t: t, answer: answer}
		o.Session.ClientID, o.Session.Password, o.Session.KeepAlive = "verinym", "secret-pw", -1
		p := newPool("registry", o, r.dial)
		story(t, p, r)
		p.Close()
		synctest.Wait()
		if _, open := r.count(); open != 0 {
			t.Errorf("%d sessions are left open", open)
		}
	})
}

// Bodies without a mapping: what a command does is of no matter here.
var (
	question = Command{Body: RawBody{Name: VerbInfo, XML: []byte(`<info><x xmlns="urn:x"/></info>`)}}
	order    = Command{Body: RawBody{Name: VerbUpdate, XML: []byte(`<update><x xmlns="urn:x"/></update>`)}, ClTRID: "VN-1"}
	purchase = Command{Body: RawBody{Name: VerbCreate, XML: []byte(`<create><x xmlns="urn:x"/></create>`)}, ClTRID: "VN-2"}
)

func TestPoolOpensWhatIsNeeded(t *testing.T) {
	t.Parallel()
	onPool(t, PoolOptions{Min: 1, Max: 3, MaxIdle: time.Minute, MaxAge: -1}, nil, func(t *testing.T, p *Pool, r *registry) {
		synctest.Wait()
		if opened, _ := r.count(); opened != 1 {
			t.Errorf("%d sessions at first", opened)
		}
		var leases []*Lease
		for range 3 {
			l, err := p.Borrow(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			leases = append(leases, l)
		}
		began := time.Now()
		if _, err := p.Borrow(t.Context()); !errors.Is(err, ErrBorrowTimeout) || time.Since(began) != 30*time.Second {
			t.Errorf("a fourth session after %v: %v", time.Since(began), err)
		}
		if s := p.Stats(); s.Open != 3 || s.InUse != 3 || s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
		leases[0].Return()
		leases[0].Return()
		again, err := p.Borrow(t.Context())
		if err != nil || again.Conn != leases[0].Conn {
			t.Errorf("another session than the one that was given back: %v", err)
		}
		again.Return()
		leases[1].Return()
		leases[2].Return()
		time.Sleep(time.Minute)
		synctest.Wait()
		if opened, open := r.count(); opened != 3 || open != 1 {
			t.Errorf("after a minute: %d opened, %d open", opened, open)
		}
	})
}

func TestPoolSharesSessionsToTheirDepth(t *testing.T) {
	t.Parallel()
	onPool(t, PoolOptions{Max: 2, Session: Options{Depth: 4}}, nil, func(t *testing.T, p *Pool, r *registry) {
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if _, err := p.Do(t.Context(), question); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if opened, _ := r.count(); opened > 2 || len(r.heard) != 100 {
			t.Errorf("%d sessions, %d commands", opened, len(r.heard))
		}
	})
}

func TestPoolServesInTurn(t *testing.T) {
	t.Parallel()
	onPool(t, PoolOptions{Max: 1, Session: Options{Depth: 2}}, nil, func(t *testing.T, p *Pool, _ *registry) {
		first, err := p.Borrow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var order []string
		var mu sync.Mutex
		var all sync.WaitGroup
		for _, who := range []string{"a", "b", "c"} {
			all.Go(func() {
				l, err := p.Borrow(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				order = append(order, who)
				mu.Unlock()
				l.Return()
			})
			synctest.Wait()
		}
		first.Return()
		all.Wait()
		if !slices.Equal(order, []string{"a", "b", "c"}) {
			t.Errorf("served %v", order)
		}
	})
}

func TestPoolReplacesOldSessions(t *testing.T) {
	t.Parallel()
	onPool(t, PoolOptions{Min: 1, Max: 1, MaxAge: time.Hour, MaxIdle: 24 * time.Hour}, nil, func(t *testing.T, p *Pool, r *registry) {
		l, err := p.Borrow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if opened, open := r.count(); opened != 1 || open != 1 {
			t.Errorf("while it is in use: %d opened, %d open", opened, open)
		}
		l.Return()
		synctest.Wait()
		if opened, open := r.count(); opened != 2 || open != 1 {
			t.Errorf("after that: %d opened, %d open", opened, open)
		}
	})
}

func TestTooManySessionsShrinkThePool(t *testing.T) {
	t.Parallel()
	alarms := make(chan Alarm, 10)
	var of *registry
	allowed := 2
	limited := func(_ int, q *Request) int {
		if q.Verb == VerbLogin && of.open > allowed {
			return CodeSessionLimit
		}
		return CodeOK
	}
	o := PoolOptions{Max: 8, ShrinkFor: time.Hour, Alarm: func(a Alarm) { alarms <- a }}
	onPool(t, o, limited, func(t *testing.T, p *Pool, r *registry) {
		of = r
		var held []*Lease
		for range 2 {
			l, err := p.Borrow(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, l)
		}
		if _, err := p.Borrow(t.Context()); !errors.Is(err, ErrBorrowTimeout) || !errors.Is(err, ResultCode(CodeSessionLimit)) {
			t.Errorf("a third session: %v", err)
		}
		if s := p.Stats(); s.Limit != 2 || s.Open != 2 {
			t.Errorf("%+v", s)
		}
		if opened, _ := r.count(); opened != 3 {
			t.Errorf("%d attempts", opened)
		}
		if a := <-alarms; a.Kind != AlarmSessions || !errors.Is(a.Err, ResultCode(CodeSessionLimit)) {
			t.Errorf("alarm %+v", a)
		}
		r.mu.Lock()
		allowed = 3
		r.mu.Unlock()
		time.Sleep(time.Hour)
		synctest.Wait()
		l, err := p.Borrow(t.Context())
		if err != nil {
			t.Fatalf("after an hour: %v", err)
		}
		for _, l := range append(held, l) {
			l.Return()
		}
	})
}

func TestRefusedCredentialsStopThePool(t *testing.T) {
	t.Parallel()
	for _, code := range []int{CodeAuthentication, CodeAuthClosing} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			alarms := make(chan Alarm, 10)
			onPool(t, PoolOptions{Min: 1, Max: 4, Alarm: func(a Alarm) { alarms <- a }}, func(_ int, q *Request) int {
				if q.Verb == VerbLogin && q.Login.Password != "new-pw" {
					return code
				}
				return CodeOK
			}, func(t *testing.T, p *Pool, r *registry) {
				for range 5 {
					_, err := p.Do(t.Context(), question)
					if !errors.Is(err, ErrLoginsStopped) || !errors.Is(err, ResultCode(code)) {
						t.Errorf("%v", err)
					}
				}
				time.Sleep(24 * time.Hour)
				if opened, _ := r.count(); opened != 1 {
					t.Errorf("%d attempts to log in", opened)
				}
				if a := <-alarms; a.Kind != AlarmLogins || len(alarms) > 0 {
					t.Errorf("alarm %+v and %d more", a, len(alarms))
				}
				if p.Stats().Logins == nil {
					t.Error("the statistics do not tell")
				}
				p.SetPassword("new-pw")
				if _, err := p.Do(t.Context(), question); err != nil {
					t.Errorf("with another password: %v", err)
				}
			})
		})
	}
}

func TestRegistryOutOfReachIsNotBesieged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var attempts []time.Time
		var mu sync.Mutex
		p := newPool("registry", PoolOptions{Min: 1, Redial: time.Second, RedialMost: time.Minute}, func(context.Context, string, Options) (*Conn, error) {
			mu.Lock()
			defer mu.Unlock()
			attempts = append(attempts, time.Now())
			return nil, errors.New("no route")
		})
		_, err := p.Do(t.Context(), question)
		if !errors.Is(err, ErrBorrowTimeout) {
			t.Errorf("%v", err)
		}
		time.Sleep(time.Hour)
		p.Close()
		mu.Lock()
		defer mu.Unlock()
		// Pauses of 0.5 to 1 s, 1 to 2 s, … 30 to 60 s: at least 60 an hour.
		if n := len(attempts); n < 60 || n > 130 {
			t.Errorf("%d attempts in an hour", n)
		}
		if last := len(attempts) - 1; attempts[last].Sub(attempts[last-1]) < 30*time.Second {
			t.Errorf("the last pause was %v", attempts[last].Sub(attempts[last-1]))
		}
	})
}

func TestFailingRegistryIsGivenTime(t *testing.T) {
	t.Parallel()
	failures := 2
	onPool(t, PoolOptions{Max: 1, BackOff: 10 * time.Second}, func(_ int, q *Request) int {
		if q.Verb == VerbInfo && failures > 0 {
			failures--
			return CodeFailed
		}
		return CodeOK
	}, func(t *testing.T, p *Pool, r *registry) {
		began := time.Now()
		if _, err := p.Do(t.Context(), question); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took < 15*time.Second || took > 30*time.Second {
			t.Errorf("two pauses took %v", took)
		}
		if opened, _ := r.count(); opened != 1 || len(r.heard) != 3 {
			t.Errorf("%d sessions, heard %v", opened, r.heard)
		}
		failures = 3
		if _, err := p.Do(t.Context(), question); CodeOf(err) != CodeFailed {
			t.Errorf("after three attempts: %v", err)
		}
	})
}

func TestEmptyAccountStopsPurchases(t *testing.T) {
	t.Parallel()
	alarms := make(chan Alarm, 10)
	empty := true
	onPool(t, PoolOptions{Max: 1, Alarm: func(a Alarm) { alarms <- a }}, func(_ int, q *Request) int {
		if q.Verb == VerbCreate && empty {
			return CodeBilling
		}
		return CodeOK
	}, func(t *testing.T, p *Pool, r *registry) {
		if _, err := p.Do(t.Context(), purchase); CodeOf(err) != CodeBilling {
			t.Errorf("the first: %v", err)
		}
		_, err := p.Do(t.Context(), purchase)
		if e := errorIn(err); !errors.Is(err, ErrBillingStopped) || e == nil || e.Sent || e.Code != 0 {
			t.Errorf("the second: %v", err)
		}
		l, err := p.Borrow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Do(t.Context(), purchase); !errors.Is(err, ErrBillingStopped) {
			t.Errorf("on a borrowed session: %v", err)
		}
		l.Return()
		if _, err := p.Do(t.Context(), order); err != nil {
			t.Errorf("what costs nothing: %v", err)
		}
		if a := <-alarms; a.Kind != AlarmBilling || p.Stats().Billing == nil {
			t.Errorf("alarm %+v", a)
		}
		empty = false
		p.Resume(AlarmLogins)
		if _, err := p.Do(t.Context(), purchase); !errors.Is(err, ErrBillingStopped) {
			t.Errorf("after somebody has seen to the password: %v", err)
		}
		p.Resume(AlarmBilling)
		if _, err := p.Do(t.Context(), purchase); err != nil {
			t.Errorf("after a payment: %v", err)
		}
		if len(r.heard) != 3 {
			t.Errorf("heard %v", r.heard)
		}
	})
}

// A lost answer to a command with an effect is not answered by sending it again,
// unless a look has shown that it was not carried out.
func TestLostAnswerIsLookedUp(t *testing.T) {
	t.Parallel()
	look := func(fate Fate, err error) Look {
		return func(_ context.Context, ask func(Command) (*Response, error)) (Fate, *Response, error) {
			response, askErr := ask(question)
			if askErr != nil {
				return FateUnknown, nil, askErr
			}
			return fate, response, err
		}
	}
	for _, lose := range []int{0, CodeFailedClosing, CodeFailed, CodeSessionLimit} {
		for name, tt := range map[string]struct {
			look Look
			want []string // commands heard
			ok   bool
		}{
			"nobody looks":    {nil, []string{"1 update VN-1"}, false},
			"it was done":     {look(FateDone, nil), []string{"1 update VN-1", "N info"}, true},
			"it was not":      {look(FateNotDone, nil), []string{"1 update VN-1", "N info", "N update VN-1-2"}, true},
			"nobody can tell": {look(FateUnknown, nil), []string{"1 update VN-1", "N info"}, false},
			"looking failed":  {look(FateDone, errors.New("odd")), []string{"1 update VN-1", "N info"}, false},
		} {
			t.Run(fmt.Sprintf("%d %s", lose, name), func(t *testing.T) {
				t.Parallel()
				lost := false
				onPool(t, PoolOptions{Max: 2}, func(_ int, q *Request) int {
					if q.Verb == VerbUpdate && !lost {
						lost = true
						return lose
					}
					return CodeOK
				}, func(t *testing.T, p *Pool, r *registry) {
					response, err := p.DoLooking(t.Context(), order, tt.look)
					if (err == nil) != tt.ok || tt.ok && response == nil {
						t.Errorf("%v, %v", response, err)
					}
					if len(r.heard) != len(tt.want) {
						t.Fatalf("heard %v, want %v", r.heard, tt.want)
					}
					for i, want := range tt.want {
						var id int
						var verb, clTRID, wantVerb, wantID string
						fmt.Sscan(r.heard[i], &id, &verb, &clTRID)
						fmt.Sscan(want[2:], &wantVerb, &wantID)
						if verb != wantVerb || wantID != "" && clTRID != wantID {
							t.Errorf("heard %s, want %s", r.heard[i], want)
						}
					}
				})
			})
		}
	}
}

func TestQuestionsAreAskedAgain(t *testing.T) {
	t.Parallel()
	losses := 2
	onPool(t, PoolOptions{Max: 1}, func(_ int, q *Request) int {
		if q.Verb == VerbPoll && losses > 0 {
			losses--
			return 0
		}
		return CodeOK
	}, func(t *testing.T, p *Pool, r *registry) {
		if _, err := p.Do(t.Context(), Command{Body: Poll{}}); err != nil {
			t.Error(err)
		}
		if opened, _ := r.count(); opened != 3 {
			t.Errorf("%d sessions", opened)
		}
		losses = 1
		if _, err := p.Do(t.Context(), Command{Body: Ack{ID: "1"}}); errorIn(err) == nil || !errorIn(err).Sent {
			t.Errorf("an acknowledgement was sent again: %v", err)
		}
	})
}

func TestRefusalsAreNotRepeated(t *testing.T) {
	t.Parallel()
	onPool(t, PoolOptions{Max: 1}, func(_ int, q *Request) int {
		if q.Verb == VerbInfo {
			return CodeNotExists
		}
		return CodeOK
	}, func(t *testing.T, p *Pool, r *registry) {
		response, err := p.Do(t.Context(), question)
		if CodeOf(err) != CodeNotExists || response == nil || len(r.heard) != 1 {
			t.Errorf("%v, %v, heard %v", response, err, r.heard)
		}
	})
}

func TestClosedPoolServesNobody(t *testing.T) {
	t.Parallel()
	onPool(t, PoolOptions{Max: 1}, nil, func(t *testing.T, p *Pool, _ *registry) {
		l, err := p.Borrow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		failed := make(chan error, 1)
		go func() {
			_, err := p.Do(t.Context(), question)
			failed <- err
		}()
		synctest.Wait()
		p.Close()
		if err := <-failed; !errors.Is(err, ErrPoolClosed) {
			t.Errorf("who waited got %v", err)
		}
		if _, err := p.Do(t.Context(), question); !errors.Is(err, ErrPoolClosed) {
			t.Errorf("who came late got %v", err)
		}
		l.Return()
	})
}

func TestWhoGivesUpLeavesTheLine(t *testing.T) {
	t.Parallel()
	onPool(t, PoolOptions{Max: 1}, nil, func(t *testing.T, p *Pool, _ *registry) {
		l, err := p.Borrow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := p.Borrow(ctx)
			failed <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) || errorIn(err) == nil {
			t.Errorf("%v", err)
		}
		l.Return()
		if _, err := p.Do(t.Context(), question); err != nil {
			t.Errorf("the next in line: %v", err)
		}
	})
}

func TestAttemptsAreTold(t *testing.T) {
	t.Parallel()
	long := "a-clTRID-of-64-characters-0123456789-0123456789-0123456789-01234"
	for _, tt := range []struct{ given, want string }{{"VN-1", "VN-1-2"}, {long, long[:62] + "-2"}} {
		if got := attemptID(tt.given, 2); got != tt.want || len(got) > 64 {
			t.Errorf("%s became %s", tt.given, got)
		}
	}
}

// A pool that is suspended has no session, not even those that it keeps, and says so at
// once; who has one may finish with it.
func TestSuspendedPoolHasNoSession(t *testing.T) {
	t.Parallel()
	onPool(t, PoolOptions{Min: 2, Max: 3}, nil, func(t *testing.T, p *Pool, r *registry) {
		l, err := p.Borrow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		p.Suspend()
		p.Suspend()
		synctest.Wait()
		if _, open := r.count(); open != 1 {
			t.Errorf("%d sessions, want the one that is in use", open)
		}
		if _, err := l.Do(t.Context(), question); err != nil {
			t.Errorf("a command under way: %v", err)
		}
		l.Return()
		synctest.Wait()
		opened, open := r.count()
		if open != 0 {
			t.Errorf("%d sessions after it was returned", open)
		}
		for range 2 {
			if _, err := p.Borrow(t.Context()); !errors.Is(err, ErrSuspended) {
				t.Errorf("borrowed from a suspended pool: %v", err)
			}
		}
		p.Resume(AlarmLogins, AlarmBilling)
		time.Sleep(time.Hour)
		if again, _ := r.count(); again != opened {
			t.Errorf("%d sessions were opened while it is suspended", again-opened)
		}
		p.Resume()
		synctest.Wait()
		if _, open := r.count(); open != 2 {
			t.Errorf("%d sessions after it was resumed, want 2", open)
		}
		if _, err := p.Do(t.Context(), question); err != nil {
			t.Errorf("after it was resumed: %v", err)
		}
	})
}

// A registry that takes so many commands a minute gets them one after the other, however
// many sessions and callers there are.
func TestPoolKeepsToARate(t *testing.T) {
	t.Parallel()
	var at []time.Time
	var mu sync.Mutex
	answer := func(_ int, r *Request) int {
		mu.Lock()
		defer mu.Unlock()
		at = append(at, time.Now()) // logins are commands, too
		return CodeOK
	}
	onPool(t, PoolOptions{Max: 4, PerMinute: 30, Session: Options{Depth: 4}}, answer, func(t *testing.T, p *Pool, _ *registry) {
		var callers sync.WaitGroup
		for range 20 {
			callers.Go(func() {
				if _, err := p.Do(t.Context(), question); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		mu.Lock()
		for i := 1; i < len(at); i++ {
			if apart := at[i].Sub(at[i-1]); apart < 2*time.Second {
				t.Errorf("command %d came %s after the one before it, want 2s", i, apart)
			}
		}
		mu.Unlock()
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.Do(t.Context(), question); err != nil {
			t.Error(err)
		}
		if _, err := p.Do(hurry, question); !errors.Is(err, context.DeadlineExceeded) || errorIn(err).Sent {
			t.Errorf("a command that cannot wait for its turn: %v", err)
		}
	})
}

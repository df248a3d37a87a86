package epp_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
)

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

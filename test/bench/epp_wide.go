package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/wire"
	"github.com/verinym/verinym/test/stage"
)

const (
	wideConnections = 4
	wideDepth       = 16
)

// against reports a figure that has a target to reach.
func (b *bench) against(name string, value float64, unit string, target float64) {
	b.report(name, value, unit)
	met := value >= target
	last := &b.results[len(b.results)-1]
	last.Target, last.Met = &target, &met
}

// eppWide compares our client on several connections with a bare loop that writes
// prepared frames and throws the answers away, and measures it over a long way.
func (b *bench) eppWide(ctx context.Context) error {
	s, err := stage.StartRegistry(ctx, b.binary)
	if err != nil {
		return err
	}
	defer s.Stop()
	first, err := s.Dial(ctx, 1)
	if err != nil {
		return err
	}
	defer first.Close()
	var names []string
	for i := range wideConnections {
		names = append(names, fmt.Sprintf("wide%d.com", i))
		if _, err := first.Do(ctx, epp.Command{Body: domain.Create{Name: names[i], AuthInfo: &epp.AuthInfo{PW: "bench-pw-1"}}}); err != nil {
			return err
		}
	}
	const rounds, n = 5, 12000
	var own, floor []float64
	for range rounds {
		rate, err := ours(ctx, s, s.Addr, names, n)
		if err != nil {
			return err
		}
		own = append(own, rate)
		if rate, err = bare(ctx, s, names, n); err != nil {
			return err
		}
		floor = append(floor, rate)
	}
	b.against("EPP updates, four connections, depth 16, against a bare loop", median(ratios(own, floor)), "×", 0.8)
	return b.longWay(ctx, s, names)
}

// longWay measures against what a round trip of 50 ms allows.
func (b *bench) longWay(ctx context.Context, s *stage.Registry, names []string) error {
	const roundTrip, n = 50 * time.Millisecond, 3000
	far, err := delayed(s.Addr, roundTrip/2)
	if err != nil {
		return err
	}
	defer far.Close()
	rate, err := ours(ctx, s, far.Addr().String(), names, n)
	if err != nil {
		return err
	}
	allowed := wideConnections * wideDepth / roundTrip.Seconds()
	b.against("EPP updates through 50 ms, against connections × depth / RTT", rate/allowed, "×", 0.9)
	return nil
}

// ours sends n updates on each connection, all at once, and returns how many a
// second. Opening the sessions does not count.
func ours(ctx context.Context, s *stage.Registry, addr string, names []string, n int) (float64, error) {
	near := *s
	near.Addr = addr
	conns := make([]*epp.Conn, len(names))
	for i := range names {
		var err error
		if conns[i], err = near.Dial(ctx, wideDepth); err != nil {
			return 0, err
		}
		defer conns[i].Close()
	}
	return together(len(names), n, func(i int) error {
		_, err := updates(ctx, conns[i], names[i], n)
		return err
	})
}

// together runs something on each connection and returns how many commands a
// second they made.
func together(connections, n int, run func(i int) error) (float64, error) {
	failed := make(chan error, connections)
	var all sync.WaitGroup
	start := time.Now()
	for i := range connections {
		all.Go(func() {
			if err := run(i); err != nil {
				failed <- err
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	close(failed)
	return float64(connections*n) / took.Seconds(), <-failed
}

// bare is the same traffic without a client: frames made beforehand, sixteen under
// way, answers read by their length and thrown away.
func bare(ctx context.Context, s *stage.Registry, names []string, n int) (float64, error) {
	config, err := s.TLS()
	if err != nil {
		return 0, err
	}
	conns := make([]net.Conn, len(names))
	readers := make([]*bufio.Reader, len(names))
	for i := range names {
		conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", s.Addr)
		if err != nil {
			return 0, err
		}
		defer conn.Close()
		conns[i] = conn
		readers[i] = bufio.NewReaderSize(conn, 32<<10)
		if _, err := wire.ReadFrame(readers[i], 1<<20); err != nil {
			return 0, err
		}
		login := epp.Login{ClientID: s.Registrars[0].ClientID, Password: s.Registrars[0].Password, Objects: []string{domain.NS}}
		if err := exchange(conns[i], readers[i], login); err != nil {
			return 0, err
		}
	}
	return together(len(names), n, func(i int) error { return pump(conns[i], readers[i], names[i], n) })
}

func exchange(w io.Writer, r *bufio.Reader, body epp.Body) error {
	if _, err := w.Write(wire.AppendFrame(nil, epp.Command{Body: body, ClTRID: "bare-1"}.AppendXML(nil))); err != nil {
		return err
	}
	_, err := wire.ReadFrame(r, 1<<20)
	return err
}

// pump writes n updates and reads n answers, at most wideDepth apart.
func pump(w io.Writer, r *bufio.Reader, name string, n int) error {
	status := domain.AddRem{Statuses: domain.Statuses(epp.ClientTransferProhibited)}
	var frames [2][]byte
	for i, body := range [2]domain.Update{{Name: name, Add: status}, {Name: name, Rem: status}} {
		frames[i] = wire.AppendFrame(nil, epp.Command{Body: body, ClTRID: "bare-2"}.AppendXML(nil))
	}
	places := make(chan struct{}, wideDepth)
	failed := make(chan error, 1)
	go func() {
		for i := range n {
			places <- struct{}{}
			if _, err := w.Write(frames[i%2]); err != nil {
				failed <- err
				return
			}
		}
		failed <- nil
	}()
	var head [4]byte
	for range n {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		length := int(head[0])<<24 | int(head[1])<<16 | int(head[2])<<8 | int(head[3])
		if _, err := r.Discard(length - len(head)); err != nil {
			return err
		}
		<-places
	}
	return <-failed
}

// delayed is a way to addr on which everything takes a time, in both directions.
func delayed(addr string, by time.Duration) (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", addr)
			if err != nil {
				near.Close()
				continue
			}
			go carry(far, near, by)
			go carry(near, far, by)
		}
	}()
	return l, nil
}

// parcel is what was read, and when it may arrive.
type parcel struct {
	bytes []byte
	at    time.Time
}

// carry copies from one side to the other, each byte a time later.
func carry(to, from net.Conn, by time.Duration) {
	under := make(chan parcel, 1<<14)
	go func() {
		defer close(under)
		for {
			b := make([]byte, 32<<10)
			n, err := from.Read(b)
			if n > 0 {
				under <- parcel{b[:n], time.Now().Add(by)}
			}
			if err != nil {
				return
			}
		}
	}()
	defer to.Close()
	for p := range under {
		time.Sleep(time.Until(p.at))
		if _, err := to.Write(p.bytes); err != nil {
			from.Close()
			return
		}
	}
}

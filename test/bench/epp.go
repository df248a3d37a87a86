package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/test/stage"
)

// epp compares our client with Net::EPP, one connection each, on one sandbox in
// a process of its own, in turns.
func (b *bench) epp(ctx context.Context) error {
	s, err := stage.StartRegistry(ctx, b.binary)
	if err != nil {
		return err
	}
	defer s.Stop()
	const name, rounds, peer, ours = "bench.com", 5, 3000, 12000
	first, err := s.Dial(ctx, 1)
	if err != nil {
		return err
	}
	defer first.Close()
	if _, err := first.Do(ctx, epp.Command{Body: domain.Create{Name: name, AuthInfo: &epp.AuthInfo{PW: "bench-pw-1"}}}); err != nil {
		return err
	}
	deep, err := s.Dial(ctx, 16)
	if err != nil {
		return err
	}
	defer deep.Close()
	var perl, depth1, depth16 []float64
	for range rounds {
		rate, err := b.netEPP(ctx, s, name, peer)
		if err != nil {
			return err
		}
		perl = append(perl, rate)
		for conn, rates := range map[*epp.Conn]*[]float64{first: &depth1, deep: &depth16} {
			rate, err := updates(ctx, conn, name, ours)
			if err != nil {
				return err
			}
			*rates = append(*rates, rate)
		}
	}
	b.against("EPP updates, one connection, depth 1, against Net::EPP", median(ratios(depth1, perl)), "×", 2.5)
	b.against("EPP updates, one connection, depth 16, against Net::EPP", median(ratios(depth16, perl)), "×", 8)
	b.report("EPP update, one connection, depth 1", 1e6/median(depth1), "µs")
	return nil
}

func (*bench) netEPP(ctx context.Context, s *stage.Registry, name string, n int) (float64, error) {
	host, port, _ := strings.Cut(s.Addr, ":")
	r := s.Registrars[0]
	out, err := exec.CommandContext(ctx, "perl", "test/bench/update.pl", host, port, s.CAFile, r.ClientID, r.Password, name, strconv.Itoa(n)).Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return 0, fmt.Errorf("Net::EPP: %w: %s", err, exit.Stderr)
	} else if err != nil {
		return 0, fmt.Errorf("Net::EPP: %w", err)
	}
	return strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
}

// updates sends n updates as deep as the connection allows and returns how many
// a second.
func updates(ctx context.Context, conn *epp.Conn, name string, n int) (float64, error) {
	status := domain.AddRem{Statuses: domain.Statuses(epp.ClientTransferProhibited)}
	bodies := [2]domain.Update{{Name: name, Add: status}, {Name: name, Rem: status}}
	calls := make(chan *epp.Call, 64)
	done := make(chan error, 1)
	go func() {
		var failed error
		for call := range calls {
			if _, err := call.Wait(ctx); err != nil && failed == nil {
				failed = err
			}
		}
		done <- failed
	}()
	start := time.Now()
	for i := range n {
		call, err := conn.Start(ctx, epp.Command{Body: bodies[i%2]})
		if err != nil {
			close(calls)
			<-done
			return 0, err
		}
		calls <- call
	}
	close(calls)
	if err := <-done; err != nil {
		return 0, err
	}
	return float64(n) / time.Since(start).Seconds(), nil
}

package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
)

// sandboxProcess is the sandbox registry in a process of its own.
type sandboxProcess struct {
	cmd        *exec.Cmd
	Addr       string `json:"epp_addr"`
	CAFile     string `json:"ca_file"`
	Registrars []struct {
		ClientID string `json:"client_id"`
		Password string `json:"password"`
	} `json:"registrars"`
}

func (b *bench) startSandbox(ctx context.Context) (*sandboxProcess, error) {
	s := &sandboxProcess{cmd: exec.CommandContext(ctx, b.binary, "registry-sandbox", "--listen", "127.0.0.1:0")}
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return s, json.Unmarshal(line, s)
}

func (s *sandboxProcess) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

func (s *sandboxProcess) tls() (*tls.Config, error) {
	pem, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return &tls.Config{RootCAs: roots}, nil
}

func (s *sandboxProcess) dial(ctx context.Context, depth int) (*epp.Conn, error) {
	config, err := s.tls()
	if err != nil {
		return nil, err
	}
	return epp.Dial(ctx, s.Addr, epp.Options{TLS: config, ClientID: s.Registrars[0].ClientID, Password: s.Registrars[0].Password, Depth: depth})
}

// epp compares our client with Net::EPP, one connection each, on one sandbox in
// a process of its own, in turns.
func (b *bench) epp(ctx context.Context) error {
	s, err := b.startSandbox(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	const name, rounds, peer, ours = "bench.com", 5, 3000, 12000
	first, err := s.dial(ctx, 1)
	if err != nil {
		return err
	}
	defer first.Close()
	if _, err := first.Do(ctx, epp.Command{Body: domain.Create{Name: name, AuthInfo: &epp.AuthInfo{PW: "bench-pw-1"}}}); err != nil {
		return err
	}
	deep, err := s.dial(ctx, 16)
	if err != nil {
		return err
	}
	defer deep.Close()
	var perl, depth1, depth16 []float64
	for range rounds {
		rate, err := s.netEPP(ctx, name, peer)
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

func (s *sandboxProcess) netEPP(ctx context.Context, name string, n int) (float64, error) {
	host, port, _ := strings.Cut(s.Addr, ":")
	r := s.Registrars[0]
	out, err := exec.CommandContext(ctx, "perl", "test/bench/update.pl", host, port, s.CAFile, r.ClientID, r.Password, name, strconv.Itoa(n)).Output()
	if err != nil {
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

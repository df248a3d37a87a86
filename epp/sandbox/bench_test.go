package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
)

// BenchmarkDo is one connection that updates domains as fast as it can, at
// several depths of pipelining. The registry runs in the same process and shares
// its processors.
func BenchmarkDo(b *testing.B) {
	for _, depth := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("depth=%d", depth), func(b *testing.B) { benchmarkUpdates(b, depth) })
	}
}

func benchmarkUpdates(b *testing.B, depth int) {
	const domains = 1000
	config := sandbox.DefaultConfig()
	for i := range domains {
		config.Seed.Domains = append(config.Seed.Domains, sandbox.SeedDomain{
			ClientID: "verinym", Domain: domain.Create{Name: fmt.Sprintf("d%d.com", i)},
		})
	}
	server, err := sandbox.Start(b.Context(), config)
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	conn, err := epp.Dial(b.Context(), server.Addr(), epp.Options{
		TLS: server.TLS(), ClientID: "verinym", Password: "verinym-pw", Depth: depth,
	})
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()

	b.ReportAllocs()
	calls := make(chan *epp.Call, depth)
	done := make(chan error, 1)
	go func() {
		defer close(done)
		for call := range calls {
			if _, err := call.Wait(b.Context()); err != nil {
				done <- err
				return
			}
		}
	}()
	for i := 0; b.Loop(); i++ {
		call, err := conn.Start(b.Context(), epp.Command{Body: domain.Update{
			Name: fmt.Sprintf("d%d.com", i%domains), Add: domain.AddRem{Statuses: domain.Statuses(epp.ClientHold)},
		}})
		if err != nil {
			b.Fatal(err)
		}
		calls <- call
	}
	close(calls)
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
}

// Server is the real server, which kills itself at a moment of the road to the
// registry: server --die MOMENT --at N CONFIG. Without --die it just serves.
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/registry"
)

func main() {
	app.Prisoner()
	die := flag.String("die", "", "the moment")
	at := flag.Int64("at", 1, "when it has come so often")
	flag.Parse()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	c, err := app.LoadConfig(flag.Arg(0))
	if err != nil {
		log.Error("configuration", "error", err)
		os.Exit(2)
	}
	var seen atomic.Int64
	c.OnMoment = func(m registry.Moment) {
		if string(m) == *die && seen.Add(1) == *at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // nothing more is done while the signal is on its way
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a, err := app.Start(ctx, c, "exactly-once", log)
	if err != nil {
		log.Error("start", "error", err)
		os.Exit(1)
	}
	<-ctx.Done()
	a.Stop()
}

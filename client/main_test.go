package client_test

import (
	"context"
	"log"
	"log/slog"
	"os"
	"testing"

	"github.com/verinym/verinym/internal/app"
)

// TestMain lets the test binary decode pictures in jail, as the program does.
func TestMain(m *testing.M) {
	app.Prisoner()
	os.Exit(m.Run())
}

// server is a running verinym to talk to, with everything embedded. In production there is one
// already.
type server struct {
	URL string
	key string // an API key of the registrant's account
	end func()
}

func start() server {
	dir, err := os.MkdirTemp("", "verinym-client-*")
	if err != nil {
		log.Fatal(err)
	}
	a, err := app.Start(context.Background(), app.Config{Addr: "127.0.0.1:0", Data: dir, OCR: app.OCR{Engine: "off"}}, "example", slog.New(slog.DiscardHandler))
	if err != nil {
		log.Fatal(err)
	}
	s := server{URL: a.URL(), end: func() { a.Stop(); _ = os.RemoveAll(dir) }}
	people, err := a.MakeSampleAccounts(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range people {
		if p.Role == "registrant" {
			s.key = p.APIKey
			break
		}
	}
	return s
}

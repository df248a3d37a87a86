package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/verinym/verinym/client"
)

type mailCmd struct {
	Bounce mailBounceCmd `cmd:"" help:"Pass on a bounced mail, from a mail server's alias."`
}

// tempFail is the exit status by which a mail server keeps a mail in its queue (sysexits.h).
const tempFail = 75

// reportBytes is how much of a mail is passed on: a report stands at its beginning.
const reportBytes = 1 << 20

type mailBounceCmd struct {
	remote
	KeyFile string `help:"A file with the API key, instead of --key. A key with the role mail_server is enough." env:"VERINYM_KEY_FILE"`
	File    string `arg:"" optional:"" default:"-" help:"The mail as it arrived (- reads standard input)."`
}

// Run passes the mail on. A mail that is not about ours is taken and forgotten: a mail
// server would send an error back. While the server cannot be reached the mail is to stay in
// the queue.
func (m *mailBounceCmd) Run(ctx context.Context) error {
	in := io.Reader(os.Stdin)
	if m.File != "-" {
		f, err := os.Open(m.File)
		if err != nil {
			return usage("%v", err)
		}
		defer f.Close()
		in = f
	}
	if m.KeyFile != "" {
		key, err := os.ReadFile(m.KeyFile)
		if err != nil {
			return exit{tempFail, err}
		}
		m.Key = strings.TrimSpace(string(key))
	}
	c, err := m.client()
	if err != nil {
		return exit{tempFail, err}
	}
	got, err := c.TakeReturnedMail(ctx, io.LimitReader(in, reportBytes))
	var refused *client.Error
	switch {
	case errors.As(err, &refused) && (refused.Code == "bounce_no_report" || refused.Code == "bounce_unknown"):
		fmt.Println(refused.Text.EN)
		return nil
	case err != nil:
		return exit{tempFail, err}
	case got.As == "":
		fmt.Printf("%s: nothing to do\n", got.Address)
	default:
		fmt.Printf("%s: %s, %d accounts\n", got.Address, got.As, got.Doubted)
	}
	return nil
}

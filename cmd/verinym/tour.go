package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/app"
)

type tourCmd struct {
	JSON     bool          `help:"Print the steps as JSON lines."`
	Document string        `help:"A good picture of a resident ID card to use instead of the sample." type:"existingfile"`
	Database string        `help:"postgres://… instead of a SQLite file."`
	Keep     string        `help:"Keep the data in this folder instead of a throw-away one." type:"path"`
	Without  string        `help:"Disconnect a part, to see that the tour notices: smtp, reviewer, audit or registry." enum:",smtp,reviewer,audit,registry" default:""`
	Patience time.Duration `help:"How long a step waits for a state before it fails." default:"20s"`
}

// tour is a walk under way.
type tour struct {
	tourCmd
	app     *app.App
	people  []app.SampleAccount
	me      *client.Client // the registrant
	desk    *client.Client // the reviewer
	office  *client.Client // the operator, who is also the billing system
	account string
	picture []byte
	witness *epp.Conn // an EPP session of our own, to see with our own eyes

	cnnic, common, wang  client.Profile // the three profiles
	newCN, newCOM        string         // the domains that are ordered
	sameHolder, stranger string         // the domains that were there before
}

// tourStep is one step of the journey. It returns what was read back.
type tourStep struct {
	n    int
	name string
	do   func(*tour, context.Context) (string, error)
}

var tourSteps = []tourStep{
	{1, "sign in; the account's own identity is complete", (*tour).signIn},
	{2, "create a CNNIC profile from Chinese fields", (*tour).createProfile},
	{3, "verify the e-mail address through the mailed link", (*tour).verifyEmail},
	{4, "bad documents are refused with reasons, a good one is sealed", (*tour).upload},
	{5, "submit; the review fails, is corrected, passes", (*tour).review},
	{5, "two more profiles through the sandbox authority", (*tour).otherProfiles},
	{6, "order a new .cn and a new .com domain", (*tour).order},
	{7, "existing domain of the same holder: submit verification", (*tour).submitExisting},
	{7, "existing domain of somebody else: change of holder", (*tour).changeHolder},
	{8, "the registry was synced over EPP, results came by poll", (*tour).registrySynced},
	{9, "every domain is Normal, diagnosed, and the audit verifies", (*tour).allNormal},
}

func (t *tourCmd) Run(ctx context.Context, log *slog.Logger) error {
	w := &tour{tourCmd: *t}
	started := time.Now()
	if err := w.begin(ctx, log); err != nil {
		return err
	}
	defer w.end()
	for _, s := range tourSteps {
		at := time.Now()
		state, err := s.do(w, ctx)
		if ctx.Err() != nil {
			return exit{1, errors.New("interrupted")}
		}
		w.report(s.n, s.name, state, time.Since(at), err)
		if err != nil {
			return exit{1, fmt.Errorf("the tour stopped at step %d (%s)%s: %w", s.n, s.name, w.cutOff(), err)}
		}
	}
	w.finish(tourSteps[len(tourSteps)-1].n, time.Since(started))
	return nil
}

// begin starts a real server on a throw-away folder, and has a registrar of
// yesterday register two domains that nobody has verified.
func (t *tour) begin(ctx context.Context, log *slog.Logger) error {
	dir := t.Keep
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "verinym-tour-"); err != nil {
			return err
		}
		t.Keep = ""
	}
	c := app.Config{
		Addr: "127.0.0.1:0", Data: dir, Database: t.Database,
		OCR:    app.OCR{Engine: "off"}, // the tour shows the journey, and takes the same time wherever it is taken
		Review: app.Review{Authority: "desk", Allowed: []string{"sandbox"}, SandboxDelay: 50 * time.Millisecond},
		Sandbox: app.Sandbox{
			HoldAfter: 500 * time.Millisecond, NamingDelay: 60 * time.Millisecond, ReviewDelay: 120 * time.Millisecond,
			ReleaseDelay: 30 * time.Millisecond,
		},
	}
	var err error
	if t.picture, err = t.readPicture(); err != nil {
		return err
	}
	if t.app, err = startServer(ctx, c, log); err != nil {
		return err
	}
	if t.people, err = t.app.MakeSampleAccounts(ctx); err != nil {
		return err
	}
	if err := t.yesterday(ctx); err != nil {
		return fmt.Errorf("registering yesterday's domains: %w", err)
	}
	return t.cut()
}

// cut takes away the part that the tour shall do without.
func (t *tour) cut() error {
	switch t.Without {
	case "smtp":
		return t.app.Sink().Close()
	case "audit":
		return t.app.Sandbox().SetFaults(sandbox.Fault{Verb: "evidence", Kind: sandbox.FaultDropBefore})
	case "registry":
		t.app.Sandbox().Cut(24 * time.Hour)
	}
	return nil
}

// cutOff says, for errors, what the tour had to do without.
func (t *tour) cutOff() string {
	if t.Without == "" {
		return ""
	}
	return ", without " + t.Without + " as asked"
}

func (t *tour) end() {
	if t.witness != nil {
		_ = t.witness.Close()
	}
	dir := t.app.Data()
	t.app.Stop()
	if t.Keep == "" {
		_ = os.RemoveAll(dir)
	}
}

// as signs somebody in over the API.
func (t *tour) as(ctx context.Context, role string) (*client.Client, client.Session, error) {
	p := who(t.people, role)
	c := client.New(t.app.URL())
	s, err := c.SignIn(ctx, p.Email, p.Password)
	return c.As(s.Token), s, err
}

// until asks again and again until ok says that a state is there.
func (t *tour) until(ctx context.Context, what string, ok func() (bool, string, error)) error {
	ctx, cancel := context.WithTimeout(ctx, t.Patience)
	defer cancel()
	last := ""
	for {
		done, seen, err := ok()
		if err != nil {
			return err
		}
		if done {
			return nil
		}
		last = seen
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("waited %s for %s, but it is %s", t.Patience, what, last)
			}
			return ctx.Err()
		case <-time.After(15 * time.Millisecond):
		}
	}
}

func (t *tour) report(n int, name, state string, took time.Duration, err error) {
	ms := float64(took.Microseconds()) / 1000
	if t.JSON {
		line := map[string]any{"step": n, "name": name, "ok": err == nil, "state": state, "ms": ms}
		if err != nil {
			line["error"] = err.Error()
		}
		b, _ := json.Marshal(line)
		fmt.Println(string(b))
		return
	}
	mark := "✓"
	if err != nil {
		mark, state = "✗", err.Error()
	}
	fmt.Printf("%s %2d  %-62s %8.0f ms\n", mark, n, name, ms)
	for _, line := range strings.Split(state, "\n") {
		fmt.Printf("       %s\n", line)
	}
}

func (t *tour) finish(steps int, took time.Duration) {
	if t.JSON {
		b, _ := json.Marshal(map[string]any{"ok": true, "steps": steps, "ms": float64(took.Microseconds()) / 1000})
		fmt.Println(string(b))
		return
	}
	fmt.Printf("All %d steps were read back and right, in %.1f s.\n", steps, took.Seconds())
}

package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/verinym/verinym/client"
)

// starting is a command that starts a task.
type starting struct {
	remote
	printed
	NoWait bool `help:"Print the task's id and do not wait for it to finish."`
	Again  bool `help:"Start another task even if this exact command has started one within a day."`
}

// start starts a task and follows it. The same command given again finds the task that the
// first one has started: its answer may have been lost.
func (s *starting) start(ctx context.Context, wish any, begin func(*client.Client) (client.Task, error)) error {
	c, err := s.client()
	if err != nil {
		return err
	}
	key, err := s.key(wish)
	if err != nil {
		return err
	}
	t, known, err := beginOnce(c, key, begin)
	var refused *client.Error
	switch {
	case errors.As(err, &refused) && refused.Code == "idempotency_answer_lost":
		return exit{1, errors.Join(s.explain(err), errors.New("verinym task list shows the task that it has started"))}
	case errors.As(err, &refused):
		return s.explain(err)
	case err != nil:
		return fmt.Errorf("%w; whether the task has started is not known: the same command again finds it, and starts no second one", err)
	case known:
		fmt.Fprintf(os.Stderr, "This command has started %s at %s already; --again starts another.\n", t.ID, t.CreatedAt.Local().Format("2006-01-02 15:04:05"))
		if t, err = c.Task(ctx, t.ID, t.Total); err != nil { // it was answered as it stood then
			return s.explain(err)
		}
	}
	if !s.NoWait {
		return s.follow(ctx, c, t)
	}
	if s.JSON {
		return printJSON(t)
	}
	fmt.Println(t.ID)
	return nil
}

// key is the idempotency key of what is wished: the same for the same wish of the same
// caller, and one of its own where another task is wanted.
func (s *starting) key(wish any) (string, error) {
	if s.Again {
		return rand.Text(), nil
	}
	r, err := s.found()
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(wish)
	if err != nil {
		return "", err
	}
	sum := hmac.New(sha256.New, []byte(r.Key))
	sum.Write(b)
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// beginOnce begins a task, or finds the one that was begun with the key; known says so. A
// refusal is remembered with its key like any answer, and may hold no more: another key is
// taken then.
func beginOnce(c *client.Client, key string, begin func(*client.Client) (client.Task, error)) (t client.Task, known bool, err error) {
	for n := 1; ; n++ {
		t, err = begin(c.WithKey(fmt.Sprintf("%s-%d", key, n)).WithReplay(&known))
		if err == nil || !known {
			return t, known, err
		}
	}
}

// follow shows how far a task is until it ends, then what has become of it. Whoever
// interrupts leaves the task running.
func (p printed) follow(ctx context.Context, c *client.Client, t client.Task) error {
	if !p.JSON && t.EndedAt == nil {
		if err := p.task(t); err != nil {
			return err
		}
	}
	t, err := p.ended(ctx, c, t)
	switch {
	case ctx.Err() != nil:
		return exit{1, fmt.Errorf("%s goes on. verinym task watch %s waits for its end, verinym task show %s says how far it is, verinym task cancel %s ends it", t.ID, t.ID, t.ID, t.ID)}
	case err != nil:
		return exit{1, errors.Join(p.explain(err), fmt.Errorf("%s goes on: verinym task watch %s looks again", t.ID, t.ID))}
	}
	if err := p.became(ctx, c, t); err != nil {
		return err
	}
	if t.Succeeded < t.Total {
		return exit{1, nil}
	}
	return nil
}

// soon and late are how long a look at a task waits for the next, first and later on.
const (
	soon = 200 * time.Millisecond
	late = 2 * time.Second
)

// ended waits for the end of a task.
func (p printed) ended(ctx context.Context, c *client.Client, t client.Task) (client.Task, error) {
	progress, asked := newBar(t.Total, !p.JSON), map[string]bool{}
	defer progress.clear()
	for pause := soon; ; pause = min(pause+soon, late) {
		now, err := c.Task(ctx, t.ID, t.Total) // without names
		if err != nil {
			return t, err
		}
		if t = now; t.EndedAt != nil {
			return t, nil
		}
		if t.Operation == client.ChangeHolder && !p.JSON {
			words, err := c.Consents(ctx, t.ID)
			if err != nil {
				return t, err
			}
			for _, w := range words {
				if w.State == "awaited" && !asked[w.ID] {
					asked[w.ID] = true
					progress.clear()
					printConsent(w)
				}
			}
		}
		progress.show(t.Succeeded+t.Failed+t.Cancelled, t.State)
		select {
		case <-ctx.Done():
			return t, ctx.Err()
		case <-time.After(pause):
		}
	}
}

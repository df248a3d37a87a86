package backlog_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/backlog"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

var (
	ola  = actor.Actor{ID: "per_ola", Account: 1, Roles: []actor.Role{actor.Operator}}
	nemo = actor.Actor{ID: "per_nemo", Account: 2, Roles: []actor.Role{actor.Registrant}}
)

// letter is a job that nobody works on.
type letter struct {
	To string `json:"to"`
}

func (letter) Kind() string { return "letter.send" }

// TestAnOperatorSeesWhatWaitsAndTriesAgain: jobs that are due and that are put off, and one
// that is had done at once.
func TestAnOperatorSeesWhatWaitsAndTriesAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		b := backlog.New(s)
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(tx.Enqueue(ctx, letter{To: "now"}, store.JobOptions{}), tx.Enqueue(ctx, letter{To: "later"}, store.JobOptions{At: time.Now().Add(time.Hour)}))
		})
		if err != nil {
			t.Fatal(err)
		}
		q, err := b.Queue(t.Context(), ola)
		if err != nil || q.All.Waiting != 1 || q.All.Later != 1 || len(q.ByKind) != 1 || q.ByKind[0].Kind != "letter.send" || time.Since(q.Oldest) > time.Minute {
			t.Fatalf("the queue: %+v, %v", q, err)
		}
		waiting, err := b.Jobs(t.Context(), ola, "waiting", 10)
		if err != nil || len(waiting) != 2 || waiting[0].Arguments != `{"to": "now"}` && waiting[0].Arguments != `{"to":"now"}` {
			t.Fatalf("what waits: %+v, %v", waiting, err)
		}
		if j, err := b.Retry(t.Context(), ola, waiting[1].ID); err != nil || j.State != "available" {
			t.Errorf("done at once: %+v, %v", j, err)
		}
		if q, err = b.Queue(t.Context(), ola); err != nil || q.All.Waiting != 2 || q.All.Later != 0 {
			t.Errorf("the queue afterwards: %+v, %v", q.All, err)
		}
		var acts int
		if err := s.R.NewRaw("SELECT count(*) FROM audit_entry WHERE action = 'job.retry' AND actor = 'per_ola'").Scan(t.Context(), &acts); err != nil || acts != 1 {
			t.Errorf("%d audit entries, %v", acts, err)
		}
		for _, x := range []struct {
			do   func() error
			want string
		}{
			{func() error { _, err := b.Retry(t.Context(), ola, 4711); return err }, "job_not_found"},
			{func() error { _, err := b.Jobs(t.Context(), ola, "lost", 1); return err }, "value_unknown"},
			{func() error { _, err := b.Retry(t.Context(), nemo, waiting[0].ID); return err }, "forbidden"},
			{func() error { _, err := b.Queue(t.Context(), nemo); return err }, "forbidden"},
			{func() error { _, err := b.Loops(nemo); return err }, "forbidden"},
		} {
			if err := x.do(); fault.Code(err) != x.want {
				t.Errorf("%v, want %s", err, x.want)
			}
		}
	})
}

// TestALoopTellsHowItGoes: what fails comes first, since when, and when it looks again.
func TestALoopTellsHowItGoes(t *testing.T) {
	t.Parallel()
	b := backlog.New(nil)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	tick := func(name string, after time.Duration, did int, err error) {
		b.Ran(backlog.Run{Loop: name, Every: time.Minute, At: at.Add(after), Took: time.Second, Did: did, Err: err})
	}
	tick("mails", 0, 3, nil)
	tick("mails", 2*time.Second, 0, nil)
	tick("retention", 0, 0, errors.New("disk full"))
	tick("retention", time.Minute, 0, errors.New("disk still full"))
	got, err := b.Loops(ola)
	if err != nil || len(got) != 2 || got[0].Name != "retention" {
		t.Fatalf("%+v, %v", got, err)
	}
	if r := got[0]; r.Failure != "disk still full" || !r.FailingAt.Equal(at) || r.Runs != 2 {
		t.Errorf("what fails: %+v", r)
	}
	if m := got[1]; m.Did != 3 || m.Runs != 2 || m.Failure != "" || !m.NextAt.Equal(at.Add(63*time.Second)) {
		t.Errorf("what goes well: %+v", m)
	}
	tick("retention", 2*time.Minute, 1, nil)
	if got, _ = b.Loops(ola); got[1].Name != "retention" || got[1].Failure != "" || !got[1].NextAt.Equal(at.Add(2*time.Minute+time.Second)) {
		t.Errorf("well again: %+v", got)
	}
}

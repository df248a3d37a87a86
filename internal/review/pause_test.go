package review_test

import (
	"context"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// swift passes everything that it is asked about.
type swift struct{ asked *int }

func (s swift) Ask(context.Context, review.Case) (review.Answer, error) {
	*s.asked++
	return review.Answer{Verdict: review.Pass}, nil
}

// TestAPausedAuthorityIsAskedNothing: its cases wait, and are asked about once it is
// resumed.
func TestAPausedAuthorityIsAskedNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		operator := actor.Actor{ID: "per_ola", Account: 1, Roles: []actor.Role{actor.Operator}}
		asked := 0
		r.AddAuthority("bureau", swift{&asked})
		if err := r.PauseAuthority(t.Context(), operator, "bureau", "Maintenance."); err != nil {
			t.Fatal(err)
		}
		if err := r.PauseAuthority(t.Context(), operator, "bureau", "Again."); err != nil {
			t.Errorf("paused twice: %v", err)
		}
		r.submit(review.Submission{Subject: 1, Authority: "bureau", Days: 1})
		c.Advance(time.Minute)
		if n, err := r.AskDue(t.Context(), 10); err != nil || n != 0 || asked != 0 {
			t.Errorf("while it is paused %d cases were asked about, %v", n, err)
		}
		work := r.work("bureau")
		if work.Waiting != 1 || work.Pause == nil || work.Pause.Cause != "Maintenance." || work.Pause.Author != "per_ola" || work.Oldest != time.Minute {
			t.Errorf("paused: %+v", work)
		}
		if err := r.ResumeAuthority(t.Context(), operator, "bureau"); err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Hour)
		if n, err := r.AskDue(t.Context(), 10); err != nil || n != 1 || asked != 1 {
			t.Errorf("resumed: %d, %v", n, err)
		}
		work = r.work("bureau")
		if work.Waiting != 0 || work.Pause != nil || work.Passed != 1 || work.Median != time.Hour+time.Minute || work.P90 != work.Median {
			t.Errorf("resumed: %+v", work)
		}
		for _, x := range []struct {
			name string
			err  error
			want string
		}{
			{"the desk", r.PauseAuthority(t.Context(), operator, review.Desk, "x"), "authority_desk"},
			{"a stranger", r.ResumeAuthority(t.Context(), operator, "nobody"), "authority_unknown"},
			{"for nothing", r.PauseAuthority(t.Context(), operator, "bureau", " "), "cause_required"},
			{"by a reviewer", r.PauseAuthority(t.Context(), rui, "bureau", "x"), "forbidden"},
		} {
			if fault.Code(x.err) != x.want {
				t.Errorf("%s: %v, want %s", x.name, x.err, x.want)
			}
		}
		if n := r.count("audit_entry WHERE action IN ('authority.pause', 'authority.resume')"); n != 2 {
			t.Errorf("%d audit entries", n)
		}
	})
}

// work is how an authority does, of the last day.
func (r room) work(name string) review.Work {
	r.t.Helper()
	now := r.store.Now()
	all, err := r.Authorities(r.t.Context(), rui, now.Add(-24*time.Hour), now.Add(time.Second))
	if err != nil || all[0].Name != review.Desk {
		r.t.Fatalf("%+v, %v", all, err)
	}
	for _, w := range all {
		if w.Name == name {
			return w
		}
	}
	r.t.Fatalf("%s is not among %+v", name, all)
	return review.Work{}
}

package policy_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/policies"
)

var reviewer = actor.Actor{ID: "per_rui", Account: 1, Roles: []actor.Role{actor.Reviewer}}

// begin starts a server with a policy.
func begin(t *testing.T, s *store.Store, p *policy.Policies) *policy.Versions {
	t.Helper()
	v := policy.NewVersions(s, p)
	if err := v.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	return v
}

// told is what the list of versions says of one, in hours since the test's beginning.
type told struct {
	digest             string
	first, since, last time.Duration
}

func listed(t *testing.T, v *policy.Versions) (out []told) {
	t.Helper()
	all, err := v.All(t.Context(), reviewer)
	if err != nil {
		t.Fatal(err)
	}
	hours := func(at store.Time) time.Duration { return at.Sub(storetest.Monday) / time.Hour }
	for _, x := range all {
		if x.Files != nil || x.Dated == "" {
			t.Errorf("a line of the list: %d bytes, of %q", len(x.Files), x.Dated)
		}
		out = append(out, told{x.Digest, hours(x.FirstSeenAt), hours(x.InForceSince), hours(x.LastSeenAt)})
	}
	return out
}

func TestVersionsOfThePolicyAreKept(t *testing.T) {
	t.Parallel()
	shipped, own := policytest.Shipped(), policytest.Changed(t, "verified: false", "verified: true")
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		wants := func(v *policy.Versions, what string, want ...told) {
			t.Helper()
			if got := listed(t, v); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		begin(t, s, shipped)
		c.Advance(time.Hour)
		wants(begin(t, s, shipped), "a second server with the same files", told{shipped.Version, 0, 0, 1})

		c.Advance(time.Hour)
		v := begin(t, s, own)
		wants(v, "an operator's own files", told{own.Version, 2, 2, 2}, told{shipped.Version, 0, 0, 1})
		c.Advance(time.Hour)
		if err := policy.NewVersions(s, shipped).Seen(t.Context()); err != nil { // a server that is not restarted yet
			t.Fatal(err)
		}
		wants(v, "a server with the files before", told{own.Version, 2, 2, 2}, told{shipped.Version, 0, 0, 3})

		c.Advance(time.Hour)
		wants(begin(t, s, shipped), "the files taken back", told{shipped.Version, 0, 4, 4}, told{own.Version, 2, 2, 2})

		entries, err := audit.Search(t.Context(), s, actor.Actor{Roles: []actor.Role{actor.Admin}}, audit.Filter{Action: "policy.in_force"}, 10)
		if err != nil {
			t.Fatal(err)
		}
		var changes []string
		for _, e := range entries {
			changes = append(changes, e.Detail["before"]+" → "+e.Subject)
		}
		if want := []string{own.Version + " → " + shipped.Version, shipped.Version + " → " + own.Version}; !slices.Equal(changes, want) {
			t.Errorf("on record are %v, want %v", changes, want)
		}
	})
}

// Several servers are started at once, with files that are new and with files that come back: the change is on record once.
func TestServersThatStartTogetherPutAVersionInForceOnce(t *testing.T) {
	t.Parallel()
	shipped, own := policytest.Shipped(), policytest.Changed(t, "verified: false", "verified: true")
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		begin(t, s, shipped)
		for changes, p := range []*policy.Policies{own, shipped, own} {
			c.Advance(time.Hour)
			var servers sync.WaitGroup
			for range 8 {
				servers.Go(func() {
					if err := policy.NewVersions(s, p).Begin(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			servers.Wait()
			entries, err := audit.Search(t.Context(), s, actor.Actor{Roles: []actor.Role{actor.Admin}}, audit.Filter{Action: "policy.in_force"}, 50)
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) != changes+1 || entries[0].Subject != p.Version {
				t.Errorf("%d changes are on record after %d", len(entries), changes+1)
			}
		}
	})
}

func TestAnEarlierVersionIsReadAgain(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	shipped, own := policytest.Shipped(), policytest.Changed(t, "verified: false", "verified: true")
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		begin(t, s, own)
		c.Advance(time.Hour)
		v := begin(t, s, shipped)
		before, err := v.Load(t.Context(), reviewer, own.Version)
		if err != nil {
			t.Fatal(err)
		}
		changes, err := policy.Compare(texts, before, own)
		if err != nil || len(changes) > 0 || before.Version != own.Version {
			t.Errorf("read back: %s, %v, %v", before.Version, changes, err)
		}
		if changes, err = policy.Compare(texts, before, shipped); err != nil || len(changes) != 1 || changes[0].About != policy.AboutLimits {
			t.Errorf("against the one in force: %+v, %v", changes, err)
		}
		for _, set := range []string{shipped.Version, policy.SetRunning, policy.SetShipped} {
			if p, err := v.Load(t.Context(), reviewer, set); err != nil || p.Version != shipped.Version {
				t.Errorf("%s: %v", set, err)
			}
		}
		if _, err := v.Load(t.Context(), reviewer, "000000000000"); fault.Code(err) != "policy_version_not_found" {
			t.Errorf("one that was never in force: %v", err)
		}
		registrant := actor.Actor{ID: "per_li", Account: 2, Roles: []actor.Role{actor.Registrant}}
		if _, err := v.All(t.Context(), registrant); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant lists them: %v", err)
		}
		if _, err := v.Load(t.Context(), registrant, own.Version); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant reads one: %v", err)
		}
	})
}

// TestFilesThatThisProgramDoesNotTakeAreTold: a version of long ago may lack what is asked
// for today; and one that was altered behind our back is not shown as what it was.
func TestFilesThatThisProgramDoesNotTakeAreTold(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	v := begin(t, s, policytest.Shipped())
	put := func(digest string, files map[string]string) {
		t.Helper()
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name, text := range files {
			f, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			at := store.At(tx.Now())
			_, err := tx.NewInsert().Model(&policy.Version{Digest: digest, Dated: "2020-01-01", Files: b.Bytes(), FirstSeenAt: at, InForceSince: at, LastSeenAt: at}).Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	old := shippedFiles(t)
	old["limits.yaml"] = "version: 0\n"
	put("old", old)
	var wrong policy.Problems
	if _, err := v.Load(t.Context(), reviewer, "old"); !errors.As(err, &wrong) || wrong[0].File != "limits.yaml" {
		t.Errorf("files without limits: %v", err)
	}
	put("altered", shippedFiles(t))
	if p, err := v.Load(t.Context(), reviewer, "altered"); p != nil || err == nil || errors.As(err, &wrong) {
		t.Errorf("the shipped files under another name: %v", err)
	}
}

// shippedFiles are the shipped files by name.
func shippedFiles(t *testing.T) map[string]string {
	t.Helper()
	entries, err := policies.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		b, err := policies.FS.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(b)
	}
	return out
}

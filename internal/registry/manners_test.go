package registry_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// A registry that takes thirty commands a second gets fewer, and has none to refuse.
func TestRegistryIsAskedNoFasterThanItAllows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{
			sandbox: seeded(names("old-%02d.cn", 25)...),
			account: func(a *registry.Account) { a.CommandsPerMinute = 30 * 60 },
		})
		w.batch()
		began := time.Now()
		w.run(w.desk)
		w.allDone()
		took := time.Since(began)
		n := 0
		for _, r := range w.server.Log() {
			if r.Channel == "epp" && r.Client == us {
				n++
			}
		}
		if most := int(took.Seconds()*30) + 2; n > most {
			t.Errorf("the registry received %d commands in %s, want %d at most", n, took, most)
		}
		w.nothingSentBlindly()
	})
}

// The queue is another system's: its messages stay there, and what the registry decides later
// is asked about.
func TestQueueOfAnotherSystemIsLeftAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{
			sandbox: pending("example.cn"),
			account: func(a *registry.Account) { a.PollEvery = -time.Second },
		})
		id := w.contactFor("pv_li", "李思远")
		w.change("example.cn", id, registry.Bulk)
		w.run(w.desk)
		w.wait("the change to be found", 10*time.Second, func() bool { return w.state("domain:example.cn") == registry.Done })
		if n := w.received("poll", ""); n != 0 {
			t.Errorf("the queue was asked %d times", n)
		}
		if len(w.inbox()) != 0 {
			t.Error("messages were taken from the other system")
		}
	})
}

// A registry may want a billing contact, or none but the registrant.
func TestNewNamesHaveTheContactsThatTheRegistryWants(t *testing.T) {
	t.Parallel()
	for what, roles := range map[string][]string{"as usual": nil, "a billing contact": {"admin", "tech", "billing"}, "the registrant alone": {}} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			w := open(t, s, c, setting{
				account: func(a *registry.Account) { a.ContactRoles = roles },
			})
			id := w.contactFor("pv_li", "李思远")
			w.create("new.cn", id)
			w.run(w.desk)
			w.allDone()
			want := map[string]string{}
			if roles == nil {
				roles = []string{"admin", "tech"}
			}
			for _, role := range roles {
				want[role] = id
			}
			d := w.at(w.witness(us, ourPassword), "new.cn")
			for _, got := range d.Contacts {
				if want[got.Type] != got.ID {
					t.Errorf("%s is contact in the role %s", got.ID, got.Type)
				}
				delete(want, got.Type)
			}
			if len(want) > 0 || d.Registrant != id {
				t.Errorf("the name lacks %v; its registrant is %s", want, d.Registrant)
			}
		})
	}
}

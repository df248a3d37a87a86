package domain_test

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// reminders are those of a time that is over now: "address all domains", the oldest first.
func (h *house) reminders() (out []string) {
	h.Helper()
	for {
		n, err := h.domains.RemindOfData(h.Context())
		if err != nil {
			h.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	var events []event.Event
	if err := h.store.R.NewSelect().Model(&events).Column("id", "data").Where("type = 'profile.data_reminder'").OrderExpr("id").Scan(h.Context()); err != nil {
		h.Fatal(err)
	}
	for _, e := range events {
		out = append(out, e.Data["Address"]+" "+e.Data["All"]+" "+e.Data["Domains"])
	}
	h.exec("DELETE FROM event WHERE type = 'profile.data_reminder'")
	return out
}

// Once a year a registrant is shown the data of all domains together; nobody is for names
// that are not under ICANN's rule, that are gone, or whose registrant is not known here.
func TestRegistrantIsRemindedOfTheDataOnceAYear(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("unknown.com"))
		h.imports("unknown.com")
		profile := h.verified(h.me, forCOM, li, liNumber)
		h.registers("one.com", profile)
		h.pass(20 * day)
		h.registers("two.com", profile)
		h.register("example.cn", h.cnProfile())
		h.registers("gone.com", profile)
		h.exec("UPDATE domain SET state = 'deleted' WHERE name = 'gone.com'")
		h.clock.Advance(344 * day)
		if got := h.reminders(); len(got) != 0 {
			t.Errorf("before the year is over: %q", got)
		}
		h.clock.Advance(day)
		if got := h.reminders(); !slices.Equal(got, []string{holderAddress + " 2 one.com two.com"}) {
			t.Errorf("after a year: %q", got)
		}
		h.clock.Advance(364 * day)
		if got := h.reminders(); len(got) != 0 {
			t.Errorf("before another is: %q", got)
		}
		h.clock.Advance(day)
		if got := h.reminders(); len(got) != 1 {
			t.Errorf("after another: %q", got)
		}
	})
}

package profile_test

import (
	"testing"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func (k sort) row(f form) profile.Row {
	return profile.Row{Accreditation: k.accreditation, Kind: k.kind, HolderType: k.holder, Draft: f.draft()}
}

// TestManyProfilesAtOnce: what can be made is, every other row says why not, and a batch
// that is sent again makes nothing twice.
func TestManyProfilesAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		rows := []profile.Row{
			mainland.row(person()),
			mainland.row(person().with("name_zh", "王五", "document_number", "990000198711242460").without("email")),
			organization.row(company()),
			cnnic.row(person()),
			{Accreditation: "moon", Kind: "common", HolderType: "individual", Draft: person().draft()},
			mainland.row(person().with("email", "again@registrant.example")),
		}
		many := func(dry bool) []profile.Outcome {
			out, err := h.CreateMany(t.Context(), h.li, rows, dry)
			if err != nil || len(out) != len(rows) {
				t.Fatalf("%d outcomes, %v", len(out), err)
			}
			check(t, "a row with two faults", out[1].Err, "email field_required", "document_number number_checksum")
			check(t, "a row of no accreditation", out[4].Err, "accreditation value_unknown")
			if !out[5].Existing {
				t.Error("the same holder and number in one batch make two profiles")
			}
			return out
		}
		dry := many(true)
		if dry[0].PublicID != "" || h.count("profile") != 0 || h.count("event WHERE type = 'profile.created'") != 0 {
			t.Errorf("a dry run left %d profiles", h.count("profile"))
		}
		made := many(false)
		if h.count("profile") != 3 || made[0].PublicID == "" || made[5].PublicID != made[0].PublicID || made[3].Existing {
			t.Errorf("%d profiles: %+v", h.count("profile"), made)
		}
		for i, o := range many(false) {
			if (i == 1 || i == 4) != (o.Err != nil) || o.Err == nil && (!o.Existing || o.PublicID != made[i].PublicID) {
				t.Errorf("sent again, row %d: %+v", i, o)
			}
		}
		if h.count("profile") != 3 {
			t.Errorf("sent again: %d profiles", h.count("profile"))
		}
	})
}

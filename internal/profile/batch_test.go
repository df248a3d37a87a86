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
			out, err := h.TryMany(t.Context(), h.li, rows, 0)
			if !dry {
				out, err = h.CreateMany(t.Context(), h.li, rows)
			}
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
		if dry[0].PublicID != "" || dry[5].PublicID != "" || h.count("profile") != 0 || h.count("event WHERE type = 'profile.created'") != 0 {
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

// TestRowsThatCameOutAreThereAlready: what was exported is recognised when it is imported again, with its number masked,
// without one, and before it was complete.
func TestRowsThatCameOutAreThereAlready(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		plain := foreigner().without("document_kind", "document_number")
		half := mainland.row(person().with("name_zh", "王若溪").without("phone", "document_kind", "document_number"))
		half.Draft.Incomplete = true
		out, err := h.CreateMany(t.Context(), h.li, []profile.Row{mainland.row(person()), overseas.row(plain), half})
		if err != nil || len(out) != 3 || h.count("profile") != 3 {
			t.Fatalf("%+v, %v", out, err)
		}
		half.Draft.Incomplete = false
		rows := []profile.Row{
			mainland.row(person().with("document_number", "990***********1171", "name_en", "li si yuan")),
			overseas.row(plain),
			half,
			mainland.row(person().with("document_number", "990***********1172")),                   // another's
			mainland.row(person().with("document_number", "990***********1171", "name_zh", "李思元")), // of another holder
			overseas.row(plain.with("address_en", "Musterstr. 2")),
		}
		for name, many := range map[string]func() ([]profile.Outcome, error){
			"a dry run": func() ([]profile.Outcome, error) { return h.TryMany(t.Context(), h.li, rows, 0) },
			"an import": func() ([]profile.Outcome, error) { return h.CreateMany(t.Context(), h.li, rows) },
		} {
			got, err := many()
			if err != nil {
				t.Fatal(err)
			}
			for i := range 3 {
				if !got[i].Existing || got[i].PublicID != out[i].PublicID {
					t.Errorf("%s: row %d is %+v, not %s", name, i, got[i], out[i].PublicID)
				}
			}
			check(t, name+": another's mask", got[3].Err, "document_number number_masked")
			check(t, name+": the mask of another holder", got[4].Err, "document_number number_masked")
			if got[5].Err != nil || got[5].PublicID == out[1].PublicID {
				t.Errorf("%s: another address is another profile: %+v", name, got[5])
			}
		}
		if n := h.count("profile"); n != 4 {
			t.Errorf("%d profiles", n)
		}
	})
}

// TestDryRunKnowsTheLimit: profiles that earlier parts of a file would make count.
func TestDryRunKnowsTheLimit(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	h.create(organization, company())
	rows := []profile.Row{mainland.row(person()), overseas.row(foreigner()), organization.row(company())}
	most := h.policies.Limits.Profiles.PerAccount.Max
	for before, want := range map[int][]string{most - 3: {"", ""}, most - 2: {"", "profile_limit"}, most - 1: {"profile_limit", "profile_limit"}} {
		out, err := h.TryMany(t.Context(), h.li, rows, before)
		if err != nil {
			t.Fatal(err)
		}
		for i, code := range want {
			if got := out[i].Err; (got != nil) != (code != "") || got != nil && got.Code != code {
				t.Errorf("after %d: row %d is %v, want %q", before, i, got, code)
			}
		}
		if !out[2].Existing {
			t.Errorf("after %d: what is there already is %+v", before, out[2])
		}
	}
}

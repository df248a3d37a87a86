package profile_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

func TestProfileIsWrittenOnceAndReadBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		d := person().draft()
		made, err := h.Create(t.Context(), h.li, policy.Mainland, policy.CNNIC, policy.Individual, d)
		if err != nil {
			t.Fatal(err)
		}
		if d.Fields["document_number"] == nil {
			t.Error("the caller's own draft has lost its number")
		}
		v := h.get(made)
		if v.Accreditation != policy.Mainland || v.Kind != policy.CNNIC || v.HolderType != policy.Individual || v.IsDefault || v.Profile.RowVersion != 1 || !v.Profile.CreatedAt.Equal(s.Now()) {
			t.Errorf("the profile is %+v", v.Profile)
		}
		f := v.Current.Fields
		if v.Current.Number != 1 || v.Current.State != profile.Unverified || f.NameZh != "李思远" || f.Phone != "+8613800138000" || f.Country != "CN" || f.DocumentKind != "resident_id" {
			t.Errorf("its version is %+v", v.Current)
		}
		if v.Email != emailcheck.Unverified || len(v.Documents) != 0 || v.Case != nil || len(v.Reasons) != 0 {
			t.Errorf("with it came %s, %v, %v, %v", v.Email, v.Documents, v.Case, v.Reasons)
		}
		for action, table := range map[string]string{"profile.created": "event WHERE type = ? AND account_id = ? AND subject = ?", "profile.create": "audit_entry WHERE action = ? AND account_id = ? AND subject = ?"} {
			if n := h.count(table, action, h.li.Account, v.Profile.PublicID); n != 1 {
				t.Errorf("%s is told %d times", action, n)
			}
		}
		h.answers(v)
		if got := h.get(v).Email; got != emailcheck.Verified {
			t.Errorf("the address is %s", got)
		}
	})
}

func TestEditBeforeSubmissionChangesTheVersionInPlace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		c.Advance(1000)
		edited := h.mustEdit(v, form{"name_zh": "王若溪", "document_number": wangNumber})
		if edited.Current.PublicID != v.Current.PublicID || edited.Current.Number != 1 || edited.Profile.RowVersion != 2 || !edited.Profile.UpdatedAt.Equal(s.Now()) {
			t.Errorf("edited: %+v, %+v", edited.Profile, edited.Current)
		}
		if f := edited.Current.Fields; f.NameZh != "王若溪" || f.AddressZh != v.Current.Fields.AddressZh || edited.Current.HolderFold != "王若溪" || edited.Current.NumberMask != "990***********2467" {
			t.Errorf("edited: %+v", edited.Current)
		}
		_, err := h.edit(v, form{"phone": "12"})
		check(t, "a wrong edit", err, "phone phone_invalid")
		if got := h.get(v); got.Profile.RowVersion != 2 || got.Current.Fields.PhoneTyped != "13800138000" {
			t.Errorf("a refused edit left %+v", got)
		}
		if h.count("event WHERE type = 'profile.edited'") != 1 || h.count("audit_entry WHERE action = 'profile.edit'") != 1 {
			t.Error("one edit is not told of once")
		}
	})
}

func TestEditOfWhatSomebodyElseChangedIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		h.mustEdit(v, form{"address_zh": "假想街88弄6号"})
		d := form{"address_zh": "虚构路1号"}.draft()
		d.RowVersion = v.Profile.RowVersion
		_, err := h.Edit(t.Context(), h.li, v.Profile.PublicID, d)
		if f := fault.From(err); f == nil || f.Code != "row_version_stale" || f.Kind != fault.Stale {
			t.Errorf("with an old row version: %v", err)
		}
		d.RowVersion = 2
		if got, err := h.Edit(t.Context(), h.li, v.Profile.PublicID, d); err != nil || got.Current.Fields.AddressZh != "虚构路1号" {
			t.Errorf("with the present one: %v", err)
		}
	})
}

func TestEditsAtTheSameMomentLoseNothingSilently(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		errs := make([]error, 6)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = h.edit(v, form{"address_zh": fmt.Sprintf("虚构路%d号", i)}) })
		}
		wg.Wait()
		written := 0
		for _, err := range errs {
			if err == nil {
				written++
			} else if fault.Code(err) != "row_version_stale" {
				t.Errorf("got %v, want row_version_stale", err)
			}
		}
		if got := h.get(v); written == 0 || got.Profile.RowVersion != int64(1+written) {
			t.Errorf("%d edits were accepted, the row is at version %d", written, got.Profile.RowVersion)
		}
	})
}

func TestNothingOfOneAccountIsFoundByAnother(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.submitted(mainland, person())
		before := h.get(v)
		id := v.Profile.PublicID
		upload := document.Upload{Side: "front", FileName: "card.jpg", Body: bytes.NewReader(samples.Wang)}
		for who, a := range map[string]actor.Actor{"another account": h.chen, "an account that is not there": {ID: "per_x", Account: 4711, Roles: h.li.Roles}} {
			for name, err := range map[string]error{
				"reads":           second(h.Get(t.Context(), a, id)),
				"lists behind it": third(h.List(t.Context(), a, profile.Filter{}, id, 10)),
				"edits":           second(h.Edit(t.Context(), a, id, form{"name_zh": "陈一帆"}.draft())),
				"submits":         second(h.Submit(t.Context(), a, id, "")),
				"withdraws":       second(h.Withdraw(t.Context(), a, id)),
				"uploads":         third(h.Attach(t.Context(), a, id, true, upload)),
				"uses":            third(h.Usable(t.Context(), s.R, a.Account, id)),
				"asks about":      second(h.Preflight(t.Context(), a, id, quiet)),
				"makes a default": second(h.SetDefault(t.Context(), a, id, true)),
				"copies":          second(h.Copy(t.Context(), a, id, "", "")),
				"deletes":         h.Delete(t.Context(), a, id),
			} {
				if f := fault.From(err); f == nil || f.Code != "profile_not_found" || f.Kind != fault.NotFound {
					t.Errorf("%s %s: %v, want profile_not_found", who, name, err)
				}
			}
			if list, _, err := h.List(t.Context(), a, profile.Filter{}, "", 10); err != nil || len(list) != 0 {
				t.Errorf("%s lists %v, %v", who, list, err)
			}
		}
		if after := h.get(v); after.Profile.RowVersion != before.Profile.RowVersion || after.Current.State != profile.InReview {
			t.Errorf("the profile has become %+v", after)
		}
		// Who has no account finds nothing of the system's either.
		for name, err := range map[string]error{
			"reads nothing": second(h.Get(t.Context(), h.li, "")), "reads what is not there": second(h.Get(t.Context(), h.li, "prf_nothing")),
		} {
			check(t, name, err, "profile_not_found")
		}
	})
}

func second[T any](_ T, err error) error      { return err }
func third[A, B any](_ A, _ B, e error) error { return e }

func TestNobodyTouchesAProfileWithoutPermission(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		id := v.Profile.PublicID
		for _, role := range []actor.Role{actor.Reviewer, actor.Operator, actor.Admin, ""} {
			a := actor.Actor{ID: "per_x", Account: h.li.Account, Roles: []actor.Role{role}}
			for name, err := range map[string]error{
				"creates":   second(h.Create(t.Context(), a, policy.Mainland, policy.Common, policy.Individual, person().draft())),
				"reads":     second(h.Get(t.Context(), a, id)),
				"lists":     third(h.List(t.Context(), a, profile.Filter{}, "", 10)),
				"edits":     second(h.Edit(t.Context(), a, id, form{"name_zh": "陈一帆"}.draft())),
				"submits":   second(h.Submit(t.Context(), a, id, "")),
				"withdraws": second(h.Withdraw(t.Context(), a, id)),
				"uploads":   third(h.Attach(t.Context(), a, id, false, document.Upload{Side: "front", Body: strings.NewReader("")})),
				"asks":      second(h.Preflight(t.Context(), a, id, quiet)),
				"defaults":  second(h.SetDefault(t.Context(), a, id, true)),
				"copies":    second(h.Copy(t.Context(), a, id, "", "")),
				"deletes":   h.Delete(t.Context(), a, id),
				"imports":   second(h.CreateMany(t.Context(), a, []profile.Row{mainland.row(person())})),
				"dry runs":  second(h.TryMany(t.Context(), a, []profile.Row{mainland.row(person())}, 0)),
			} {
				if fault.Code(err) != "forbidden" {
					t.Errorf("a %q %s: %v", role, name, err)
				}
			}
		}
		reader := actor.Actor{ID: "key_x", Account: h.li.Account, Roles: h.li.Roles, Scopes: []string{string(actor.ProfileRead)}}
		if _, err := h.Get(t.Context(), reader, id); err != nil {
			t.Errorf("a key that may read: %v", err)
		}
		if _, err := h.Edit(t.Context(), reader, id, form{}.draft()); fault.Code(err) != "forbidden" {
			t.Errorf("a key that may only read edits: %v", err)
		}
		if _, _, err := h.ForReview(t.Context(), h.li, review.Case{SubjectID: v.Current.ID}); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant looks over the reviewer's shoulder: %v", err)
		}
	})
}

func TestAccountHasSoManyProfiles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouseUnder(t, s, c, policytest.Changed(t, "per_account: {max: 500", "per_account: {max: 3"))
		var made []string
		for range 3 {
			made = append(made, h.create(mainland, person()).Profile.PublicID)
		}
		_, err := h.try(mainland, person())
		if f := fault.From(err); f == nil || f.Code != "profile_limit" || f.Kind != fault.Conflict || f.Params["Max"] != "3" {
			t.Errorf("the fourth: %v", err)
		}
		if _, err := h.Create(t.Context(), h.chen, policy.Mainland, policy.Common, policy.Individual, person().draft()); err != nil {
			t.Errorf("another account: %v", err)
		}
		if n := h.count("profile") + h.count("profile_version"); n != 8 {
			t.Errorf("%d rows, want two a profile", n)
		}
		var listed []string
		for after := ""; ; {
			page, _, err := h.List(t.Context(), h.li, profile.Filter{}, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page {
				listed = append(listed, v.Profile.PublicID)
			}
			if len(page) < 2 {
				break
			}
			after = page[1].Profile.PublicID
		}
		if !slices.Equal(listed, made) {
			t.Errorf("page by page: %v, want %v", listed, made)
		}
		if h.policies.Limits.Profiles.PerAccount.Max != 3 || newHouse(t, s, c).policies.Limits.Profiles.PerAccount.Max != 500 {
			t.Error("the shipped limit is not 500")
		}
	})
}

func TestOneDefaultPerTypeAndAccreditation(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		yes, no := true, false
		create := func(k sort, f form) profile.View {
			t.Helper()
			d := f.draft()
			d.Default = &yes
			v, err := h.Create(t.Context(), h.li, k.accreditation, k.kind, k.holder, d)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		first, company, abroad := create(mainland, person()), create(organization, company()), create(overseas, foreigner())
		foreign, err := h.Create(t.Context(), h.chen, policy.Mainland, policy.Common, policy.Individual, profile.Draft{Fields: person().draft().Fields, Default: &yes})
		if err != nil {
			t.Fatal(err)
		}
		second := create(cnnic, person())
		defaults := func() (out []bool) {
			for _, v := range []profile.View{first, second, company, abroad} {
				out = append(out, h.get(v).IsDefault)
			}
			return out
		}
		if got := defaults(); !slices.Equal(got, []bool{false, true, true, true}) {
			t.Errorf("after the second person's: %v", got)
		}
		if got, err := h.Get(t.Context(), h.chen, foreign.Profile.PublicID); err != nil || !got.IsDefault {
			t.Errorf("another account's default: %v, %v", got.IsDefault, err)
		}
		set := func(v profile.View, to *bool) {
			t.Helper()
			if _, err := h.Edit(t.Context(), h.li, v.Profile.PublicID, profile.Draft{Default: to}); err != nil {
				t.Fatal(err)
			}
		}
		set(first, &yes)
		if got := defaults(); !slices.Equal(got, []bool{true, false, true, true}) {
			t.Errorf("after going back to the first: %v", got)
		}
		set(first, nil)
		set(company, &no)
		if got := defaults(); !slices.Equal(got, []bool{true, false, false, true}) {
			t.Errorf("after giving the company's up: %v", got)
		}
	})
}

func TestPictureReplacesTheOneOfItsSide(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person().without("document_kind", "document_number"))
		_, err := h.attach(v, "front", samples.Li)
		check(t, "before the kind is chosen", err, "document_kind document_kind_first")
		v = h.mustEdit(v, form{"document_kind": "resident_id", "document_number": liNumber})
		v, err = h.attach(v, "front", samples.Wang)
		if err != nil {
			t.Fatal(err)
		}
		first := v.Documents[0]
		_, err = h.attach(v, "front", []byte("no picture"))
		check(t, "what is no picture", err, "front file_corrupt")
		_, err = h.attach(v, "left", samples.Li)
		check(t, "no such side", err, "side side_unknown")
		if got := h.get(v); len(got.Documents) != 1 || got.Documents[0].PublicID != first.PublicID || got.Profile.RowVersion != v.Profile.RowVersion {
			t.Errorf("refused pictures left %+v", got.Documents)
		}
		v, err = h.attach(v, "front", samples.Li)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Documents) != 1 || v.Documents[0].PublicID == first.PublicID || v.Documents[0].Kind != "resident_id" || v.Documents[0].Bytes != int64(len(samples.Li)) {
			t.Errorf("attached: %+v", v.Documents)
		}
		if n := h.count("audit_entry WHERE action = 'profile.attach' AND subject = ?", v.Profile.PublicID); n != 2 {
			t.Errorf("%d entries, want 2", n)
		}
	})
}

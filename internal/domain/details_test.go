package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// saying is an edit that gives fields other values, two by two.
func saying(fields ...string) profile.Draft {
	d := profile.Draft{Fields: map[string]*string{}, NewVersion: true}
	for i := 0; i < len(fields); i += 2 {
		d.Fields[fields[i]] = &fields[i+1]
	}
	return d
}

// edits changes a profile and has the new version verified; what follows is told.
func (h *house) edits(id string, fields ...string) {
	h.Helper()
	v, err := h.profiles.Edit(h.Context(), h.me, id, saying(fields...))
	if err != nil {
		h.Fatal(err)
	}
	h.tells()
	h.answers(h.me, v)
	if v = h.submit(h.me, v); v.Current.State != profile.Verified {
		h.Fatalf("the new version is %s", v.Current.State)
	}
	h.tells()
	h.settles()
}

// followed is the task that has domains follow their profile.
func (h *house) followed() (t domain.Task) {
	h.Helper()
	if err := h.store.R.NewSelect().Model(&t).Where("operation = ?", domain.UpdateDetails).OrderExpr("id DESC").Limit(1).Scan(h.Context()); err != nil {
		h.Fatal(err)
	}
	return t
}

// contactAt is a contact as the registry has it.
func (h *house) contactAt(client, id string) *contact.InfoData {
	h.Helper()
	d, err := contact.ParseInfoData(h.do(h.eyes(client), contact.Info{ID: id}).Data)
	if err != nil {
		h.Fatal(err)
	}
	return d
}

// updates is how many updates of a contact the registry has received.
func (h *house) updates(id string) int {
	return len(slices.DeleteFunc(h.server.LogOf("contact", id), func(r sandbox.Received) bool { return r.Verb != "update" }))
}

// evidenceFor is how often the registry has received the documents of a contact.
func (h *house) evidenceFor(id string) int {
	return len(slices.DeleteFunc(h.server.LogOf("contact", id), func(r sandbox.Received) bool { return r.Verb != "evidence" }))
}

// resubmitted is the task that submits names again whose profile was repaired.
func (h *house) resubmitted() (t domain.Task) {
	h.Helper()
	if err := h.store.R.NewSelect().Model(&t).Where("operation = ?", domain.SubmitVerification).OrderExpr("id DESC").Limit(1).Scan(h.Context()); err != nil {
		h.Fatal(err)
	}
	return t
}

// touched are the totals of what an edit would touch, by way.
func (h *house) touched(id string, fields ...string) map[domain.Way]int {
	h.Helper()
	found, err := h.domains.Touches(h.Context(), h.me, id, saying(fields...))
	if err != nil {
		h.Fatal(err)
	}
	out := map[domain.Way]int{}
	for _, g := range found.Groups {
		out[g.Way] = g.Total
	}
	return out
}

func (h *house) wantTouched(what string, got map[domain.Way]int, way domain.Way, n int) {
	h.Helper()
	if n == 0 && len(got) == 0 {
		return
	}
	if len(got) != 1 || got[way] != n {
		h.Errorf("%s touches %v, want %d by %s", what, got, n, way)
	}
}

func TestVerifiedEditReachesTheRegistry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		id := h.cnProfile()
		h.register("one.cn", id)
		_, two := h.register("two.cn", id)
		h.reviewed()
		before := h.get("one.cn")
		edit := []string{"address_zh", "样张区新虚构路7号", "phone", "13900139000", "email", "elsewhere@registrant.example"}
		h.wantTouched("the edit", h.touched(id, edit...), domain.InContact, 2)
		h.wantTouched("an edit of the document's dates", h.touched(id, "valid_to", "2040-01-01"), "", 0)
		h.wantTouched("another name", h.touched(id, "name_zh", zhao), domain.ByHolderChange, 2)
		if _, err := h.profiles.Edit(t.Context(), h.me, id, saying(edit...)); err != nil {
			t.Fatal(err)
		}
		h.tells()
		h.settles()
		if h.updates(before.Registrant) != 0 || h.get("one.cn").VersionID != before.VersionID {
			t.Error("what nobody has verified has reached the registry")
		}
		h.edits(id, "postal_code", "310001")
		if n := h.updates(before.Registrant); n != 1 {
			t.Errorf("the contact was updated %d times, want once for both names", n)
		}
		got := h.contactAt(chinese, before.Registrant)
		if p := got.PostalOf(contact.Loc); p.Addr.Street[0] != "样张区新虚构路7号" || p.Addr.PC != "310001" || p.Name != li || got.Voice.Number != "+86.13900139000" || got.Email != "elsewhere@registrant.example" {
			t.Errorf("the registry has %+v, %s, %s", p, got.Voice.Number, got.Email)
		}
		_, v, err := h.profiles.Current(t.Context(), s.R, h.me.Account, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"one.cn", "two.cn"} {
			d := h.get(name)
			if d.Registrant != before.Registrant || d.VersionID != v.ID || d.HolderState != domain.Verified || d.Status(c.Now()) != domain.StatusNormal {
				t.Errorf("%s: registrant %s, version %d, %s; want the same contact, version %d, normal", name, d.Registrant, d.VersionID, d.Status(c.Now()), v.ID)
			}
		}
		h.event(two.PublicID, "domain.details_changed")
		h.wantItems(h.followed(), map[string]string{"one.cn": "succeeded", "two.cn": "succeeded"})
		// What is ordered next has the very contact.
		if _, d := h.register("three.cn", id); d.Registrant != before.Registrant || h.count("registry_contact") != 1 {
			t.Errorf("a third name has %s, of %d contacts", d.Registrant, h.count("registry_contact"))
		}
	})
}

func TestRefusedUpdateLeavesTheDomainsWhereTheyWere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		id := h.cnProfile()
		_, before := h.register("one.cn", id)
		h.reviewed()
		if err := h.server.SetFaults(sandbox.Fault{Verb: "update", Object: "contact", Kind: sandbox.FaultCode, Code: epp.CodePolicy}); err != nil {
			t.Fatal(err)
		}
		h.edits(id, "phone", "13900139000")
		task := h.followed()
		h.wantItems(task, map[string]string{"one.cn": "failed registry_rejected"})
		if d := h.get("one.cn"); d.VersionID != before.VersionID || d.Status(c.Now()) != domain.StatusNormal {
			t.Errorf("after the refusal: version %d, %s", d.VersionID, d.Status(c.Now()))
		}
		h.server.ClearFaults()
		again, err := h.domains.Retry(t.Context(), h.me, task.PublicID, "", false)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.works(); err != nil {
			t.Fatal(err)
		}
		h.settles()
		h.wantItems(again, map[string]string{"one.cn": "succeeded"})
		h.wantPreview(domain.Request{Operation: domain.UpdateDetails, Profile: id, Domains: []string{"one.cn"}}, map[string]string{"one.cn": "details_the_same"})
	})
}

// A contact that somebody else has made may hold names that are none of ours.
func TestContactOfAnotherRegistrarIsReplacedNeverUpdated(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "old.cn"))
		id := h.cnProfile()
		h.imports("old.cn")
		h.associate(submitting(id, "old.cn"))
		h.settles()
		h.reviewed()
		h.wantTouched("the edit", h.touched(id, "phone", "13900139000"), domain.ByNewContact, 1)
		h.edits(id, "phone", "13900139000")
		h.reviewed()
		d := h.get("old.cn")
		if h.updates("old-0") != 0 || d.Registrant == "old-0" {
			t.Errorf("the old contact was updated %d times, the registrant is %s", h.updates("old-0"), d.Registrant)
		}
		if got := h.contactAt(chinese, d.Registrant); got.Voice.Number != "+86.13900139000" || d.Status(c.Now()) != domain.StatusNormal {
			t.Errorf("the new contact has %s; the name is %s", got.Voice.Number, d.Status(c.Now()))
		}
		h.wantItems(h.followed(), map[string]string{"old.cn": "succeeded"})
	})
}

// A holder's name is fixed in a contact, its English spelling too; the address is not.
func TestEnglishSpellingReachesTheRegistry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		id := h.cnProfile()
		h.register("one.cn", id)
		h.reviewed()
		before := h.get("one.cn")
		h.wantTouched("the address in English", h.touched(id, "address_en", "8 Sample Road"), domain.InContact, 1)
		h.edits(id, "address_en", "8 Sample Road")
		if got := h.contactAt(chinese, before.Registrant).PostalOf(contact.Int); got.Addr.Street[0] != "8 Sample Road" || h.get("one.cn").HolderState != domain.Verified {
			t.Errorf("the contact has %+v; the holder is %s", got.Addr, h.get("one.cn").HolderState)
		}
		h.wantTouched("the name in English", h.touched(id, "name_en", "Lee Szu-yuan"), domain.ByNewContact, 1)
		h.edits(id, "name_en", "Lee Szu-yuan")
		h.reviewed()
		d := h.get("one.cn")
		if got := h.contactAt(chinese, d.Registrant); d.Registrant == before.Registrant || got.PostalOf(contact.Int).Name != "Lee Szu-yuan" || got.PostalOf(contact.Loc).Name != li || d.Status(c.Now()) != domain.StatusNormal {
			t.Errorf("the registry has %+v of contact %s, before %s; the name is %s", got.Postal, d.Registrant, before.Registrant, d.Status(c.Now()))
		}
		h.wantItems(h.followed(), map[string]string{"one.cn": "succeeded"})
		h.wantPreview(domain.Request{Operation: domain.UpdateDetails, Profile: id, Domains: []string{"one.cn"}}, map[string]string{"one.cn": "details_the_same"})
		if slices.Contains(h.events(d.PublicID), "domain.holder_changed") {
			t.Error("another spelling is told as another holder")
		}
	})
}

func TestEnglishSpellingIsKeptHereWhereTheRegistryHasNoContacts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		id := h.verified(h.me, forCOM, li, liNumber)
		h.registersAll(id, "one.com")
		h.read()
		before := h.get("one.com")
		h.wantTouched("the name in English", h.touched(id, "name_en", "Lee Szu-yuan"), domain.Here, 1)
		h.edits(id, "name_en", "Lee Szu-yuan")
		if d := h.get("one.com"); d.VersionID == before.VersionID || !d.HolderChangedAt.IsZero() || len(h.consents()) != 0 {
			t.Errorf("version %d, changed at %v, %d words asked for; want the new version and no change of holder", d.VersionID, d.HolderChangedAt, len(h.consents()))
		}
	})
}

// A name that has failed for its holder is submitted again; the registry gets the new
// address with the new documents.
func TestRepairedProfileBringsItsDetails(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		id := h.cnProfile()
		_, d := h.register("one.cn", id)
		h.reviewed()
		h.exec("UPDATE domain SET holder_state = 'failed' WHERE name = 'one.cn'")
		h.exec("UPDATE registry_contact SET evidence = ''")
		h.edits(id, "phone", "13900139000")
		h.reviewed()
		if got := h.contactAt(chinese, d.Registrant); got.Voice.Number != "+86.13900139000" || h.updates(d.Registrant) != 1 {
			t.Errorf("the registry has %s after %d updates", got.Voice.Number, h.updates(d.Registrant))
		}
		if n := h.count("association_task WHERE operation = ?", domain.UpdateDetails); n != 0 || h.get("one.cn").HolderState != domain.Verified {
			t.Errorf("%d tasks beside the submission; the holder is %s", n, h.get("one.cn").HolderState)
		}
	})
}

// A holder's English name is fixed in a contact: what the registry has refused is submitted
// again with a contact that says what the repaired profile says, whose documents go once.
func TestRepairedEnglishSpellingBringsAContactOfItsOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		// Our authority would refuse what the registry refuses, too.
		failing := h.submit(h.me, h.draft(h.me, forCN, li, liNumber, "name_en", "Li FAIL"))
		h.exec("UPDATE profile_version SET state = ? WHERE id = ?", string(profile.Verified), failing.Current.ID)
		id := failing.Profile.PublicID
		h.register("one.cn", id)
		h.register("two.cn", id)
		h.reviewed()
		before := h.get("one.cn")
		if before.HolderState != domain.Failed || h.evidenceFor(before.Registrant) != 1 {
			t.Fatalf("before the repair the holder is %s after %d submissions", before.HolderState, h.evidenceFor(before.Registrant))
		}
		h.wantTouched("the spelling", h.touched(id, "name_en", "Lee Szu-yuan"), domain.ByNewContact, 2)
		h.edits(id, "name_en", "Lee Szu-yuan")
		after := h.get("one.cn")
		if after.Registrant == before.Registrant || after.HolderState != domain.InReview {
			t.Errorf("after the repair one.cn has the contact %s, before %s; the holder is %s, want in review", after.Registrant, before.Registrant, after.HolderState)
		}
		if got := h.contactAt(chinese, h.at("one.cn").Registrant); got.PostalOf(contact.Int).Name != "Lee Szu-yuan" || got.PostalOf(contact.Loc).Name != li {
			t.Errorf("the registry has %+v", got.Postal)
		}
		h.reviewed()
		for _, name := range []string{"one.cn", "two.cn"} {
			if d := h.get(name); d.Registrant != after.Registrant || d.VersionID != after.VersionID || d.Status(c.Now()) != domain.StatusNormal {
				t.Errorf("%s: contact %s, version %d, %s (%s)", name, d.Registrant, d.VersionID, d.Status(c.Now()), d.HolderReason)
			}
		}
		if old, now := h.evidenceFor(before.Registrant), h.evidenceFor(after.Registrant); old != 1 || now != 1 || h.updates(before.Registrant) != 0 {
			t.Errorf("documents went %d times for the old contact, updated %d times, and %d times for the new one; want once for each", old, h.updates(before.Registrant), now)
		}
		h.wantItems(h.resubmitted(), map[string]string{"one.cn": "succeeded", "two.cn": "succeeded"})
		if told := h.events(after.PublicID); slices.Contains(told, "domain.holder_changed") || h.count("association_task") != 1 {
			t.Errorf("%d tasks; told %v, want one task and no other holder", h.count("association_task"), told)
		}
	})
}

// Where the registry would refuse another registrant, or wants it on paper, the documents go
// with the contact as it stands there.
func TestRepairedSpellingGoesWithAContactThatStays(t *testing.T) {
	t.Parallel()
	for why, tt := range map[string]struct {
		policies *policy.Policies
		statuses string
	}{
		"locked":   {policytest.Shipped(), `["clientUpdateProhibited"]`},
		"on paper": {offline(t), `[]`},
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				h := openUnder(t, s, c, tt.policies)
				id := h.cnProfile()
				_, before := h.register("one.cn", id)
				h.reviewed()
				h.exec("UPDATE domain SET holder_state = 'failed', statuses = ? WHERE name = 'one.cn'", tt.statuses)
				h.exec("UPDATE registry_contact SET evidence = ''")
				h.edits(id, "name_en", "Lee Szu-yuan")
				h.reviewed()
				h.wantItems(h.resubmitted(), map[string]string{"one.cn": "succeeded"})
				if d := h.get("one.cn"); d.Registrant != before.Registrant || d.HolderState != domain.Verified {
					t.Errorf("one.cn has the contact %s, before %s; the holder is %s", d.Registrant, before.Registrant, d.HolderState)
				}
			})
		})
	}
}

func TestAnotherAddressAloneIsAnotherRegistrantUnderGTLDs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		id := h.verified(h.me, forCOM, li, liNumber)
		h.registersAll(id, "one.com")
		h.read()
		before := h.get("one.com")
		// Another telephone number is not: the name follows, nobody is asked.
		h.wantTouched("another number", h.touched(id, "phone", "13900139000"), domain.Here, 1)
		h.edits(id, "phone", "13900139000")
		after := h.get("one.com")
		if len(h.consents()) != 0 || after.VersionID == before.VersionID || !after.HolderChangedAt.IsZero() {
			t.Errorf("after another number: %d words asked for, version %d, changed at %v", len(h.consents()), after.VersionID, after.HolderChangedAt)
		}
		h.wantTouched("another address", h.touched(id, "email", newMail), domain.ByConsent, 1)
		h.edits(id, "email", newMail)
		task := h.followed()
		h.wantWords(task, "prior_registrant "+priorMail+" awaited ", "new_registrant "+newMail+" awaited ")
		if d := h.get("one.com"); d.VersionID != after.VersionID || d.NextVersionID == 0 {
			t.Errorf("before anybody has agreed: version %d, next %d", d.VersionID, d.NextVersionID)
		}
		h.questionsGoOut()
		for _, address := range []string{priorMail, newMail} {
			if q := h.questions[address]; !q.AddressOnly || q.Holder != li {
				t.Errorf("%s is asked %+v, want of an address alone", address, q.Question)
			}
		}
		h.says(priorMail, true)
		h.says(newMail, true)
		h.decides()
		d := h.get("one.com")
		if d.VersionID == after.VersionID || d.HolderChangedAt.IsZero() || !d.LockedUntil.Equal(d.HolderChangedAt.Add(60*24*time.Hour)) {
			t.Errorf("after both have agreed: version %d, changed %v, locked until %v", d.VersionID, d.HolderChangedAt, d.LockedUntil)
		}
		h.wantItems(task, map[string]string{"one.com": "succeeded"})
		if slices.Contains(h.events(d.PublicID), "domain.holder_changed") {
			t.Error("another address is told as another holder")
		}
	})
}

func TestOverseasNameFollowsItsProfileWithoutAReview(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		d := saying("name_en", "Ann Sample", "country", "DE", "city_en", "Berlin", "address_en", "Sample Street 1", "postal_code", "10115", "phone", "+49 30 1234567", "email", priorMail)
		v, err := h.profiles.Create(t.Context(), h.me, policy.Overseas, policy.Common, policy.Individual, d)
		if err != nil {
			t.Fatal(err)
		}
		h.answers(h.me, v)
		h.register("one.com", v.Profile.PublicID)
		before := h.get("one.com")
		if _, err := h.profiles.Edit(t.Context(), h.me, v.Profile.PublicID, saying("address_en", "Sample Street 2")); err != nil {
			t.Fatal(err)
		}
		h.tells()
		if d := h.get("one.com"); d.VersionID == before.VersionID {
			t.Error("the name still rests on the old address")
		}
	})
}

// An order keeps the version that it was placed with; its name follows once it is there.
func TestNameOrderedBeforeTheEditFollowsWhenItIsThere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		id := h.cnProfile()
		o := h.place("one.cn", id)
		h.edits(id, "phone", "13900139000")
		h.pay(o)
		h.settles()
		if err := h.works(); err != nil {
			t.Fatal(err)
		}
		h.settles()
		d := h.get("one.cn")
		if got := h.contactAt(chinese, d.Registrant); got.Voice.Number != "+86.13900139000" {
			t.Errorf("the registry has %s", got.Voice.Number)
		}
		h.wantItems(h.followed(), map[string]string{"one.cn": "succeeded"})
	})
}

package domain_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

func TestVerificationIsSubmittedForTheHolderThatTheRegistryHas(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "old.cn"))
		profile := h.cnProfile()
		h.imports("old.cn")
		before := h.get("old.cn")
		if before.State != domain.Registered || before.Registrant != "old-0" || before.Verification() != domain.NotCompleted || before.DueAt.IsZero() {
			t.Fatalf("imported: %+v", before)
		}
		h.pass(holdAfter) // nobody was in a hurry
		h.read()
		if got := h.get("old.cn"); !got.Has(epp.ServerHold) || got.Status(c.Now()) != domain.StatusNotDone {
			t.Errorf("held: %s %v", got.Status(c.Now()), got.Statuses)
		}
		task := h.associate(submitting(profile, "old.cn"))
		h.settles()
		h.wantItems(task, map[string]string{"old.cn": "at_registry"})
		h.reviewed()
		after := h.get("old.cn")
		if after.Registrant != before.Registrant || h.at("old.cn").Registrant != before.Registrant {
			t.Errorf("the registrant changed from %s to %s", before.Registrant, after.Registrant)
		}
		if got := after.Status(c.Now()); got != domain.StatusNormal || after.ProfileID == 0 || after.SyncState != domain.SyncDone {
			t.Errorf("%s, sync %s; want normal", got, after.SyncState)
		}
		h.wantItems(task, map[string]string{"old.cn": "succeeded"})
		got, _ := h.task(task)
		if got.State != domain.TaskFinished || got.Succeeded != 1 || got.Failed != 0 || got.EndedAt.IsZero() {
			t.Errorf("the task is %+v", got)
		}
		h.event(task.PublicID, "association.finished")
	})
}

// Names of one contact are verified together, also those that nobody has associated: nothing
// is left to do for these, and a profile of the holder may still be put to them.
func TestNameThatWasVerifiedBeforeIsAssociatedWithoutAWord(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "first.cn", "second.cn"))
		mine, others := h.cnProfile(), h.verified(h.me, forCN, wang, wangNumber)
		h.imports("first.cn", "second.cn")
		h.associate(submitting(mine, "first.cn"))
		h.settles()
		h.reviewed()
		before := h.get("second.cn")
		if before.HolderState != domain.Verified || before.VersionID != 0 {
			t.Fatalf("second.cn is %s, on version %d", before.HolderState, before.VersionID)
		}
		h.golden("verified and not associated", h.diagnosis("second.cn"))

		h.wantItems(h.associate(submitting(others, "second.cn")), map[string]string{"second.cn": "failed contact_not_match"})
		if items, err := h.domains.Preview(t.Context(), h.me, submitting(mine, "second.cn")); err != nil || len(items) != 1 || items[0].Reason != "" || !items[0].VerdictAt.IsZero() || !items[0].HoldAt.IsZero() {
			t.Errorf("previewed as %+v (%v)", items, err)
		}
		sent := h.count("registry_command")
		task := h.associate(submitting(mine, "second.cn"))
		h.wantItems(task, map[string]string{"second.cn": "succeeded"})
		if got, _ := h.task(task); got.State != domain.TaskFinished || got.Succeeded != 1 {
			t.Errorf("the task is %+v", got)
		}
		after := h.get("second.cn")
		if after.VersionID != h.get("first.cn").VersionID || after.Registrant != before.Registrant || after.Status(c.Now()) != domain.StatusNormal || after.SyncState != domain.SyncDone {
			t.Errorf("associated: %+v", after)
		}
		if now := h.count("registry_command"); now != sent {
			t.Errorf("the registry was sent %d commands for it", now-sent)
		}
		h.wantItems(h.associate(submitting(mine, "second.cn")), map[string]string{"second.cn": "failed already_verified"})
	})
}

func TestHolderIsChangedWhenTheRegistryAgrees(t *testing.T) {
	t.Parallel()
	for name, async := range map[string]bool{"at once": false, "after its review": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn"), func(c *sandbox.Config) { c.Zones[0].AsyncUpdates = async })
				h.imports("old.cn")
				h.reviewed() // the name; nobody has verified the holder
				task := h.associate(changing(h.cnProfile(), "old.cn"))
				if async {
					h.until("the change to be pending", func() bool { return h.at("old.cn").Has(epp.PendingUpdate) })
					if got := h.get("old.cn"); got.Registrant != "old-0" || got.NextVersionID == 0 {
						t.Errorf("while the change is pending the registrant is %s", got.Registrant)
					}
					h.pass(namingDelay)
					h.read()
				}
				h.settles()
				h.reviewed()
				d := h.get("old.cn")
				if d.Registrant == "old-0" || d.Registrant != h.at("old.cn").Registrant || d.NextVersionID != 0 || d.Status(c.Now()) != domain.StatusNormal {
					t.Errorf("registrant %s, %s; want the new holder's, normal", d.Registrant, d.Status(c.Now()))
				}
				h.wantItems(task, map[string]string{"old.cn": "succeeded"})
				h.event(d.PublicID, "domain.holder_changed")
				h.event(task.PublicID, "association.finished")
			})
		})
	}
}

// While the answer to a change is lost the domain may be in review at the registry: nobody
// says that it is Normal.
func TestNothingIsSaidOfADomainWhileAChangeIsInDoubt(t *testing.T) {
	t.Parallel()
	for what, refused := range map[string]bool{"carried out": false, "refused when sent again": true} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				h := open(t, s, c)
				h.register("example.cn", h.cnProfile())
				h.reviewed()
				if got := h.status("example.cn"); got != domain.StatusNormal {
					t.Fatalf("before it is %s", got)
				}
				faults := []sandbox.Fault{{Verb: "update", Kind: sandbox.FaultDropAfter, Times: 1}}
				if refused {
					faults[0].Kind = sandbox.FaultDropBefore
					faults = append(faults, sandbox.Fault{Verb: "update", Kind: sandbox.FaultCode, Code: epp.CodePolicy})
				}
				if err := h.server.SetFaults(faults...); err != nil {
					t.Fatal(err)
				}
				other := h.verified(h.me, forCN, zhao, zhaoNumber)
				h.associate(changing(other, "example.cn"))
				h.until("the answer to be lost", func() bool { return h.status("example.cn") == domain.StatusUnknown })
				if said := h.diagnosis("example.cn"); !strings.Contains(said, "doubt") {
					t.Errorf("the diagnosis says %s", said)
				}
				h.until("it to be looked up", func() bool { h.pass(time.Second); return h.quiet() })
				h.reviewed()
				if d := h.get("example.cn"); d.Status(c.Now()) != domain.StatusNormal || !d.DoubtedAt.IsZero() || (d.SyncState == domain.SyncFailed) != refused {
					t.Errorf("in the end it is %s, %s, in doubt since %s", d.Status(c.Now()), d.SyncState, d.DoubtedAt)
				}
			})
		})
	}
}

func TestRefusedChangeKeepsTheOldHolder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn"))
		h.imports("old.cn")
		before := h.get("old.cn")
		if err := h.server.SetFaults(sandbox.Fault{Verb: "update", Kind: sandbox.FaultCode, Code: epp.CodePolicy}); err != nil {
			t.Fatal(err)
		}
		profile := h.cnProfile()
		task := h.associate(changing(profile, "old.cn"))
		h.settles()
		h.wantItems(task, map[string]string{"old.cn": "failed registry_rejected"})
		after := h.get("old.cn")
		if after.Registrant != before.Registrant || after.HolderFold != before.HolderFold || after.NextVersionID != 0 || after.SyncState != domain.SyncFailed || after.HolderState != before.HolderState {
			t.Errorf("after the refusal: %+v, want the old holder and the failed sync in sight", after)
		}
		h.event(task.PublicID, "association.finished")
		// It may be tried again.
		h.server.ClearFaults()
		again := h.associate(changing(profile, "old.cn"))
		h.settles()
		h.reviewed()
		h.wantItems(again, map[string]string{"old.cn": "succeeded"})
	})
}

func TestDomainsOfATaskAreRefusedForWhatTheyAre(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "mine.cn", "busy.cn", "queued.cn", "locked.cn", "unread.cn"), holding(chinese, zhao, zhaoNumber, "stranger.cn", "theirs.cn"))
		h.imports("mine.cn", "busy.cn", "queued.cn", "locked.cn", "unread.cn", "stranger.cn")
		h.do(h.eyes(chinese), eppdomain.Update{Name: "locked.cn", Add: eppdomain.AddRem{Statuses: []eppdomain.Status{{Value: epp.ClientUpdateProhibited}}}})
		other, err := h.accounts.Own(t.Context(), h.other)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.takes(h.office, other.PublicID, "theirs.cn"); err != nil {
			t.Fatal(err)
		}
		h.settles()
		h.refresh("locked.cn")
		liProfile, wangProfile := h.cnProfile(), h.verified(h.me, forCN, wang, wangNumber)
		common := h.verified(h.me, forCOM, wang, wangNumber)
		_, done := h.register("done.cn", liProfile)
		h.reviewed()
		h.exec("UPDATE domain SET next_version_id = 1 WHERE name = 'busy.cn'")
		h.exec("UPDATE domain SET sync_state = 'queued' WHERE name = 'queued.cn'")
		h.exec("UPDATE domain SET holder_fold = '', number_hash = NULL WHERE name = 'unread.cn'")
		if done = h.get("done.cn"); done.HolderState != domain.Verified {
			t.Fatalf("done.cn is %s", done.HolderState)
		}
		all := []string{"mine.cn", "busy.cn", "queued.cn", "locked.cn", "unread.cn", "stranger.cn", "theirs.cn", "done.cn", "nowhere.cn"}
		for name, tt := range map[string]struct {
			request domain.Request
			want    map[string]string
		}{
			"submitting": {submitting(liProfile, all...), map[string]string{
				"mine.cn": "", "busy.cn": "operation_in_progress", "queued.cn": "operation_in_progress", "locked.cn": "", "unread.cn": "holder_not_known_yet",
				"stranger.cn": "contact_not_match", "theirs.cn": "domain_not_found", "done.cn": "already_verified", "nowhere.cn": "domain_not_found",
			}},
			"submitting for somebody else": {submitting(wangProfile, "mine.cn", "stranger.cn"), map[string]string{"mine.cn": "contact_not_match", "stranger.cn": "contact_not_match"}},
			"changing to the same holder":  {changing(liProfile, "mine.cn", "stranger.cn"), map[string]string{"mine.cn": "holder_is_the_same", "stranger.cn": ""}},
			"changing": {changing(wangProfile, all...), map[string]string{
				"mine.cn": "", "busy.cn": "operation_in_progress", "queued.cn": "operation_in_progress", "locked.cn": "domain_locked", "unread.cn": "holder_not_known_yet",
				"stranger.cn": "", "theirs.cn": "domain_not_found", "done.cn": "", "nowhere.cn": "domain_not_found",
			}},
			"with a profile of another kind": {changing(common, "mine.cn"), map[string]string{"mine.cn": "profile_kind_mismatch"}},
		} {
			items, err := h.domains.Preview(t.Context(), h.me, tt.request)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := map[string]string{}
			for _, i := range items {
				got[i.Domain] = i.Reason
			}
			if !maps.Equal(got, tt.want) {
				t.Errorf("%s: %v, want %v", name, got, tt.want)
			}
		}
		// What the preview says is what the task does.
		task := h.associate(submitting(liProfile, all...))
		h.settles()
		h.wantItems(task, map[string]string{
			"mine.cn": "at_registry", "busy.cn": "failed operation_in_progress", "queued.cn": "failed operation_in_progress", "locked.cn": "at_registry",
			"unread.cn": "failed holder_not_known_yet", "stranger.cn": "failed contact_not_match", "theirs.cn": "failed domain_not_found",
			"done.cn": "failed already_verified", "nowhere.cn": "failed domain_not_found",
		})
		// While it is at the registry, nothing else is done to the domain.
		again := h.associate(submitting(liProfile, "mine.cn"))
		h.wantItems(again, map[string]string{"mine.cn": "failed operation_in_progress"})
		if d := h.get("stranger.cn"); d.Registrant != "old-1" {
			t.Errorf("a submission changed the registrant of stranger.cn to %s", d.Registrant)
		}
	})
}

// refresh reads a domain again.
func (h *house) refresh(names ...string) {
	h.Helper()
	for _, n := range names {
		d := h.get(n)
		err := h.store.InTx(h.Context(), func(ctx context.Context, tx *store.Tx) error {
			return h.registries.Refresh(ctx, tx, d.Registry, n, d.PublicID, registry.Interactive)
		})
		if err != nil {
			h.Fatal(err)
		}
	}
	h.settles()
}

func TestPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, holding(chinese, li, liNumber, "old.cn"))
	profile := h.cnProfile()
	h.imports("old.cn")
	count := func() string {
		out := ""
		for _, table := range []string{"registry_command", "association_task", "association_item", "event", "audit_entry", "river_job", "registry_contact"} {
			out += fmt.Sprintf("%s %d ", table, h.count(table))
		}
		return out + fmt.Sprint(h.get("old.cn"))
	}
	before := count()
	for _, r := range []domain.Request{submitting(profile, "old.cn"), changing(profile, "old.cn", "nowhere.cn")} {
		if _, err := h.domains.Preview(t.Context(), h.me, r); err != nil {
			t.Fatal(err)
		}
	}
	if after := count(); after != before {
		t.Errorf("the previews made\n%s of\n%s", after, before)
	}
}

func TestTaskIsRefusedWhole(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	good := h.cnProfile()
	draft := h.draft(h.me, forCN, wang, wangNumber).Profile.PublicID
	reviewing := h.submit(h.me, h.draft(h.me, forCN, wang+"PENDING", wangNumber)).Profile.PublicID
	theirs := h.verified(h.other, forCN, wang, wangNumber)
	without := changing(good, "old.cn")
	without.Consent = false
	many := make([]string, domain.MaxDomains+1)
	for what, tt := range map[string]struct {
		request domain.Request
		want    string
	}{
		"a change without consent":  {without, "consent_required"},
		"no operation":              {domain.Request{Profile: good, Domains: []string{"old.cn"}}, "value_unknown"},
		"no domains":                {submitting(good), "field_required"},
		"too many domains":          {submitting(good, many...), "too_many_domains"},
		"what is no name":           {submitting(good, "old.cn", "not a name"), "domain_name_invalid"},
		"a profile not submitted":   {submitting(draft, "old.cn"), "profile_not_submitted"},
		"a profile in review":       {submitting(reviewing, "old.cn"), "profile_still_in_review"},
		"another account's profile": {submitting(theirs, "old.cn"), "profile_not_found"},
	} {
		_, err := h.domains.Associate(t.Context(), h.me, tt.request)
		h.wantFault(what, err, tt.want)
		_, err = h.domains.Preview(t.Context(), h.me, tt.request)
		h.wantFault("preview of "+what, err, tt.want)
	}
	_, err := h.domains.Associate(t.Context(), h.office, submitting(good, "old.cn"))
	h.wantFault("an operator's task", err, "forbidden")
	if n := h.count("association_task"); n != 0 {
		t.Errorf("refused tasks left %d rows", n)
	}
	task, err := h.domains.Associate(t.Context(), h.me, submitting(good, "Old.cn", "other.cn", "old.cn.", "OLD.CN", "and.cn", "other.cn"))
	if err != nil || task.Total != 3 {
		t.Errorf("names typed twice count as %d (%v), want 3 in all", task.Total, err)
	}
	if n := h.count(`association_names WHERE names = '["old.cn","other.cn","and.cn"]'`); n != 1 {
		t.Error("names stand in another order than that in which they were typed first")
	}
	_, _, err = h.domains.FindTask(t.Context(), h.other, task.PublicID, 0, 10)
	h.wantFault("another account's task", err, "task_not_found")
}

// Hundreds of names of one holder, in chunks, and more that are not to be had.
func TestLargeTaskEndsWithRightCounters(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		const mine, others, unknown = 420, 60, 1060
		var owned, foreign, missing []string
		for i := range mine {
			owned = append(owned, fmt.Sprintf("mine-%03d.cn", i))
		}
		for i := range others {
			foreign = append(foreign, fmt.Sprintf("stranger-%03d.cn", i))
		}
		for i := range unknown {
			missing = append(missing, fmt.Sprintf("nowhere-%04d.cn", i))
		}
		h := open(t, s, c, holding(chinese, li, liNumber, owned...), holding(chinese, zhao, zhaoNumber, foreign...))
		profile := h.cnProfile()
		h.imports(append(slices.Clone(owned), foreign...)...)
		if n := h.count("domain WHERE state = 'registered' AND holder_fold <> ''"); n != mine+others {
			t.Fatalf("%d domains are imported with their holders, want %d", n, mine+others)
		}
		all := append(append(slices.Clone(owned), foreign...), missing...)
		task, err := h.domains.Associate(t.Context(), h.me, submitting(profile, all...))
		if err != nil {
			t.Fatal(err)
		}
		// A first run is interrupted; another process comes after that.
		interrupted, stop := context.WithCancel(t.Context())
		stop()
		if _, err := h.domains.WorkTasks(interrupted); err == nil {
			t.Error("an interrupted run reports nothing")
		}
		for range 2 {
			if err := h.works(); err != nil {
				t.Fatal(err)
			}
		}
		got, _ := h.task(task)
		if got.Expanded != len(all) || got.Failed != others+unknown || got.State != domain.TaskRunning {
			t.Errorf("expanded: %+v", got)
		}
		h.settles()
		h.reviewed()
		got, items := h.task(task)
		if got.State != domain.TaskFinished || got.Succeeded != mine || got.Failed != others+unknown || len(items) != len(all) {
			t.Errorf("finished: %s, %d succeeded, %d failed, %d items; want %d and %d", got.State, got.Succeeded, got.Failed, len(items), mine, others+unknown)
		}
		for i, item := range items {
			want := "succeeded"
			switch {
			case i >= mine+others:
				want = "failed domain_not_found"
			case i >= mine:
				want = "failed contact_not_match"
			}
			if item.Domain != all[i] || fmt.Sprintf("%s %s", item.State, item.Reason) != want && string(item.State) != want {
				t.Errorf("item %d is %+v, want %s %s", i, item, all[i], want)
				break
			}
		}
		if n := h.count("association_names"); n != 0 {
			t.Errorf("%d rows of names are left behind a task that has taken all", n)
		}
		h.event(task.PublicID, "association.finished")
		if n := len(slices.DeleteFunc(h.server.Log(), func(r sandbox.Received) bool { return r.Verb != "evidence" })); n != 1 {
			t.Errorf("the documents of one holder were sent %d times, want once", n)
		}
		// Pages of items.
		_, page, err := h.domains.FindTask(t.Context(), h.me, task.PublicID, mine, 3)
		if err != nil || len(page) != 3 || page[0].Domain != foreign[0] {
			t.Errorf("a page from %d on: %+v (%v)", mine, page, err)
		}
		if n := h.count("domain WHERE naming_state = 'verified' AND holder_state = 'verified'"); n != mine {
			t.Errorf("%d domains are verified, want %d", n, mine)
		}
	})
}

// The registry deletes a name while it is being associated.
func TestNameDeletedInTheMiddleOfATask(t *testing.T) {
	t.Parallel()
	for what, operation := range map[string]func(string, ...string) domain.Request{"submitting": submitting, "changing": changing} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				holder, number := li, liNumber
				if what == "changing" {
					holder, number = zhao, zhaoNumber
				}
				h := open(t, s, c, holding(chinese, holder, number, "stays.cn", "will-fail.cn"))
				profile := h.cnProfile()
				h.imports("stays.cn", "will-fail.cn")
				d := h.get("will-fail.cn")
				// The name's review ends while our command is on its way.
				if err := h.server.SetFaults(sandbox.Fault{Verb: "update", Name: "will-fail.cn", Kind: sandbox.FaultDropBefore, Times: 1}); err != nil {
					t.Fatal(err)
				}
				task := h.associate(operation(profile, "stays.cn", "will-fail.cn"))
				h.until("the work to begin", func() bool {
					return h.count("registry_command WHERE attempt > 0 AND kind IN ('domain_registrant', 'evidence')") > 0
				})
				h.pass(namingDelay)
				h.until("what was put off to come again and end", func() bool {
					h.pass(time.Second)
					return h.quiet()
				})
				h.reviewed()
				if got := h.items(task)["will-fail.cn"]; got != "failed domain_deleted_by_registry" && got != "failed registry_rejected" && got != "failed name_prohibited" {
					t.Errorf("will-fail.cn: %s, want failed", got)
				}
				if got := h.items(task)["stays.cn"]; got != "succeeded" {
					t.Errorf("stays.cn: %s, want succeeded", got)
				}
				if got := h.get("will-fail.cn"); got.State != domain.Deleted {
					t.Errorf("will-fail.cn is %s, want deleted", got.State)
				}
				h.event(d.PublicID, "domain.deleted")
				h.event(task.PublicID, "association.finished")
			})
		})
	}
}

// Documents that failed are corrected: the new version of the profile is sent.
func TestCorrectedDocumentsAreSentAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, liNumber, "old.cn"))
		v := h.submit(h.me, h.draft(h.me, forCN, zhao, liNumber))
		h.imports("old.cn")
		// The registry compares the documents with its contact, and ours carry a typing error.
		h.exec("UPDATE profile_version SET fields = replace(fields, ?, ?) WHERE id = ?", zhao, "赵末名", v.Current.ID)
		first := h.associate(submitting(v.Profile.PublicID, "old.cn"))
		h.settles()
		h.reviewed()
		h.wantItems(first, map[string]string{"old.cn": "failed name_mismatch"})
		if d := h.get("old.cn"); d.HolderState != domain.Failed || d.HolderReason != "name_mismatch" {
			t.Fatalf("old.cn: holder %s (%s)", d.HolderState, d.HolderReason)
		}
		// The same again fails at once and does not hang.
		same := h.associate(submitting(v.Profile.PublicID, "old.cn"))
		h.settles()
		h.reviewed()
		if got := h.items(same)["old.cn"]; got[:6] != "failed" {
			t.Errorf("the same documents again: %s, want failed", got)
		}
		name := zhao
		if _, err := h.profiles.Edit(t.Context(), h.me, v.Profile.PublicID, profile.Draft{Fields: map[string]*string{"name_zh": &name}, NewVersion: true}); err != nil {
			t.Fatal(err)
		}
		v, err := h.profiles.Get(t.Context(), h.me, v.Profile.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		h.show(h.me, v, samples.Wang)
		if v = h.submit(h.me, v); v.Current.State != profile.Verified {
			t.Fatalf("the corrected profile is %s", v.Current.State)
		}
		second := h.associate(submitting(v.Profile.PublicID, "old.cn"))
		h.settles()
		h.reviewed()
		h.wantItems(second, map[string]string{"old.cn": "succeeded"})
		if d := h.get("old.cn"); d.HolderState != domain.Verified || d.HolderReason != "" || d.VersionID != v.Current.ID {
			t.Errorf("old.cn: holder %s (%s), version %d", d.HolderState, d.HolderReason, d.VersionID)
		}
	})
}

// A registry without contacts knows no holder: the review of the name decides.
func TestHolderIsChangedWhereTheRegistryHasNone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("old.com", "will-fail.com"))
		h.pay(h.place("example.com", h.verified(h.me, forCOM, li, liNumber)))
		h.decide()
		h.settles()
		h.imports("old.com", "will-fail.com")
		profile := h.verified(h.me, forCOM, wang, wangNumber)
		// Nobody can say who holds an imported name: it is no submission.
		h.wantItems(h.associate(submitting(profile, "old.com")), map[string]string{"old.com": "failed contact_not_match"})
		task := h.agreed(changing(profile, "example.com", "old.com", "will-fail.com"))
		if d := h.get("example.com"); d.HolderFold != fold.Name(li) || d.NextVersionID == 0 {
			t.Errorf("before the name is reviewed the holder is %s", d.HolderFold)
		}
		h.decide()
		h.settles()
		h.wantItems(task, map[string]string{"example.com": "succeeded", "old.com": "succeeded", "will-fail.com": "failed name_prohibited"})
		h.event(task.PublicID, "association.finished")
		for _, n := range []string{"example.com", "old.com"} {
			d := h.get(n)
			if d.HolderFold != fold.Name(wang) || d.NextVersionID != 0 || d.SyncState != domain.SyncDone || d.Verification() != domain.Verified || d.Status(c.Now()) != domain.StatusNormal {
				t.Errorf("%s: %+v, want the new holder, normal", n, d)
			}
			h.event(d.PublicID, "domain.holder_changed")
		}
		if d := h.get("will-fail.com"); d.HolderFold != "" || d.NextVersionID != 0 || d.Verification() != domain.NotCompleted {
			t.Errorf("will-fail.com: %+v, want its old holder", d)
		}
		if n := h.count("registry_contact"); n != 0 {
			t.Errorf("%d contacts were made at a registry that has none", n)
		}
	})
}

// thin has the registry hold domains of ours without contacts.
func thin(names ...string) func(*sandbox.Config) {
	return func(c *sandbox.Config) {
		for _, n := range names {
			c.Seed.Domains = append(c.Seed.Domains, sandbox.SeedDomain{ClientID: generic, Domain: eppdomain.Create{Name: n, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}})
		}
	}
}

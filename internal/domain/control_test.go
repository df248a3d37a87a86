package domain_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

// unknownNames are names that the account does not have: a task says so of each.
func unknownNames(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("nowhere-%03d.cn", i))
	}
	return out
}

// once takes one round of names.
func (h *house) once() int {
	h.Helper()
	n, err := h.domains.WorkTasks(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return n
}

// inReview is a profile of li that nobody has decided about yet.
func (h *house) inReview() string {
	h.Helper()
	v := h.draft(h.me, forCN, li, liNumber)
	if _, err := h.profiles.Submit(h.Context(), h.me, v.Profile.PublicID, ""); err != nil {
		h.Fatal(err)
	}
	return v.Profile.PublicID
}

func (h *house) wantTask(t domain.Task, state domain.TaskState, expanded, succeeded, failed, cancelled int) {
	h.Helper()
	got, _ := h.task(t)
	if got.State != state || got.Expanded != expanded || got.Succeeded != succeeded || got.Failed != failed || got.Cancelled != cancelled {
		h.Errorf("%s, %d expanded, %d succeeded, %d failed, %d cancelled; want %s %d %d %d %d", got.State, got.Expanded, got.Succeeded, got.Failed, got.Cancelled,
			state, expanded, succeeded, failed, cancelled)
	}
}

func TestPausedTaskTakesNoFurtherNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		task, err := h.domains.Associate(t.Context(), h.me, submitting(h.cnProfile(), unknownNames(150)...))
		if err != nil {
			t.Fatal(err)
		}
		h.once()
		if got, err := h.domains.Pause(t.Context(), h.me, task.PublicID); err != nil || got.State != domain.TaskPaused {
			t.Fatalf("paused: %s %v", got.State, err)
		}
		if n := h.once(); n != 0 {
			t.Errorf("a paused task has taken %d names", n)
		}
		h.wantTask(task, domain.TaskPaused, 100, 0, 100, 0)
		_, err = h.domains.Pause(t.Context(), h.me, task.PublicID)
		h.wantFault("pausing twice", err, "association_state")
		if _, err := h.domains.Resume(t.Context(), h.me, task.PublicID); err != nil {
			t.Fatal(err)
		}
		h.once()
		h.wantTask(task, domain.TaskFinished, 150, 0, 150, 0)
		_, err = h.domains.Cancel(t.Context(), h.me, task.PublicID)
		h.wantFault("cancelling what has ended", err, "association_state")
		_, err = h.domains.Cancel(t.Context(), h.other, task.PublicID)
		h.wantFault("somebody else's", err, "task_not_found")
	})
}

func TestCancelledTaskLeavesNamesAloneThatItHasNotTaken(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		task, err := h.domains.Associate(t.Context(), h.me, submitting(h.cnProfile(), unknownNames(350)...))
		if err != nil {
			t.Fatal(err)
		}
		h.once()
		if _, err := h.domains.Cancel(t.Context(), h.me, task.PublicID); err != nil {
			t.Fatal(err)
		}
		if err := h.works(); err != nil {
			t.Fatal(err)
		}
		h.wantTask(task, domain.TaskCancelled, 350, 0, 100, 250)
		h.event(task.PublicID, "association.cancelled")
		if _, items := h.task(task); len(items) != 350 || items[99].State != domain.ItemFailed || items[100].State != domain.ItemCancelled {
			t.Errorf("%d items", len(items))
		}
		left, err := h.domains.TaskNames(t.Context(), h.me, task.PublicID, domain.ItemFilter{State: domain.ItemCancelled})
		if err != nil || !slices.Equal(left, unknownNames(350)[100:]) {
			t.Errorf("%d names are left alone, %v", len(left), err)
		}
	})
}

// The registry is away, so that nothing is sent: all is taken back, and the holders stay.
func TestCancelledTaskTakesBackWhatIsNotSent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		names := []string{"one.cn", "two.cn", "three.cn"}
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, names...))
		profile := h.cnProfile()
		h.imports(names...)
		before := h.at("one.cn").Registrant
		h.server.Cut(time.Hour)
		task := h.associate(changing(profile, names...))
		if _, err := h.domains.Cancel(t.Context(), h.me, task.PublicID); err != nil {
			t.Fatal(err)
		}
		if err := h.works(); err != nil {
			t.Fatal(err)
		}
		h.wantTask(task, domain.TaskCancelled, 3, 0, 0, 3)
		h.server.Restore()
		h.settles()
		for _, name := range names {
			d := h.get(name)
			if d.NextVersionID != 0 || d.SyncState != domain.SyncDone || h.at(name).Registrant != before {
				t.Errorf("%s: %+v", name, d)
			}
			for _, r := range h.server.LogOf("domain", name) {
				if r.Verb == "update" {
					t.Errorf("%s was updated at the registry", name)
				}
			}
		}
		// Nothing stands in the way of another try.
		again := h.associate(changing(profile, names...))
		h.settles()
		h.reviewed()
		h.wantTask(again, domain.TaskFinished, 3, 3, 0, 0)
	})
}

func TestWhatTheRegistryHasEndsThereThoughItsTaskIsCancelled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "sent.cn"))
		profile := h.cnProfile()
		h.imports("sent.cn")
		if err := h.server.SetFaults(sandbox.Fault{Verb: "update", Name: "sent.cn", Kind: sandbox.FaultSlow, Delay: time.Second}); err != nil {
			t.Fatal(err)
		}
		task := h.associate(changing(profile, "sent.cn"))
		h.until("the change to be on its way", func() bool {
			return h.count("registry_command WHERE object = 'domain:sent.cn' AND kind = 'domain_registrant' AND state = 'inflight'") == 1
		})
		if _, items := h.task(task); len(items) != 1 || items[0].State != domain.ItemQueued || !items[0].Sent {
			t.Errorf("on the wire: %+v", items)
		}
		if n, err := h.domains.CountSent(t.Context(), task); n != 1 || err != nil {
			t.Errorf("%d are sent, %v", n, err)
		}
		if _, err := h.domains.Cancel(t.Context(), h.me, task.PublicID); err != nil {
			t.Fatal(err)
		}
		if err := h.works(); err != nil {
			t.Fatal(err)
		}
		h.wantTask(task, domain.TaskCancelling, 1, 0, 0, 0)
		h.server.ClearFaults()
		h.server.Advance(time.Second)
		h.settles()
		h.reviewed()
		h.wantTask(task, domain.TaskCancelled, 1, 1, 0, 0)
		if d := h.get("sent.cn"); d.ProfileID == 0 || d.NextVersionID != 0 {
			t.Errorf("the domain is %+v", d)
		}
	})
}

func TestFailuresAreTriedAgainInATaskOfTheirOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "late.cn"))
		task := h.associate(submitting(h.cnProfile(), "late.cn"))
		h.wantItems(task, map[string]string{"late.cn": "failed domain_not_found"})
		h.imports("late.cn")
		again, err := h.domains.Retry(t.Context(), h.me, task.PublicID, "", false)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.works(); err != nil {
			t.Fatal(err)
		}
		h.settles()
		h.reviewed()
		h.wantItems(again, map[string]string{"late.cn": "succeeded"})
		_, err = h.domains.Retry(t.Context(), h.me, again.PublicID, "", false)
		h.wantFault("a second time", err, "nothing_to_retry")
		tasks, _, err := h.domains.Tasks(t.Context(), h.me, "", 10)
		if err != nil || len(tasks) != 2 || tasks[0].PublicID != again.PublicID {
			t.Errorf("listed %d tasks, %v", len(tasks), err)
		}
		if older, _, err := h.domains.Tasks(t.Context(), h.me, again.PublicID, 10); err != nil || len(older) != 1 || older[0].PublicID != task.PublicID {
			t.Errorf("before that: %d tasks, %v", len(older), err)
		}
	})
}

func TestTaskWaitsForItsProfile(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "old.cn"))
		v := h.inReview()
		h.imports("old.cn")
		r := submitting(v, "old.cn")
		_, err := h.domains.Associate(t.Context(), h.me, r)
		h.wantFault("without waiting", err, "profile_still_in_review")
		r.WhenVerified = true
		task := h.associate(r)
		h.wantTask(task, domain.TaskWaiting, 0, 0, 0, 0)
		h.decide()
		h.tells()
		h.wantTask(task, domain.TaskRunning, 1, 0, 0, 0)
		h.settles()
		h.reviewed()
		h.wantTask(task, domain.TaskFinished, 1, 1, 0, 0)
	})
}

// The outbox tells many things at once: one about a profile that has gone since holds up
// none of the others.
func TestNewsOfADeletedProfileHoldUpNobody(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	id := h.cnProfile()
	if err := h.profiles.Delete(t.Context(), h.me, id); err != nil {
		t.Fatal(err)
	}
	h.tells()
	if n := h.count("event WHERE type = 'profile.verified'"); n != 1 {
		t.Errorf("%d events of the verification", n)
	}
}

// A task that waits for a profile ends when the profile is deleted: nobody will ever
// verify it.
func TestTaskEndsWithTheProfileThatItWaitsFor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		deleted, kept := h.inReview(), h.inReview()
		var tasks []domain.Task
		for _, id := range []string{deleted, kept} {
			r := submitting(id, "old.cn", "older.cn")
			r.WhenVerified = true
			tasks = append(tasks, h.associate(r))
		}
		if _, err := h.profiles.Withdraw(t.Context(), h.me, deleted); err != nil {
			t.Fatal(err)
		}
		h.deletes(deleted)
		h.tells()
		h.wantTask(tasks[0], domain.TaskCancelled, 2, 0, 0, 2)
		h.wantItems(tasks[0], map[string]string{"old.cn": "cancelled", "older.cn": "cancelled"})
		h.event(tasks[0].PublicID, "association.cancelled")
		h.wantTask(tasks[1], domain.TaskWaiting, 0, 0, 0, 0)
	})
}

// A task that is cancelled before any of its names was taken lists them as left alone.
func TestCancelledWaitingTaskListsItsNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		v := h.inReview()
		r := submitting(v, "old.cn")
		r.WhenVerified = true
		task := h.associate(r)
		got, err := h.domains.Cancel(t.Context(), h.me, task.PublicID)
		if err != nil || got.State != domain.TaskCancelling {
			t.Fatalf("%+v, %v", got, err)
		}
		h.decide()
		h.tells()
		h.wantTask(task, domain.TaskCancelled, 1, 0, 0, 1)
		h.wantItems(task, map[string]string{"old.cn": "cancelled"})
		h.event(task.PublicID, "association.cancelled")
		if got, groups, err := h.domains.Progress(t.Context(), h.me, task.PublicID); err != nil || got.EndedAt.IsZero() || len(groups) != 1 || groups[0].State != domain.ItemCancelled || groups[0].Items != 1 {
			t.Errorf("%+v, %+v, %v", got, groups, err)
		}
		if n := h.count("association_names"); n != 0 {
			t.Errorf("%d rows of names are left", n)
		}
	})
}

// A registry has refused a holder; the registrant repairs the profile. Its domains are
// submitted again by themselves, once.
func TestRepairedProfileSubmitsItsDomainsAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "old.cn", "good.cn"))
		id := h.cnProfile()
		h.imports("old.cn", "good.cn")
		task := h.associate(submitting(id, "old.cn"))
		h.settles()
		h.exec("UPDATE domain SET holder_state = 'failed', holder_reason = 'image_blurred' WHERE name = 'old.cn'")
		h.exec("UPDATE association_item SET state = 'failed' WHERE task_id = ?", task.ID)
		h.exec("UPDATE registry_contact SET evidence = ''")
		h.tells() // of the first verification: the version that has failed is not submitted again
		if n := h.count("association_task"); n != 1 {
			t.Fatalf("%d tasks before the repair", n)
		}
		v, err := h.profiles.Get(t.Context(), h.me, id)
		if err != nil {
			t.Fatal(err)
		}
		h.repair(v)
		h.tells()
		tasks, _, err := h.domains.Tasks(t.Context(), h.me, "", 10)
		if err != nil || len(tasks) != 2 || tasks[0].Operation != domain.SubmitVerification || tasks[0].Total != 1 {
			t.Fatalf("after the repair: %+v, %v", tasks, err)
		}
		h.settles()
		h.reviewed()
		h.wantItems(tasks[0], map[string]string{"old.cn": "succeeded"})
		d := h.get("old.cn")
		if street := h.contactAt(chinese, d.Registrant).PostalOf(contact.Loc).Addr.Street[0]; street != repairedAddress || d.HolderState != domain.Verified {
			t.Errorf("the registry has the address %s, want %s; the holder is %s", street, repairedAddress, d.HolderState)
		}
		if others := h.get("good.cn").Registrant; d.Registrant == others || h.updates(others) != 0 {
			t.Errorf("old.cn has the contact %s, which others have made, updated %d times", d.Registrant, h.updates(others))
		}
	})
}

const repairedAddress = "样张区虚构路20号院"

// repair edits a verified profile, shows the document again and has it verified.
func (h *house) repair(v profile.View) {
	h.Helper()
	address := repairedAddress
	v, err := h.profiles.Edit(h.Context(), h.me, v.Profile.PublicID, profile.Draft{Fields: map[string]*string{"address_zh": &address}, NewVersion: true})
	if err != nil {
		h.Fatal(err)
	}
	h.show(h.me, v, samples.Li)
	if v = h.submit(h.me, v); v.Current.State != profile.Verified {
		h.Fatalf("the repaired profile is %s", v.Current.State)
	}
}

// A large task stays ahead of the registry by a thousand names, so that an interruption
// finds no more on their way.
func TestTaskStaysNearTheRegistry(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	task, err := h.domains.Associate(t.Context(), h.me, submitting(h.cnProfile(), unknownNames(1200)...))
	if err != nil {
		t.Fatal(err)
	}
	h.exec("UPDATE association_task SET expanded = 1050, failed = 50 WHERE id = ?", task.ID)
	if n := h.once(); n != 0 {
		t.Errorf("with 1000 names on their way %d more were taken", n)
	}
	h.exec("UPDATE association_task SET failed = 51 WHERE id = ?", task.ID)
	if n := h.once(); n != 100 {
		t.Errorf("with 999 names on their way %d more were taken, want a chunk", n)
	}
}

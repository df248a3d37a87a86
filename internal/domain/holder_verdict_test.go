package domain_test

import (
	"fmt"
	"testing"

	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// A contact has more domains than one unit of work writes. The registry refuses documents
// that it has refused before, which is one answer about all of them.
func TestOneVerdictAboutManyDomainsIsWrittenInPieces(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		const many, chunk = 130, 100
		var names []string
		for i := range many {
			names = append(names, fmt.Sprintf("many-%03d.cn", i))
		}
		h := open(t, s, c, holding(chinese, li+"FAIL", liNumber, names...))
		h.imports(names...)
		failing := h.submit(h.me, h.draft(h.me, forCN, li+"FAIL", liNumber))
		h.exec("UPDATE profile_version SET state = ? WHERE id = ?", string(profile.Verified), failing.Current.ID)
		failed := func() int {
			return h.count("domain WHERE holder_state = 'failed' AND holder_reason = 'documents_refused_before'")
		}
		h.associate(submitting(failing.Profile.PublicID, names...))
		h.settles()
		h.reviewed()
		// The answer comes when all names wait for it, not while the task takes them.
		if _, err := h.registries.Pause(t.Context(), h.office, "cn", "Maintenance.", false); err != nil {
			t.Fatal(err)
		}
		task := h.associate(submitting(failing.Profile.PublicID, names...))
		if err := h.registries.Resume(t.Context(), h.office, "cn", ""); err != nil {
			t.Fatal(err)
		}
		h.settles()
		if n := failed(); n != chunk {
			t.Fatalf("%d domains were written with the answer, want %d", n, chunk)
		}
		job := domain.HolderDecided{Registry: "cn", Contact: h.get(names[0]).Registrant, Reason: "documents_refused_before"}
		h.exec("UPDATE registry_contact SET evidence = 'queued' WHERE contact_id = ?", job.Contact)
		if err := h.domains.HolderDecided(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		if n := failed(); n != chunk {
			t.Errorf("%d domains failed for documents that others have taken the place of, want %d", n, chunk)
		}
		h.exec("UPDATE registry_contact SET evidence = '' WHERE contact_id = ?", job.Contact)
		// The job dies after each of its pieces, if it likes: it is done from its beginning.
		for range 2 {
			if err := h.domains.HolderDecided(t.Context(), job); err != nil {
				t.Fatal(err)
			}
		}
		h.work()
		if n := failed(); n != many {
			t.Errorf("%d domains failed, want %d", n, many)
		}
		if got, _ := h.task(task); got.State != domain.TaskFinished || got.Failed != many {
			t.Errorf("the task is %s with %d failed, want finished with %d", got.State, got.Failed, many)
		}
		if n := h.count("event WHERE type = 'domain.real_name_failed'"); n != 2*many {
			t.Errorf("%d events, want one for each domain and verdict", n)
		}
	})
}

// A holder's code comes when they have more names than one unit of work writes. Each gets it
// once, also from a job that is done again.
func TestOneCodeForManyDomainsIsBroughtInPieces(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, func(c *sandbox.Config) { c.VSP.SlowDelay = day })
		const many, chunk, name = 130, 100, "example" + codedSuffix
		h.pay(h.place(name, h.unlikely(h.me, li+"SLOW")))
		h.provided()
		for i := range many - 1 {
			h.exec(`INSERT INTO domain (public_id, name, account_id, suffix, accreditation, registry, state, profile_id, version_id, holder_fold, naming_state, holder_state, sync_state, statuses, created_at, updated_at, row_version)
				SELECT ?, ?, account_id, suffix, accreditation, registry, state, profile_id, version_id, holder_fold, naming_state, holder_state, sync_state, statuses, created_at, updated_at, row_version FROM domain WHERE name = ?`,
				fmt.Sprint("dom_", i), fmt.Sprintf("many-%03d%s", i, codedSuffix), name)
		}
		brought := func() int { return h.count("registry_command WHERE kind = 'domain_codes'") }
		h.pass(day)
		h.read()
		if n := brought(); n != chunk {
			t.Fatalf("the code was brought for %d names with the provider's answer, want %d", n, chunk)
		}
		job := domain.HolderCoded{Provider: "vsp", Passed: true, Next: true}
		if err := s.R.NewRaw("SELECT ref FROM verification_code WHERE type = 'real-name'").Scan(t.Context(), &job.HolderRef); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := h.domains.HolderCoded(t.Context(), job); err != nil {
				t.Fatal(err)
			}
		}
		h.work()
		if n := brought(); n != many {
			t.Errorf("the code was brought %d times, want once for each of %d names", n, many)
		}
	})
}

package datarequest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/state/statetest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

func TestStateTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, datarequest.Table)
}

func TestNothingOfAnErasedAccountIsLeft(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		h.profile(h.li)
		chens := h.profile(h.chen)
		before := h.found(h.li.values()...)
		if len(before) < 10 {
			t.Fatalf("Li stands in %d places only: %v", len(before), before)
		}
		theirs := h.found(h.chen.values()...)
		r := h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Erasure})
		h.settle()
		if got := h.read(r); got.State != datarequest.Open {
			t.Errorf("before Li had time to think better of it: %s", got.State)
		}
		c.Advance(3 * day)
		h.settle()
		got := h.read(r)
		if got.State != datarequest.Completed || len(got.Parts) != 2 || len(grounds(got)) != 0 {
			t.Errorf("carried out: %s, %+v", got.State, got.Parts)
		}
		if left := h.found(h.li.values()...); len(left) > 0 {
			t.Errorf("Li still stands in %v", left)
		}
		if now := h.found(h.chen.values()...); !slices.Equal(now, theirs) {
			t.Errorf("Chen stood in %v, and now in %v", theirs, now)
		}
		if _, same := h.vaulted(samples.Li); same != 0 {
			t.Errorf("%d of Li's pictures are kept", same)
		}
		if _, same := h.vaulted(samples.Wang); same != 2 {
			t.Errorf("%d of Chen's pictures are kept, want both", same)
		}
		if _, err := h.profiles.Get(t.Context(), h.as(h.chen), chens.PublicID); err != nil {
			t.Errorf("Chen's profile: %v", err)
		}
		h.chainHolds()
	})
}

func TestVerdictsAndDigestsOutliveTheirHolder(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	p := h.profile(h.li)
	count := func(query string) (n int) {
		t.Helper()
		if err := s.R.NewRaw(query).Scan(t.Context(), &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	queries := []string{"SELECT count(*) FROM review_case WHERE state IN ('passed', 'failed')", "SELECT count(*) FROM review_reason WHERE code = 'name_mismatch'",
		"SELECT count(*) FROM document WHERE sha256 IS NOT NULL AND kind = 'resident_id'", "SELECT count(*) FROM profile_version WHERE number_hash IS NOT NULL AND state IN ('verified', 'failed')",
		"SELECT count(*) FROM audit_entry WHERE action = 'review.claim'"}
	var before []int
	for _, q := range queries {
		before = append(before, count(q))
	}
	h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Erasure, Profile: p.PublicID})
	c.Advance(3 * day)
	h.settle()
	for i, q := range queries {
		if n := count(q); n != before[i] || n == 0 {
			t.Errorf("%s: %d, before the erasure %d", q, n, before[i])
		}
	}
	if _, err := h.profiles.Get(t.Context(), h.as(h.li), p.PublicID); fault.Code(err) != "profile_not_found" {
		t.Errorf("the profile is still shown: %v", err)
	}
	// The account, and the person who signs in for it, are no part of the profile.
	if len(h.found(h.li.person.Email)) == 0 {
		t.Error("the person of the account is gone too")
	}
}

func TestErasureWaitsForTheNamesThatRestOnAProfile(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		p := h.profile(h.li)
		h.name(p, "li.cn")
		preview, err := h.Preview(t.Context(), h.as(h.li), "", p.PublicID)
		if err != nil || len(preview.Parts) != 1 || len(preview.Parts[0].Grounds) != 1 || preview.Parts[0].Grounds[0].Params["Domains"] != "li.cn" || preview.Erases.Profiles != 0 {
			t.Errorf("the preview: %+v, %v", preview, err)
		}
		r := h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Erasure, Profile: p.PublicID})
		c.Advance(3 * day)
		h.settle()
		got := h.read(r)
		if got.State != datarequest.Deferred || !slices.Equal(grounds(got), []string{datarequest.NameLives}) {
			t.Errorf("while the name lives: %s for %v", got.State, grounds(got))
		}
		if len(h.found(h.li.number[:3])) == 0 || len(h.found(h.li.typed["name_zh"])) == 0 {
			t.Error("erased all the same")
		}
		h.ends("li.cn")
		gone := c.Now()
		c.Advance(2 * time.Hour)
		h.settle()
		got = h.read(r)
		if got.State != datarequest.Deferred || !slices.Equal(grounds(got), []string{datarequest.DutyToKeep}) || !got.Parts[0].Grounds[0].Until.Equal(gone.Add(730*day)) {
			t.Errorf("after the name has ended: %s for %+v", got.State, got.Parts)
		}
		c.Advance(730*day - 2*time.Hour)
		h.settle()
		if got = h.read(r); got.State != datarequest.Completed {
			t.Errorf("after the duty to keep has ended: %s for %+v", got.State, got.Parts)
		}
		if left := h.found(h.li.number, h.li.typed["name_zh"], h.li.typed["address_zh"], h.li.typed["phone"], h.li.typed["email"]); len(left) > 0 {
			t.Errorf("Li still stands in %v", left)
		}
		h.chainHolds()
	})
}

// What others said and wrote of Li, outside of the profile, goes with it.
func TestEveryPlaceThatNamesThePersonIsErased(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		p := h.profile(h.li)
		h.name(p, "li.cn")
		h.ends("li.cn")
		li, mail, account := h.li.typed["name_zh"], h.li.typed["email"], h.li.account.ID
		named := `{"Words":"` + li + `"}`
		h.exec("UPDATE domain SET registrant = 'vn1', holder_words = ?, status_words = ? WHERE name = 'li.cn'", li, named)
		h.exec("INSERT INTO import_list (id, public_id, file_name, state, total, author, author_account, created_at, row_version) VALUES (1, 'iml_1', 'names.csv', 'done', 1, 'per_ola', 1, 1, 1)")
		for query, args := range map[string][]any{
			"INSERT INTO import_row (list_id, position, line, \"column\", name, account, account_id, accreditation, state, params) VALUES (1, 0, 1, 1, 'li.cn', ?, ?, 'mainland', 'refused', ?)":                                                                                                                                                           {mail, account, named},
			"INSERT INTO registry_contact (registry, contact_id, holder_ref, ours, state, evidence, holder_type, holder_name, holder_fold, updated_at) SELECT 'sandbox', 'vn1', public_id, ?, 'present', '', 'individual', ?, ?, 1 FROM profile_version WHERE id = (SELECT version_id FROM profile WHERE id = ?)":                                          {true, li, li, p.ID},
			"INSERT INTO registry_command (registry, object, via, kind, lane, subject, payload, state, result, created_at) VALUES ('sandbox', 'contact:vn1', 'epp', 'contact_create', 0, 'vn1', '{}', 'failed', ?, 1)":                                                                                                                                     {named},
			"INSERT INTO poll_inbox (registry, message_id, raw, state, received_at) VALUES ('sandbox', '1', ?, 'applied', 1)":                                                                                                                                                                                                                              {"<msg>li.cn of " + li + "</msg>"},
			"INSERT INTO registry_finding (public_id, registry, code, subject, params, times, first_at, last_at) VALUES ('fin_1', 'sandbox', 'x', 'li.cn', ?, 1, 1, 1)":                                                                                                                                                                                    {named},
			"INSERT INTO domain_hold (domain_id, cause, author, evidence, placed_at, lifted_at, lifted_by, lifted_why) SELECT id, 'abuse', 'per_ola', ?, 1, 2, 'per_ola', ? FROM domain":                                                                                                                                                                   {"report on " + li, li + " has answered"},
			"INSERT INTO domain_import (public_id, account_id, name, state, reason, params, created_at) VALUES ('imp_1', ?, 'li.cn', 'refused', 'x', ?, 1)":                                                                                                                                                                                                {account, named},
			"INSERT INTO designated_agent (public_id, account_id, address, author, evidence, began_at) VALUES ('agt_1', ?, ?, 'per_ola', 'a form', 1)":                                                                                                                                                                                                     {account, mail},
			"INSERT INTO idempotency (account_id, key, fingerprint, status, body, created_at) VALUES (?, 'k', ?, 201, ?, 1)":                                                                                                                                                                                                                               {account, []byte("f"), []byte(named)},
			"INSERT INTO qualification (public_id, account_id, name, domain, holder, accreditation, version_id, document_kind, pattern, state, opened_at, row_version) SELECT 'qua_1', account_id, 'li.xn--czr694b', 'li.商标', ?, 'mainland', version_id, 'resident_id', '', 'passed', 1, 1 FROM profile WHERE id = ?":                                      {li, p.ID},
			"INSERT INTO email_bounce (address, hard, status, words, author, at) VALUES (?, ?, '5.1.1', 'no such user', 'per_ola', 1)":                                                                                                                                                                                                                     {mail, true},
			"INSERT INTO provider_call (authority, case_id, method, status, took, words, at) SELECT 'bureau', public_id, 'PUT', 500, 1, ?, 1 FROM review_case WHERE account_id = ?":                                                                                                                                                                        {"cannot read " + li, account},
			"INSERT INTO enhanced_verification (public_id, account_id, domain_id, profile_id, version_id, title, document_kind, state, cause, note, due_at, opened_by, opened_at, holding, hold_cause, row_version) SELECT 'env_1', account_id, 0, id, version_id, ?, 'resident_id', 'passed', ?, ?, 1, 'per_ola', 1, '', '', 1 FROM profile WHERE id = ?": {li, "about " + li, "dear " + li, p.ID},
		} {
			h.exec(query, args...)
		}
		before := h.found(li, mail)
		for _, table := range []string{"registry_contact.", "registry_command.", "poll_inbox.", "registry_finding.", "domain_hold.evidence", "domain_hold.lifted_why", "domain_import.", "import_row.account", "import_row.params", "designated_agent.", "email_bounce.", "provider_call.", "enhanced_verification.title", "idempotency.body", "qualification.holder",
			"domain.holder_words", "domain.status_words", "message.data", "event.data", "webhook_delivery.body", "review_case.title", "review_reason.note", "email_address.", "document.file_name", "document.note", "profile_version.fields", "profile_term."} {
			if !slices.ContainsFunc(before, func(f string) bool { return strings.HasPrefix(f, table) }) {
				t.Errorf("Li does not stand in %s before", table)
			}
		}
		r := h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Erasure, Profile: p.PublicID})
		if _, err := h.Extend(t.Context(), ada, r.PublicID, "complexity", "the papers of "+li); err != nil {
			t.Fatal(err)
		}
		c.Advance(731 * day)
		h.settle()
		if left := h.found(li, mail, h.li.typed["phone"], h.li.typed["address_zh"], h.li.number); len(left) > 0 {
			t.Errorf("Li still stands in %v", left)
		}
		h.chainHolds()
	})
}

func TestManyLiveNamesAreCountedBeyondTheFirst(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	p := h.profile(h.li)
	for i, name := range []string{"a.cn", "b.cn", "c.cn", "d.cn", "e.cn", "f.cn", "g.cn"} {
		h.name(p, name)
		preview, err := h.Preview(t.Context(), h.as(h.li), "", p.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		want := map[int]string{4: "", 6: "2"}
		if more, looked := want[i]; looked {
			got := preview.Parts[0].Grounds[0].Params
			if got["Domains"] != "a.cn, b.cn, c.cn, d.cn, e.cn" || got["More"] != more {
				t.Errorf("of %d names: %v", i+1, got)
			}
		}
	}
}

func TestEachGroundIsNamed(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	p := h.profile(h.li)
	h.name(p, "li.cn")
	for what, tt := range map[string]struct{ begin, end, code string }{
		"a dispute":       {"INSERT INTO domain_hold (domain_id, cause, author, evidence, placed_at) SELECT id, 'dispute', 'x', 'case 7', 1 FROM domain", "DELETE FROM domain_hold", datarequest.Disputed},
		"another review":  {"UPDATE review_case SET state = 'waiting' WHERE id = (SELECT max(id) FROM review_case)", "UPDATE review_case SET state = 'passed' WHERE state = 'waiting'", datarequest.BeingReviewed},
		"an order":        {"INSERT INTO domain_order (public_id, account_id, name, years, profile_id, version_id, state, failure, created_at, row_version) SELECT 'ord_1', account_id, 'x.cn', 1, id, version_id, 'awaiting_payment', '', 1, 1 FROM profile WHERE accreditation = 'mainland'", "DELETE FROM domain_order", datarequest.BeingUsed},
		"nothing further": {"SELECT 1", "SELECT 1", datarequest.NameLives},
	} {
		h.exec(tt.begin)
		preview, err := h.Preview(t.Context(), h.as(h.li), "", "")
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, g := range preview.Parts[0].Grounds {
			codes = append(codes, g.Code)
		}
		last := preview.Parts[len(preview.Parts)-1]
		if !slices.Contains(codes, tt.code) || !slices.Contains(codes, datarequest.NameLives) || len(last.Grounds) != 1 || last.Grounds[0].Code != datarequest.OthersKept {
			t.Errorf("%s: %v and %+v", what, codes, last)
		}
		h.exec(tt.end)
	}
}

// Papers that were refused wait for nobody: they keep no data, as those under review do.
func TestOnlyPapersUnderReviewKeepAProfile(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	p := h.profile(h.li)
	h.exec("INSERT INTO qualification (public_id, account_id, name, domain, holder, accreditation, version_id, document_kind, pattern, state, opened_at, row_version) SELECT 'qua_1', account_id, 'li.xn--czr694b', 'li.商标', '', 'mainland', version_id, 'resident_id', '', 'asked', 1, 1 FROM profile WHERE id = ?", p.ID)
	for state, want := range map[qualification.State][]string{qualification.Asked: nil, qualification.InReview: {datarequest.BeingReviewed}, qualification.Passed: nil, qualification.Failed: nil, qualification.Cancelled: nil} {
		h.exec("UPDATE qualification SET state = ?", state)
		preview, err := h.Preview(t.Context(), h.as(h.li), "", p.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range preview.Parts[0].Grounds {
			got = append(got, g.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("papers that are %s: %v, want %v", state, got, want)
		}
	}
}

func TestPersonsDataLeaveTheRecordAndItsChainStillHolds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		p := h.profile(h.li)
		// Staff have written Li's name beside what they did.
		h.record(ada, "domain.hold", p.PublicID, map[string]string{"cause": "abuse", "evidence": "letter of " + h.li.typed["name_zh"] + ` "urgent" <1>`})
		h.settle()
		h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Erasure, Profile: p.PublicID})
		c.Advance(3 * day)
		h.settle()
		if n := h.chainHolds(); n != 1 {
			t.Errorf("%d entries are redacted, want that one", n)
		}
		if left := h.found(h.li.typed["name_zh"]); len(left) > 0 {
			t.Errorf("Li still stands in %v", left)
		}
		var cause string
		if err := s.R.NewRaw("SELECT detail FROM audit_entry WHERE action = 'domain.hold'").Scan(t.Context(), &cause); err != nil || cause != `{"cause":"abuse","evidence":"[erased]"}` {
			t.Errorf("what is left of the entry: %s, %v", cause, err)
		}
	})
}

func TestAdminErasesAnAccountWithASecondOne(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	h.profile(h.li)
	in := datarequest.Asking{Kind: datarequest.Erasure, Account: h.li.account.PublicID, Evidence: "letter of 1 June, file 12"}
	for what, tt := range map[string]struct {
		a    actor.Actor
		w    datarequest.Asking
		code string
	}{
		"without evidence":      {ada, datarequest.Asking{Kind: datarequest.Erasure, Account: in.Account}, "evidence_required"},
		"by a registrant":       {h.as(h.chen), in, "forbidden"},
		"of nobody's account":   {ada, datarequest.Asking{Kind: datarequest.Erasure, Account: "acc_none", Evidence: "x"}, "account_not_found"},
		"of Chen's profile":     {ada, datarequest.Asking{Kind: datarequest.Erasure, Account: in.Account, Profile: h.profile(h.chen).PublicID, Evidence: "x"}, "profile_not_found"},
		"of nothing that is":    {ada, datarequest.Asking{Kind: "secrecy", Account: in.Account, Evidence: "x"}, "value_unknown"},
		"for oneself, by a key": {actor.Actor{ID: "key_1", Account: h.li.account.ID, Roles: []actor.Role{actor.Registrant}}, datarequest.Asking{Kind: datarequest.Erasure}, "session_required"},
	} {
		if _, err := h.Ask(t.Context(), tt.a, tt.w); fault.Code(err) != tt.code {
			t.Errorf("%s: %v, want %s", what, err, tt.code)
		}
	}
	r := h.ask(ada, in)
	if _, err := h.Ask(t.Context(), ben, in); fault.Code(err) != "data_request_open" {
		t.Errorf("entered twice: %v", err)
	}
	c.Advance(10 * day)
	h.settle()
	if got := h.read(r); got.State != datarequest.Open {
		t.Errorf("nobody has accepted it: %s", got.State)
	}
	first, err := h.Accept(t.Context(), ada, r.PublicID)
	if err != nil || first.State != datarequest.Endorsed || first.FirstBy != ada.ID {
		t.Errorf("accepted by one: %+v, %v", first.Request, err)
	}
	if _, err := h.Accept(t.Context(), ada, r.PublicID); fault.Code(err) != "data_request_same_admin" {
		t.Errorf("accepted twice by one: %v", err)
	}
	if _, err := h.Accept(t.Context(), ben, r.PublicID); err != nil {
		t.Fatal(err)
	}
	h.settle()
	if got := h.read(r); got.State != datarequest.Completed || got.Evidence != "" {
		t.Errorf("accepted by two: %s, with %q", got.State, got.Evidence)
	}
	if left := h.found(h.li.values()...); len(left) > 0 {
		t.Errorf("Li still stands in %v", left)
	}
}

func TestRefusalIsCodedAndWithdrawalIsTheirs(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	p := h.profile(h.li)
	wish := datarequest.Asking{Kind: datarequest.Erasure, Profile: p.PublicID}
	r := h.ask(h.as(h.li), wish)
	if _, err := h.Refuse(t.Context(), ada, r.PublicID, "because", ""); fault.Code(err) != "value_unknown" {
		t.Errorf("an unknown ground: %v", err)
	}
	if _, err := h.Refuse(t.Context(), h.as(h.li), r.PublicID, "unfounded", ""); fault.Code(err) != "forbidden" {
		t.Errorf("Li refuses: %v", err)
	}
	if _, err := h.Get(t.Context(), h.as(h.chen), r.PublicID); fault.Code(err) != "data_request_not_found" {
		t.Errorf("Chen reads it: %v", err)
	}
	if _, err := h.Withdraw(t.Context(), h.as(h.chen), r.PublicID); fault.Code(err) != "data_request_not_found" {
		t.Errorf("Chen withdraws it: %v", err)
	}
	if _, err := h.Withdraw(t.Context(), ada, r.PublicID); fault.Code(err) != "forbidden" {
		t.Errorf("an admin withdraws it: %v", err)
	}
	got, err := h.Refuse(t.Context(), ada, r.PublicID, "identity_doubtful", "please call us")
	if err != nil || got.State != datarequest.Refused || got.Refusal != "identity_doubtful" || got.Note != "please call us" {
		t.Errorf("refused: %+v, %v", got.Request, err)
	}
	next := h.ask(h.as(h.li), wish)
	if _, err := h.Withdraw(t.Context(), h.as(h.li), next.PublicID); err != nil {
		t.Fatal(err)
	}
	c.Advance(30 * day)
	h.settle()
	if _, err := h.profiles.Get(t.Context(), h.as(h.li), p.PublicID); err != nil {
		t.Errorf("refused once and withdrawn once, and gone: %v", err)
	}
}

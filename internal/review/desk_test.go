package review_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

var lead = actor.Actor{ID: "per_lead", Account: 1, Roles: []actor.Role{actor.Lead}}

// look opens a document as a reviewer.
func (r room) look(a actor.Actor, document string) {
	r.t.Helper()
	if err := r.reveal(a, document); err != nil {
		r.t.Fatal(err)
	}
}

func (r room) reveal(a actor.Actor, document string) error {
	return r.store.InTx(r.t.Context(), func(ctx context.Context, tx *store.Tx) error { return r.Opened(ctx, tx, a, document) })
}

// colleague is a reviewer who has an account.
func (r room) colleague(email string) actor.Actor {
	r.t.Helper()
	accounts := account.New(r.store, account.Passwords{Time: 1, Memory: 8, Threads: 1})
	desk, err := accounts.Create(r.t.Context(), actor.Verinym, email)
	if err != nil {
		r.t.Fatal(err)
	}
	p, err := accounts.AddPerson(r.t.Context(), actor.Verinym, account.NewPerson{Account: desk.PublicID, Email: email, Name: email, Password: "correct-horse", Roles: []actor.Role{actor.Reviewer}})
	if err != nil {
		r.t.Fatal(err)
	}
	return actor.Actor{ID: p.PublicID, Account: desk.ID, Roles: []actor.Role{actor.Reviewer}}
}

func (r room) wants(f review.Filter, want ...review.Case) {
	r.t.Helper()
	var got, ids []string
	for _, c := range want {
		ids = append(ids, c.PublicID)
	}
	for after, pages := "", 0; ; pages++ {
		page, next, err := r.Queue(r.t.Context(), rui, f, after, 1)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, c := range page {
			got = append(got, c.PublicID)
		}
		if after = next; next == "" || pages > 10 {
			break
		}
	}
	if !slices.Equal(got, ids) {
		r.t.Errorf("%+v: %v, want %v", f, got, ids)
	}
}

func TestQueueIsFilteredOrderedAndPaged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.at(2026, time.June, 1, 10)
		old := r.submit(review.Submission{Subject: 1, Days: 5})
		name := r.submit(review.Submission{Subject: 2, Kind: review.DomainName, Suffix: "cn", Days: 1})
		urgent := r.submit(review.Submission{Subject: 3, Days: 3})
		if _, err := r.Prioritise(t.Context(), lead, urgent.PublicID, 7); err != nil {
			t.Fatal(err)
		}
		r.wants(review.Filter{}, urgent, name, old)
		r.wants(review.Filter{Order: review.Expected}, name, urgent, old)
		r.wants(review.Filter{Order: review.Oldest}, old, name, urgent)
		r.wants(review.Filter{Kind: review.DomainName}, name)
		r.wants(review.Filter{Suffix: "cn"}, name)
		seven := 7
		r.wants(review.Filter{Priority: &seven}, urgent)
		r.wants(review.Filter{Overdue: true})
		r.claim(rui, old)
		r.wants(review.Filter{Mine: true}, old)
		r.wants(review.Filter{Free: true}, urgent, name)
		r.at(2026, time.June, 3, 0)
		r.wants(review.Filter{Overdue: true}, name)
		r.wants(review.Filter{Free: true}, urgent, name, old) // the claim has lapsed
		if _, _, err := r.Queue(t.Context(), rui, review.Filter{}, "rev_none", 10); fault.Code(err) != "cursor_invalid" {
			t.Errorf("behind nothing: %v", err)
		}
	})
}

func TestNextCaseIsTheFirstThatOneMayHave(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		late := r.submit(review.Submission{Subject: 1, Days: 3})
		soon := r.submit(review.Submission{Subject: 2, Days: 1})
		ana, bo := r.colleague("ana@desk.example"), r.colleague("bo@desk.example")
		if _, err := r.Assign(t.Context(), lead, late.PublicID, ana.ID); err != nil {
			t.Fatal(err)
		}
		own := actor.Actor{ID: "per_x", Account: registrant.Account, Roles: []actor.Role{actor.Reviewer}}
		if _, err := r.ClaimNext(t.Context(), own, review.Filter{}); fault.Code(err) != "review_queue_empty" {
			t.Errorf("their own account's: %v", err)
		}
		for _, step := range []struct {
			who  actor.Actor
			want string
		}{{ana, late.PublicID}, {bo, soon.PublicID}} {
			got, err := r.ClaimNext(t.Context(), step.who, review.Filter{})
			if err != nil || got.PublicID != step.want || got.ClaimedBy != step.who.ID {
				t.Errorf("%s gets %s of %s, %v; want %s", step.who.ID, got.PublicID, got.ClaimedBy, err, step.want)
			}
		}
		if _, err := r.ClaimNext(t.Context(), rui, review.Filter{}); fault.Code(err) != "review_queue_empty" {
			t.Errorf("nothing is left: %v", err)
		}
	})
}

func TestManyReviewersReachForTheNextCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		got := make([]string, 4)
		for i := range got {
			r.submit(review.Submission{Subject: int64(i + 1)})
		}
		var wg sync.WaitGroup
		for i := range got {
			a := actor.Actor{ID: "per_" + string(rune('a'+i)), Account: 1, Roles: []actor.Role{actor.Reviewer}}
			wg.Go(func() {
				c, err := r.ClaimNext(t.Context(), a, review.Filter{})
				if err != nil {
					t.Errorf("%s: %v", a.ID, err)
				}
				got[i] = c.PublicID
			})
		}
		wg.Wait()
		slices.Sort(got)
		if len(slices.Compact(got)) != 4 {
			t.Errorf("one case went to two reviewers: %v", got)
		}
	})
}

func TestPassNeedsEveryDocumentOpenedInThisClaim(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.ledger.papers[1] = []string{"doc_front", "doc_back"}
		opened := r.submit(review.Submission{Subject: 1})
		pass := func(a actor.Actor) error {
			return second(r.Decide(t.Context(), a, opened.PublicID, review.Decision{Pass: true}))
		}
		if err := r.reveal(rui, "doc_front"); fault.Code(err) != "review_not_claimed" {
			t.Errorf("a look before the claim: %v", err)
		}
		r.claim(rui, opened)
		if err := r.reveal(rui, "doc_of_another_case"); fault.Code(err) != "review_not_claimed" {
			t.Errorf("a look at what belongs to no case in hand: %v", err)
		}
		if err := pass(rui); fault.Code(err) != "review_documents_unopened" || fault.From(err).Params["Count"] != "2" {
			t.Errorf("nothing opened: %v", err)
		}
		r.look(rui, "doc_front")
		if err := r.reveal(mei, "doc_back"); fault.Code(err) != "review_not_claimed" {
			t.Errorf("another reviewer opens the back: %v", err)
		}
		if err := pass(rui); fault.Code(err) != "review_documents_unopened" {
			t.Errorf("the back is not opened: %v", err)
		}
		r.look(rui, "doc_back")
		if _, err := r.Release(t.Context(), rui, opened.PublicID); err != nil {
			t.Fatal(err)
		}
		if err := r.reveal(rui, "doc_back"); fault.Code(err) != "review_not_claimed" {
			t.Errorf("a look after the case was given back: %v", err)
		}
		held := r.claim(rui, opened)
		if err := pass(rui); fault.Code(err) != "review_documents_unopened" {
			t.Errorf("opened in an earlier claim: %v", err)
		}
		r.look(rui, "doc_front")
		c.Advance(20 * time.Minute)
		held = r.claim(rui, held) // renewed, and the same claim
		if left, err := r.Unopened(t.Context(), s.R, held); err != nil || !slices.Equal(left, []string{"doc_back"}) {
			t.Errorf("unopened: %v, %v", left, err)
		}
		r.look(rui, "doc_back")
		if err := pass(rui); err != nil {
			t.Error(err)
		}
	})
}

func TestApprovalIsOfTheOneCaseInHand(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		cases := []review.Case{r.submit(review.Submission{Subject: 1}), r.submit(review.Submission{Subject: 2}), r.submit(review.Submission{Subject: 3})}
		for _, c := range cases {
			r.claim(rui, c)
		}
		errs := make([]error, len(cases))
		var wg sync.WaitGroup
		for i, c := range cases {
			wg.Go(func() { _, errs[i] = r.Decide(t.Context(), rui, c.PublicID, review.Decision{Pass: true}) })
		}
		wg.Wait()
		for i, err := range errs {
			if fault.Code(err) != "review_others_in_hand" {
				t.Errorf("approval %d of a heap: %v", i, err)
			}
		}
		for _, c := range cases[1:] {
			if _, err := r.Decide(t.Context(), rui, c.PublicID, failure(review.Reason{Code: "name_mismatch"})); err != nil {
				t.Errorf("a failure does not wait for that: %v", err)
			}
		}
		if _, err := r.Decide(t.Context(), rui, cases[0].PublicID, review.Decision{Pass: true, StaffNote: "called the holder"}); err != nil {
			t.Error(err)
		}
		if got, _ := r.find(cases[0]); got.StaffNote != "called the holder" {
			t.Errorf("the note is %q", got.StaffNote)
		}
	})
}

func TestLeadHandsOutTheWork(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		opened := r.submit(review.Submission{Subject: 1})
		ana := r.colleague("ana@desk.example")
		for name, tt := range map[string]struct {
			who  actor.Actor
			to   string
			want string
		}{
			"a reviewer without the right": {rui, ana.ID, "forbidden"},
			"to nobody known":              {lead, "per_nobody", "reviewer_unknown"},
			"to who submitted it":          {lead, registrant.ID, "reviewer_unknown"},
			"of a case that is not there":  {lead, ana.ID, "review_not_found"},
		} {
			id := opened.PublicID
			if tt.want == "review_not_found" {
				id = "rev_none"
			}
			if _, err := r.Assign(t.Context(), tt.who, id, tt.to); fault.Code(err) != tt.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		r.claim(rui, opened)
		assigned, err := r.Assign(t.Context(), lead, opened.PublicID, ana.ID)
		if err != nil || assigned.State != review.Open || assigned.ClaimedBy != "" || assigned.AssignedTo != ana.ID {
			t.Fatalf("taken from its reviewer: %+v, %v", assigned, err)
		}
		if _, err := r.Decide(t.Context(), rui, opened.PublicID, review.Decision{Pass: true}); fault.Code(err) != "review_not_claimed" {
			t.Errorf("who had it decides: %v", err)
		}
		if _, err := r.Claim(t.Context(), rui, opened.PublicID); fault.Code(err) != "review_assigned" {
			t.Errorf("another reviewer: %v", err)
		}
		r.claim(ana, opened)
		if _, err := r.Assign(t.Context(), lead, opened.PublicID, ""); err != nil {
			t.Fatal(err)
		}
		r.claim(rui, opened)
	})
}

func TestWhoIsAwayHoldsNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		ana := r.colleague("ana@desk.example")
		held, given, others := r.submit(review.Submission{Subject: 1}), r.submit(review.Submission{Subject: 2}), r.submit(review.Submission{Subject: 3})
		r.claim(ana, held)
		r.claim(rui, others)
		if _, err := r.Assign(t.Context(), lead, given.PublicID, ana.ID); err != nil {
			t.Fatal(err)
		}
		if n, err := r.Away(t.Context(), ana); err != nil || n != 2 {
			t.Errorf("%d went back, %v; want 2", n, err)
		}
		for _, c := range []review.Case{held, given} {
			if got, _ := r.find(c); got.State != review.Open || got.AssignedTo != "" || got.ClaimedBy != "" {
				t.Errorf("left behind: %+v", got)
			}
		}
		if got, _ := r.find(others); got.ClaimedBy != rui.ID {
			t.Errorf("another reviewer's case went too: %+v", got)
		}
		if _, err := r.Claim(t.Context(), ana, held.PublicID); fault.Code(err) != "review_away" {
			t.Errorf("claiming while away: %v", err)
		}
		if _, err := r.Assign(t.Context(), lead, held.PublicID, ana.ID); fault.Code(err) != "review_away" {
			t.Errorf("assigning to who is away: %v", err)
		}
		if err := r.Back(t.Context(), ana); err != nil {
			t.Fatal(err)
		}
		r.claim(ana, held)
	})
}

func TestAskingForMoreReturnsTheCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		for i, tt := range []struct {
			more        review.More
			code, point string
		}{
			{review.More{Side: "back", Note: "背面", StaffNote: "new form"}, "back_required", "back"},
			{review.More{Side: "page_2"}, "page_missing", "page_2"},
			{review.More{Document: "户口簿\n"}, "more_documents_required", ""},
		} {
			opened := r.claim(rui, r.submit(review.Submission{Subject: int64(i + 1)}))
			if _, err := r.AskMore(t.Context(), mei, opened.PublicID, tt.more); fault.Code(err) != "review_not_claimed" {
				t.Errorf("who does not hold it: %v", err)
			}
			got, err := r.AskMore(t.Context(), rui, opened.PublicID, tt.more)
			if err != nil || got.State != review.Returned {
				t.Fatalf("%+v: %+v, %v", tt.more, got, err)
			}
			_, reasons := r.find(opened)
			if len(reasons) != 1 || reasons[0].Code != tt.code || reasons[0].PointsName != tt.point || reasons[0].Note != tt.more.Note || reasons[0].StaffNote != tt.more.StaffNote {
				t.Errorf("%+v: %+v", tt.more, reasons)
			}
			if told := r.ledger.told[len(r.ledger.told)-1]; told.passed || told.subject != int64(i+1) {
				t.Errorf("the subject was told %+v", told)
			}
		}
		several := r.claim(rui, r.submit(review.Submission{Subject: 9}))
		if _, err := r.AskMore(t.Context(), rui, several.PublicID, review.More{Side: "back", Document: "户口簿首页\r\n 户口簿本人页", Note: "请补充"}); err != nil {
			t.Fatal(err)
		}
		var got []string
		_, reasons := r.find(several)
		for _, x := range reasons {
			got = append(got, x.Code+" "+x.Params["Documents"]+" "+x.Note)
		}
		if want := []string{"back_required  请补充", "more_documents_required 户口簿首页 ", "more_documents_required 户口簿本人页 "}; !slices.Equal(got, want) {
			t.Errorf("several at once: %q, want %q", got, want)
		}
		for _, m := range []review.More{{}, {Document: " \n"}, {Side: "back", Document: strings.Repeat("户口簿\n", 10)}} {
			if _, err := r.AskMore(t.Context(), rui, "rev_none", m); fault.Code(err) != "more_of_what" {
				t.Errorf("%+v: %v", m, err)
			}
		}
	})
}

func TestManyAreReturnedButNeverPassed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		reason := []review.Reason{{Code: "submission_failed", Note: "请重新提交"}}
		free, hers := r.submit(review.Submission{Subject: 1}), r.submit(review.Submission{Subject: 2})
		r.claim(mei, hers)
		if got, err := r.SendBack(t.Context(), rui, free.PublicID, reason); err != nil || got.State != review.Returned {
			t.Errorf("a free case: %+v, %v", got, err)
		}
		own := actor.Actor{ID: "per_x", Account: registrant.Account, Roles: []actor.Role{actor.Reviewer}}
		for name, tt := range map[string]struct {
			who     actor.Actor
			id      string
			reasons []review.Reason
			want    string
		}{
			"another reviewer's": {rui, hers.PublicID, reason, "review_claimed"},
			"one's own":          {own, hers.PublicID, reason, "review_own"},
			"twice":              {rui, free.PublicID, reason, "review_case_state"},
			"without a reason":   {rui, hers.PublicID, nil, "reason_required"},
			"as a lead, no more": {actor.Actor{ID: "per_op", Account: 1, Roles: []actor.Role{actor.Operator}}, hers.PublicID, reason, "forbidden"},
		} {
			if _, err := r.SendBack(t.Context(), tt.who, tt.id, tt.reasons); fault.Code(err) != tt.want {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestDeskCountsItsQueueAndListsWhatItDecided(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.Reviews = review.New(s, policytest.Changed(t, "second_reviewer: {kinds: [], flags: []", "second_reviewer: {kinds: [], flags: [number_elsewhere]"))
		r.Register(review.ProfileVersion, r.ledger)
		r.at(2026, time.June, 1, 10)
		first := r.submit(review.Submission{Subject: 1, Days: 1})
		second := r.submit(review.Submission{Subject: 2, Days: 9, Flags: []string{"number_elsewhere"}})
		third := r.submit(review.Submission{Subject: 3, Days: 9})
		r.submit(review.Submission{Subject: 4, Days: 9})
		r.claim(rui, second)
		if _, err := r.Decide(t.Context(), rui, second.PublicID, review.Decision{Pass: true}); err != nil {
			t.Fatal(err)
		}
		r.claim(rui, third)
		if _, err := r.Escalate(t.Context(), rui, third.PublicID, "unusual seal"); err != nil {
			t.Fatal(err)
		}
		r.claim(rui, first)
		r.at(2026, time.June, 3, 0)
		r.claim(rui, first)
		if got, err := r.Load(t.Context(), rui); err != nil || got != (review.Load{Open: 4, Overdue: 1, Escalated: 1, Mine: 1, Free: 3, Second: 1}) {
			t.Errorf("the queue is %+v, %v", got, err)
		}
		r.wants(review.Filter{Second: true}, second)
		if _, err := r.Decide(t.Context(), rui, first.PublicID, failure(review.Reason{Code: "name_mismatch"})); err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Minute)
		r.claim(mei, second)
		if _, err := r.Decide(t.Context(), mei, second.PublicID, review.Decision{Pass: true}); err != nil {
			t.Fatal(err)
		}
		decided := func(by string) (ids []string) {
			for after := ""; ; {
				page, next, err := r.Decided(t.Context(), rui, by, after, 1)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range page {
					ids = append(ids, c.PublicID)
				}
				if after = next; next == "" {
					return ids
				}
			}
		}
		if got := decided(""); !slices.Equal(got, []string{second.PublicID, first.PublicID}) {
			t.Errorf("decided: %v", got)
		}
		if got := decided(rui.ID); !slices.Equal(got, []string{first.PublicID}) {
			t.Errorf("decided by Rui: %v", got)
		}
		if _, _, err := r.Decided(t.Context(), rui, "", "rev_none", 1); fault.Code(err) != "cursor_invalid" {
			t.Errorf("behind nothing: %v", err)
		}
		if _, err := r.Load(t.Context(), registrant); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant asks for the load: %v", err)
		}
		if _, _, err := r.Decided(t.Context(), registrant, "", "", 1); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant asks what was decided: %v", err)
		}
	})
}

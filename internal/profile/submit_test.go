package profile_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

// Mail to a verified address comes back: the form says so until somebody answers again.
func TestProfileWhoseMailComesBackIsNotSubmitted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(cnnic, person())
		h.answers(v)
		h.shown(v, "front")
		operator := actor.Actor{ID: "per_op", Roles: []actor.Role{actor.Operator}}
		if n, err := h.emails.Report(t.Context(), operator, emailcheck.Bounce{Address: v.Current.Fields.Email, Hard: true}); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		_, err := h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
		check(t, "mail that comes back", err, "email email_bounced")
		c.Advance(time.Minute)
		v, err = h.Get(t.Context(), h.li, v.Profile.PublicID)
		if err != nil || v.Email != emailcheck.Bounced {
			t.Fatalf("the profile shows %s, %v", v.Email, err)
		}
		h.answers(v)
		h.submit(v)
	})
}

func TestSubmissionTellsEverythingThatIsMissingAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		submit := func(v profile.View) error { return second(h.Submit(t.Context(), h.li, v.Profile.PublicID, "")) }
		bare := h.create(mainland, person().without("document_kind", "document_number").with("valid_to", "2020-01-01", "issued_on", "2026-05-30"))
		check(t, "nothing but the form", submit(bare), "email email_unverified", "document_kind field_required", "valid_to expired", "issued_on issued_under_10_days")
		bare = h.mustEdit(bare, form{"document_kind": "resident_id", "valid_to": "", "issued_on": ""})
		err := submit(bare)
		check(t, "the kind chosen", err, "email email_unverified", "document_number number_required", "front document_missing")
		for _, d := range fault.From(err).Details {
			if d.Code == "email_unverified" && d.Params["Address"] != "li@registrant.example" || d.Code != "email_unverified" && d.Params["Kind"] != "resident_id" {
				t.Errorf("%s says %v", d.Code, d.Params)
			}
		}
		hk := h.create(mainland, person().with("country", "HK", "phone", "2345 6789", "postal_code", "", "document_kind", "hk_macao_residence_permit", "document_number", "810000197204130003"))
		check(t, "a permit of two sides", submit(hk), "email email_unverified", "front document_missing", "back document_missing")
		h.shown(hk, "back")
		h.answers(hk)
		check(t, "its back alone", submit(hk), "front document_missing")
		h.shown(hk, "front")
		check(t, "complete", submit(hk))

		if _, err := h.emails.Request(t.Context(), h.li, "new@registrant.example"); err != nil {
			t.Fatal(err)
		}
		pending := h.mustEdit(bare, form{"email": "new@registrant.example", "document_number": liNumber})
		h.shown(pending, "front")
		check(t, "a link that was not used yet", submit(pending), "email email_unverified")
		if pending.Email != emailcheck.Pending || h.count("review_case") != 1 || h.get(bare).Current.State != profile.Unverified {
			t.Errorf("refused submissions left %s, %d cases", h.get(bare).Current.State, h.count("review_case"))
		}
	})
}

func TestSubmissionFreezesTheVersionAndOpensItsReview(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(cnnic, person())
		h.answers(v)
		v, err := h.attach(v, "front", samples.Li)
		if err != nil {
			t.Fatal(err)
		}
		v = h.submit(v)
		if v.Current.State != profile.InReview || !v.Current.SubmittedAt.Equal(s.Now()) || v.Case == nil {
			t.Fatalf("submitted: %+v", v.Current)
		}
		// A CNNIC review usually takes three business days from Monday 1 June.
		if want := time.Date(2026, 6, 4, 16, 0, 0, 0, time.UTC); !v.Case.ExpectedAt.Equal(want) || v.Case.Authority != review.Desk || v.Case.State != review.Open || v.Case.Attempt != 1 {
			t.Errorf("the case is %+v, want an answer by %v", v.Case, want)
		}
		if v.Case.Title != "李思远 990***********1171" || v.Case.SubjectID != v.Current.ID || v.Case.SubmittedBy != "per_li" {
			t.Errorf("the queue shows %q", v.Case.Title)
		}
		if h.count("event WHERE type = 'profile.submitted' AND subject = ?", v.Profile.PublicID) != 1 || h.count("audit_entry WHERE action = 'profile.submit' AND subject = ?", v.Profile.PublicID) != 1 {
			t.Error("the submission is not told of once")
		}
		_, err = h.edit(v, form{"name_zh": "王若溪"})
		check(t, "editing in review", err, "profile_in_review")
		agreed := form{"name_zh": "王若溪"}.draft()
		agreed.NewVersion = true
		_, err = h.Edit(t.Context(), h.li, v.Profile.PublicID, agreed)
		check(t, "editing in review, agreeing to a new version", err, "profile_in_review")
		files := h.count("document")
		_, err = h.attach(v, "front", samples.Wang)
		check(t, "uploading in review", err, "profile_in_review")
		_, _, err = h.Attach(t.Context(), h.li, v.Profile.PublicID, true, document.Upload{Side: "front", FileName: "card.jpg", Body: bytes.NewReader(samples.Wang)})
		check(t, "uploading in review, agreeing to a new version", err, "profile_in_review")
		if h.count("document") != files {
			t.Error("a refused upload was kept")
		}
		_, err = h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
		if f := fault.From(err); f == nil || f.Code != "profile_state" || f.Params["State"] != "in_review" {
			t.Errorf("submitting twice: %v", err)
		}
	})
}

func TestEnglishProfileIsCalledByItsNameInTheQueue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.submitted(overseas, foreigner())
		if v.Case.Title != "Anna Maria Schmidt X0*****56" {
			t.Errorf("the queue shows %q", v.Case.Title)
		}
		o := h.submitted(organization, company())
		if o.Case.Title != "西安样本科技有限公司 919***********QY5R" || o.Current.HolderFold != "西安样本科技有限公司" {
			t.Errorf("the queue shows %q, compared as %q", o.Case.Title, o.Current.HolderFold)
		}
	})
}

func TestAuthorityIsTheOneThatPolicyAllows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person().with("name_zh", "李思远FAIL-name_mismatch"))
		h.answers(v)
		h.shown(v, "front")
		_, err := h.Submit(t.Context(), h.li, v.Profile.PublicID, "oracle")
		if f := fault.From(err); f == nil || f.Code != "authority_not_allowed" || f.Field != "authority" || f.Params["Authority"] != "oracle" {
			t.Errorf("an authority of one's own choice: %v", err)
		}
		v, err = h.Submit(t.Context(), h.li, v.Profile.PublicID, "sandbox")
		if err != nil || v.Case.Authority != "sandbox" || v.Case.State != review.Waiting {
			t.Fatalf("the sandbox: %+v, %v", v.Case, err)
		}
		if _, err := h.reviews.AskDue(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		v = h.get(v)
		if v.Current.State != profile.Failed || len(v.Reasons) != 1 || v.Reasons[0].Code != "name_mismatch" || v.Reasons[0].PointsName != "name_zh" {
			t.Errorf("after its verdict: %s, %+v", v.Current.State, v.Reasons)
		}
		if n := h.count("event WHERE type = 'profile.failed' AND subject = ? AND data LIKE '%name_mismatch%' AND data LIKE '%sandbox%'", v.Profile.PublicID); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

func TestFailureShowsItsReasonsWhileItIsCorrected(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.submitted(mainland, person())
		v = h.decided(v, review.Reason{Code: "name_mismatch", Note: "改“元”为“远”", StaffNote: "looks careless", Raw: "E17 raw"},
			review.Reason{Code: "blurred", PointsName: "front"}, review.Reason{Code: "authority_rejected_other", PointsName: "address"})
		if v.Current.State != profile.Failed || !v.Current.DecidedAt.Equal(s.Now()) || len(v.Reasons) != 3 {
			t.Fatalf("decided: %+v, %+v", v.Current, v.Reasons)
		}
		if points := []string{v.Reasons[0].PointsName, v.Reasons[1].PointsName, v.Reasons[2].PointsName}; !slices.Equal(points, []string{"name_zh", "front", "address_zh"}) {
			t.Errorf("they point at %v", points)
		}
		list, _, err := h.List(t.Context(), h.li, profile.Filter{}, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		edited := h.mustEdit(v, form{"name_zh": "李思元"}) // no agreement is needed after a failure
		if edited.Current.Number != 2 || edited.Current.State != profile.Unverified || len(edited.Documents) != 1 || edited.Current.NumberMask != v.Current.NumberMask {
			t.Errorf("the next version: %+v, documents %v", edited.Current, edited.Documents)
		}
		if len(edited.Reasons) != 3 || edited.Case.PublicID != v.Case.PublicID {
			t.Errorf("the reasons are gone: %+v", edited.Reasons)
		}
		again := h.submit(edited)
		if len(again.Reasons) != 0 || again.Case.PublicID == v.Case.PublicID || again.Case.Attempt != 2 {
			t.Errorf("the second attempt: %+v, %+v", again.Case, again.Reasons)
		}
		for _, seen := range []any{v, list, edited, again} {
			if text := fmt.Sprintf("%+v", seen); strings.Contains(text, "careless") || strings.Contains(text, "E17") {
				t.Error("the registrant sees what is for staff only")
			}
		}
		if !strings.Contains(fmt.Sprintf("%+v", v.Reasons), "改“元”为“远”") {
			t.Error("the registrant does not see the reviewer's note")
		}
		_, reasons, err := h.reviews.Find(t.Context(), h.reviewer, v.Case.PublicID)
		if err != nil || reasons[0].StaffNote != "looks careless" {
			t.Errorf("staff reads %+v, %v", reasons, err)
		}
	})
}

func TestReasonsPointAtTheFieldsThatAProfileHas(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sort       sort
		name, want string
	}{
		{mainland, "holder_name", "name_zh"}, {organization, "holder_name", "organization_zh"}, {overseas, "holder_name", "name_en"}, {cnnic, "holder_name", "name_zh"},
		{mainland, "holder_name_en", "name_en"}, {organization, "holder_name_en", "organization_en"}, {cnnicOrg, "holder_name_zh", "organization_zh"},
		{mainland, "address", "address_zh"}, {overseas, "address", "address_en"}, {mainland, "back", "back"}, {mainland, "", ""}, {overseas, "phone", "phone"},
	} {
		p := profile.Profile{Accreditation: tt.sort.accreditation, Kind: tt.sort.kind, HolderType: tt.sort.holder}
		if got := profile.FieldName(p, tt.name); got != tt.want {
			t.Errorf("%s of %v: %q, want %q", tt.name, tt.sort, got, tt.want)
		}
	}
}

func TestVerifiedProfileStaysAsItIsUntilANewVersionIsAgreedTo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person()))
		if v.Current.State != profile.Verified || h.count("event WHERE type = 'profile.verified' AND subject = ?", v.Profile.PublicID) != 1 {
			t.Fatalf("decided: %+v", v.Current)
		}
		before := h.get(v)
		_, err := h.edit(v, form{"address_zh": "假想街88弄6号"})
		check(t, "editing", err, "profile_edit_makes_new_version")
		_, err = h.attach(v, "front", samples.Wang)
		check(t, "uploading", err, "profile_edit_makes_new_version")
		_, err = h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
		check(t, "submitting again", err, "profile_state")
		_, err = h.Withdraw(t.Context(), h.li, v.Profile.PublicID)
		check(t, "withdrawing", err, "profile_state")
		if after := h.get(v); after.Profile.RowVersion != before.Profile.RowVersion || after.Current.PublicID != before.Current.PublicID || h.count("document") != 1 {
			t.Errorf("refusals changed it: %+v", after)
		}

		d := form{"address_zh": "假想街88弄6号"}.draft()
		d.NewVersion, d.RowVersion = true, v.Profile.RowVersion+7
		_, err = h.Edit(t.Context(), h.li, v.Profile.PublicID, d)
		check(t, "agreeing to a new version of an old one", err, "row_version_stale")
		if n := h.count("profile_version"); n != 1 {
			t.Errorf("%d versions after a refusal", n)
		}
		d.RowVersion = v.Profile.RowVersion
		next, err := h.Edit(t.Context(), h.li, v.Profile.PublicID, d)
		if err != nil || next.Current.Number != 2 || next.Current.State != profile.Unverified || next.Current.Fields.AddressZh != "假想街88弄6号" || next.Current.Fields.NameZh != "李思远" {
			t.Fatalf("agreed: %+v, %v", next.Current, err)
		}
		if len(next.Documents) != 1 || !next.Current.SubmittedAt.IsZero() || !next.Current.DecidedAt.IsZero() {
			t.Errorf("the new version: %+v, documents %v", next.Current, next.Documents)
		}
		// The old one is what it was.
		_, old, err := h.ByVersion(t.Context(), s.R, v.Current.ID)
		if err != nil || old.State != profile.Verified || old.Fields.AddressZh != v.Current.Fields.AddressZh || old.RowVersion != v.Current.RowVersion || !bytes.Equal(old.NumberSealed, v.Current.NumberSealed) {
			t.Errorf("the verified version has become %+v, %v", old, err)
		}
		// The new one is edited in place, and needs no second agreement.
		again := h.mustEdit(next, form{"address_zh": "虚构路1号"})
		if again.Current.PublicID != next.Current.PublicID || h.count("profile_version") != 2 {
			t.Errorf("edited again: version %d", again.Current.Number)
		}
		verified := h.decided(h.submit(again))
		if verified.Current.Number != 2 || verified.Current.State != profile.Verified {
			t.Errorf("verified again: %+v", verified.Current)
		}
	})
}

func TestNewPictureOfAVerifiedProfileMakesANewVersion(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person()))
		next, d, err := h.Attach(t.Context(), h.li, v.Profile.PublicID, true, document.Upload{Side: "front", FileName: "card.jpg", Body: bytes.NewReader(samples.Li)})
		if err != nil || next.Current.Number != 2 || len(next.Documents) != 1 || next.Documents[0].PublicID != d.PublicID {
			t.Fatalf("attached: %+v, %v", next, err)
		}
		if n := h.count("profile_document WHERE version_id = ? AND document_id = ?", v.Current.ID, v.Documents[0].ID); n != 1 {
			t.Error("the verified version has lost its picture")
		}
	})
}

func TestFailureIsCorrectedBeforeItIsSentAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person()), review.Reason{Code: "name_mismatch"})
		_, err := h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
		check(t, "unchanged", err, "profile_correct_first")
		// What failed for no reason of theirs may be sent as it is.
		v = h.decided(h.submitted(mainland, person()), review.Reason{Code: "submission_failed"})
		if again := h.submit(v); again.Current.State != profile.InReview || again.Current.Number != 2 || again.Case.Attempt != 2 || len(again.Documents) != 1 {
			t.Errorf("sent again: %+v", again.Current)
		}
	})
}

func TestSubmissionIsTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		fresh := h.create(mainland, person())
		_, err := h.Withdraw(t.Context(), h.li, fresh.Profile.PublicID)
		check(t, "what was never submitted", err, "profile_state")
		v := h.submitted(mainland, person())
		first := v.Case.PublicID
		if _, err := h.reviews.Claim(t.Context(), h.reviewer, first); err != nil {
			t.Fatal(err)
		}
		v, err = h.Withdraw(t.Context(), h.li, v.Profile.PublicID)
		if err != nil || v.Current.State != profile.Unverified || v.Current.Number != 2 || v.Case != nil || len(v.Documents) != 1 {
			t.Fatalf("taken back: %+v, %v", v, err)
		}
		if c, _, err := h.reviews.Find(t.Context(), h.reviewer, first); err != nil || c.State != review.Cancelled {
			t.Errorf("the case of what was taken back: %+v, %v", c, err)
		}
		if n := h.count("profile_version WHERE state = 'withdrawn' AND number = 1 AND submitted_at IS NOT NULL"); n != 1 {
			t.Error("what was sent is not kept as it was")
		}
		if _, err := h.reviews.Decide(t.Context(), h.reviewer, first, review.Decision{Pass: true}); fault.Code(err) != "review_case_state" {
			t.Errorf("the reviewer decides nevertheless: %v", err)
		}
		if n := h.count("event WHERE type = 'profile.withdrawn' AND subject = ?", v.Profile.PublicID); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
		edited := h.mustEdit(v, form{"address_zh": "假想街88弄6号"})
		again := h.submit(edited)
		if again.Current.State != profile.InReview || again.Case.PublicID == first || again.Case.Attempt != 2 || again.Current.Number != 2 {
			t.Errorf("submitted again: %+v", again.Case)
		}
		done := h.decided(again)
		_, err = h.Withdraw(t.Context(), h.li, done.Profile.PublicID)
		check(t, "what is decided", err, "profile_state")
	})
}

func TestReviewerReadsTheNumberOnlyWhileHoldingTheClaim(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.submitted(mainland, person())
		other := h.reviewer
		other.ID = "per_mei"
		entries := func() int { return h.count("audit_entry") }
		look := func(who string, want string) {
			t.Helper()
			a := h.reviewer
			if who == other.ID {
				a = other
			}
			found, _, err := h.reviews.Find(t.Context(), a, v.Case.PublicID)
			if err != nil {
				t.Fatal(err)
			}
			before := entries()
			out, number, err := h.ForReview(t.Context(), a, found)
			if err != nil || number != want || out.Current.PublicID != v.Current.PublicID || out.Current.NumberMask != "990***********1171" || len(out.Documents) != 1 || out.Email != emailcheck.Verified {
				t.Errorf("%s reads %q, %+v, %v; want %q", who, number, out, err, want)
			}
			if entries() != before {
				t.Errorf("%s: a look is recorded; the claim stands for all of them", who)
			}
		}
		look("per_rui", "")
		if _, err := h.reviews.Claim(t.Context(), h.reviewer, v.Case.PublicID); err != nil {
			t.Fatal(err)
		}
		look("per_rui", liNumber)
		look("per_mei", "")
		c.Advance(30 * time.Minute)
		look("per_rui", "")
	})
}

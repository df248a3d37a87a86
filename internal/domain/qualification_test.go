package domain_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

const (
	mark       = "example.xn--czr694b" // .商标
	restaurant = "example.xn--imr513n" // .餐厅
)

// papersOf is what a name of my account asks for.
func (h *house) papersOf(name string) qualification.View {
	h.Helper()
	v, err := h.papers.Of(h.Context(), h.store.R, h.me.Account, name)
	if err != nil {
		h.Fatal(err)
	}
	return v
}

// upload shows a page for a name.
func (h *house) upload(name, kind string) error {
	h.Helper()
	_, _, err := h.papers.Attach(h.Context(), h.me, h.papersOf(name).PublicID, document.Upload{Kind: kind, Side: "front", FileName: "page.jpg", AskPerson: true, Body: bytes.NewReader(samples.Li)})
	return err
}

func (h *house) mustUpload(name string, kinds ...string) {
	h.Helper()
	for _, kind := range kinds {
		if err := h.upload(name, kind); err != nil {
			h.Fatalf("%s: %v", kind, err)
		}
	}
}

// lead is a reviewer who may take verdicts back.
var lead = actor.Actor{ID: "per_luo", Account: 77, Roles: []actor.Role{actor.Lead}}

// takeBack has the desk take back its newest verdict on the papers of a name.
func (h *house) takeBack(name string, reasons ...review.Reason) error {
	h.Helper()
	_, err := h.reviews.Reverse(h.Context(), lead, h.papersOf(name).Case.PublicID, "looked at again", reasons)
	return err
}

// judge has the desk decide about the papers of a name; no reasons mean success.
func (h *house) judge(name string, reasons ...review.Reason) {
	h.Helper()
	rui := actor.Actor{ID: "per_rui", Account: 77, Roles: []actor.Role{actor.Reviewer}}
	v := h.papersOf(name)
	if v.Case == nil {
		h.Fatalf("the papers of %s are with nobody: %s", name, v.State)
	}
	if _, err := h.reviews.Claim(h.Context(), rui, v.Case.PublicID); err != nil {
		h.Fatal(err)
	}
	for _, d := range v.Documents {
		if _, err := h.documents.Picture(h.Context(), rui, d.PublicID); err != nil {
			h.Fatal(err)
		}
	}
	if _, err := h.reviews.Decide(h.Context(), rui, v.Case.PublicID, review.Decision{Pass: len(reasons) == 0, Reasons: reasons}); err != nil {
		h.Fatal(err)
	}
}

// lacks are the codes of what is missing, in order.
func lacks(err error) string {
	f := fault.From(err)
	if f == nil {
		return ""
	}
	codes := []string{}
	for _, d := range f.Details {
		codes = append(codes, strings.TrimSpace(d.Code+" "+d.Params["Kind"]))
	}
	if len(codes) == 0 {
		codes = append(codes, f.Code)
	}
	return strings.Join(codes, ", ")
}

func TestNameOfAMarkAsksForItsProof(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		o := h.place(mark, h.verified(h.me, forCodes, li, liNumber))
		// The papers may take ten days, and the holder one: the answer is both.
		if !o.VerdictAt.Equal(endOfDay(h, c.Now().AddDate(0, 0, 10))) || o.HoldAt.IsZero() || !o.SafeBy.IsZero() {
			t.Errorf("an answer is expected %s, the hold %s, safe by %s", o.VerdictAt, o.HoldAt, o.SafeBy)
		}
		asked := h.papersOf(mark)
		if asked.State != qualification.Asked || asked.Holder != li || !asked.DueAt.IsZero() || len(asked.Rule.LabelPatterns) != 4 || asked.Rule.HolderEquals != "trademark_registrant" {
			t.Fatalf("the order asks for %+v", asked)
		}
		pay := func() error {
			_, err := h.domains.ConfirmPayment(t.Context(), h.office, o.PublicID)
			return err
		}
		if got, want := lacks(pay()), "qualification_one_of, qualification_pattern"; got != want {
			t.Errorf("paid without papers: %s, want %s", got, want)
		}
		if h.count("domain") != 0 || h.order(o).State != domain.AwaitingPayment {
			t.Error("a payment without papers has registered the name")
		}
		if err := h.upload(mark, "restaurant_undertaking"); fault.Code(err) != "qualification_not_wanted" {
			t.Errorf("a paper of another suffix: %v", err)
		}
		h.mustUpload(mark, "trademark_use_authorization", "trademark_use_authorization") // of two pages
		if got, want := lacks(pay()), "qualification_pattern"; got != want {
			t.Errorf("paid without a pattern: %s, want %s", got, want)
		}
		if _, err := h.papers.SetPattern(t.Context(), h.me, asked.PublicID, "E"); fault.Code(err) != "value_unknown" {
			t.Errorf("a pattern that there is not: %v", err)
		}
		if _, err := h.papers.SetPattern(t.Context(), h.me, asked.PublicID, "C"); err != nil {
			t.Fatal(err)
		}
		h.pay(o)
		h.provided()
		d := h.get(mark)
		if d.HolderState != domain.Verified || d.NamingState != domain.Verified || d.QualificationState != domain.InReview || d.Status(c.Now()) != domain.StatusQualifying {
			t.Errorf("with an identity alone: holder %s, name %s, papers %s, %s", d.HolderState, d.NamingState, d.QualificationState, d.Status(c.Now()))
		}
		// Policy: five to ten days, counted in calendar days.
		if in := h.papersOf(mark).Case; in.SubjectKind != qualification.Kind || in.Authority != review.Desk || !in.ExpectedAt.Equal(endOfDay(h, in.SubmittedAt.AddDate(0, 0, 10))) || in.Title != "example.商标 "+li {
			t.Errorf("the desk has %+v", in)
		}
		h.judge(mark, review.Reason{Code: "qualification_holder_mismatch", Params: map[string]string{"Holder": li, "Found": "王若溪"}})
		if d := h.get(mark); d.QualificationState != domain.Failed || d.Status(c.Now()) != domain.StatusNotQualified || d.HolderState != domain.Verified {
			t.Errorf("refused: papers %s, holder %s, %s", d.QualificationState, d.HolderState, d.Status(c.Now()))
		}
		if told, known := h.event(asked.PublicID, "qualification.failed").Data["Outcome"], h.domains.IfRefused(h.get(mark)); told != "deleted" || known.Papers != "deleted" {
			t.Errorf("what becomes of it is told as %q, and shown as %+v", told, known)
		}
		if _, err := h.papers.Submit(t.Context(), h.me, asked.PublicID); err != nil { // what it has may be shown again
			t.Fatal(err)
		}
		if err := h.upload(mark, "trademark_certificate"); fault.Code(err) != "qualification_state" {
			t.Errorf("uploaded while it is reviewed: %v", err)
		}
		h.judge(mark)
		if d := h.get(mark); d.QualificationState != domain.Verified || d.Status(c.Now()) != domain.StatusNormal {
			t.Errorf("accepted: papers %s, %s", d.QualificationState, d.Status(c.Now()))
		}
		if got, want := h.events(asked.PublicID), []string{"qualification.asked", "qualification.submitted", "qualification.failed", "qualification.submitted", "qualification.passed"}; !slices.Equal(got, want) {
			t.Errorf("the registrant was told %v, want %v", got, want)
		}
		diagnosis, err := h.domains.Diagnose(t.Context(), h.me, mark)
		if err != nil || !slices.ContainsFunc(diagnosis.Steps, func(s domain.Step) bool { return s.Name == "qualification" && s.Health == domain.Good }) {
			t.Errorf("its diagnosis is %+v, %v", diagnosis.Steps, err)
		}
	})
}

// endOfDay is the end of the day of t in China.
func endOfDay(h *house, t time.Time) time.Time {
	d := t.In(h.policies.Calendar.Zone())
	return time.Date(d.Year(), d.Month(), d.Day()+1, 0, 0, 0, 0, d.Location())
}

func TestNameForCaterersAsksForAnUndertakingOrPapersByRole(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	o := h.place(restaurant, h.verified(h.me, forCodes, li, liNumber))
	var sets []string
	for _, w := range h.papersOf(restaurant).Wants {
		sets = append(sets, strings.TrimSpace(w.Kind+" "+w.Role))
	}
	want := []string{"restaurant_undertaking", "subject_proof catering_operator", "catering_licence catering_operator", "subject_proof catering_information_service", "website_operation_material catering_information_service",
		"subject_proof supplier_to_caterers", "website_operation_material supplier_to_caterers"}
	if !slices.Equal(sets, want) {
		t.Errorf("it asks for %v, want %v", sets, want)
	}
	h.mustUpload(restaurant, "subject_proof")
	_, err := h.domains.ConfirmPayment(t.Context(), h.office, o.PublicID)
	if got := lacks(err); got != "qualification_one_of" {
		t.Errorf("with half of a set: %s", got)
	}
	h.mustUpload(restaurant, "website_operation_material")
	h.pay(o)
	h.provided()
	h.judge(restaurant)
	if got := h.status(restaurant); got != domain.StatusNormal {
		t.Errorf("accepted it is %s", got)
	}
}

// What a holder has shown counts on for them, wherever they are reached.
func TestPapersCountOnForTheSameHolder(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	id := h.verified(h.me, forCodes, li, liNumber)
	o := h.place(restaurant, id)
	h.mustUpload(restaurant, "restaurant_undertaking")
	h.pay(o)
	h.provided()
	h.judge(restaurant)
	before, shown := h.get(restaurant), h.papersOf(restaurant)
	h.edits(id, "email", newMail)
	h.questionsGoOut()
	h.says(priorMail, true)
	h.says(newMail, true)
	h.provided()
	d := h.get(restaurant)
	if d.VersionID == before.VersionID || d.QualificationState != domain.Verified || h.papersOf(restaurant).ID != shown.ID {
		t.Errorf("version %d after %d; the papers are %s, of %v", d.VersionID, before.VersionID, d.QualificationState, h.papersOf(restaurant).ID)
	}
}

func TestNewHolderShowsPapersWithinTheGrace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		o := h.place(restaurant, h.verified(h.me, forCodes, li, liNumber))
		h.mustUpload(restaurant, "restaurant_undertaking")
		h.pay(o)
		h.provided()
		h.judge(restaurant)
		first := h.papersOf(restaurant)
		h.agreed(changing(h.verified(h.me, forCodes, wang, wangNumber), restaurant))
		h.provided()
		d, asked := h.get(restaurant), h.papersOf(restaurant)
		if d.QualificationState != domain.NotCompleted || asked.ID == first.ID || asked.Holder != wang || len(asked.Documents) != 0 {
			t.Fatalf("after the change its papers are %s, asked of %s", d.QualificationState, asked.Holder)
		}
		changed := h.event(d.PublicID, "domain.holder_changed")
		if !d.QualificationDueAt.Equal(changed.At.AddDate(0, 0, 10)) || !asked.DueAt.Equal(d.QualificationDueAt.Time) {
			t.Errorf("changed at %s they are due at %s", changed.At, d.QualificationDueAt)
		}
		if got := h.status(restaurant); got != domain.StatusUnqualified {
			t.Errorf("it is %s", got)
		}
		missing := func(when string, want ...string) {
			t.Helper()
			found, err := h.domains.Names(t.Context(), h.me, domain.Filter{PapersMissing: true})
			n, errCount := h.domains.CountPapersMissing(t.Context(), h.me)
			if err != nil || errCount != nil || !slices.Equal(found, want) || n != len(want) {
				t.Errorf("%s papers are missing of %v, %d, %v, %v", when, found, n, err, errCount)
			}
		}
		missing("after the change", restaurant)
		for _, day := range []struct{ more, reminded int }{{6, 0}, {1, 1}, {1, 0}} { // three days before the end, once
			c.Advance(time.Duration(day.more) * 24 * time.Hour)
			if n, err := h.papers.RemindDue(t.Context(), 10); err != nil || n != day.reminded {
				t.Errorf("%d days more: %d reminded, %v", day.more, n, err)
			}
		}
		if told := h.event(asked.PublicID, "qualification.due_soon"); told.Data["Due"] != asked.DueAt.In(h.policies.Calendar.Zone()).Format(time.DateOnly) || told.Data["Domain"] != "example.餐厅" {
			t.Errorf("the reminder says %v", told.Data)
		}
		h.mustUpload(restaurant, "restaurant_undertaking")
		if _, err := h.papers.Submit(t.Context(), h.me, asked.PublicID); err != nil {
			t.Fatal(err)
		}
		missing("submitted")
		h.judge(restaurant)
		if d := h.get(restaurant); d.QualificationState != domain.Verified || !d.QualificationDueAt.IsZero() {
			t.Errorf("accepted: %s, due %s", d.QualificationState, d.QualificationDueAt)
		}
	})
}

// A name under gov.cn is a body's of the government alone. It shows its papers with the
// order; the registry names and identifies it, the desk reads the papers, and both pass
// before the name is normal.
func TestMinistryRegistersItsName(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		const ministry, body, bodyNumber = "ministry.gov.cn", "样本市虚构事务局", "11990000YYYYN8QY52"
		holder := func(name, number string) string {
			v := h.submit(h.me, h.draft(h.me, forCNOrg, li, number, "organization_zh", name, "document_kind", "uscc_certificate", "issued_on", "2020-03-01"))
			return v.Profile.PublicID
		}
		for who, profile := range map[string]string{"a company": holder(company, companyNumber), "a person": h.cnProfile()} {
			if _, err := h.domains.PlaceOrder(t.Context(), h.me, ministry, profile, 1); fault.Code(err) != "holder_not_eligible" {
				t.Errorf("%s orders it: %v", who, err)
			}
		}
		o := h.place(ministry, holder(body, bodyNumber))
		_, err := h.domains.ConfirmPayment(t.Context(), h.office, o.PublicID)
		if got, want := lacks(err), "qualification_missing organization_code_certificate, qualification_missing gov_cn_application_form, qualification_missing government_body_proof, qualification_missing domain_contact_id_copy"; got != want {
			t.Errorf("paid without papers: %s, want %s", got, want)
		}
		h.mustUpload(ministry, "organization_code_certificate", "gov_cn_application_form", "government_body_proof", "domain_contact_id_copy")
		h.pay(o)
		h.settles()
		h.reviewed()
		if d := h.get(ministry); d.Verification() != domain.Verified || d.QualificationState != domain.InReview || h.status(ministry) != domain.StatusQualifying {
			t.Fatalf("before the desk has read: %s, papers %s, %s", d.Verification(), d.QualificationState, h.status(ministry))
		}
		if at, _ := h.server.Domain(ministry); at.Registrant == "" {
			t.Errorf("the registry has %+v", at)
		}
		h.judge(ministry)
		if got := h.status(ministry); got != domain.StatusNormal {
			t.Errorf("with both verdicts it is %s", got)
		}
	})
}

// What the desk says of papers can be taken back, with cause: accepted ones are refused
// then, refused or returned ones are before the desk again. The domain follows.
func TestVerdictOnPapersIsTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		o := h.place(restaurant, h.verified(h.me, forCodes, li, liNumber))
		h.mustUpload(restaurant, "restaurant_undertaking")
		h.pay(o)
		h.provided()
		forged := review.Reason{Code: "forged"}
		stands := func(when string, q qualification.State, d domain.Verdict) {
			t.Helper()
			v := h.papersOf(restaurant)
			if got := h.get(restaurant).QualificationState; v.State != q || got != d || v.EndedAt.IsZero() != (q == qualification.InReview || q == qualification.Asked) {
				t.Fatalf("%s the papers are %s, ended %s, those of the domain %s", when, v.State, v.EndedAt, got)
			}
		}
		h.judge(restaurant, forged)
		first := h.papersOf(restaurant).Case.PublicID
		if err := h.takeBack(restaurant); err != nil {
			t.Fatal(err)
		}
		stands("reopened", qualification.InReview, domain.InReview)
		h.judge(restaurant, forged)
		if _, err := h.papers.Submit(t.Context(), h.me, h.papersOf(restaurant).PublicID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.reviews.Reverse(t.Context(), lead, first, "misread", nil); fault.Code(err) != "review_superseded" {
			t.Errorf("a case before the newest: %v", err)
		}
		h.judge(restaurant)
		if err := h.takeBack(restaurant, forged); err != nil {
			t.Fatal(err)
		}
		stands("revoked", qualification.Failed, domain.Failed)
		if got := h.status(restaurant); got != domain.StatusNotQualified {
			t.Errorf("the domain is %s", got)
		}
		v, err := h.papers.Submit(t.Context(), h.me, h.papersOf(restaurant).PublicID)
		if err != nil {
			t.Fatal(err)
		}
		h.judge(restaurant, forged)
		if _, err := h.papers.Detach(t.Context(), h.me, v.PublicID, v.Documents[0].PublicID); err != nil {
			t.Fatal(err)
		}
		if err := h.takeBack(restaurant); fault.Code(err) != "qualification_moved_on" {
			t.Errorf("without what was submitted: %v", err)
		}
		if got, want := h.events(v.PublicID), []string{"qualification.asked", "qualification.submitted", "qualification.failed", "qualification.reopened", "qualification.failed", "qualification.submitted",
			"qualification.passed", "qualification.failed", "qualification.submitted", "qualification.failed"}; !slices.Equal(got, want) {
			t.Errorf("the registrant was told %v, want %v", got, want)
		}
	})
}

func TestPapersEndWithTheirOrder(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	profile := h.verified(h.me, forCodes, li, liNumber)
	o := h.place(mark, profile)
	first := h.papersOf(mark)
	if _, err := h.domains.CancelOrder(t.Context(), h.me, o.PublicID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.papers.Of(t.Context(), s.R, h.me.Account, mark); fault.Code(err) != "qualification_not_found" {
		t.Errorf("papers without an order: %v", err)
	}
	h.place(mark, profile)
	if again := h.papersOf(mark); again.ID == first.ID {
		t.Error("the papers of a cancelled order count")
	}
	c.Advance(8 * 24 * time.Hour)
	if n, err := h.domains.ExpireOrders(t.Context(), 10); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := h.papers.Of(t.Context(), s.R, h.me.Account, mark); fault.Code(err) != "qualification_not_found" {
		t.Errorf("papers of an order that expired: %v", err)
	}
}

func TestPapersAreTheAccountsOwn(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	h.place(mark, h.verified(h.me, forCodes, li, liNumber))
	id := h.papersOf(mark).PublicID
	for what, do := range map[string]func() error{
		"reads":   func() error { _, err := h.papers.Get(t.Context(), h.other, id); return err },
		"chooses": func() error { _, err := h.papers.SetPattern(t.Context(), h.other, id, "A"); return err },
		"uploads": func() error {
			_, _, err := h.papers.Attach(t.Context(), h.other, id, document.Upload{Kind: "trademark_certificate", Body: bytes.NewReader(samples.Li)})
			return err
		},
		"removes": func() error { _, err := h.papers.Detach(t.Context(), h.other, id, "doc_none"); return err },
		"submits": func() error { _, err := h.papers.Submit(t.Context(), h.other, id); return err },
	} {
		if err := do(); fault.Code(err) != "qualification_not_found" {
			t.Errorf("another account %s them: %v", what, err)
		}
	}
	if all, err := h.papers.List(t.Context(), h.other, 10); err != nil || len(all) != 0 {
		t.Errorf("another account lists %+v, %v", all, err)
	}
}

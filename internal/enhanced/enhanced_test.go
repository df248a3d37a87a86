package enhanced_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/state/statetest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/test/pictures/samples"
)

var (
	ola = actor.Actor{ID: "per_ola", Account: 99, Roles: []actor.Role{actor.Operator}}
	rui = actor.Actor{ID: "per_rui", Account: 99, Roles: []actor.Role{actor.Reviewer}}
	luo = actor.Actor{ID: "per_luo", Account: 99, Roles: []actor.Role{actor.Lead}}
)

// house is an installation with two customers, one of whom has a profile.
type house struct {
	*enhanced.Verifications
	t         *testing.T
	store     *store.Store
	clock     *clock.Fake
	documents *document.Documents
	reviews   *review.Reviews
	li, chen  actor.Actor
	profile   string
}

func newHouse(t *testing.T, s *store.Store, c *clock.Fake, p *policy.Policies) house {
	t.Helper()
	v, err := vault.OpenData(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	h := house{t: t, store: s, clock: c, reviews: review.New(s, p), documents: document.New(s, v, p, jail.Here(document.Inside()))}
	profiles := profile.New(s, v, p, h.documents, h.reviews, profile.Authorities{Default: review.Desk})
	accounts := account.New(s, account.Passwords{})
	registries, err := registry.New(registry.Config{Store: s, Vault: v, Directory: profiles, Owner: "node-1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	domains := domain.New(domain.Config{
		Store: s, Policies: p, Accounts: accounts, Profiles: profiles,
		Registries: registries, Reviews: h.reviews, Emails: emailcheck.New(s, p, nil),
		NamingAuthority: review.Desk, Log: slog.New(slog.DiscardHandler),
	})
	h.Verifications = enhanced.New(s, p, h.documents, profiles, domains, h.reviews)
	for name, who := range map[string]*actor.Actor{"li": &h.li, "chen": &h.chen} {
		acc, err := accounts.Create(t.Context(), actor.Verinym, name)
		if err != nil {
			t.Fatal(err)
		}
		*who = actor.Actor{ID: "per_" + name, Account: acc.ID, Roles: []actor.Role{actor.Registrant}}
	}
	d := profile.Draft{Fields: map[string]*string{}}
	for k, v := range map[string]string{"name_zh": "李思远", "country": "CN", "province_zh": "陕西省", "city_zh": "西安市", "address_zh": "样张区虚构路18号院3号楼", "postal_code": "710000",
		"phone": "13800138000", "email": "li@registrant.example", "document_kind": "resident_id", "document_number": "990000199003071171"} {
		d.Fields[k] = &v
	}
	view, err := profiles.Create(t.Context(), h.li, policy.Mainland, policy.CNNIC, policy.Individual, d)
	if err != nil {
		t.Fatal(err)
	}
	h.profile = view.PublicID
	return h
}

func (h house) open() enhanced.View {
	h.t.Helper()
	v, err := h.Open(h.t.Context(), ola, enhanced.Opening{Profile: h.profile, Cause: "abuse report 12", Note: "Please show who you are."})
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func (h house) upload(a actor.Actor, v enhanced.View, kind, side string) error {
	h.t.Helper()
	picture := samples.Li
	if kind != "resident_id" {
		picture = samples.Wang
	}
	_, _, err := h.Attach(h.t.Context(), a, v.PublicID, document.Upload{Kind: kind, Side: side, FileName: "a.jpg", AskPerson: true, Body: bytes.NewReader(picture)})
	return err
}

// everything uploads all that is wanted.
func (h house) everything(v enhanced.View) {
	h.t.Helper()
	for _, w := range [][2]string{{"resident_id", "front"}, {"resident_id", "back"}, {"holding_photo", ""}, {"domain_use_undertaking", ""}, {"non_website_undertaking", ""}} {
		if err := h.upload(h.li, v, w[0], w[1]); err != nil {
			h.t.Fatalf("%s: %v", w, err)
		}
	}
}

func (h house) submitted(v enhanced.View) enhanced.View {
	h.t.Helper()
	h.everything(v)
	out, err := h.Submit(h.t.Context(), h.li, v.PublicID)
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

func (h house) claimed(v enhanced.View) string {
	h.t.Helper()
	c, err := h.reviews.Claim(h.t.Context(), rui, v.Case.PublicID)
	if err != nil {
		h.t.Fatal(err)
	}
	return c.PublicID
}

func (h house) get(v enhanced.View) enhanced.View {
	h.t.Helper()
	out, err := h.Get(h.t.Context(), h.li, v.PublicID)
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

func (h house) events(v enhanced.View) (out []string) {
	h.t.Helper()
	if err := h.store.R.NewRaw("SELECT type FROM event WHERE subject = ? ORDER BY id", v.PublicID).Scan(h.t.Context(), &out); err != nil {
		h.t.Fatal(err)
	}
	return out
}

func (h house) count(query string, args ...any) (n int) {
	h.t.Helper()
	if err := h.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func TestStateTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, enhanced.Table)
}

func TestRegistrantShowsMoreAndTheDeskDecides(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c, policytest.Shipped())
		v := h.open()
		if v.State != enhanced.Asked || !v.DueAt.Equal(c.Now().Add(10*24*time.Hour)) || v.Profile != h.profile || v.Cause != "abuse report 12" {
			t.Fatalf("it is opened as %+v", v)
		}
		var wants []string
		for _, w := range v.Wants {
			wants = append(wants, w.Kind+" "+w.Side)
		}
		if want := []string{"resident_id front", "resident_id back", "holding_photo page", "domain_use_undertaking page", "icp_screenshot page", "non_website_undertaking page", "overseas_hosting_undertaking page"}; !slices.Equal(wants, want) {
			t.Errorf("it wants %v, want %v", wants, want)
		}
		var due string
		if err := s.R.NewRaw("SELECT data FROM event WHERE type = 'enhanced.opened'").Scan(t.Context(), &due); err != nil || due != `{"Due":"`+v.DueAt.In(policytest.Shipped().Calendar.Zone()).Format(time.DateOnly)+`","Note":"Please show who you are."}` {
			t.Errorf("the registrant is told %s, %v", due, err)
		}
		if _, err := h.Open(t.Context(), ola, enhanced.Opening{Profile: h.profile, Cause: "again"}); fault.Code(err) != "enhanced_open" {
			t.Errorf("a second one: %v", err)
		}
		_, err := h.Submit(t.Context(), h.li, v.PublicID)
		if f := fault.From(err); f == nil || len(f.Details) != 7 {
			t.Errorf("with nothing uploaded: %+v", f)
		}
		submitted := h.submitted(v)
		if submitted.State != enhanced.InReview || submitted.Case == nil || submitted.Case.SubjectKind != enhanced.Kind || submitted.Case.Authority != review.Desk || submitted.Case.ExpectedAt.IsZero() {
			t.Fatalf("submitted it is %+v", submitted)
		}
		if err := h.upload(h.li, v, "holding_photo", ""); fault.Code(err) != "enhanced_verification_state" {
			t.Errorf("uploaded to one in review: %v", err)
		}
		id := h.claimed(submitted)
		if _, err := h.reviews.Decide(t.Context(), rui, id, review.Decision{Pass: true}); fault.Code(err) != "review_documents_unopened" {
			t.Errorf("passed unseen: %v", err)
		}
		for _, d := range submitted.Documents {
			if _, err := h.documents.Picture(t.Context(), rui, d.PublicID); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.reviews.Decide(t.Context(), rui, id, review.Decision{Pass: true}); err != nil {
			t.Fatal(err)
		}
		if got := h.get(v); got.State != enhanced.Passed || got.EndedAt.IsZero() {
			t.Errorf("passed it is %+v", got)
		}
		if got, want := h.events(v), []string{"enhanced.opened", "enhanced.submitted", "enhanced.passed"}; !slices.Equal(got, want) {
			t.Errorf("the registrant was told %v, want %v", got, want)
		}
		if n := h.count("audit_entry WHERE subject = ? AND action IN ('enhanced.open', 'enhanced.submit', 'enhanced.attach')", v.PublicID); n != 7 {
			t.Errorf("%d entries", n)
		}
		h.open() // another one may be asked for
	})
}

func TestVerdictIsTakenBackWithItsHold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		p := policytest.Shipped()
		p.Limits.Enhanced.Hold.OnFailure = "abuse"
		h := newHouse(t, s, c, p)
		v := h.submitted(h.open())
		decide := func(d review.Decision) {
			t.Helper()
			id := h.claimed(v)
			for _, d := range v.Documents {
				if _, err := h.documents.Picture(t.Context(), rui, d.PublicID); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := h.reviews.Decide(t.Context(), rui, id, d); err != nil {
				t.Fatal(err)
			}
		}
		takeBack := func(given ...review.Reason) error {
			t.Helper()
			_, err := h.reviews.Reverse(t.Context(), luo, v.Case.PublicID, "looked at again", given)
			return err
		}
		forged := review.Reason{Code: "forged"}
		decide(review.Decision{Reasons: []review.Reason{forged}})
		if got := h.get(v); got.State != enhanced.Failed || got.Holding != "placing" {
			t.Fatalf("refused it is %s, its hold %q", got.State, got.Holding)
		}
		if err := takeBack(); err != nil {
			t.Fatal(err)
		}
		if got := h.get(v); got.State != enhanced.InReview || got.Holding != "lifting" || !got.EndedAt.IsZero() {
			t.Errorf("reopened it is %s, its hold %q, ended %s", got.State, got.Holding, got.EndedAt)
		}
		decide(review.Decision{Pass: true})
		if err := takeBack(forged); err != nil {
			t.Fatal(err)
		}
		if got := h.get(v); got.State != enhanced.Failed || got.Holding != "placing" || got.EndedAt.IsZero() || len(got.Reasons) != 1 {
			t.Errorf("revoked it is %s, its hold %q, ended %s, for %+v", got.State, got.Holding, got.EndedAt, got.Reasons)
		}
		if got, want := h.events(v), []string{"enhanced.opened", "enhanced.submitted", "enhanced.failed", "enhanced.reopened", "enhanced.passed", "enhanced.failed"}; !slices.Equal(got, want) {
			t.Errorf("the registrant was told %v, want %v", got, want)
		}
	})
}

func TestWhatIsAskedForAnewIsNotReopened(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c, policytest.Shipped())
		v := h.submitted(h.open())
		if _, err := h.reviews.Decide(t.Context(), rui, h.claimed(v), review.Decision{Reasons: []review.Reason{{Code: "forged"}}}); err != nil {
			t.Fatal(err)
		}
		h.open()
		if _, err := h.reviews.Reverse(t.Context(), luo, v.Case.PublicID, "misread", nil); fault.Code(err) != "enhanced_open" {
			t.Errorf("beside another one: %v", err)
		}
	})
}

// The desk looks for cases by suffix, and sees what pictures of other accounts have to do with
// them; the registrant is told nothing of those.
func TestDeskSeesTheSuffixAndWhereElseAPictureWasShown(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c, policytest.Shipped())
		v := h.open()
		h.everything(v)
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.NewRaw("UPDATE enhanced_verification SET domain_id = 7, title = '样本.中国' WHERE public_id = ?", v.PublicID).Exec(ctx); err != nil {
				return err
			}
			_, err := tx.NewRaw(`INSERT INTO document (public_id, account_id, kind, side, state, file_name, format, width, height, bytes, sha256, blob_key, verdict, findings, created_at, rejected_at, rejected_reason)
				SELECT 'doc_elsewhere', (SELECT min(id) FROM account WHERE id <> document.account_id), kind, side, state, file_name, format, width, height, bytes, sha256, 'none', verdict, findings, created_at, 1, 'forged' FROM document WHERE kind = 'holding_photo'`).Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := h.Submit(t.Context(), h.li, v.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"contested", "picture_elsewhere", "picture_rejected_before"}; !slices.Equal(got.Case.Flags, want) || got.Case.Suffix != "xn--fiqs8s" {
			t.Errorf("the case is flagged %v for .%s, want %v for .xn--fiqs8s", got.Case.Flags, got.Case.Suffix, want)
		}
	})
}

func TestUploadsHaveLimitsOfTheirOwn(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c, policytest.Shipped())
	v := h.open()
	if err := h.upload(h.li, v, "passport", "front"); fault.Code(err) != "enhanced_not_wanted" {
		t.Errorf("a document of another kind: %v", err)
	}
	if err := h.upload(h.li, v, "resident_id", "left"); fault.Code(err) != "enhanced_not_wanted" {
		t.Errorf("a side that there is not: %v", err)
	}
	_, _, err := h.Attach(t.Context(), h.li, v.PublicID, document.Upload{Kind: "holding_photo", FileName: "a.webp", Body: bytes.NewReader([]byte("RIFF\x00\x00\x01\x00WEBPVP8 " + string(make([]byte, 60_000))))})
	if f := fault.From(err); f.Code != "document_rejected" || !slices.ContainsFunc(f.Details, func(d *fault.Error) bool { return d.Code == "format_unsupported" && d.Params["Formats"] == "JPEG, PNG" }) {
		t.Errorf("a WebP picture: %+v", f)
	}
	if err := h.upload(h.li, v, "resident_id", "front"); err != nil {
		t.Fatal(err)
	}
	if err := h.upload(h.li, v, "resident_id", "front"); err != nil { // in the place of the first
		t.Fatal(err)
	}
	if got := h.get(v); len(got.Documents) != 1 || !got.Wants[0].There || got.Wants[1].There {
		t.Errorf("it has %d documents, wants %+v", len(got.Documents), got.Wants)
	}
}

func TestNobodyElseSeesOrTouchesIt(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c, policytest.Shipped())
	v := h.open()
	for name, do := range map[string]func() error{
		"reads":   func() error { _, err := h.Get(t.Context(), h.chen, v.PublicID); return err },
		"uploads": func() error { return h.upload(h.chen, v, "holding_photo", "") },
		"submits": func() error { _, err := h.Submit(t.Context(), h.chen, v.PublicID); return err },
	} {
		if err := do(); fault.Code(err) != "enhanced_not_found" {
			t.Errorf("another account %s it: %v", name, err)
		}
	}
	both := actor.Actor{ID: "per_both", Account: h.chen.Account, Roles: []actor.Role{actor.Registrant, actor.Reviewer}}
	if _, err := h.Submit(t.Context(), both, v.PublicID); fault.Code(err) != "enhanced_not_found" {
		t.Errorf("who may read it as a reviewer submits it: %v", err)
	}
	if all, err := h.List(t.Context(), h.chen, false, 10); err != nil || len(all) != 0 {
		t.Errorf("another account lists %+v, %v", all, err)
	}
	for who, a := range map[string]actor.Actor{"its registrant": h.li, "a reviewer": rui} {
		if all, err := h.List(t.Context(), a, true, 10); err != nil || len(all) != 1 {
			t.Errorf("%s lists %+v, %v", who, all, err)
		}
		if _, err := h.Open(t.Context(), a, enhanced.Opening{Profile: h.profile, Cause: "x"}); fault.Code(err) != "forbidden" {
			t.Errorf("%s opens one: %v", who, err)
		}
		if _, err := h.Cancel(t.Context(), a, v.PublicID, "x"); fault.Code(err) != "forbidden" {
			t.Errorf("%s cancels one: %v", who, err)
		}
	}
	for code, o := range map[string]enhanced.Opening{
		"cause_required": {Profile: h.profile, Cause: " "}, "enhanced_of_what": {Cause: "x"}, "profile_not_found": {Profile: "prf_none", Cause: "x"}, "domain_not_found": {Domain: "none.cn", Cause: "x"},
	} {
		if _, err := h.Open(t.Context(), ola, o); fault.Code(err) != code {
			t.Errorf("%+v: %v, want %s", o, err, code)
		}
	}
}

func TestTimeAtTheDeskDoesNotCount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c, policytest.Shipped())
		v := h.open()
		c.Advance(9 * 24 * time.Hour)
		submitted := h.submitted(v)
		c.Advance(5 * 24 * time.Hour)
		if n, err := h.ExpireDue(t.Context(), 10); n != 0 || err != nil {
			t.Errorf("%d expired in review, %v", n, err)
		}
		if _, err := h.reviews.AskMore(t.Context(), rui, h.claimed(submitted), review.More{Side: "back"}); err != nil {
			t.Fatal(err)
		}
		got := h.get(v)
		if got.State != enhanced.Asked || !got.DueAt.Equal(v.DueAt.Add(5*24*time.Hour)) || len(got.Reasons) != 1 || got.Reasons[0].Code != "back_required" {
			t.Errorf("returned it is %s until %s for %+v", got.State, got.DueAt, got.Reasons)
		}
		c.Advance(24*time.Hour - time.Microsecond)
		if n, err := h.ExpireDue(t.Context(), 10); n != 0 || err != nil {
			t.Errorf("%d expired too early, %v", n, err)
		}
		c.Advance(time.Microsecond)
		if n, err := h.ExpireDue(t.Context(), 10); n != 1 || err != nil {
			t.Errorf("%d expired, %v", n, err)
		}
		if got := h.get(v); got.State != enhanced.Expired || got.Holding != "" {
			t.Errorf("expired it is %s, holding %q", got.State, got.Holding)
		}
		if _, err := h.Submit(t.Context(), h.li, v.PublicID); err != nil { // late, but not in vain
			t.Error(err)
		}
	})
}

func TestPicturesAreKeptWhileItIsOpenAndErasedLater(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c, policytest.Shipped())
	v := h.open()
	h.everything(v)
	c.Advance(100 * 24 * time.Hour)
	erase := func() int {
		t.Helper()
		if _, err := h.documents.EraseDue(t.Context(), 100); err != nil {
			t.Fatal(err)
		}
		return h.count("document WHERE erased_at IS NOT NULL")
	}
	if n := erase(); n != 0 {
		t.Errorf("%d pictures of an open one are erased", n)
	}
	if _, err := h.Cancel(t.Context(), ola, v.PublicID, "a mistake"); err != nil {
		t.Fatal(err)
	}
	c.Advance(179 * 24 * time.Hour)
	if n := erase(); n != 0 {
		t.Errorf("%d pictures are erased after 179 days", n)
	}
	c.Advance(31 * 24 * time.Hour)
	if n := erase(); n != 5 {
		t.Errorf("%d pictures are erased after 210 days, want 5", n)
	}
	if got, want := h.events(v), []string{"enhanced.opened", "enhanced.cancelled"}; !slices.Equal(got, want) {
		t.Errorf("the registrant was told %v, want %v", got, want)
	}
}

package profile_test

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// Numbers of people and organisations that do not exist.
const (
	liNumber   = "990000199003071171"
	wangNumber = "990000198711242467"
)

// letterbox is the courier of the tests: it keeps the last link.
type letterbox struct{ token string }

func (l *letterbox) VerificationLink(_ context.Context, x emailcheck.Letter) error {
	l.token = x.Token
	return nil
}

// house is an installation with two customers and a reviewer.
type house struct {
	*profile.Profiles
	t        *testing.T
	store    *store.Store
	clock    *clock.Fake
	policies *policy.Policies
	emails   *emailcheck.Checks
	reviews  *review.Reviews
	papers   *document.Documents
	box      *letterbox
	li, chen actor.Actor
	reviewer actor.Actor
}

func newHouse(t *testing.T, s *store.Store, c *clock.Fake) house {
	return newHouseUnder(t, s, c, policytest.Shipped())
}

func newHouseUnder(t *testing.T, s *store.Store, c *clock.Fake, p *policy.Policies) house {
	t.Helper()
	v, err := vault.OpenData(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	h := house{t: t, store: s, clock: c, policies: p, box: &letterbox{}}
	h.emails = emailcheck.New(s, p, h.box)
	h.reviews = review.New(s, p)
	h.reviews.AddAuthority("sandbox", review.Sandbox{Now: s.Now})
	h.papers = document.New(s, v, p, jail.Here(document.Inside()))
	h.Profiles = profile.New(s, v, p, h.papers, h.reviews, profile.Authorities{Default: review.Desk, Allowed: []string{"sandbox"}})
	h.reviewer = actor.Actor{ID: "per_rui", Account: 99, Roles: []actor.Role{actor.Reviewer}}
	accounts := account.New(s, account.Passwords{})
	for name, who := range map[string]*actor.Actor{"li": &h.li, "chen": &h.chen} {
		acc, err := accounts.Create(t.Context(), actor.Verinym, name)
		if err != nil {
			t.Fatal(err)
		}
		*who = actor.Actor{ID: "per_" + name, Account: acc.ID, Roles: []actor.Role{actor.Registrant}}
	}
	return h
}

// form is what a registrant fills in.
type form map[string]string

func (f form) with(pairs ...string) form {
	out := maps.Clone(f)
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

func (f form) without(names ...string) form {
	out := maps.Clone(f)
	for _, n := range names {
		delete(out, n)
	}
	return out
}

func (f form) draft() profile.Draft {
	d := profile.Draft{Fields: map[string]*string{}}
	for k, v := range f {
		d.Fields[k] = &v
	}
	return d
}

// person, company and foreigner are complete forms.
func person() form {
	return form{"name_zh": "李思远", "country": "CN", "province_zh": "陕西省", "city_zh": "西安市", "address_zh": "样张区虚构路18号院3号楼", "postal_code": "710000",
		"phone": "13800138000", "email": "li@registrant.example", "document_kind": "resident_id", "document_number": liNumber}
}

func company() form {
	return person().with("organization_zh", "西安样本科技有限公司", "document_kind", "uscc_certificate", "document_number", "91990000YYYYN8QY5R", "issued_on", "2020-03-01")
}

func foreigner() form {
	return form{"name_en": "Anna Maria Schmidt", "country": "DE", "city_en": "Berlin", "address_en": "Musterstr. 1", "postal_code": "10115",
		"phone": "030 901820", "email": "anna@registrant.example", "document_kind": "passport", "document_number": "X00123456"}
}

// sort says which profile a form is for.
type sort struct {
	accreditation policy.Accreditation
	kind          policy.ProfileKind
	holder        policy.HolderType
}

var (
	mainland     = sort{policy.Mainland, policy.Common, policy.Individual}
	organization = sort{policy.Mainland, policy.Common, policy.Organization}
	cnnic        = sort{policy.Mainland, policy.CNNIC, policy.Individual}
	cnnicOrg     = sort{policy.Mainland, policy.CNNIC, policy.Organization}
	overseas     = sort{policy.Overseas, policy.Common, policy.Individual}
)

func (h house) try(k sort, f form) (profile.View, error) {
	return h.Create(h.t.Context(), h.li, k.accreditation, k.kind, k.holder, f.draft())
}

func (h house) create(k sort, f form) profile.View {
	h.t.Helper()
	v, err := h.try(k, f)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func (h house) edit(v profile.View, f form) (profile.View, error) {
	return h.Edit(h.t.Context(), h.li, v.Profile.PublicID, f.draft())
}

func (h house) mustEdit(v profile.View, f form) profile.View {
	h.t.Helper()
	v, err := h.edit(v, f)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func (h house) get(v profile.View) profile.View {
	h.t.Helper()
	v, err := h.Get(h.t.Context(), h.li, v.Profile.PublicID)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// answers verifies the address of a profile.
func (h house) answers(v profile.View) {
	h.t.Helper()
	if v.Email == emailcheck.Verified {
		return
	}
	addr, err := h.emails.Request(h.t.Context(), h.li, v.Current.Fields.Email)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.emails.Send(h.t.Context(), emailcheck.SendLink{AddressID: addr.ID}); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.emails.Confirm(h.t.Context(), h.box.token); err != nil {
		h.t.Fatal(err)
	}
}

// shown puts the row of a picture to a profile: one that was screened before, so
// that not every story screens it again. Stories about pictures attach them.
func (h house) shown(v profile.View, side string) {
	h.t.Helper()
	id := store.NewID("doc")
	h.exec(`INSERT INTO document (public_id, account_id, kind, side, state, file_name, format, width, height, bytes, sha256, blob_key, verdict, findings, created_at)
		VALUES (?, ?, ?, ?, 'stored', 'card.jpg', 'JPEG', 1920, 1440, 500000, ?, 'none', 'pass', '[]', 0)`, id, h.li.Account, v.Current.Fields.DocumentKind, side, []byte(id))
	h.exec("INSERT INTO profile_document (version_id, side, document_id) SELECT ?, ?, id FROM document WHERE public_id = ?", v.Current.ID, side, id)
}

func (h house) attach(v profile.View, side string, picture []byte) (profile.View, error) {
	v, _, err := h.Attach(h.t.Context(), h.li, v.Profile.PublicID, false,
		document.Upload{Side: side, FileName: "card.jpg", DeclaredType: "image/jpeg", Body: bytes.NewReader(picture)})
	return v, err
}

// submitted is a complete profile in review.
func (h house) submitted(k sort, f form) profile.View {
	h.t.Helper()
	v := h.create(k, f)
	h.answers(v)
	for _, side := range h.sides(v) {
		h.shown(v, side)
	}
	return h.submit(v)
}

func (h house) sides(v profile.View) []string {
	d, _ := h.policies.Document(v.Current.Fields.DocumentKind)
	return d.RequiredSides()
}

func (h house) submit(v profile.View) profile.View {
	h.t.Helper()
	v, err := h.Submit(h.t.Context(), h.li, v.Profile.PublicID, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// decided is a profile after the desk's verdict; no reasons mean success.
func (h house) decided(v profile.View, reasons ...review.Reason) profile.View {
	h.t.Helper()
	if _, err := h.reviews.Claim(h.t.Context(), h.reviewer, v.Case.PublicID); err != nil {
		h.t.Fatal(err)
	}
	err := h.store.InTx(h.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, d := range v.Documents {
			if err := h.reviews.Opened(ctx, tx, h.reviewer, d.PublicID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.reviews.Decide(h.t.Context(), h.reviewer, v.Case.PublicID, review.Decision{Pass: len(reasons) == 0, Reasons: reasons}); err != nil {
		h.t.Fatal(err)
	}
	return h.get(v)
}

func (h house) exec(query string, args ...any) {
	h.t.Helper()
	err := h.store.InTx(h.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h house) count(query string, args ...any) (n int) {
	h.t.Helper()
	if err := h.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// faults lists what an error says, as "field code", sorted.
func faults(err error) (out []string) {
	f := fault.From(err)
	if f == nil {
		return nil
	}
	for _, d := range f.Details {
		out = append(out, strings.TrimSpace(d.Field+" "+d.Code))
	}
	if len(out) == 0 {
		out = []string{strings.TrimSpace(f.Field + " " + f.Code)}
	}
	slices.Sort(out)
	return out
}

func check(t *testing.T, what string, err error, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := faults(err); !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v (%v)", what, got, want, err)
	}
}

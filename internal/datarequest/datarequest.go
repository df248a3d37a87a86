package datarequest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// Origin says how a request came.
type Origin string

// The origins.
const (
	// BySelf: a person of the account asked.
	BySelf Origin = "self"
	// ByStaff: an admin entered it, who has a letter or a mail.
	ByStaff Origin = "staff"
)

// Request is one wish about the data of a profile or of a whole account.
type Request struct {
	bun.BaseModel `bun:"table:data_request"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	// ProfileID is 0 for the whole account.
	ProfileID int64
	Kind      Kind
	State     State
	Origin    Origin
	// RequestedBy is who asked, or entered it; Evidence is what that admin has, for staff.
	RequestedBy string
	Evidence    string
	AskedAt     store.Time
	// DueAt is until when it is to be answered, the later time once that is extended.
	DueAt store.Time
	// ExtendedAt is when the time to answer was extended, by ExtendedBy, for the coded reason
	// Extension (Extensions), with what was written beside it.
	ExtendedAt    store.Time
	ExtendedBy    string
	Extension     string
	ExtensionNote string
	// ActAt is when something is next to be done about it by itself: an erasure begun that
	// nobody thought better of, its grounds looked at again, a file deleted.
	ActAt store.Time
	// FirstBy is the admin who endorsed it, AcceptedBy who had it carried out.
	FirstBy, AcceptedBy string
	// Refusal is the coded ground of a refusal, Note what the admin wrote beside it.
	Refusal string
	Note    string
	EndedAt store.Time
	// BlobKey is the file of an export, "" for none; it can be fetched to OpenUntil.
	BlobKey    string
	Bytes      int64
	SHA256     []byte `bun:"sha256,nullzero"`
	OpenUntil  store.Time
	RowVersion int64
}

// part is what an erasure is carried out in: a profile, or the account itself (0).
type part struct {
	bun.BaseModel `bun:"table:data_request_part"`

	ID        int64 `bun:",pk,autoincrement"`
	RequestID int64
	ProfileID int64
	Grounds   []Ground
	ErasedAt  store.Time
}

// View is a request with what belongs to it.
type View struct {
	Request
	// Account and Profile are public ids; Profile is "" for the whole account.
	Account, Profile string
	// Holder says whose the profile is, "" once erased.
	Holder string
	// ExtendableTo is until when the time to answer can be extended now; zero where it cannot.
	ExtendableTo time.Time
	// Parts say of an erasure that has begun what is erased, and what waits why.
	Parts []Part
}

// Part is a profile, or the account itself, in an erasure.
type Part struct {
	// Profile is its public id, "" for the account; Holder says whose it is, "" once erased.
	Profile, Holder string
	ErasedAt        time.Time
	// Grounds say why it stays for now; none for what goes, or has gone.
	Grounds []Ground
}

// Requests owns data requests.
type Requests struct {
	store      *store.Store
	vault      *vault.Vault
	policies   *policy.Policies
	accounts   *account.Accounts
	profiles   *profile.Profiles
	documents  *document.Documents
	registries *registry.Registries
}

// New returns the data requests of s, whose files are in v.
func New(s *store.Store, v *vault.Vault, p *policy.Policies, as *account.Accounts, ps *profile.Profiles, ds *document.Documents, rs *registry.Registries) *Requests {
	r := &Requests{store: s, vault: v, policies: p, accounts: as, profiles: ps, documents: ds, registries: rs}
	ds.AddHolder(r)
	return r
}

// Asking is a wish: about the data of a profile, or with none, of the whole account.
type Asking struct {
	Kind    Kind
	Profile string
	// Account is whose data they are, and Evidence how it came, where an admin enters it.
	Account, Evidence string
}

// refusals are the grounds on which a request may be refused, with texts in both languages.
var refusals = []string{"identity_doubtful", "not_the_subject", "unfounded", "excessive", "legal_claim", "law_forbids"}

// Refusals lists the codes of the grounds on which a request may be refused.
func Refusals() []string { return slices.Clone(refusals) }

// Ask asks for an export or an erasure. A registrant asks for what is their account's, with
// data.request and a fresh proof of who they are; who manages requests (data.manage) enters
// one for any account, with evidence. An export is made at once; an erasure that a
// registrant asked for begins when they have had time to think better of it, one that was
// entered when it is accepted. Faults: value_unknown, evidence_required, account_not_found,
// account_own, profile_not_found, proof_required, session_required, data_request_open.
func (rs *Requests) Ask(ctx context.Context, a actor.Actor, w Asking) (View, error) {
	if w.Kind != Export && w.Kind != Erasure {
		return View{}, fault.At("kind", "value_unknown").With("Field", "kind")
	}
	r := Request{PublicID: store.NewID("dr"), AccountID: a.Account, Kind: w.Kind, State: Open, Origin: BySelf, RequestedBy: a.ID, RowVersion: 1}
	if w.Account != "" {
		if err := rs.entered(ctx, a, w, &r); err != nil {
			return View{}, err
		}
	} else {
		if err := a.Check(actor.DataRequest); err != nil {
			return View{}, err
		}
		if err := a.CheckProved(rs.store.Now()); err != nil {
			return View{}, err
		}
	}
	err := rs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if w.Profile != "" {
			p, err := profile.Owned(ctx, tx, r.AccountID, w.Profile)
			if err != nil {
				return err
			}
			r.ProfileID = p.ID
		}
		r.AskedAt, r.DueAt = store.At(tx.Now()), store.At(rs.due(tx.Now()))
		if r.Kind == Erasure && r.Origin == BySelf {
			r.ActAt = store.At(tx.Now().Add(time.Duration(rs.policies.Limits.DataRequests.Reconsider.Duration)))
		}
		if _, err := tx.NewInsert().Model(&r).Exec(ctx); err != nil {
			if store.IsUnique(err) {
				err = fault.New(fault.Conflict, "data_request_open")
			}
			return err
		}
		if err := rs.tell(ctx, tx, r, "data_request.opened", map[string]string{"Due": rs.day(r.DueAt.Time)}); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, a, "data_request.open", r.PublicID, map[string]string{
			"kind": string(r.Kind), "origin": string(r.Origin), "profile": w.Profile,
		}); err != nil {
			return err
		}
		if r.Kind == Erasure {
			return nil
		}
		r.AcceptedBy = a.ID
		return rs.begin(ctx, tx, &r)
	})
	if err != nil {
		return View{}, wrap("ask", err)
	}
	return rs.view(ctx, r)
}

// entered is a request that an admin has in writing.
func (rs *Requests) entered(ctx context.Context, a actor.Actor, w Asking, r *Request) error {
	if err := a.Check(actor.DataManage); err != nil {
		return err
	}
	if r.Evidence = strings.TrimSpace(w.Evidence); r.Evidence == "" {
		return fault.At("evidence", "evidence_required")
	}
	acc, err := rs.accounts.Find(ctx, a, w.Account)
	if err != nil {
		return err
	}
	if acc.ID == a.Account { // nobody decides about what is their own
		return fault.New(fault.Conflict, "account_own")
	}
	r.AccountID, r.Origin = acc.ID, ByStaff
	return nil
}

// due is by when a request is answered that came now.
func (rs *Requests) due(now time.Time) time.Time {
	within := rs.policies.Limits.DataRequests.AnswerWithin
	if within.BusinessDays > 0 {
		return rs.policies.Calendar.After(now, within.BusinessDays).At
	}
	return rs.monthsAfter(now, within.Months)
}

// monthsAfter is the end of the last of so many months. A month ends on the day of the same
// number, or on its last day (Regulation (EEC, Euratom) No 1182/71, Article 3).
func (rs *Requests) monthsAfter(t time.Time, months int) time.Time {
	c := rs.policies.Calendar
	from := t.In(c.Zone())
	to := from.AddDate(0, months, 0)
	if to.Day() != from.Day() {
		to = to.AddDate(0, 0, -to.Day())
	}
	return c.DaysAfter(to, 0).At
}

// day is the last day of a time that ends with a day, as people are told it.
func (rs *Requests) day(end time.Time) string {
	return end.Add(-time.Second).In(rs.policies.Calendar.Zone()).Format(time.DateOnly)
}

// begin has a request carried out.
func (rs *Requests) begin(ctx context.Context, tx *store.Tx, r *Request) error {
	r.ActAt = store.Time{}
	if err := r.move(ctx, tx, Accept); err != nil {
		return err
	}
	return tx.Enqueue(ctx, CarryOut{Request: r.ID}, store.JobOptions{Unique: true})
}

func (rs *Requests) tell(ctx context.Context, tx *store.Tx, r Request, t event.Type, data map[string]string) error {
	said := map[string]string{"Wish": string(r.Kind)}
	for k, v := range data {
		said[k] = v
	}
	return event.Append(ctx, tx, r.AccountID, t, r.PublicID, said)
}

// move applies an event and writes the row.
func (r *Request) move(ctx context.Context, tx *store.Tx, e Event) (err error) {
	if r.State, err = Table.Next(r.State, e); err != nil {
		return err
	}
	switch r.State {
	case Ready, Completed, Refused, Withdrawn:
		r.EndedAt = store.At(tx.Now())
	}
	r.RowVersion++
	return store.One(tx.NewUpdate().Model(r).WherePK().Where("row_version = ?", r.RowVersion-1).Exec(ctx))
}

// Get returns a request of the actor's account; who manages requests reads any. Fault:
// data_request_not_found.
func (rs *Requests) Get(ctx context.Context, a actor.Actor, publicID string) (View, error) {
	r, err := rs.find(ctx, rs.store.R, a, publicID)
	if err != nil {
		return View{}, err
	}
	return rs.view(ctx, r)
}

func (rs *Requests) find(ctx context.Context, db bun.IDB, a actor.Actor, publicID string) (r Request, err error) {
	if err := mayRead(a); err != nil {
		return r, err
	}
	q := db.NewSelect().Model(&r).Where("public_id = ?", publicID)
	if !a.May(actor.DataManage) {
		q = q.Where("account_id = ?", a.Account)
	}
	err = q.Scan(ctx)
	if store.IsNotFound(err) {
		return r, fault.New(fault.NotFound, "data_request_not_found")
	}
	return r, wrap("find", err)
}

func mayRead(a actor.Actor) error {
	if a.May(actor.DataManage) {
		return nil
	}
	return a.Check(actor.DataRequest)
}

// Filter says which requests are wanted; the zero value wants all.
type Filter struct {
	// Open leaves out those that have ended.
	Open bool
	// Account is the public id of one account, for who manages requests.
	Account string
}

// List returns a page of requests of the actor's account, the newest first, behind the one
// with the id after, and what to give as after for the next page, "" on the last. Who
// manages requests gets those of all accounts.
func (rs *Requests) List(ctx context.Context, a actor.Actor, f Filter, after string, limit int) (out []View, next string, err error) {
	if err := mayRead(a); err != nil {
		return nil, "", err
	}
	var rows []Request
	q := rs.store.R.NewSelect().Model(&rows).OrderExpr("id DESC").Limit(int64(limit + 1))
	switch {
	case !a.May(actor.DataManage):
		q = q.Where("account_id = ?", a.Account)
	case f.Account != "":
		q = q.Where("account_id = (SELECT x.id FROM account AS x WHERE x.public_id = ?)", f.Account)
	}
	if f.Open {
		q = q.Where("ended_at IS NULL")
	}
	if after != "" {
		q = q.Where("id < (SELECT x.id FROM data_request AS x WHERE x.public_id = ?)", after)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", wrap("list", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].PublicID
	}
	for _, r := range rows {
		v, err := rs.view(ctx, r)
		if err != nil {
			return nil, "", err
		}
		out = append(out, v)
	}
	return out, next, nil
}

// view reads what belongs to a request.
func (rs *Requests) view(ctx context.Context, r Request) (out View, err error) {
	out.Request = r
	ids, err := rs.accounts.PublicIDs(ctx, rs.store.R, []int64{r.AccountID})
	if err != nil {
		return out, wrap("view", err)
	}
	out.Account = ids[r.AccountID]
	if at, err := rs.extended(r, rs.store.Now()); err == nil {
		out.ExtendableTo = at
	}
	if r.ProfileID != 0 {
		if out.Profile, out.Holder, err = rs.titleOf(ctx, rs.store.R, r.ProfileID); err != nil {
			return out, wrap("view", err)
		}
	}
	var parts []part
	if err := rs.store.R.NewSelect().Model(&parts).Where("request_id = ?", r.ID).OrderExpr("profile_id = 0, id").Scan(ctx); err != nil {
		return out, wrap("view", err)
	}
	for _, p := range parts {
		shown := Part{Grounds: p.Grounds, ErasedAt: p.ErasedAt.Time}
		if p.ProfileID != 0 {
			if shown.Profile, shown.Holder, err = rs.titleOf(ctx, rs.store.R, p.ProfileID); err != nil {
				return out, wrap("view", err)
			}
		}
		out.Parts = append(out.Parts, shown)
	}
	return out, nil
}

// titleOf is the public id of a profile, and whose it is.
func (rs *Requests) titleOf(ctx context.Context, db bun.IDB, id int64) (publicID, holder string, err error) {
	p, v, err := rs.profiles.ByRow(ctx, db, id)
	if err != nil {
		return "", "", err
	}
	return p.PublicID, v.Holder(p), nil
}

// Withdraw takes a request back that has not been carried out, or what of an erasure still
// waits; what is erased stays so. It is for the people of the account, and for who manages
// requests where one was entered. Faults: data_request_not_found, forbidden,
// data_request_state.
func (rs *Requests) Withdraw(ctx context.Context, a actor.Actor, publicID string) (View, error) {
	return rs.change(ctx, a, publicID, "data_request.withdraw", func(ctx context.Context, tx *store.Tx, r *Request) error {
		if r.Origin == BySelf && r.AccountID != a.Account { // staff refuse, they do not withdraw
			return fault.New(fault.Forbidden, "forbidden").With("Permission", string(actor.DataRequest))
		}
		r.ActAt = store.Time{}
		if err := r.move(ctx, tx, Withdraw); err != nil {
			return err
		}
		return rs.tell(ctx, tx, *r, "data_request.withdrawn", nil)
	})
}

// Accept has an erasure carried out at once. Where policy asks for a second admin, the
// first acceptance endorses it, and another admin accepts. It needs data.manage. Faults:
// data_request_not_found, data_request_state, data_request_same_admin.
func (rs *Requests) Accept(ctx context.Context, a actor.Actor, publicID string) (View, error) {
	if err := a.Check(actor.DataManage); err != nil {
		return View{}, err
	}
	return rs.change(ctx, a, publicID, "data_request.accept", func(ctx context.Context, tx *store.Tx, r *Request) error {
		switch {
		case r.AccountID == a.Account:
			return fault.New(fault.Conflict, "account_own")
		case r.State == Open && rs.needsSecond(*r):
			r.FirstBy = a.ID
			return r.move(ctx, tx, Endorse)
		case r.FirstBy == a.ID:
			return fault.New(fault.Conflict, "data_request_same_admin")
		}
		r.AcceptedBy = a.ID
		return rs.begin(ctx, tx, r)
	})
}

// needsSecond reports whether two admins accept the request.
func (rs *Requests) needsSecond(r Request) bool {
	what := "account"
	if r.ProfileID != 0 {
		what = "profile"
	}
	return r.Kind == Erasure && slices.Contains(rs.policies.Limits.DataRequests.SecondAdmin.Of, what)
}

// Refuse refuses a request on a coded ground (Refusals), with a note for who asked. It needs
// data.manage. Faults: value_unknown, data_request_not_found, data_request_state.
func (rs *Requests) Refuse(ctx context.Context, a actor.Actor, publicID, ground, note string) (View, error) {
	if err := a.Check(actor.DataManage); err != nil {
		return View{}, err
	}
	if !slices.Contains(refusals, ground) {
		return View{}, fault.At("ground", "value_unknown").With("Field", "ground")
	}
	return rs.change(ctx, a, publicID, "data_request.refuse", func(ctx context.Context, tx *store.Tx, r *Request) error {
		if r.AccountID == a.Account {
			return fault.New(fault.Conflict, "account_own")
		}
		r.Refusal, r.Note, r.ActAt = ground, strings.TrimSpace(note), store.Time{}
		if err := r.move(ctx, tx, Refuse); err != nil {
			return err
		}
		return rs.tell(ctx, tx, *r, "data_request.refused", map[string]string{"Refusal": ground})
	})
}

// change reads a request, lets f change it and records that.
func (rs *Requests) change(ctx context.Context, a actor.Actor, publicID, act string, f func(context.Context, *store.Tx, *Request) error) (View, error) {
	var r Request
	err := rs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if r, err = rs.find(ctx, tx, a, publicID); err != nil {
			return err
		}
		if err := f(ctx, tx, &r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, act, r.PublicID, map[string]string{
			"state": string(r.State), "refusal": r.Refusal, "extension": r.Extension, "due": rs.day(r.DueAt.Time),
		})
	})
	if err != nil {
		return View{}, wrap("change", err)
	}
	return rs.view(ctx, r)
}

// Holds implements document.Holder: files of exports are in the vault too.
func (rs *Requests) Holds(ctx context.Context, keys []string) (out []string, err error) {
	err = rs.store.R.NewRaw("SELECT blob_key FROM data_request WHERE blob_key IN (?)", bun.List(keys)).Scan(ctx, &out)
	return out, wrap("holds", err)
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("datarequest: %s: %w", op, store.StaleFault(err))
}

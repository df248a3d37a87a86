package datarequest

import (
	"context"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/idempotency"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/webhook"
)

// CarryOut is the job that makes the file of an export, or erases what no ground covers.
type CarryOut struct {
	Request int64 `json:"request"`
}

// Kind names the job.
func (CarryOut) Kind() string { return "data_request_carry_out" }

// groundAsked is the ground for which documents are erased that were asked to be.
const groundAsked = "data_request"

// CarryOut does the job. What was done before is not done again.
func (rs *Requests) CarryOut(ctx context.Context, job CarryOut) error {
	var r Request
	if err := rs.store.R.NewSelect().Model(&r).Where("id = ?", job.Request).Scan(ctx); err != nil {
		return wrap("carry out", err)
	}
	switch {
	case r.Kind == Export && r.State == UnderWay:
		return wrap("export", rs.supply(ctx, r))
	case r.Kind == Erasure && (r.State == UnderWay || r.State == Deferred):
		return wrap("erase", rs.erase(ctx, r))
	}
	return nil // it has moved on
}

// WorkDue has up to n requests looked at whose time has come: erasures that nobody thought
// better of begin, grounds are looked at again, files that nobody fetches any more go. It
// returns how many.
func (rs *Requests) WorkDue(ctx context.Context, n int) (done int, err error) {
	var due []Request
	err = rs.store.R.NewSelect().Model(&due).Where("act_at IS NOT NULL").Where("act_at <= ?", store.At(rs.store.Now())).OrderExpr("act_at, id").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return 0, wrap("work", err)
	}
	var failed []error
	for _, r := range due {
		err := rs.work(ctx, r)
		if err != nil && !errors.Is(err, store.ErrStale) { // another process was first
			failed = append(failed, err)
			continue
		}
		done++
	}
	return done, wrap("work", errors.Join(failed...))
}

func (rs *Requests) work(ctx context.Context, r Request) error {
	key := ""
	err := rs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		switch r.State {
		case Open:
			r.AcceptedBy = actor.Verinym.ID
			return rs.begin(ctx, tx, &r)
		case Deferred:
			r.ActAt = store.Time{}
			r.RowVersion++
			if err := store.One(tx.NewUpdate().Model(&r).WherePK().Where("row_version = ?", r.RowVersion-1).Exec(ctx)); err != nil {
				return err
			}
			return tx.Enqueue(ctx, CarryOut{Request: r.ID}, store.JobOptions{Unique: true})
		case Ready:
			key = r.BlobKey
			return rs.expire(ctx, tx, &r)
		}
		return nil
	})
	if err != nil || key == "" {
		return err
	}
	return rs.vault.Delete(ctx, key)
}

// expire forgets the file of an export.
func (rs *Requests) expire(ctx context.Context, tx *store.Tx, r *Request) error {
	r.BlobKey, r.ActAt = "", store.Time{}
	ended := r.EndedAt
	if err := r.move(ctx, tx, Expire); err != nil {
		return err
	}
	r.EndedAt = ended
	return rs.tell(ctx, tx, *r, "data_request.expired", nil)
}

// erase carries out the parts of an erasure that no ground covers, and says why the others
// wait.
func (rs *Requests) erase(ctx context.Context, r Request) error {
	parts, err := rs.parts(ctx, r)
	if err != nil {
		return err
	}
	var waiting []Ground
	for _, p := range parts {
		if !p.ErasedAt.IsZero() {
			continue
		}
		grounds, err := rs.erasePart(ctx, r, p)
		if err != nil {
			return err
		}
		waiting = append(waiting, grounds...)
	}
	return rs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		// Read again: it may have been withdrawn, and what was written beside it is erased too.
		if err := tx.NewSelect().Model(&r).WherePK().Scan(ctx); err != nil || r.State != UnderWay && r.State != Deferred {
			return err
		}
		if len(waiting) == 0 {
			r.ActAt = store.Time{}
			if err := r.move(ctx, tx, Complete); err != nil {
				return err
			}
			if err := audit.Record(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: r.AccountID}, "data_request.complete", r.PublicID, nil); err != nil {
				return err
			}
			return rs.tell(ctx, tx, r, "data_request.completed", nil)
		}
		first := r.State == UnderWay
		r.ActAt = store.At(nextLook(waiting, tx.Now()))
		if err := r.move(ctx, tx, Defer); err != nil || !first {
			return err
		}
		return rs.tell(ctx, tx, r, "data_request.deferred", map[string]string{"Ground": waiting[0].Code})
	})
}

// parts are those of an erasure, the account last. Profiles that have come to the account
// since are added to those of a whole account.
func (rs *Requests) parts(ctx context.Context, r Request) (out []part, err error) {
	err = rs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var want []part
		if r.ProfileID != 0 {
			want = append(want, part{RequestID: r.ID, ProfileID: r.ProfileID, Grounds: []Ground{}})
		} else {
			profiles, err := profile.All(ctx, tx, r.AccountID)
			if err != nil {
				return err
			}
			for _, p := range profiles {
				want = append(want, part{RequestID: r.ID, ProfileID: p.ID, Grounds: []Ground{}})
			}
			want = append(want, part{RequestID: r.ID, Grounds: []Ground{}})
		}
		for _, p := range want {
			if _, err := tx.NewInsert().Model(&p).On("CONFLICT (request_id, profile_id) DO NOTHING").Returning("NULL").Exec(ctx); err != nil {
				return err
			}
		}
		return tx.NewSelect().Model(&out).Where("request_id = ?", r.ID).OrderExpr("CASE profile_id WHEN 0 THEN 1 ELSE 0 END, id").Scan(ctx)
	})
	return out, err
}

// erasePart erases a part, or says why it waits.
func (rs *Requests) erasePart(ctx context.Context, r Request, p part) (grounds []Ground, err error) {
	var after []func(context.Context) error
	err = rs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		after, grounds = nil, nil
		// Read again: what is left of an erasure may be withdrawn.
		if err := tx.NewSelect().Model(&r).WherePK().Scan(ctx); err != nil || r.State != UnderWay && r.State != Deferred {
			return err
		}
		var scope erasure.Scope
		if p.ProfileID == 0 {
			grounds, scope, after, err = rs.accountPart(ctx, tx, r.AccountID)
		} else {
			grounds, scope, after, err = rs.profilePart(ctx, tx, p.ProfileID)
		}
		if err != nil {
			return err
		}
		if p.Grounds = grounds; len(grounds) == 0 {
			p.Grounds, p.ErasedAt = []Ground{}, store.At(tx.Now())
			files, err := rs.eraseRequests(ctx, tx, r, scope)
			if err != nil {
				return err
			}
			after = append(after, files)
			if err := audit.Redact(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: r.AccountID}, scope, r.PublicID); err != nil {
				return err
			}
		}
		_, err := tx.NewUpdate().Model(&p).Column("grounds", "erased_at").WherePK().Exec(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, f := range after { // what a crash leaves here is swept
		if err := f(ctx); err != nil {
			return nil, err
		}
	}
	return grounds, nil
}

// profilePart erases a profile and everything that names its holder.
func (rs *Requests) profilePart(ctx context.Context, tx *store.Tx, id int64) (grounds []Ground, scope erasure.Scope, after []func(context.Context) error, err error) {
	p, _, err := rs.profiles.ByRow(ctx, tx, id)
	if err != nil || !p.ErasedAt.IsZero() { // by another request
		return nil, scope, nil, err
	}
	if grounds, err = rs.grounds(ctx, tx, p, tx.Now()); err != nil || len(grounds) > 0 {
		return grounds, scope, nil, err
	}
	scope, addresses, err := rs.profiles.Scope(ctx, tx, p)
	if err != nil {
		return nil, scope, nil, err
	}
	found, err := rs.widen(ctx, tx, &scope)
	if err != nil {
		return nil, scope, nil, err
	}
	forget, err := rs.documents.Erase(ctx, tx, p.AccountID, found.documents, groundAsked)
	if err != nil {
		return nil, scope, nil, err
	}
	// Addresses before what is found by them; the profile last, because others are found by it.
	if err := emailcheck.Erase(ctx, tx, p.AccountID, addresses); err != nil {
		return nil, scope, nil, err
	}
	if err := rs.everywhere(ctx, tx, scope, found); err != nil {
		return nil, scope, nil, err
	}
	return nil, scope, []func(context.Context) error{forget}, rs.profiles.Erase(ctx, tx, p)
}

// accountPart erases what is left of an account when all of its profiles are.
func (rs *Requests) accountPart(ctx context.Context, tx *store.Tx, id int64) (grounds []Ground, scope erasure.Scope, after []func(context.Context) error, err error) {
	profiles, err := profile.All(ctx, tx, id)
	if err != nil {
		return nil, scope, nil, err
	}
	if grounds, err = accountGrounds(ctx, tx, id, len(profiles)); err != nil || len(grounds) > 0 {
		return grounds, scope, nil, err
	}
	if scope, err = account.Scope(ctx, tx, id); err != nil {
		return nil, scope, nil, err
	}
	left, err := emailcheck.Addresses(ctx, tx, id)
	if err != nil {
		return nil, scope, nil, err
	}
	var addresses []string
	for _, a := range left {
		addresses = append(addresses, a.Address)
		scope.Add(a.Address)
	}
	found, err := rs.widen(ctx, tx, &scope)
	if err != nil {
		return nil, scope, nil, err
	}
	forget, err := rs.documents.Erase(ctx, tx, id, found.documents, groundAsked)
	if err != nil {
		return nil, scope, nil, err
	}
	if err := emailcheck.Erase(ctx, tx, id, addresses); err != nil {
		return nil, scope, nil, err
	}
	if err := rs.everywhere(ctx, tx, scope, found); err != nil {
		return nil, scope, nil, err
	}
	return nil, scope, []func(context.Context) error{forget}, account.Erase(ctx, tx, id)
}

// about is what belongs to a scope in other nouns, by their rows.
type about struct {
	cases     []int64
	caseIDs   []string
	documents []int64
}

// widen adds to a scope what was made for its versions, or for the account: enhanced
// verifications, qualifications, cases, documents, names.
func (rs *Requests) widen(ctx context.Context, tx *store.Tx, scope *erasure.Scope) (out about, err error) {
	where, args := scope.OfVersions("version_id")
	owned := func(table string) (ids []int64, err error) {
		var found []struct {
			ID       int64
			PublicID string
		}
		err = tx.NewRaw("SELECT id, public_id FROM "+table+" WHERE "+where, args...).Scan(ctx, &found)
		for _, f := range found {
			ids, scope.Subjects = append(ids, f.ID), append(scope.Subjects, f.PublicID)
		}
		return ids, err
	}
	asked, err := owned("enhanced_verification")
	if err != nil {
		return out, err
	}
	qualified, err := owned("qualification")
	if err != nil {
		return out, err
	}
	if err := rs.cases(ctx, tx, scope, &out, asked, qualified); err != nil {
		return out, err
	}
	where, args = scope.OfVersions("version_id", "next_version_id")
	if err := tx.NewRaw("SELECT name FROM domain WHERE "+where, args...).Scan(ctx, &scope.Domains); err != nil {
		return out, err
	}
	if scope.Whole {
		return out, tx.NewRaw("SELECT id FROM document WHERE account_id = ? AND erased_at IS NULL", scope.Account).Scan(ctx, &out.documents)
	}
	// A document that another profile shows too is that one's.
	query := `SELECT document_id FROM profile_document WHERE version_id IN (?0) AND document_id NOT IN (SELECT x.document_id FROM profile_document AS x JOIN profile_version AS v ON v.id = x.version_id
		WHERE v.account_id = ?1 AND x.version_id NOT IN (?0))`
	if err := tx.NewRaw(query, bun.List(scope.Versions), scope.Account).Scan(ctx, &out.documents); err != nil {
		return out, err
	}
	for table, of := range map[string][]int64{"enhanced_document WHERE verification_id": asked, "qualification_document WHERE qualification_id": qualified} {
		if len(of) == 0 {
			continue
		}
		var more []int64
		if err := tx.NewRaw("SELECT document_id FROM "+table+" IN (?)", bun.List(of)).Scan(ctx, &more); err != nil {
			return out, err
		}
		out.documents = append(out.documents, more...)
	}
	slices.Sort(out.documents)
	out.documents = slices.Compact(out.documents)
	documents, err := document.ByIDs(ctx, tx, scope.Account, out.documents)
	for _, d := range documents {
		scope.Subjects = append(scope.Subjects, d.PublicID)
	}
	return out, err
}

// cases finds the reviews that are about a scope.
func (rs *Requests) cases(ctx context.Context, tx *store.Tx, scope *erasure.Scope, out *about, asked, qualified []int64) error {
	var found []review.Case
	q := tx.NewSelect().Model(&found).Column("id", "public_id").Where("account_id = ?", scope.Account)
	if !scope.Whole {
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			for kind, subjects := range map[review.Kind][]int64{
				review.ProfileVersion: scope.Versions, "account_identity": scope.Versions, enhanced.Kind: asked,
				qualification.Kind: qualified,
			} {
				if len(subjects) > 0 {
					q = q.WhereOr("subject_kind = ? AND subject_id IN (?)", kind, bun.List(subjects))
				}
			}
			return q
		})
	}
	if err := q.Scan(ctx); err != nil {
		return err
	}
	for _, c := range found {
		out.cases, out.caseIDs = append(out.cases, c.ID), append(out.caseIDs, c.PublicID)
		scope.Subjects = append(scope.Subjects, c.PublicID)
	}
	return nil
}

// everywhere has each noun erase what is in the scope from its rows. Who finds rows by
// those of another noun comes before that noun.
func (rs *Requests) everywhere(ctx context.Context, tx *store.Tx, scope erasure.Scope, found about) error {
	for _, erase := range []func(context.Context, *store.Tx, erasure.Scope) error{
		webhook.Erase, notify.Erase, rs.registries.Erase, domain.Erase, enhanced.Erase, qualification.Erase, event.Erase,
	} {
		if err := erase(ctx, tx, scope); err != nil {
			return err
		}
	}
	if err := provider.Erase(ctx, tx, scope, found.caseIDs); err != nil {
		return err
	}
	if err := review.Erase(ctx, tx, scope, found.cases); err != nil {
		return err
	}
	return idempotency.Forget(ctx, tx, scope.Account)
}

// eraseRequests takes the person out of requests themselves: the files of exports that hold
// them, and what was written beside. The pictures go with the returned function.
func (rs *Requests) eraseRequests(ctx context.Context, tx *store.Tx, of Request, scope erasure.Scope) (func(context.Context) error, error) {
	var files []Request
	if err := tx.NewSelect().Model(&files).Where("account_id = ?", of.AccountID).Where("state = ?", Ready).OrderExpr("id").Scan(ctx); err != nil {
		return nil, err
	}
	var keys []string
	for _, r := range files {
		keys = append(keys, r.BlobKey)
		if err := rs.expire(ctx, tx, &r); err != nil {
			return nil, err
		}
	}
	for _, column := range []string{"evidence", "note", "extension_note"} {
		where, args := scope.Mentions(column)
		if scope.Whole {
			where, args = "1 = 1", nil
		}
		_, err := tx.NewRaw("UPDATE data_request SET "+column+" = '' WHERE account_id = ? AND "+where, append([]any{of.AccountID}, args...)...).Exec(ctx)
		if err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context) error {
		var failed []error
		for _, key := range keys {
			failed = append(failed, rs.vault.Delete(ctx, key))
		}
		return errors.Join(failed...)
	}, nil
}

package datarequest

import (
	"archive/zip"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// exportedVersion is one content of a profile.
type exportedVersion struct {
	ID             string             `json:"id"`
	Number         int                `json:"number"`
	State          string             `json:"state"`
	Fields         profile.Fields     `json:"fields"`
	DocumentNumber string             `json:"document_number,omitempty"`
	CreatedAt      *time.Time         `json:"created_at"`
	SubmittedAt    *time.Time         `json:"submitted_at,omitempty"`
	DecidedAt      *time.Time         `json:"decided_at,omitempty"`
	Documents      []exportedDocument `json:"documents"`
	Reviews        []exportedReview   `json:"reviews"`
}

type exportedDocument struct {
	ID       string             `json:"id"`
	Kind     string             `json:"kind"`
	Side     string             `json:"side"`
	File     string             `json:"file,omitempty"`
	Name     string             `json:"uploaded_as,omitempty"`
	SHA256   string             `json:"sha256"`
	Findings []document.Finding `json:"findings"`
	TakenAt  *time.Time         `json:"taken_at"`
	ErasedAt *time.Time         `json:"erased_at,omitempty"`
}

// exportedReview is a case as the person may see it: no reviewer, and nothing that was
// noted for staff.
type exportedReview struct {
	ID          string           `json:"id"`
	Authority   string           `json:"authority"`
	State       string           `json:"state"`
	Attempt     int              `json:"attempt"`
	SubmittedAt *time.Time       `json:"submitted_at"`
	DecidedAt   *time.Time       `json:"decided_at,omitempty"`
	Reasons     []exportedReason `json:"reasons"`
}

type exportedReason struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
	Note   string            `json:"note,omitempty"`
}

// holders writes the profiles, one at a time.
func (x *export) holders() {
	seen := map[int64]bool{}
	for _, p := range x.profiles {
		if x.err != nil {
			return
		}
		var versions []profile.Version
		if versions, x.err = profile.Versions(x.ctx, x.db, p); x.err != nil {
			return
		}
		out := []exportedVersion{}
		for _, v := range versions {
			one := exportedVersion{
				ID: v.PublicID, Number: v.Number, State: string(v.State), Fields: v.Fields, CreatedAt: at(v.CreatedAt),
				SubmittedAt: at(v.SubmittedAt), DecidedAt: at(v.DecidedAt), Documents: []exportedDocument{},
				Reviews: x.reviews(v),
			}
			if one.DocumentNumber, x.err = x.rs.profiles.NumberFor(v); x.err != nil {
				return
			}
			var found []document.Document
			x.rows(&found, "id IN (SELECT document_id FROM profile_document WHERE version_id = ?) AND account_id = ?", v.ID, x.of.AccountID)
			for _, d := range found {
				one.Documents = append(one.Documents, x.documentOf(d))
				if !seen[d.ID] {
					seen[d.ID] = true
					x.documents = append(x.documents, d)
				}
			}
			out = append(out, one)
		}
		x.file("profiles/"+p.PublicID+".json", map[string]any{
			"id": p.PublicID, "holder_type": p.HolderType, "kind": p.Kind, "accreditation": p.Accreditation,
			"created_at": at(p.CreatedAt), "deleted_at": at(p.DeletedAt), "versions": out,
		})
	}
	x.others(seen)
}

// others are the documents that were shown for something else than a profile.
func (x *export) others(seen map[int64]bool) {
	var found []document.Document
	if len(x.versions) > 0 {
		x.rows(&found, `account_id = ?0 AND (id IN (SELECT d.document_id FROM enhanced_document AS d JOIN enhanced_verification AS e ON e.id = d.verification_id WHERE e.version_id IN (?1))
			OR id IN (SELECT d.document_id FROM qualification_document AS d JOIN qualification AS q ON q.id = d.qualification_id WHERE q.version_id IN (?1)))`, x.of.AccountID, bun.List(x.versions))
	}
	out := []exportedDocument{}
	for _, d := range found {
		out = append(out, x.documentOf(d))
		if !seen[d.ID] {
			seen[d.ID] = true
			x.documents = append(x.documents, d)
		}
	}
	x.file("further_documents.json", out)
}

// rows reads rows of a noun, in the order of their making.
func (x *export) rows(dest any, where string, args ...any) {
	if x.err == nil {
		x.err = x.db.NewSelect().Model(dest).Where(where, args...).OrderExpr("id").Scan(x.ctx)
	}
}

func (x *export) documentOf(d document.Document) exportedDocument {
	out := exportedDocument{
		ID: d.PublicID, Kind: d.Kind, Side: d.Side, Name: d.FileName, SHA256: hex.EncodeToString(d.SHA256),
		Findings: d.Findings, TakenAt: at(d.CreatedAt), ErasedAt: at(d.ErasedAt),
	}
	if d.ErasedAt.IsZero() {
		out.File = fileOf(d)
	}
	return out
}

func fileOf(d document.Document) string {
	return "documents/" + d.PublicID + "." + strings.ToLower(d.Format)
}

func (x *export) reviews(v profile.Version) []exportedReview {
	var cases []review.Case
	x.rows(&cases, "subject_kind IN (?, 'account_identity') AND subject_id = ? AND account_id = ?", review.ProfileVersion, v.ID, x.of.AccountID)
	out := []exportedReview{}
	for _, c := range cases {
		one := exportedReview{
			ID: c.PublicID, Authority: c.Authority, State: string(c.State), Attempt: c.Attempt,
			SubmittedAt: at(c.SubmittedAt), DecidedAt: at(c.DecidedAt), Reasons: []exportedReason{},
		}
		var reasons []review.Reason
		x.rows(&reasons, "case_id = ?", c.ID)
		for _, r := range reasons {
			one.Reasons = append(one.Reasons, exportedReason{r.Code, r.Params, r.Note})
		}
		out = append(out, one)
	}
	return out
}

// pictures copies the documents as they were uploaded.
func (x *export) pictures() {
	for _, d := range x.documents {
		if x.err != nil || !d.ErasedAt.IsZero() {
			continue
		}
		x.err = x.picture(d)
	}
}

func (x *export) picture(d document.Document) (err error) {
	r, err := x.rs.documents.Original(x.ctx, d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	// Pictures are compressed already.
	w, err := x.zip.CreateHeader(&zip.FileHeader{Name: fileOf(d), Method: zip.Store, Modified: d.CreatedAt.Time})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

func (x *export) domains() {
	x.list("domains.json", func(after int64) (items []any, last int64, err error) {
		var rows []domain.Domain
		q := x.db.NewSelect().Model(&rows).Where("account_id = ?", x.of.AccountID).Where("id > ?", after).OrderExpr("id").Limit(pageOf)
		if x.of.ProfileID != 0 {
			q = q.Where("profile_id = ?", x.of.ProfileID)
		}
		if err := q.Scan(x.ctx); err != nil {
			return nil, 0, err
		}
		for _, d := range rows {
			items, last = append(items, map[string]any{
				"id": d.PublicID, "name": domain.Display(d.Name), "state": d.State, "statuses": d.Statuses,
				"naming": d.NamingState, "naming_reason": d.NamingReason, "real_name": d.HolderState,
				"real_name_reason": d.HolderReason,
				"registered_at":    at(d.RegisteredAt), "expires_at": at(d.ExpiresAt), "created_at": at(d.CreatedAt),
			}), d.ID
		}
		return items, last, nil
	})
}

// mine are the addresses that the profiles have or had.
func (x *export) mine() (out []string) {
	seen := map[string]bool{"": true}
	for _, p := range x.profiles {
		versions, err := profile.Versions(x.ctx, x.db, p)
		if err != nil {
			x.err = errors.Join(x.err, err)
			return nil
		}
		for _, v := range versions {
			if !seen[v.Fields.Email] {
				seen[v.Fields.Email] = true
				out = append(out, v.Fields.Email)
			}
		}
	}
	return out
}

// ofAddresses narrows a query to the addresses of the profiles, where not all of an account
// is meant.
func (x *export) ofAddresses(q *bun.SelectQuery) *bun.SelectQuery {
	if x.of.ProfileID == 0 {
		return q
	}
	return q.Where("address IN (?)", bun.List(append(x.mine(), "")))
}

func (x *export) addresses() {
	if x.err != nil {
		return
	}
	var rows []emailcheck.Address
	x.err = x.ofAddresses(x.db.NewSelect().Model(&rows).Where("account_id = ?", x.of.AccountID).OrderExpr("id")).Scan(x.ctx)
	out := []any{}
	for _, a := range rows {
		out = append(out, map[string]any{"address": a.Address, "state": a.State, "sent_at": at(a.SentAt), "verified_at": at(a.VerifiedAt)})
	}
	x.file("email_addresses.json", out)
}

func (x *export) mails() {
	x.list("mails.json", func(after int64) (items []any, last int64, err error) {
		var rows []notify.Mail
		q := x.db.NewSelect().Model(&rows).Where("account_id = ?", x.of.AccountID).Where("id > ?", after).OrderExpr("id").Limit(pageOf)
		if err := x.ofAddresses(q).Scan(x.ctx); err != nil {
			return nil, 0, err
		}
		for _, m := range rows {
			items, last = append(items, map[string]any{
				"address": m.Address, "kind": m.Kind, "state": m.State, "about": m.Content, "created_at": at(m.CreatedAt),
				"sent_at": at(m.SentAt), "returned_at": at(m.ReturnedAt),
			}), m.ID
		}
		return items, last, nil
	})
}

func (x *export) consents() {
	if x.err != nil {
		return
	}
	var given []struct {
		What, Address, State, Means string
		BeganAt, EndedAt            store.Time
	}
	query := `SELECT 'holder_change' AS what, address, state, means, began_at, ended_at FROM holder_consent WHERE account_id = ?0
		UNION ALL SELECT 'designated_agent', address, '', '', began_at, ended_at FROM designated_agent WHERE account_id = ?0
		UNION ALL SELECT 'answer', address, state, means, began_at, ended_at FROM domain_answer WHERE account_id = ?0`
	q := x.db.NewSelect().TableExpr("("+query+") AS c", x.of.AccountID).Column("what", "address", "state", "means", "began_at", "ended_at").OrderExpr("began_at, what, address")
	x.err = x.ofAddresses(q).Scan(x.ctx, &given)
	out := []any{}
	for _, c := range given {
		out = append(out, map[string]any{
			"what": c.What, "address": c.Address, "state": c.State, "means": c.Means, "asked_at": at(c.BeganAt),
			"ended_at": at(c.EndedAt),
		})
	}
	x.file("consents.json", out)
}

// account writes the account, and the person who asked; of others in it nothing.
func (x *export) account() {
	if x.err != nil {
		return
	}
	var a account.Account
	x.err = x.db.NewSelect().Model(&a).Where("id = ?", x.of.AccountID).Scan(x.ctx)
	people := []any{}
	for _, p := range x.people() {
		people = append(people, map[string]any{"id": p.PublicID, "name": p.Name, "email": p.Email, "created_at": at(p.CreatedAt)})
	}
	x.file("account.json", map[string]any{
		"id": a.PublicID, "name": a.Name, "identity": a.IdentityState, "identity_source": a.IdentitySource,
		"identity_at": at(a.IdentityAt), "created_at": at(a.CreatedAt), "people": people,
	})
}

// people are who the data are about: the one who asked, or all of the account where an
// admin entered the request.
func (x *export) people() (out []account.Person) {
	if x.err != nil {
		return nil
	}
	q := x.db.NewSelect().Model(&out).Where("id IN (SELECT m.person_id FROM membership AS m WHERE m.account_id = ?)", x.of.AccountID).OrderExpr("id")
	if x.of.Origin == BySelf {
		q = q.Where("public_id = ?", x.of.RequestedBy)
	}
	x.err = q.Scan(x.ctx)
	return out
}

func (x *export) messages() {
	x.list("messages.json", func(after int64) (items []any, last int64, err error) {
		var rows []notify.Message
		if err := x.db.NewSelect().Model(&rows).Where("account_id = ?", x.of.AccountID).Where("id > ?", after).OrderExpr("id").Limit(pageOf).Scan(x.ctx); err != nil {
			return nil, 0, err
		}
		for _, m := range rows {
			items, last = append(items, map[string]any{
				"id": m.PublicID, "type": m.Type, "about": m.Subject, "data": m.Data, "at": at(m.CreatedAt),
				"read_at": at(m.ReadAt),
			}), m.ID
		}
		return items, last, nil
	})
}

// signIns are when the people signed in, with what, and when they changed how.
func (x *export) signIns() {
	ids := []string{""}
	for _, p := range x.people() {
		ids = append(ids, p.PublicID)
	}
	x.list("sign_ins.json", func(after int64) (items []any, last int64, err error) {
		var rows []audit.Entry
		err = x.db.NewSelect().Model(&rows).Where("account_id = ?", x.of.AccountID).Where("actor IN (?)", bun.List(ids)).Where("(action LIKE 'session.%' OR action LIKE 'passkey.%' OR action LIKE 'password.%')").
			Where("id > ?", after).OrderExpr("id").Limit(pageOf).Scan(x.ctx)
		for _, e := range rows {
			items, last = append(items, map[string]any{"at": at(e.At), "act": e.Action, "with": e.Detail["means"]}), e.ID
		}
		return items, last, err
	})
}

// at is a time of a row, nil for none.
func at(t store.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}

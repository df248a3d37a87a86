package inspection

import (
	"context"
	"encoding/hex"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// gathering reads the rows of one account for a pack. After the first error it reads
// nothing more.
type gathering struct {
	ctx     context.Context
	db      bun.IDB
	account int64
	err     error
}

// scan reads rows into dest, which stays empty after an error.
func (g *gathering) scan(dest any, query string, args ...any) {
	if g.err == nil {
		g.err = g.db.NewRaw(query, args...).Scan(g.ctx, dest)
	}
}

// find reads rows of a noun, in the order of their making.
func (g *gathering) find(dest any, where string, args ...any) {
	if g.err == nil {
		g.err = g.db.NewSelect().Model(dest).Where(where, args...).OrderExpr("id").Scan(g.ctx)
	}
}

// rows reads row ids.
func (g *gathering) rows(query string, args ...any) (out []int64) {
	g.scan(&out, query, args...)
	return out
}

func (g *gathering) owner() Account {
	var a account.Account
	g.find(&a, "id = ?", g.account)
	return accountOf(a)
}

// versionsOf are the versions of profiles that a domain rests, rested or was to rest on.
func (g *gathering) versionsOf(d domain.Domain) []int64 {
	out := g.rows(`SELECT version_id FROM domain_order WHERE domain_id = ?0 UNION SELECT t.version_id FROM association_item i JOIN association_task t ON t.id = i.task_id WHERE i.domain_id = ?0`, d.ID)
	out = slices.DeleteFunc(append(out, d.VersionID, d.NextVersionID), func(id int64) bool { return id == 0 })
	slices.Sort(out)
	return slices.Compact(out)
}

func (g *gathering) versions(ids []int64) []Version {
	out := []Version{}
	for _, id := range ids {
		var v profile.Version
		g.find(&v, "id = ? AND account_id = ?", id, g.account)
		var p profile.Profile
		g.find(&p, "id = ? AND account_id = ?", v.ProfileID, g.account)
		if g.err != nil {
			return nil
		}
		out = append(out, Version{
			Profile: p.PublicID, ID: v.PublicID, Number: v.Number, HolderType: string(p.HolderType), Kind: string(p.Kind),
			State: string(v.State), Fields: v.Fields,
			row: v.ID, NumberMask: v.NumberMask, CreatedAt: at(v.CreatedAt), SubmittedAt: at(v.SubmittedAt), DecidedAt: at(v.DecidedAt), Documents: g.documents(v.ID),
		})
	}
	return out
}

func (g *gathering) documents(version int64) []Document {
	return g.shown("SELECT document_id FROM profile_document WHERE version_id = ?", version)
}

// shown are the documents whose ids a query reads.
func (g *gathering) shown(ids string, of int64) []Document {
	var found []document.Document
	g.find(&found, "id IN ("+ids+") AND account_id = ?", of, g.account)
	out := []Document{}
	for _, d := range found {
		out = append(out, Document{
			ID: d.PublicID, Kind: d.Kind, Side: d.Side, Format: d.Format, Bytes: d.Bytes,
			SHA256: hex.EncodeToString(d.SHA256), CopySHA256: hex.EncodeToString(d.CopySHA256),
			Verdict: d.Verdict, Findings: d.Findings, TakenAt: at(d.CreatedAt), ErasedAt: at(d.ErasedAt),
		})
	}
	return out
}

// reviews are the cases about a subject, which is called about in the pack.
func (g *gathering) reviews(kind review.Kind, subject int64, about string) (out []Review) {
	var cases []review.Case
	g.find(&cases, "subject_kind = ? AND subject_id = ? AND account_id = ?", kind, subject, g.account)
	for _, c := range cases {
		out = append(out, Review{
			ID: c.PublicID, About: about, Authority: c.Authority, State: string(c.State), Attempt: c.Attempt,
			SubmittedBy: c.SubmittedBy, SubmittedAt: at(c.SubmittedAt),
			DecidedBy: c.DecidedBy, FirstBy: c.FirstBy, DecidedAt: at(c.DecidedAt), ReversedBy: c.ReversedBy,
			ReversedAt: at(c.ReversedAt), Policy: c.PolicyVersion, Reasons: g.reasons(c.ID),
		})
	}
	return out
}

func (g *gathering) reasons(of int64) []Reason {
	out := []Reason{}
	g.scan(&out, "SELECT code, params, note, raw FROM review_reason WHERE case_id = ? ORDER BY position", of)
	return out
}

func (g *gathering) holds(d domain.Domain) []Hold {
	var found []domain.Hold
	g.find(&found, "domain_id = ?", d.ID)
	out := []Hold{}
	for _, h := range found {
		out = append(out, Hold{string(h.Cause), h.Author, h.Evidence, at(h.PlacedAt), at(h.LiftedAt), h.LiftedBy, h.LiftedWhy})
	}
	return out
}

// addresses are those of the versions, each once.
func addresses(versions []Version) (out []string) {
	for _, v := range versions {
		if v.Fields.Email != "" {
			out = append(out, v.Fields.Email)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (g *gathering) mails(versions []Version) []Mail {
	out := []Mail{}
	list := addresses(versions)
	if len(list) == 0 {
		return out
	}
	var found []struct {
		Address, State               string
		CreatedAt, ExpiresAt, UsedAt store.Time
	}
	g.scan(&found, "SELECT a.address, a.state, k.created_at, k.expires_at, k.used_at FROM email_token k JOIN email_address a ON a.id = k.address_id WHERE a.account_id = ? AND a.address IN (?) ORDER BY k.created_at, a.id", g.account, bun.List(list))
	for _, m := range found {
		out = append(out, Mail{m.Address, m.State, at(m.CreatedAt), at(m.ExpiresAt), at(m.UsedAt)})
	}
	return out
}

func (g *gathering) bounces(versions []Version) []Bounce {
	out := []Bounce{}
	list := addresses(versions)
	if len(list) == 0 {
		return out
	}
	var found []struct {
		Address, Status, Words string
		Hard                   bool
		At                     store.Time
	}
	g.scan(&found, "SELECT address, hard, status, words, at FROM email_bounce WHERE address IN (?) ORDER BY id", bun.List(list))
	for _, b := range found {
		out = append(out, Bounce{b.Address, b.Hard, b.Status, b.Words, at(b.At)})
	}
	return out
}

func (g *gathering) orders(d domain.Domain) []Order {
	var found []domain.Order
	g.find(&found, "domain_id = ? AND account_id = ?", d.ID, g.account)
	out := []Order{}
	for _, o := range found {
		out = append(out, Order{o.PublicID, string(o.State), o.Failure, at(o.CreatedAt), at(o.PaidAt)})
	}
	return out
}

func (g *gathering) tasks(d domain.Domain) []Task {
	var found []struct {
		ID, Operation, Version, State, Reason string
		Params                                fault.Params
		CreatedAt, EndedAt                    store.Time
	}
	g.scan(&found, `SELECT t.public_id AS id, t.operation, v.public_id AS version, i.state, i.reason, i.params, t.created_at, t.ended_at
		FROM association_item i JOIN association_task t ON t.id = i.task_id JOIN profile_version v ON v.id = t.version_id WHERE i.domain_id = ? AND t.account_id = ? ORDER BY t.id`, d.ID, g.account)
	out := []Task{}
	for _, t := range found {
		out = append(out, Task{t.ID, t.Operation, t.Version, t.State, t.Reason, t.Params, at(t.CreatedAt), at(t.EndedAt)})
	}
	return out
}

func (g *gathering) transfers(d domain.Domain) []Transfer {
	var found []domain.Transfer
	g.find(&found, "account_id = ? AND name = ?", g.account, d.Name)
	out := []Transfer{}
	for _, t := range found {
		out = append(out, Transfer{t.PublicID, string(t.State), t.Reason, at(t.CreatedAt), at(t.EndedAt)})
	}
	return out
}

func (g *gathering) answers(d domain.Domain) []Answer {
	var found []domain.Answer
	g.find(&found, "domain_id = ? AND account_id = ?", d.ID, g.account)
	out := []Answer{}
	for _, a := range found {
		out = append(out, Answer{
			a.PublicID, string(a.Party), string(a.Cause), a.Address, string(a.State), at(a.BeganAt), at(a.DueAt),
			at(a.EndedAt), string(a.Means), a.Author, a.Evidence,
		})
	}
	return out
}

// consents are the words of the parties to changes of a domain's holder. A task may have asked
// the prior registrants of other domains too: of these there are those who are known to be
// this one's.
func (g *gathering) consents(d domain.Domain, holders []string) []Consent {
	var found []struct {
		PublicID, Task, Role, Address, State, Means, Author, Evidence string
		BeganAt, MailedAt, DueAt, EndedAt                             store.Time
	}
	g.scan(&found, `SELECT c.public_id, t.public_id AS task, c.role, c.address, c.state, c.means, c.author, c.evidence, c.began_at, c.mailed_at, c.due_at, c.ended_at FROM holder_consent c JOIN association_task t ON t.id = c.task_id
		WHERE c.account_id = ?0 AND c.task_id IN (SELECT task_id FROM association_item WHERE domain_id = ?1)
			AND (c.role <> ?2 OR t.total = 1 OR c.address IN (?3) OR c.id IN (SELECT prior_id FROM holder_change WHERE domain_id = ?1)) ORDER BY c.id`,
		g.account, d.ID, domain.PriorRegistrant, bun.List(holders))
	out := []Consent{}
	for _, c := range found {
		out = append(out, Consent{
			c.PublicID, c.Task, c.Role, c.Address, c.State, at(c.BeganAt), at(c.MailedAt), at(c.DueAt), at(c.EndedAt),
			c.Means, c.Author, c.Evidence,
		})
	}
	return out
}

func (g *gathering) papers(d domain.Domain) []Papers {
	var found []qualification.Qualification
	g.find(&found, "name = ? AND account_id = ?", d.Name, g.account)
	out := []Papers{}
	for _, q := range found {
		out = append(out, Papers{q.PublicID, q.Holder, q.Pattern, string(q.State), at(q.DueAt), at(q.OpenedAt), at(q.SubmittedAt), at(q.EndedAt),
			g.shown("SELECT document_id FROM qualification_document WHERE qualification_id = ?", q.ID), q.ID})
	}
	return out
}

// enhanced are the enhanced verifications that where says.
func (g *gathering) enhanced(where string, args ...any) []Enhanced {
	var found []struct {
		ID                                            int64
		PublicID, Title, State, Cause, Note, OpenedBy string
		OpenedAt, DueAt, SubmittedAt, EndedAt         store.Time
	}
	g.scan(&found, "SELECT id, public_id, title, state, cause, note, opened_by, opened_at, due_at, submitted_at, ended_at FROM enhanced_verification WHERE account_id = ? AND "+where+" ORDER BY id", append([]any{g.account}, args...)...)
	out := []Enhanced{}
	for _, e := range found {
		out = append(out, Enhanced{e.PublicID, e.Title, e.State, e.Cause, e.Note, e.OpenedBy, at(e.OpenedAt), at(e.DueAt), at(e.SubmittedAt), at(e.EndedAt),
			g.shown("SELECT document_id FROM enhanced_document WHERE verification_id = ?", e.ID), e.ID})
	}
	return out
}

func (g *gathering) events(subjects []string) []Event {
	var found []event.Event
	g.find(&found, "account_id = ? AND subject IN (?)", g.account, bun.List(subjects))
	out := []Event{}
	for _, e := range found {
		out = append(out, Event{at(e.At), string(e.Type), e.Subject, e.Data})
	}
	return out
}

func (g *gathering) audit(subjects []string) ([]Entry, ChainEnd) {
	var found []audit.Entry
	g.find(&found, "subject IN (?)", bun.List(subjects))
	out := []Entry{}
	for _, e := range found {
		out = append(out, Entry{e.Seq, at(e.At), e.Actor, e.Action, e.Subject, e.Detail, hex.EncodeToString(e.Prev), hex.EncodeToString(e.Hash)})
	}
	var last []struct {
		Seq  int64
		Hash []byte
	}
	g.scan(&last, "SELECT seq, hash FROM audit_entry WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1")
	if len(last) == 0 {
		return out, ChainEnd{}
	}
	return out, ChainEnd{last[0].Seq, hex.EncodeToString(last[0].Hash)}
}

package timeline

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// The sources of entries. Of one moment, what tells of a beginning stands before what
// tells of an end.
const (
	fromTasks = iota
	fromCommands
	fromMails
	fromAnswers
	fromEvents
	fromRefusals
	fromEnds
	fromOverdue
	fromConsents
)

// subjectsOf are the public ids under which events about a domain were written: its own
// and those of its orders, transfers, papers and enhanced verifications.
func (t *Timelines) subjectsOf(ctx context.Context, d domain.Domain) ([]string, error) {
	var found []string
	err := t.store.R.NewRaw(`SELECT public_id FROM domain_order WHERE domain_id = ?0 AND account_id = ?1
		UNION ALL SELECT public_id FROM domain_transfer WHERE account_id = ?1 AND name = ?2
		UNION ALL SELECT public_id FROM qualification WHERE account_id = ?1 AND name = ?2
		UNION ALL SELECT public_id FROM enhanced_verification WHERE account_id = ?1 AND domain_id = ?0`, d.ID, d.AccountID, d.Name).Scan(ctx, &found)
	return append(found, d.PublicID), err
}

// addressOf is the address of the holder that a domain has a profile of.
func (t *Timelines) addressOf(ctx context.Context, d domain.Domain) ([]string, error) {
	if d.VersionID == 0 {
		return nil, nil
	}
	_, v, err := t.profiles.ByID(ctx, t.store.R, d.ProfileID, d.VersionID)
	return []string{v.Fields.Email}, err
}

// events are what nouns have told the account about subjects.
func (t *Timelines) events(ctx context.Context, account int64, subjects []string, from mark, n int) ([]Entry, error) {
	var rows []event.Event
	where, args := from.before(fromEvents, "at", "id")
	err := t.store.R.NewSelect().Model(&rows).Where("account_id = ?", account).Where("subject IN (?)", bun.List(subjects)).
		Where(where, args...).OrderExpr("at DESC, id DESC").Limit(int64(n)).Scan(ctx)
	return told(rows), err
}

// told are events as entries. Codes that have names of their own go by their own
// parameter, so that the reader gets the name.
func told(rows []event.Event) (out []Entry) {
	for _, e := range rows {
		x := Entry{At: e.At.Time, Type: string(e.Type), Params: e.Data, id: e.ID}
		if c := e.Data["Cause"]; c != "" {
			x.Params["Hold"] = c
		}
		if r := e.Data["Reason"]; r != "" && e.Type != "profile.failed" { // a profile has all of its reasons
			x.Reason = &fault.Error{Code: r, Params: e.Data}
		}
		out = append(out, x)
	}
	return out
}

// contactsOf are the subjects of what registries were told about a profile: its versions,
// and the contacts that were made of them.
func (t *Timelines) contactsOf(ctx context.Context, p profile.Profile) (subjects []string, err error) {
	err = t.store.R.NewRaw(`SELECT public_id FROM profile_version WHERE profile_id = ?0 AND account_id = ?1
		UNION SELECT c.contact_id FROM registry_contact c JOIN profile_version v ON v.public_id = c.holder_ref WHERE v.profile_id = ?0 AND v.account_id = ?1 AND c.ours`, p.ID, p.AccountID).Scan(ctx, &subjects)
	return append(subjects, p.PublicID), err
}

// commands are what registries were told to do about subjects, and how they answered.
// A command that ended unsent is not among them. EPP's own terms are for staff.
func (t *Timelines) commands(ctx context.Context, staff bool, subjects []string, from mark, n int) (out []Entry, err error) {
	var rows []registry.Command
	where, args := from.before(fromCommands, "done_at", "id")
	err = t.store.R.NewSelect().Model(&rows).Where("subject IN (?)", bun.List(subjects)).Where(registry.Told).Where("state IN (?, ?)", registry.Done, registry.Failed).Where("attempt > 0").
		Where(where, args...).OrderExpr("done_at DESC, id DESC").Limit(int64(n)).Scan(ctx)
	for _, c := range rows {
		e := Entry{At: c.DoneAt.Time, Type: "command." + string(c.Kind), Params: map[string]string{"Registry": c.Registry}, id: c.ID}
		if c.Payload.Host != "" {
			e.Params["Server"] = domain.Display(c.Payload.Host)
		}
		if c.State == registry.Failed {
			e.Params["Refused"], e.Params["Words"] = "yes", c.Words()
		}
		if staff {
			e.Sent = &Sent{Registry: c.Registry, Command: c.Kind.EPP(), At: c.SentAt.Time, Code: c.ResultCode, ClTRID: c.Cltrid, SvTRID: c.Svtrid}
		}
		out = append(out, e)
	}
	return out, err
}

// row is an entry that no event tells of.
type row struct {
	ID        int64
	At        store.Time
	Operation string
	Profile   string
	Total     string
	Succeeded string
	Failed    string
	Reason    string
	Params    fault.Params
	Address   string
}

// rows reads entries; each is made by of.
func (t *Timelines) rows(ctx context.Context, of func(row) Entry, query string, args ...any) (out []Entry, err error) {
	var found []row
	if err := t.store.R.NewRaw(query, args...).Scan(ctx, &found); err != nil {
		return nil, err
	}
	for _, r := range found {
		e := of(r)
		e.At, e.id = r.At.Time, r.ID
		out = append(out, e)
	}
	return out, nil
}

// consents are what was heard of the parties to changes of holder, of the tasks that were
// about a domain.
func (t *Timelines) consents(ctx context.Context, d domain.Domain, from mark, n int) ([]Entry, error) {
	var rows []event.Event
	where, args := from.before(fromConsents, "at", "id")
	err := t.store.R.NewSelect().Model(&rows).Where("account_id = ?", d.AccountID).Where("(type LIKE 'association.consent_%' OR type = 'association.holder_changed')").
		Where("subject IN (SELECT t.public_id FROM association_item i JOIN association_task t ON t.id = i.task_id WHERE i.domain_id = ? AND t.operation IN (?, ?))", d.ID, domain.ChangeHolder, domain.UpdateDetails).
		Where(where, args...).OrderExpr("at DESC, id DESC").Limit(int64(n)).Scan(ctx)
	return told(rows), err
}

// submissions are the tasks that a domain was part of.
func (t *Timelines) submissions(ctx context.Context, d domain.Domain, from mark, n int) ([]Entry, error) {
	where, args := from.before(fromTasks, "t.created_at", "t.id")
	return t.rows(ctx, func(r row) Entry {
		return Entry{Type: "association." + r.Operation, Params: map[string]string{"Profile": r.Profile}}
	}, `SELECT t.id, t.created_at AS at, t.operation, p.public_id AS profile FROM association_item i JOIN association_task t ON t.id = i.task_id JOIN profile p ON p.id = t.profile_id
		WHERE i.domain_id = ? AND t.account_id = ? AND `+where+" ORDER BY t.created_at DESC, t.id DESC LIMIT ?", values(args, n, d.ID, d.AccountID)...)
}

// refusals are the tasks in which a domain was refused or failed; the end of the task is
// when that was certain.
func (t *Timelines) refusals(ctx context.Context, d domain.Domain, from mark, n int) ([]Entry, error) {
	where, args := from.before(fromRefusals, "t.ended_at", "t.id")
	return t.rows(ctx, func(r row) Entry {
		return Entry{Type: "association.failed", Params: map[string]string{"Profile": r.Profile}, Reason: &fault.Error{Code: r.Reason, Params: r.Params}}
	}, `SELECT t.id, t.ended_at AS at, i.reason, i.params, p.public_id AS profile FROM association_item i JOIN association_task t ON t.id = i.task_id JOIN profile p ON p.id = t.profile_id
		WHERE i.domain_id = ? AND t.account_id = ? AND i.state = 'failed' AND t.ended_at IS NOT NULL AND `+where+" ORDER BY t.ended_at DESC, t.id DESC LIMIT ?", values(args, n, d.ID, d.AccountID)...)
}

// tasks are those that a profile was associated in.
func (t *Timelines) tasks(ctx context.Context, p profile.Profile, from mark, n int) ([]Entry, error) {
	where, args := from.before(fromTasks, "created_at", "id")
	return t.rows(ctx, func(r row) Entry {
		return Entry{Type: "task." + r.Operation, Params: map[string]string{"Total": r.Total}}
	}, `SELECT id, created_at AS at, operation, total FROM association_task WHERE profile_id = ? AND account_id = ? AND `+where+" ORDER BY created_at DESC, id DESC LIMIT ?", values(args, n, p.ID, p.AccountID)...)
}

// ends are the tasks of a profile that have finished.
func (t *Timelines) ends(ctx context.Context, p profile.Profile, from mark, n int) ([]Entry, error) {
	where, args := from.before(fromEnds, "ended_at", "id")
	return t.rows(ctx, func(r row) Entry {
		return Entry{Type: "task.finished", Params: map[string]string{"Total": r.Total, "Succeeded": r.Succeeded, "Failed": r.Failed}}
	}, `SELECT id, ended_at AS at, total, succeeded, failed FROM association_task WHERE profile_id = ? AND account_id = ? AND ended_at IS NOT NULL AND `+where+" ORDER BY ended_at DESC, id DESC LIMIT ?", values(args, n, p.ID, p.AccountID)...)
}

// mails are the links that were sent to addresses.
func (t *Timelines) mails(ctx context.Context, account int64, addresses []string, from mark, n int) ([]Entry, error) {
	if len(addresses) == 0 {
		return nil, nil
	}
	where, args := from.before(fromMails, "k.created_at", "a.id")
	return t.rows(ctx, func(r row) Entry { return Entry{Type: "email.mailed", Params: map[string]string{"Address": r.Address}} },
		`SELECT a.id, k.created_at AS at, a.address FROM email_token k JOIN email_address a ON a.id = k.address_id
		WHERE a.account_id = ? AND a.address IN (?) AND `+where+" ORDER BY k.created_at DESC, a.id DESC LIMIT ?", values(args, n, account, bun.List(addresses))...)
}

// answers are what came back from addresses.
func (t *Timelines) answers(ctx context.Context, account int64, addresses []string, from mark, n int) ([]Entry, error) {
	if len(addresses) == 0 {
		return nil, nil
	}
	var rows []event.Event
	where, args := from.before(fromAnswers, "at", "id")
	err := t.store.R.NewSelect().Model(&rows).Where("account_id = ?", account).
		Where("subject IN (SELECT public_id FROM email_address WHERE account_id = ? AND address IN (?))", account, bun.List(addresses)).
		Where(where, args...).OrderExpr("at DESC, id DESC").Limit(int64(n)).Scan(ctx)
	return told(rows), err
}

// overdue are reviews of a profile that were found to be late.
func (t *Timelines) overdue(ctx context.Context, p profile.Profile, from mark, n int) ([]Entry, error) {
	where, args := from.before(fromOverdue, "c.late_at", "c.id")
	return t.rows(ctx, func(row) Entry { return Entry{Type: "review.overdue"} },
		`SELECT c.id, c.late_at AS at FROM review_case c JOIN profile_version v ON v.id = c.subject_id
		WHERE v.profile_id = ? AND c.account_id = ? AND c.subject_kind = 'profile_version' AND c.late_at IS NOT NULL AND `+where+" ORDER BY c.late_at DESC, c.id DESC LIMIT ?", values(args, n, p.ID, p.AccountID)...)
}

// values are those of a query, in the order of its placeholders: what it is about, the
// mark, and how many.
func values(mark []any, n int, about ...any) []any {
	return append(append(about, mark...), n)
}

// giveReasons puts to each failure of a profile's review the reasons that were given with
// it. A reviewer's note to their colleagues and an authority's own words stay away.
func (t *Timelines) giveReasons(ctx context.Context, p profile.Profile, entries []Entry) error {
	failures := map[int64]*Entry{}
	for i := range entries {
		if e := &entries[i]; e.Type == "profile.failed" {
			failures[store.Micros(e.At)] = e
		}
	}
	if len(failures) == 0 {
		return nil
	}
	var found []struct {
		Code, Severity, Retryable, PointsKind, PointsName, Note string
		Params                                                  map[string]string
		DecidedAt, ReversedAt                                   store.Time
	}
	err := t.store.R.NewRaw(`SELECT r.code, r.severity, r.retryable, r.points_kind, r.points_name, r.params, r.note, c.decided_at, c.reversed_at
		FROM review_reason r JOIN review_case c ON c.id = r.case_id JOIN profile_version v ON v.id = c.subject_id
		WHERE v.profile_id = ? AND c.account_id = ? AND c.subject_kind = 'profile_version' ORDER BY c.id, r.position`, p.ID, p.AccountID).Scan(ctx, &found)
	for _, f := range found {
		at := f.DecidedAt
		if !f.ReversedAt.IsZero() {
			at = f.ReversedAt
		}
		if e := failures[store.Micros(at.Time)]; e != nil {
			e.Reasons = append(e.Reasons, review.Reason{
				Code: f.Code, Severity: f.Severity, Retryable: f.Retryable, PointsKind: f.PointsKind,
				PointsName: f.PointsName, Params: f.Params, Note: f.Note,
			})
		}
	}
	return err
}

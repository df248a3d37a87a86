package datarequest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// extensions are the reasons for which the time to answer may be extended, with texts in
// both languages (GDPR Article 12(3)).
var extensions = []string{"complexity", "number_of_requests"}

// Extensions lists the codes of the reasons for which the time to answer may be extended.
func Extensions() []string { return slices.Clone(extensions) }

// Extend gives more time to answer a request, once and before the first time is over, for a
// coded reason (Extensions) that who asked is told, with a note beside it. It needs
// data.manage. Faults: value_unknown, data_request_not_found, account_own,
// data_request_state, data_request_extended, data_request_extension_late,
// data_request_no_extension.
func (rs *Requests) Extend(ctx context.Context, a actor.Actor, publicID, reason, note string) (View, error) {
	if err := a.Check(actor.DataManage); err != nil {
		return View{}, err
	}
	if !slices.Contains(extensions, reason) {
		return View{}, fault.At("reason", "value_unknown").With("Field", "reason")
	}
	return rs.change(ctx, a, publicID, "data_request.extend", func(ctx context.Context, tx *store.Tx, r *Request) error {
		if r.AccountID == a.Account {
			return fault.New(fault.Conflict, "account_own")
		}
		due, err := rs.extended(*r, tx.Now())
		if err != nil {
			return err
		}
		r.DueAt, r.ExtendedAt, r.ExtendedBy = store.At(due), store.At(tx.Now()), a.ID
		r.Extension, r.ExtensionNote = reason, strings.TrimSpace(note)
		if err := r.move(ctx, tx, Extend); err != nil {
			return err
		}
		return rs.tell(ctx, tx, *r, "data_request.extended", map[string]string{"Due": rs.day(due), "Extension": reason})
	})
}

// extended is until when the time to answer a request can be extended now. Faults:
// data_request_state, data_request_extended, data_request_extension_late,
// data_request_no_extension.
func (rs *Requests) extended(r Request, now time.Time) (time.Time, error) {
	if _, err := Table.Next(r.State, Extend); err != nil {
		return time.Time{}, err
	}
	to := rs.monthsAfter(r.AskedAt.Time, rs.policies.Limits.DataRequests.ExtendedTo.Months)
	switch due := rs.day(r.DueAt.Time); {
	case !r.ExtendedAt.IsZero():
		return time.Time{}, fault.New(fault.Conflict, "data_request_extended").With("Due", due)
	case !now.Before(r.DueAt.Time):
		return time.Time{}, fault.New(fault.Conflict, "data_request_extension_late").With("Due", due)
	case !to.After(r.DueAt.Time): // policy gives no more
		return time.Time{}, fault.New(fault.Conflict, "data_request_no_extension").With("Due", due)
	}
	return to, nil
}

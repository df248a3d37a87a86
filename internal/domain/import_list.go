package domain

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// ImportList is a list of names that are to be imported. The registries are asked what
// they have of each before anything is taken over, and somebody looks at the answers.
type ImportList struct {
	bun.BaseModel `bun:"table:import_list"`

	ID       int64 `bun:",pk,autoincrement"`
	PublicID string
	// FileName is what whoever sent it calls it.
	FileName string
	State    ImportListState
	Total    int
	// Author is who had it looked at, and later imported, of the account AuthorAccount.
	Author        string
	AuthorAccount int64
	CreatedAt     store.Time
	EndedAt       store.Time
	RowVersion    int64
}

// ImportRow is one name of a list.
type ImportRow struct {
	bun.BaseModel `bun:"table:import_row"`

	ListID   int64 `bun:",pk"`
	Position int   `bun:",pk"`
	// Line and Column are where it stands in the file.
	Line, Column  int
	Name          string
	Account       string
	AccountID     int64
	Accreditation policy.Accreditation
	State         ImportRowState
	// Reason is why it was refused, Params what the text of that takes.
	Reason string
	Params fault.Params
	// What the registry has of it.
	Registry   string
	Registrant string
	Statuses   []string
	ExpiresAt  store.Time
	DueAt      store.Time
	// ImportID is the attempt to take it over, 0 before that.
	ImportID int64
}

// Wanted is a name that somebody wants to be imported.
type Wanted struct {
	Line, Column  int
	Name          string
	Account       string
	Accreditation policy.Accreditation
}

const (
	// MaxImport is how many names a list may have.
	MaxImport = 10_000
	// rowsTogether is how many names of a list are written, or looked at, before others
	// have their turn.
	rowsTogether = 100
)

// ListImport keeps a list of names and has the registries asked about each; nothing is
// imported yet. For staff, with domain.import. Faults: import_list_empty,
// import_list_too_long.
func (all *All) ListImport(ctx context.Context, a actor.Actor, fileName string, names []Wanted) (l ImportList, err error) {
	if err := a.Check(actor.DomainImport); err != nil {
		return l, err
	}
	switch {
	case len(names) == 0:
		return l, fault.At("file", "import_list_empty")
	case len(names) > MaxImport:
		return l, fault.At("file", "import_list_too_long").With("Max", "10000")
	}
	rows, err := all.rowsOf(ctx, a, names)
	if err != nil {
		return l, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		l = ImportList{PublicID: store.NewID("iml"), FileName: fileName, State: ImportChecking, Total: len(rows), Author: a.ID, AuthorAccount: a.Account, CreatedAt: store.At(tx.Now()), RowVersion: 1}
		if _, err := tx.NewInsert().Model(&l).Exec(ctx); err != nil {
			return err
		}
		for i := range rows {
			rows[i].ListID = l.ID
		}
		for from := 0; from < len(rows); from += rowsTogether {
			part := rows[from:min(from+rowsTogether, len(rows))]
			if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, a, "import_list.create", l.PublicID, nil)
	})
	return l, wrap("list import", err)
}

// rowsOf are the rows of a list, with the accounts that get the names. One that is spelt in
// two ways stands there once.
func (all *All) rowsOf(ctx context.Context, a actor.Actor, names []Wanted) (out []ImportRow, err error) {
	owners, seen := map[string]int64{}, map[string]bool{}
	for _, n := range names {
		key, err := Normalize(n.Name)
		if err != nil {
			key = n.Name // whoever looks at the row says what is wrong with it
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		if _, known := owners[n.Account]; !known {
			owner, err := all.accounts.Find(ctx, a, n.Account)
			if err != nil && fault.Code(err) != "account_not_found" {
				return nil, err
			}
			owners[n.Account] = owner.ID
		}
		out = append(out, ImportRow{Position: len(out), Line: n.Line, Column: n.Column, Name: key, Account: n.Account, AccountID: owners[n.Account], Accreditation: n.Accreditation,
			State: RowWaiting, Params: fault.Params{}, Statuses: []string{}})
	}
	return out, nil
}

// CheckListAgain has the registries asked again about the names of a list that were
// refused. It needs domain.import. Faults: import_list_not_found, import_list_state.
func (all *All) CheckListAgain(ctx context.Context, a actor.Actor, publicID string) (ImportList, error) {
	return all.moveList(ctx, a, publicID, CheckAgain, func(ctx context.Context, tx *store.Tx, l ImportList) error {
		to, err := ImportRows.Next(RowRefused, AgainRow)
		if err != nil {
			return err
		}
		_, err = tx.NewUpdate().Model((*ImportRow)(nil)).Set("state = ?", to).Set("reason = ''").Set("params = '{}'").Where("list_id = ?", l.ID).Where("state = ?", RowRefused).Exec(ctx)
		return err
	})
}

// ImportListed imports the names of a list that the registries have under our sponsorship.
// It needs domain.import. Faults: import_list_not_found, import_list_state.
func (all *All) ImportListed(ctx context.Context, a actor.Actor, publicID string) (ImportList, error) {
	return all.moveList(ctx, a, publicID, ImportThem, func(context.Context, *store.Tx, ImportList) error { return nil })
}

// CancelImportList leaves the names of a list alone that are not imported yet; those that a
// registry is being asked about for good come in still. It needs domain.import. Faults:
// import_list_not_found, import_list_state.
func (all *All) CancelImportList(ctx context.Context, a actor.Actor, publicID string) (ImportList, error) {
	return all.moveList(ctx, a, publicID, CancelList, func(context.Context, *store.Tx, ImportList) error { return nil })
}

// moveList moves a list, by whoever wants that.
func (all *All) moveList(ctx context.Context, a actor.Actor, publicID string, e ImportListEvent, rest func(context.Context, *store.Tx, ImportList) error) (l ImportList, err error) {
	if l, err = all.FindImportList(ctx, a, publicID); err != nil {
		return l, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if l.State, err = ImportLists.Next(l.State, e); err != nil {
			return err
		}
		l.Author, l.AuthorAccount = a.ID, a.Account
		if e == CancelList {
			l.EndedAt = store.At(tx.Now())
		}
		if err := saveList(ctx, tx, &l); err != nil {
			return err
		}
		if err := rest(ctx, tx, l); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "import_list."+string(e), l.PublicID, nil)
	})
	return l, wrap("import list", err)
}

func saveList(ctx context.Context, tx *store.Tx, l *ImportList) error {
	l.RowVersion++
	return store.One(tx.NewUpdate().Model(l).WherePK().Where("row_version = ?", l.RowVersion-1).Exec(ctx))
}

// FindImportList returns a list of names. For staff, with domain.import. Fault:
// import_list_not_found.
func (all *All) FindImportList(ctx context.Context, a actor.Actor, publicID string) (l ImportList, err error) {
	if err := a.Check(actor.DomainImport); err != nil {
		return l, err
	}
	err = all.store.R.NewSelect().Model(&l).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return l, fault.New(fault.NotFound, "import_list_not_found")
	}
	return l, wrap("import list", err)
}

// ImportLists returns the lists of names that were sent, the newest first, behind the one
// with the id before, and the id to go on with, "" on the last page. It needs domain.import.
func (all *All) ImportLists(ctx context.Context, a actor.Actor, before string, limit int) (out []ImportList, next string, err error) {
	if err := a.Check(actor.DomainImport); err != nil {
		return nil, "", err
	}
	q := all.store.R.NewSelect().Model(&out).OrderExpr("id DESC").Limit(int64(limit) + 1)
	if before != "" {
		q = q.Where("id < (SELECT x.id FROM import_list AS x WHERE x.public_id = ?)", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", wrap("import lists", err)
	}
	if len(out) > limit {
		out = out[:limit]
		next = out[limit-1].PublicID
	}
	return out, next, nil
}

// CountRows says how many names of a list are in each state.
func (all *All) CountRows(ctx context.Context, l ImportList) (map[ImportRowState]int, error) {
	var found []struct {
		State ImportRowState
		N     int
	}
	err := all.store.R.NewRaw("SELECT state, count(*) AS n FROM import_row WHERE list_id = ? GROUP BY state", l.ID).Scan(ctx, &found)
	out := map[ImportRowState]int{}
	for _, f := range found {
		out[f.State] = f.N
	}
	return out, wrap("rows of a list", err)
}

// ImportRows returns a page of the names of a list in a state, "" for any, from a position on.
func (all *All) ImportRows(ctx context.Context, l ImportList, s ImportRowState, from, limit int) (out []ImportRow, err error) {
	q := all.store.R.NewSelect().Model(&out).Where("list_id = ?", l.ID).Where("position >= ?", from).OrderExpr("position").Limit(int64(limit))
	if s != "" {
		q = q.Where("state = ?", s)
	}
	return out, wrap("rows of a list", q.Scan(ctx))
}

// WorkImports asks the registries about further names of the lists that are looked at, and
// imports further names of those that are wanted. It returns how many it has dealt with.
// One process does it at a time.
func (all *All) WorkImports(ctx context.Context) (done int, err error) {
	var open []ImportList
	err = all.store.R.NewSelect().Model(&open).Where("state IN (?, ?)", ImportChecking, ImportListRunning).OrderExpr("id").Scan(ctx)
	if err != nil || len(open) == 0 {
		return 0, wrap("imports", err)
	}
	if _, ok, err := all.store.Acquire(ctx, "import-lists", all.config.Owner, time.Minute); err != nil || !ok {
		return 0, err
	}
	for _, l := range open {
		state, work := RowWaiting, all.checkRow
		if l.State == ImportListRunning {
			state, work = RowFound, all.importRow
		}
		rows, err := all.ImportRows(ctx, l, state, 0, rowsTogether)
		if err != nil {
			return done, err
		}
		for _, r := range rows {
			err := work(ctx, l, r)
			if errors.Is(err, errListMoved) {
				break
			}
			if err != nil {
				return done, wrap("imports", err)
			}
			done++
		}
		if len(rows) == 0 {
			if err := all.endStage(ctx, l); err != nil && !errors.Is(err, store.ErrStale) { // cancelled meanwhile
				return done, wrap("imports", err)
			}
		}
	}
	return done, nil
}

// errListMoved: whoever works on a list finds that it was cancelled meanwhile.
var errListMoved = errors.New("the list has moved on")

// endStage moves a list of which no name is left to be dealt with; one that is imported is
// over when the registries have answered about each.
func (all *All) endStage(ctx context.Context, l ImportList) error {
	e := ChecksEnd
	if l.State == ImportListRunning {
		rows, err := all.CountRows(ctx, l)
		if err != nil || rows[RowImporting] > 0 {
			return err
		}
		e = ImportsEnd
	}
	return all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if l.State, err = ImportLists.Next(l.State, e); err != nil {
			return err
		}
		if e == ImportsEnd {
			l.EndedAt = store.At(tx.Now())
		}
		return saveList(ctx, tx, &l)
	})
}

// checkRow asks the registry what it has of a name of a list.
func (all *All) checkRow(ctx context.Context, _ ImportList, r ImportRow) error {
	p, err := Prospect{}, error(fault.New(fault.NotFound, "account_not_found"))
	if r.AccountID != 0 {
		p, err = all.prospect(ctx, r.Accreditation, r.Name)
	}
	if err != nil {
		return all.refuseRow(ctx, r, err)
	}
	if r.State, err = ImportRows.Next(r.State, FindRow); err != nil {
		return err
	}
	r.Name, r.Registry, r.Registrant, r.Statuses, r.ExpiresAt, r.DueAt = p.Name, p.Registry, p.Registrant, append([]string{}, p.Statuses...), store.At(p.ExpiresAt), store.At(p.DueAt)
	return all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.One(tx.NewUpdate().Model(&r).WherePK().Exec(ctx))
	})
}

// importRow imports a name of a list, for whoever wanted that.
func (all *All) importRow(ctx context.Context, l ImportList, r ImportRow) error {
	n, err := all.importable(r.Accreditation, r.Name)
	if err != nil {
		return all.refuseRow(ctx, r, err)
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		running, err := tx.NewSelect().Model((*ImportList)(nil)).Where("id = ?", l.ID).Where("state = ?", ImportListRunning).Count(ctx)
		if err != nil {
			return err
		}
		if running == 0 {
			return errListMoved
		}
		_, i, err := all.takeOver(ctx, tx, actor.Actor{ID: l.Author, Account: l.AuthorAccount}, r.AccountID, n, registry.Bulk)
		if err != nil {
			return err
		}
		if r.State, err = ImportRows.Next(r.State, BeginRow); err != nil {
			return err
		}
		r.ImportID = i.ID
		return store.One(tx.NewUpdate().Model(&r).Column("state", "import_id").WherePK().Exec(ctx))
	})
	if err != nil && !errors.Is(err, errListMoved) {
		return all.refuseRow(ctx, r, err)
	}
	return err
}

// SweepImportLists forgets up to n lists that policy has no longer kept, with their rows:
// those that have ended or were cancelled, and those that nobody has wanted imported. It
// returns how many. What became of the names stays at these and in the audit record.
func (all *All) SweepImportLists(ctx context.Context, n int) (int, error) {
	keep := all.policies.Limits.KeepImportLists()
	if keep == 0 {
		return 0, nil
	}
	before := store.Micros(all.store.Now().Add(-keep))
	var due []ImportList
	err := all.store.R.NewSelect().Model(&due).Where("state IN (?, ?, ?)", ImportChecked, ImportListEnded, ImportListStopped).
		Where("coalesce(ended_at, created_at) < ?", before).OrderExpr("id").Limit(int64(n)).Scan(ctx)
	for _, l := range due {
		if err := all.forgetList(ctx, l); err != nil {
			return 0, wrap("sweep import lists", err)
		}
	}
	return len(due), wrap("sweep import lists", err)
}

// forgetList deletes the rows of a list a few at a time, so that nobody waits long, and the
// list last.
func (all *All) forgetList(ctx context.Context, l ImportList) error {
	for to := rowsTogether; ; to += rowsTogether {
		err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewDelete().Model((*ImportRow)(nil)).Where("list_id = ?", l.ID).Where("position < ?", to).Exec(ctx)
			if err != nil || to < l.Total {
				return err
			}
			_, err = tx.NewDelete().Model((*ImportList)(nil)).Where("id = ?", l.ID).Exec(ctx)
			return err
		})
		if err != nil || to >= l.Total {
			return err
		}
	}
}

// refuseRow writes down why a name of a list is not imported; an error that says nothing
// of the name is returned.
func (all *All) refuseRow(ctx context.Context, r ImportRow, refused error) (err error) {
	f := fault.From(refused)
	if f.Kind == fault.Internal {
		return refused
	}
	if r.State, err = ImportRows.Next(r.State, RefuseRow); err != nil {
		return err
	}
	r.Reason, r.Params = f.Code, f.Params
	if r.Params == nil {
		r.Params = fault.Params{}
	}
	return all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.One(tx.NewUpdate().Model(&r).Column("state", "reason", "params").WherePK().Exec(ctx))
	})
}

// closeRow says at the row of a list what became of the import of its name. Most imports
// belong to no list.
func closeRow(ctx context.Context, tx *store.Tx, i Import) error {
	e := FinishRow
	if i.State == ImportRefused {
		e = RefuseRow
	}
	to, err := ImportRows.Next(RowImporting, e)
	if err != nil {
		return err
	}
	_, err = tx.NewUpdate().Model((*ImportRow)(nil)).Set("state = ?", to).Set("reason = ?", i.Reason).Set("params = ?", i.Params).
		Where("import_id = ?", i.ID).Where("state = ?", RowImporting).Exec(ctx)
	return err
}

package domain

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/store"
)

const (
	// namesTogether is how many names of a task stand in one row: a list may be long, and
	// nobody need hold all of it in memory to go on.
	namesTogether = 1000
	// rowsAtOnce is how many such rows one statement writes.
	rowsAtOnce = 20
)

// nameRow is a stretch of the names that a task has still to take.
type nameRow struct {
	bun.BaseModel `bun:"table:association_names"`

	TaskID int64 `bun:",pk"`
	// Position is that of the first name.
	Position int `bun:",pk"`
	Names    []string
}

// keepNames writes down what names a task is of.
func keepNames(ctx context.Context, tx *store.Tx, task int64, names []string) error {
	var rows []nameRow
	for part := range slices.Chunk(names, namesTogether) {
		rows = append(rows, nameRow{TaskID: task, Position: len(rows) * namesTogether, Names: part})
	}
	for some := range slices.Chunk(rows, rowsAtOnce) {
		if _, err := tx.NewInsert().Model(&some).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// nextNames returns the names of a task that are to be taken next, at most expandChunk. With
// the last of a row the row goes: each name stands at its item then.
func nextNames(ctx context.Context, tx *store.Tx, t Task) ([]string, error) {
	var row nameRow
	err := tx.NewSelect().Model(&row).Where("task_id = ?", t.ID).Where("position <= ?", t.Expanded).OrderExpr("position DESC").Limit(1).Scan(ctx)
	if err != nil {
		return nil, err
	}
	names := row.Names[t.Expanded-row.Position:]
	if len(names) > expandChunk {
		return names[:expandChunk], nil
	}
	_, err = tx.NewDelete().Model(&row).WherePK().Exec(ctx)
	return names, err
}

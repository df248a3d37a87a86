package store

import (
	"context"
	"reflect"
	"slices"

	"github.com/uptrace/bun"
)

// A statement costs a hundred times what a row in it does. Whoever makes many small
// writes in a unit of work gathers them, and writes them together.

// Gather keeps v with the others of this unit of work that have the same key, until
// Flush, or the end of the unit of work, has write write all of them, in the order in
// which they came. Whoever reads what may have been gathered calls Flush before.
func Gather[T any](tx *Tx, key any, v T, write func(ctx context.Context, tx *Tx, all []T) error) {
	heap, _ := tx.heaps[key].(*[]T)
	if heap == nil {
		heap = new([]T)
		if tx.heaps == nil {
			tx.heaps = map[any]any{}
		}
		tx.heaps[key] = heap
		tx.last = append(tx.last, lastAct{key, func(ctx context.Context) error { return write(ctx, tx, *heap) }})
	}
	*heap = append(*heap, v)
}

// lastAct writes what was gathered under a key.
type lastAct struct {
	key   any
	write func(ctx context.Context) error
}

// Flush writes what was gathered under key.
func (tx *Tx) Flush(ctx context.Context, key any) error {
	i := slices.IndexFunc(tx.last, func(a lastAct) bool { return a.key == key })
	if i < 0 {
		return nil
	}
	act := tx.last[i]
	tx.last = slices.Delete(tx.last, i, i+1)
	delete(tx.heaps, key)
	return act.write(ctx)
}

// flushAll writes what was gathered, the keys in the order of their first rows, also
// what is gathered by that.
func (tx *Tx) flushAll(ctx context.Context) error {
	for len(tx.last) > 0 {
		if err := tx.Flush(ctx, tx.last[0].key); err != nil {
			return err
		}
	}
	return nil
}

// Remember returns what find has found under key in this unit of work, and asks it once.
// It is for what nobody else changes meanwhile; who changes it here calls Forget.
func Remember[T any](tx *Tx, key any, find func() (T, error)) (T, error) {
	if v, ok := tx.memo[key]; ok {
		return v.(T), nil
	}
	v, err := find()
	if err != nil {
		return v, err
	}
	if tx.memo == nil {
		tx.memo = map[any]any{}
	}
	tx.memo[key] = v
	return v, nil
}

// Forget has Remember ask again.
func (tx *Tx) Forget(key any) { delete(tx.memo, key) }

// UpdateEach writes columns of rows, which are found by their ids, in one statement, as
// far as the condition holds: there ?TableAlias is the table, and wanted has the columns
// as they are to be. No columns are all. It returns the ids of the rows that were met. A
// model names the type of its columns that are neither text nor numbers.
func UpdateEach[T any](ctx context.Context, tx *Tx, rows []T, columns []string, condition string, args ...any) (met []int64, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	if len(columns) == 0 {
		for _, f := range tx.Dialect().Tables().Get(reflect.TypeFor[T]()).DataFields {
			columns = append(columns, f.Name)
		}
	}
	names := make([]bun.Ident, len(columns))
	for i, c := range columns {
		names[i] = bun.Ident(c)
	}
	// The key has another name in there: SQLite returns columns by their bare names only.
	q := tx.NewUpdate().With("_values", tx.NewValues(&rows).Column(append([]string{"id"}, columns...)...)).Model((*T)(nil)).
		TableExpr("(SELECT id AS wanted_id, ? FROM _values) AS wanted", bun.List(names)).
		Where("?TableAlias.id = wanted.wanted_id").Where(condition, args...).Returning("id")
	for _, c := range names {
		q = q.Set("? = wanted.?", c, c)
	}
	return met, q.Scan(ctx, &met)
}

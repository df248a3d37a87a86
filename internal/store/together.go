package store

import (
	"context"
	"slices"
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

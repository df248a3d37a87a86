package store

import (
	"context"
	"strconv"
	"strings"
)

// arrays are the rows' columns, each as one argument.
func (r *rowSet) arrays() []any {
	out := make([]any, len(r.columns))
	for j, c := range r.columns {
		switch c.kind {
		case kindInteger:
			out[j] = cellsOf[int64](r, j)
		case kindBoolean:
			out[j] = cellsOf[bool](r, j)
		case kindBytes:
			out[j] = cellsOf[[]byte](r, j)
		default:
			out[j] = cellsOf[string](r, j)
		}
	}
	return out
}

// cellsOf is column j of all rows; nil is NULL.
func cellsOf[V any](r *rowSet, j int) []*V {
	out := make([]*V, r.len())
	for i := range out {
		if v, ok := r.row(i)[j].(V); ok {
			out[i] = &v
		}
	}
	return out
}

// unnested is the rows as a table of their arrays.
func (r *rowSet) unnested() string {
	var b strings.Builder
	b.WriteString("unnest(")
	for i, c := range r.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1) + "::" + string(c.kind) + "[]")
	}
	return b.String() + ")"
}

func (e *postgresEngine) insertEach(ctx context.Context, tx *Tx, set *rowSet, conflict string) error {
	query := "INSERT INTO " + set.table + " (" + set.names("") + ") SELECT * FROM " + set.unnested() + " " + conflict
	return tx.conn.Raw(func(conn any) error {
		_, err := conn.(oneWay).Conn.Conn().Exec(ctx, query, set.arrays()...)
		return err
	})
}

func (e *postgresEngine) updateEach(ctx context.Context, tx *Tx, set *rowSet, condition string, args []any) (met []int64, err error) {
	var b strings.Builder
	b.WriteString("UPDATE " + set.table + " AS present SET ")
	for i, c := range set.columns[1:] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(c.SQLName) + " = wanted." + string(c.SQLName))
	}
	b.WriteString(" FROM " + set.unnested() + " AS wanted(" + set.names("") + ") WHERE present.id = wanted.id AND ")
	b.WriteString(placed(condition, func(name string) string { return "wanted." + name }, func(i int) string { return "$" + strconv.Itoa(len(set.columns)+i+1) }))
	b.WriteString(" RETURNING present.id")
	err = tx.conn.Raw(func(conn any) error {
		rows, err := conn.(oneWay).Conn.Conn().Query(ctx, b.String(), append(set.arrays(), args...)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			met = append(met, id)
		}
		return rows.Err()
	})
	return met, err
}

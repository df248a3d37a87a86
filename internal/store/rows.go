package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/uptrace/bun/schema"
)

// Rows that come by the hundred are bound to a statement whose text is the same each
// time, so that it is read and planned once. The engines differ in how: SQLite carries it
// out for each row, which costs less than to read a longer one; PostgreSQL takes a column
// of all rows as one array, because there each statement is a way there and back.

// rowSet is rows of one table on their way into a statement.
type rowSet struct {
	table   string
	columns []column
	// cells are the values as database/sql knows them, row by row.
	cells []driver.Value
}

func (r *rowSet) len() int { return len(r.cells) / len(r.columns) }

func (r *rowSet) row(i int) []driver.Value {
	return r.cells[i*len(r.columns) : (i+1)*len(r.columns)]
}

// names are the columns' names, quoted, each with a text before it.
func (r *rowSet) names(before string) string {
	var b strings.Builder
	for i, c := range r.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(before + string(c.SQLName))
	}
	return b.String()
}

// column is a column with what its values are.
type column struct {
	*schema.Field
	kind kind
}

// kind is what a column's values are, by their names in PostgreSQL.
type kind string

const (
	kindInteger kind = "bigint"
	kindText    kind = "text"
	kindBytes   kind = "bytea"
	kindBoolean kind = "boolean"
)

var (
	timeType  = reflect.TypeFor[Time]()
	bytesType = reflect.TypeFor[[]byte]()
)

func kindOf(f *schema.Field) kind {
	switch t := f.IndirectType; {
	case t == timeType, t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		return kindInteger
	case t == bytesType:
		return kindBytes
	case t.Kind() == reflect.Bool:
		return kindBoolean
	}
	return kindText // also of what is kept as JSON
}

// value is what a row has in the column.
func (c column) value(row reflect.Value) (driver.Value, error) {
	v := row.FieldByIndex(c.Index)
	if c.NullZero && v.IsZero() {
		return nil, nil
	}
	switch t := v.Type(); {
	case t == timeType:
		return v.Interface().(Time).Value()
	case c.kind == kindInteger:
		return v.Int(), nil
	case c.kind == kindBytes:
		return v.Bytes(), nil
	case c.kind == kindBoolean:
		return v.Bool(), nil
	case t.Kind() == reflect.String:
		if s := v.String(); strings.IndexByte(s, 0) < 0 {
			return strings.ToValidUTF8(s, "\uFFFD"), nil
		}
		return nil, fmt.Errorf("store: %s: text with a zero byte", c.Name)
	}
	b, err := json.Marshal(v.Interface())
	return string(b), err
}

// bind makes a set of rows, structs or pointers to them, with the columns that are wanted.
func bind[T any](tx *Tx, rows []T, wanted func(*schema.Table) ([]*schema.Field, error)) (*rowSet, error) {
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	table := tx.Dialect().Tables().Get(t)
	fields, err := wanted(table)
	if err != nil {
		return nil, err
	}
	set := &rowSet{table: string(table.SQLName), cells: make([]driver.Value, 0, len(rows)*len(fields))}
	for _, f := range fields {
		set.columns = append(set.columns, column{f, kindOf(f)})
	}
	for i := range rows {
		row := reflect.Indirect(reflect.ValueOf(&rows[i]).Elem())
		for _, c := range set.columns {
			v, err := c.value(row)
			if err != nil {
				return nil, err
			}
			set.cells = append(set.cells, v)
		}
	}
	return set, nil
}

// InsertEach inserts rows, which get their keys from the database where those count up.
// conflict is the clause for rows that are there already, "" for none.
func InsertEach[T any](ctx context.Context, tx *Tx, rows []T, conflict string) error {
	if len(rows) == 0 {
		return nil
	}
	set, err := bind(tx, rows, func(t *schema.Table) (out []*schema.Field, err error) {
		for _, f := range t.Fields {
			if !f.AutoIncrement {
				out = append(out, f)
			}
		}
		return out, nil
	})
	if err != nil {
		return err
	}
	return tx.store.engine.insertEach(ctx, tx, set, conflict)
}

// UpdateEach writes columns of rows, which are found by their ids, as far as the condition
// holds: in it present is the row as it is, and wanted as it is to be, in these columns. It
// returns the ids of the rows that were met.
func UpdateEach[T any](ctx context.Context, tx *Tx, rows []T, columns []string, condition string, args ...any) (met []int64, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	set, err := bind(tx, rows, func(t *schema.Table) (out []*schema.Field, err error) {
		for _, name := range append([]string{"id"}, columns...) {
			f, ok := t.FieldMap[name]
			if !ok {
				return nil, fmt.Errorf("store: %s has no column %s", t.Name, name)
			}
			out = append(out, f)
		}
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	return tx.store.engine.updateEach(ctx, tx, set, condition, args)
}

// Changed names the columns in which a row differs from how it was.
func Changed[T any](tx *Tx, was, is *T) (columns []string) {
	before, after := reflect.ValueOf(was).Elem(), reflect.ValueOf(is).Elem()
	for _, f := range tx.Dialect().Tables().Get(before.Type()).Fields {
		if !reflect.DeepEqual(before.FieldByIndex(f.Index).Interface(), after.FieldByIndex(f.Index).Interface()) {
			columns = append(columns, f.Name)
		}
	}
	return columns
}

var placeholder = regexp.MustCompile(`wanted\.\w+|\?`)

// placed puts, into a condition, what stands for a wanted column and for the ith argument.
func placed(condition string, wanted func(column string) string, arg func(i int) string) string {
	i := -1
	return placeholder.ReplaceAllStringFunc(condition, func(s string) string {
		if name, ok := strings.CutPrefix(s, "wanted."); ok {
			return wanted(name)
		}
		i++
		return arg(i)
	})
}

package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// insertEach carries a kept statement out for each row.
func (e *sqliteEngine) insertEach(_ context.Context, tx *Tx, set *rowSet, conflict string) error {
	query := "INSERT INTO " + set.table + " (" + set.names("") + ") VALUES (?" + strings.Repeat(", ?", len(set.columns)-1) + ") " + conflict
	return tx.each(query, set, nil, func(int, driver.Result) error { return nil })
}

func (e *sqliteEngine) updateEach(_ context.Context, tx *Tx, set *rowSet, condition string, args []any) (met []int64, err error) {
	at := map[string]string{}
	var b strings.Builder
	b.WriteString("UPDATE " + set.table + " AS present SET ")
	for i, c := range set.columns {
		at[c.Name] = "?" + strconv.Itoa(i+1)
		if i == 0 {
			continue
		}
		if i > 1 {
			b.WriteString(", ")
		}
		b.WriteString(string(c.SQLName) + " = " + at[c.Name])
	}
	b.WriteString(" WHERE present.id = ?1 AND ")
	b.WriteString(placed(condition, func(name string) string { return at[name] }, func(i int) string { return "?" + strconv.Itoa(len(set.columns)+i+1) }))
	err = tx.each(b.String(), set, args, func(i int, res driver.Result) error {
		n, err := res.RowsAffected()
		if n > 0 {
			met = append(met, set.row(i)[0].(int64))
		}
		return err
	})
	return met, err
}

// each carries a statement out with each row and the arguments after it.
func (tx *Tx) each(query string, set *rowSet, args []any, done func(i int, res driver.Result) error) error {
	values := make([]driver.NamedValue, len(set.columns)+len(args))
	for i := range values {
		values[i].Ordinal = i + 1
	}
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return fmt.Errorf("store: argument %d: %w", i+1, err)
		}
		values[len(set.columns)+i].Value = v
	}
	return tx.conn.Raw(func(conn any) error {
		stmt, err := conn.(*keeper).prepared(query)
		if err != nil {
			return err
		}
		for i := range set.len() {
			for j, v := range set.row(i) {
				values[j].Value = v
			}
			// The context has nothing to end here: a row takes microseconds, and a watch
			// over each would cost as much.
			res, err := stmt.ExecContext(context.Background(), values)
			if err != nil {
				return err
			}
			if err := done(i, res); err != nil {
				return err
			}
		}
		return nil
	})
}

// keepers makes connections that keep the statements for many rows.
type keepers struct{ driver.Connector }

func (k keepers) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &keeper{sqliteConn: conn.(sqliteConn), kept: map[string]statement{}}, nil
}

// keeper is a connection to SQLite that keeps the statements for many rows.
type keeper struct {
	sqliteConn
	kept map[string]statement
}

// sqliteConn is what the driver's connections can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type statement interface {
	driver.Stmt
	driver.StmtExecContext
}

// mostKept is more than the program has: the columns of an update vary a little.
const mostKept = 200

func (k *keeper) prepared(query string) (statement, error) {
	if s, ok := k.kept[query]; ok {
		return s, nil
	}
	if len(k.kept) >= mostKept {
		if err := k.forget(); err != nil {
			return nil, err
		}
	}
	s, err := k.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("store: prepare: %w", err)
	}
	k.kept[query] = s.(statement)
	return s.(statement), nil
}

func (k *keeper) forget() (err error) {
	for _, s := range k.kept {
		err = errors.Join(err, s.Close())
	}
	k.kept = map[string]statement{}
	return err
}

// Close ends the statements first: with one that is open the file would stay so.
func (k *keeper) Close() error { return errors.Join(k.forget(), k.sqliteConn.Close()) }

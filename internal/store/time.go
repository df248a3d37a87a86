package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Time is a point in time as rows keep it: UTC microseconds since 1970, NULL
// for the zero time.
type Time struct{ time.Time }

// At returns t as a row keeps it.
func At(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{t.UTC().Truncate(time.Microsecond)}
}

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (t *Time) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = Time{}
	case int64:
		*t = Time{time.UnixMicro(v).UTC()}
	default:
		return fmt.Errorf("store: a time cannot be read from %T", v)
	}
	return nil
}

// Micros is t in microseconds since 1970, for comparing in queries.
func Micros(t time.Time) int64 { return t.UnixMicro() }

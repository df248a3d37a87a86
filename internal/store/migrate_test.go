package store_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// earlier are migrations that make rows of what is there: a database as it was before, and
// what it says afterwards.
var earlier = map[string]struct {
	before int64
	rows   []string
	ask    string
	want   []string
}{
	"the end of documents is looked at for what is verified and has one": {before: 123, rows: append(profiles,
		version(1, "verified", `{"valid_to":"2030-01-01"}`), version(2, "verified", `{"name_zh":"李思远"}`), version(3, "unverified", `{"valid_to":"2030-01-01"}`), version(4, "verified", `{"valid_to":"2020-01-01"}`),
	), ask: "SELECT CAST(version_id AS TEXT) || ' at ' || CAST(due_at AS TEXT) FROM profile_document_end ORDER BY version_id", want: []string{"1 at 0", "4 at 0"}},
	"who has papers to show keeps the reminder that was promised": {before: 129, rows: append(profiles,
		version(1, "verified", `{}`), papers(1, "NULL", "NULL"), papers(2, "864000000000", "NULL"), papers(3, "864000000000", "604800000000"),
	), ask: "SELECT name || ' at ' || coalesce(CAST(remind_at AS TEXT), 'no time') FROM qualification ORDER BY id", want: []string{"1.example at no time", "2.example at 604800000000", "3.example at no time"}},
}

var profiles = []string{
	"INSERT INTO account (id, public_id, name, identity_state, created_at, row_version) VALUES (1, 'acc_1', 'Sample', 'verified', 0, 1)",
	"INSERT INTO profile (id, public_id, account_id, accreditation, kind, holder_type, created_at, updated_at, row_version) VALUES (1, 'pr_1', 1, 'mainland', 'cnnic', 'individual', 0, 0, 1)",
}

func version(n int, state, fields string) string {
	return "INSERT INTO profile_version (public_id, profile_id, account_id, number, state, fields, holder_fold, created_at, row_version, id) VALUES ('pv_" + digit(n) + "', 1, 1, " + digit(n) + ", '" + state + "', '" + fields + "', '', 0, 1, " + digit(n) + ")"
}

func papers(n int, due, reminded string) string {
	return "INSERT INTO qualification (public_id, account_id, name, domain, holder, accreditation, version_id, document_kind, pattern, state, due_at, reminded_at, opened_at, row_version, id) VALUES ('qlf_" + digit(n) + "', 1, '" + digit(n) + ".example', '', '', 'mainland', 1, '', '', 'asked', " + due + ", " + reminded + ", 0, 1, " + digit(n) + ")"
}

func digit(n int) string { return string(rune('0' + n)) }

// A migration that fills in what older rows lack is walked on such rows, on both engines.
func TestOlderRowsAreTakenAlong(t *testing.T) {
	t.Parallel()
	for what, tt := range earlier {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for _, engine := range []struct {
				name, driver string
				dialect      goose.Dialect
				url          func(*testing.T) string
			}{
				{"sqlite", "sqlite", goose.DialectSQLite3, func(t *testing.T) string { return filepath.Join(t.TempDir(), "verinym.db") }},
				{"postgres", "pgx", goose.DialectPostgres, func(t *testing.T) string { return storetest.PostgresURL(t) }},
			} {
				t.Run(engine.name, func(t *testing.T) {
					t.Parallel()
					url := engine.url(t)
					db, err := sql.Open(engine.driver, url)
					if err != nil {
						t.Fatal(err)
					}
					if engine.name == "postgres" { // which comes with today's schema
						exec(t, db, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
					}
					if err := store.MigrateTo(t.Context(), engine.dialect, db, engine.name, tt.before); err != nil {
						t.Fatal(err)
					}
					exec(t, db, tt.rows...)
					if err := db.Close(); err != nil {
						t.Fatal(err)
					}
					s, err := store.Open(t.Context(), store.Config{URL: url, Clock: clock.NewFake(storetest.Monday)})
					if err != nil {
						t.Fatal(err)
					}
					t.Cleanup(func() { _ = s.Close() })
					var got []string
					if err := s.R.NewRaw(tt.ask).Scan(t.Context(), &got); err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(got, tt.want) {
						t.Errorf("it says %q, want %q", got, tt.want)
					}
				})
			}
		})
	}
}

func exec(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

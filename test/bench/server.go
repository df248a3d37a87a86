package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // the same engine, bare

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

// creations compares creating profiles through the API with bare inserts of the
// same rows, both durable, both on SQLite.
func (b *bench) creations(ctx context.Context) error {
	a, err := app.Start(ctx, app.Config{
		Addr: "127.0.0.1:0", Data: filepath.Join(b.dir, "api"), OCR: app.OCR{Engine: "off"},
	}, "bench", slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer a.Stop()
	people, err := a.MakeSampleAccounts(ctx)
	if err != nil {
		return err
	}
	bare, err := sql.Open("sqlite", "file:"+filepath.Join(b.dir, "bare.db")+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)")
	if err != nil {
		return err
	}
	defer bare.Close()
	bare.SetMaxOpenConns(1)
	schema := a.Store.R.QueryRowContext(ctx, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ('account','profile','profile_version','event','audit_entry') AND name NOT LIKE 'sqlite_%' ORDER BY type DESC)")
	var ddl string
	if err := schema.Scan(&ddl); err != nil {
		return err
	}
	if _, err := bare.ExecContext(ctx, ddl+"; INSERT INTO account (id, public_id, name, identity_state, created_at, row_version) VALUES (1, 'a', 'a', 'verified', 0, 1)"); err != nil {
		return err
	}
	var api, floor []float64
	for round := range 3 {
		// The limit of profiles belongs to an account: each round has one of its own.
		r, err := overAPI(ctx, client.New(a.URL()).As(people[round%2].APIKey), 120, 4)
		if err != nil {
			return err
		}
		api = append(api, r)
		if r, err = overSQL(ctx, bare, 120); err != nil {
			return err
		}
		floor = append(floor, r)
	}
	b.report("profiles created through the API, against bare inserts", median(ratios(api, floor)), "×")
	b.report("profile created through the API, 4 clients", 1e3/median(api), "ms")
	return nil
}

// sampleProfile is one that nothing is missing in but the document.
var sampleProfile = client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "individual", Fields: client.Fields{
	"name_zh": "李思远", "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000",
	"phone": "13800000000", "email": "li@registrant.example", "document_kind": "resident_id", "document_number": "990000199003071171"}}

func overAPI(ctx context.Context, c *client.Client, n, clients int) (float64, error) {
	work, failed := make(chan int), make(chan error, clients)
	var wg sync.WaitGroup
	start := time.Now()
	for range clients {
		wg.Go(func() {
			for range work {
				_, err := c.CreateProfile(ctx, sampleProfile)
				if err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	wg.Wait()
	select {
	case err := <-failed:
		return 0, err
	default:
	}
	return float64(n) / time.Since(start).Seconds(), nil
}

// overSQL inserts what one creation inserts: profile, version, event, audit entry,
// and the profile's pointer to its version.
func overSQL(ctx context.Context, db *sql.DB, n int) (float64, error) {
	fields, err := json.Marshal(map[string]string{
		"name_zh": "李思远", "name_en": "li si yuan", "country": "CN", "province_zh": "浙江", "province_en": "zhe jiang",
		"city_zh": "杭州市",
		"city_en": "hang zhou shi", "address_zh": "虚构路18号", "address_en": "xu gou lu 18 hao", "postal_code": "310000",
		"phone_typed": "13800000000", "phone": "+8613800000000",
		"email": "li@registrant.example", "document_kind": "resident_id",
	})
	if err != nil {
		return 0, err
	}
	sealed := make([]byte, 51)
	start := time.Now()
	for range n {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return 0, err
		}
		id := "prf_" + strconv.FormatInt(time.Now().UnixNano(), 36)
		for _, q := range []struct {
			sql  string
			args []any
		}{
			{"INSERT INTO profile (public_id, account_id, accreditation, kind, holder_type, created_at, updated_at, row_version) VALUES (?, 1, 'mainland', 'cnnic', 'individual', 1, 1, 1)", []any{id}},
			{"INSERT INTO profile_version (public_id, profile_id, account_id, number, state, fields, holder_fold, number_sealed, number_hash, number_mask, created_at, row_version) VALUES (?, last_insert_rowid(), 1, 1, 'unverified', ?, '李思远', ?, ?, '990***********1171', 1, 1)", []any{"v" + id, string(fields), sealed, sealed[:32]}},
			{"UPDATE profile SET version_id = last_insert_rowid(), is_default = FALSE WHERE public_id = ?", []any{id}},
			{"INSERT INTO event (account_id, type, subject, data, at, state) VALUES (1, 'profile.created', ?, '{}', 1, 'new')", []any{id}},
			{"INSERT INTO audit_entry (at, actor, account_id, action, subject, detail) VALUES (1, 'key', 1, 'profile.create', ?, '{}')", []any{id}},
		} {
			if _, err := tx.ExecContext(ctx, q.sql, q.args...); err != nil {
				return 0, err
			}
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(start).Seconds(), nil
}

// process measures the program itself: start-up on an existing database against
// the start of the program that does nothing, and memory when idle.
func (b *bench) process(ctx context.Context) error {
	config := filepath.Join(b.dir, "serve.yaml")
	if err := os.WriteFile(config, []byte("data: "+filepath.Join(b.dir, "serve")+"\naddr: 127.0.0.1:0\n"), 0o600); err != nil {
		return err
	}
	var up, nothing, rss []float64
	for round := range 6 {
		start := time.Now()
		if err := exec.CommandContext(ctx, b.binary, "--version").Run(); err != nil {
			return err
		}
		nothing = append(nothing, time.Since(start).Seconds())
		took, mb, err := b.serveOnce(ctx, config, round == 5)
		if err != nil {
			return err
		}
		if round == 0 {
			nothing = nothing[:0] // the first start made the database
			continue
		}
		up = append(up, took.Seconds())
		if mb > 0 {
			rss = append(rss, mb)
		}
	}
	b.report("start-up on an existing database", 1e3*median(up), "ms")
	b.report("start-up on an existing database, against --version", median(ratios(up, nothing)), "×")
	b.report("memory when idle, everything embedded", median(rss), "MB")
	return nil
}

// serveOnce starts a server and returns how long it took until it said so, and,
// after a rest, its resident memory.
func (b *bench) serveOnce(ctx context.Context, config string, rest bool) (time.Duration, float64, error) {
	cmd := exec.CommandContext(ctx, b.binary, "serve", "--config", config)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() }()
	buf := make([]byte, 4096)
	seen := ""
	for !strings.Contains(seen, "verinym serves") {
		n, err := stderr.Read(buf)
		seen += string(buf[:n])
		if err != nil {
			return 0, 0, fmt.Errorf("serve ended: %s", seen)
		}
	}
	took := time.Since(start)
	if !rest {
		return took, 0, nil
	}
	time.Sleep(4 * time.Second)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		return took, 0, nil //nolint:nilerr // elsewhere than Linux there is no such file
	}
	for _, l := range strings.Split(string(status), "\n") {
		var kb float64
		if _, err := fmt.Sscanf(l, "VmRSS: %f kB", &kb); err == nil {
			return took, kb / 1024, nil
		}
	}
	return took, 0, nil
}

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/identifier/sample"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/test/cluster"
)

// What a registrant may wait: for a search over a million profiles, against one over ten
// thousand, and for being told everything that a review would refuse.
const (
	searchTarget    = 20.0
	searchRatio     = 1.3
	preflightTarget = 1.0
)

// models are how many profiles are made as people make them. The rest are copies of them
// with another address and number, so that a name is shared by as many as in a country.
const models = 400

// benchProfiles is how many profiles are searched.
func benchProfiles() (int, error) {
	if typed := os.Getenv("BENCH_PROFILES"); typed != "" {
		return strconv.Atoi(typed)
	}
	return 1_000_000, nil
}

// shelf is an installation with many profiles in one account.
type shelf struct {
	*app.App
	owner   actor.Actor
	numbers []string
	ids     []string
}

// search compares searching in a million profiles with searching in ten thousand, query by
// query, and measures the check before submission, on each engine.
func (b *bench) search(ctx context.Context) error {
	if err := b.searchOn(ctx, "SQLite", "", ""); err != nil {
		return err
	}
	url, stop, err := cluster.StartDurable(ctx)
	if errors.Is(err, cluster.ErrNoBinaries) {
		fmt.Println("search on PostgreSQL: left out,", err)
		return nil
	}
	if err != nil {
		return err
	}
	defer stop()
	var databases [2]string
	for i, name := range []string{"few", "many"} {
		if databases[i], err = newDatabase(ctx, url, name); err != nil {
			return err
		}
	}
	return b.searchOn(ctx, "PostgreSQL", databases[0], databases[1])
}

// newDatabase makes a database in a cluster and returns its URL.
func newDatabase(ctx context.Context, cluster, name string) (string, error) {
	db, err := sql.Open("pgx", cluster)
	if err != nil {
		return "", err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	u, err := url.Parse(cluster)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// searchOn measures one engine; the databases are SQLite's own where they are "".
func (b *bench) searchOn(ctx context.Context, engine, fewIn, manyIn string) error {
	few, err := b.newShelf(ctx, 10_000, engine, fewIn)
	if err != nil {
		return err
	}
	defer few.Stop()
	began := time.Now()
	profiles, err := benchProfiles()
	if err != nil {
		return err
	}
	many, err := b.newShelf(ctx, profiles, engine, manyIn)
	if err != nil {
		return err
	}
	defer many.Stop()
	b.report(fmt.Sprintf("%d profiles put into %s", profiles, engine), time.Since(began).Seconds(), "s")
	last, copies := models-1, profiles/models
	var allSmall, allLarge []float64
	for _, q := range []struct {
		what       string
		few, many  string
		mustBeMore bool
	}{
		{"two Chinese characters", "思远", "思远", true},
		{"pinyin", "lisiyuan", "lisiyuan", true},
		{"Latin", "acme", "acme", true},
		{"an address", fmt.Sprintf("person24x%d@registrant.example", last), fmt.Sprintf("person%dx%d@registrant.example", copies-1, last), false},
		{"a number", few.numbers[last], many.numbers[last], false},
	} {
		var small, large []float64
		for round := range 210 {
			f, err := few.find(ctx, q.few, q.mustBeMore)
			if err != nil {
				return err
			}
			m, err := many.find(ctx, q.many, q.mustBeMore)
			if err != nil {
				return err
			}
			if round < 10 {
				continue // nothing is in memory yet
			}
			small, large = append(small, f), append(large, m)
		}
		allSmall, allLarge = append(allSmall, small...), append(allLarge, large...)
		b.reportTarget(fmt.Sprintf("search in %d profiles against 10000 on %s, %s", profiles, engine, q.what), median(ratios(large, small)), "×", searchRatio)
	}
	b.reportTarget(fmt.Sprintf("search in %d profiles on %s, p95", profiles, engine), percentile(allLarge, 95), "ms", searchTarget)
	b.report(fmt.Sprintf("search in %d profiles on %s, median", profiles, engine), median(allLarge), "ms")
	b.report("search in 10000 profiles on "+engine+", p95", percentile(allSmall, 95), "ms")
	return b.preflight(ctx, many, engine)
}

// preflight measures being told what a review would refuse, by a full form.
func (b *bench) preflight(ctx context.Context, s *shelf, engine string) error {
	var check, read []float64
	for i := range 510 {
		id := s.ids[i%len(s.ids)]
		began := time.Now()
		if _, err := s.Profiles.Get(ctx, s.owner, id); err != nil {
			return err
		}
		plain := milliseconds(began)
		began = time.Now()
		if _, err := s.Profiles.Preflight(ctx, s.owner, id, profile.Plan{Suffixes: []string{"cn", "com"}}); err != nil {
			return err
		}
		if i >= 10 {
			check, read = append(check, milliseconds(began)), append(read, plain)
		}
	}
	b.reportTarget("check before submission on "+engine, median(check), "ms", preflightTarget)
	b.report("check before submission on "+engine+", against reading the profile", median(ratios(check, read)), "×")
	return nil
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

// find searches as a registrant does and returns how many milliseconds it took.
func (s *shelf) find(ctx context.Context, query string, more bool) (float64, error) {
	began := time.Now()
	found, next, err := s.Profiles.List(ctx, s.owner, profile.Filter{Query: query}, "", 20)
	took := milliseconds(began)
	if err == nil && (len(found) == 0 || more != (next != "")) {
		err = fmt.Errorf("%q finds %d profiles, next %q", query, len(found), next)
	}
	return took, err
}

// newShelf starts an installation and fills it: the models over the interface, the copies by
// the statements that a creation ends in, many at once.
func (b *bench) newShelf(ctx context.Context, profiles int, engine, database string) (s *shelf, err error) {
	s = &shelf{}
	data := filepath.Join(b.dir, fmt.Sprintf("search-%s-%d", engine, profiles))
	if s.App, err = app.Start(ctx, app.Config{
		Addr: "127.0.0.1:0", Data: data, Database: database, OCR: app.OCR{Engine: "off"},
	}, "bench", slog.New(slog.DiscardHandler)); err != nil {
		return nil, err
	}
	if err := s.fill(ctx, profiles/models); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

func (s *shelf) fill(ctx context.Context, copies int) error {
	people, err := s.MakeSampleAccounts(ctx)
	if err != nil {
		return err
	}
	if s.owner, err = s.Accounts.Authenticate(ctx, people[0].APIKey); err != nil {
		return err
	}
	made := s.models()
	for done := 0; done < models; done += 100 {
		got, err := client.New(s.URL()).As(people[0].APIKey).CreateProfiles(ctx, made[done:done+100])
		if err != nil {
			return err
		}
		if got.Refused > 0 {
			return fmt.Errorf("%d models are refused: %+v", got.Refused, got.Rows)
		}
		for _, r := range got.Rows {
			s.ids = append(s.ids, r.ID)
		}
	}
	const atOnce = 500
	for from := 1; from < copies; from += atOnce {
		if err := s.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			return copyModels(ctx, tx, from, min(from+atOnce, copies))
		}); err != nil {
			return err
		}
	}
	if s.Store.Engine() == "postgres" { // as autovacuum does in time
		return s.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewRaw("ANALYZE").Exec(ctx)
			return err
		})
	}
	return nil
}

// models are profiles as people make them, some of organisations with a Latin name.
func (s *shelf) models() (out []client.NewProfile) {
	rnd := rand.New(rand.NewPCG(1, 7)) //nolint:gosec // the same profiles in every run
	surnames, given := []rune("李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"), []string{
		"思远", "志强", "晓明", "丽华", "建国", "文静", "海燕", "德福", "春生", "玉兰", "子轩", "雨桐", "浩然", "梓涵", "一诺", "欣怡", "宇航", "诗涵", "嘉豪",
		"俊杰",
	}
	for i := range models {
		f := client.Fields{
			"name_zh": string(surnames[i%20]) + given[i/20], "country": "CN", "province_zh": "浙江", "city_zh": "杭州市",
			"address_zh": "虚构路18号", "postal_code": "310000",
			"phone": "13800000000", "email": fmt.Sprintf("person%d@registrant.example", i),
			"document_kind": "resident_id", "document_number": sample.Number(identifier.ResidentID, rnd),
		}
		holder := "individual"
		if i%8 == 4 {
			holder = "organization"
			f["organization_zh"], f["organization_en"] = fmt.Sprintf("样本%d科技有限公司", i), fmt.Sprintf("Acme Sample %d Ltd", i)
			f["document_kind"], f["document_number"] = "business_licence", sample.Number(identifier.USCC, rnd)
		}
		s.numbers = append(s.numbers, f["document_number"].(string))
		out = append(out, client.NewProfile{Accreditation: "mainland", Kind: "common", HolderType: holder, Fields: f})
	}
	return out
}

// copyModels makes a copy of each model for each number from (and to, without it), with
// an address and a document number of its own.
func copyModels(ctx context.Context, tx *store.Tx, from, to int) error {
	const (
		copies = "WITH RECURSIVE c(n) AS (SELECT %d UNION ALL SELECT n + 1 FROM c WHERE n < %d) "
		apart  = 1000 // the ids of a model and its copy
	)
	with := fmt.Sprintf(copies, from, to-1)
	for _, q := range []string{
		"INSERT INTO profile (id, public_id, account_id, accreditation, kind, holder_type, version_id, created_at, updated_at, row_version) " + with +
			"SELECT p.id + ?0 * n, p.public_id || '-' || n, p.account_id, p.accreditation, p.kind, p.holder_type, p.version_id + ?0 * n, p.created_at, p.updated_at, 1 FROM c CROSS JOIN profile p WHERE p.id <= ?0",
		"INSERT INTO profile_version (id, public_id, profile_id, account_id, number, state, fields, holder_fold, number_sealed, number_mask, created_at, row_version) " + with +
			"SELECT v.id + ?0 * n, v.public_id || '-' || n, v.profile_id + ?0 * n, v.account_id, 1, v.state, replace(v.fields, 'person', 'person' || n || 'x'), v.holder_fold, v.number_sealed, v.number_mask, v.created_at, 1 FROM c CROSS JOIN profile_version v WHERE v.id <= ?0",
		"INSERT INTO profile_term (account_id, term, profile_id) " + with +
			"SELECT t.account_id, CASE WHEN t.term LIKE '#%' THEN '#' || n || 'x' || substr(t.term, 2) ELSE replace(t.term, 'person', 'person' || n || 'x') END, t.profile_id + ?0 * n FROM c CROSS JOIN profile_term t WHERE t.profile_id <= ?0 ORDER BY 1, 2, 3",
	} {
		if _, err := tx.NewRaw(q, apart).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/test/pictures/samples"
)

// The account whose pages are measured.
const (
	consoleNames    = 100_000
	consoleProfiles = 120
	consoleMessages = 20_000
)

// portfolio is that account, with what its pages are asked for.
type portfolio struct {
	app     *app.App
	session string
	account int64
	person  app.SampleAccount
	// profile and draft are ids of profiles, one verified and one that is being made.
	profile, draft string
	// held is the id of a case that a reviewer, by whose session its page is asked for, has in hand.
	held, reviewer string
	now            time.Time
}

// console measures the pages of an account that holds many names: how long the server
// takes for each, over HTTP on one connection, and in a browser how long it takes from
// something that a person does to what they see of it.
func (b *bench) console(ctx context.Context) error {
	a, err := app.Start(ctx, app.Config{
		Addr: "127.0.0.1:0", Data: filepath.Join(b.dir, "console"), OCR: app.OCR{Engine: "off"},
	}, "bench", slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer a.Stop()
	p := portfolio{app: a, now: a.Store.Now()}
	if err := p.fill(ctx); err != nil {
		return fmt.Errorf("a portfolio: %w", err)
	}
	if err := b.consolePages(ctx, p); err != nil {
		return err
	}
	if err := p.claim(ctx); err != nil {
		return fmt.Errorf("a case: %w", err)
	}
	return b.consoleClicks(ctx, p)
}

// fill makes the portfolio.
func (p *portfolio) fill(ctx context.Context) error {
	people, err := p.app.MakeSampleAccounts(ctx)
	if err != nil {
		return err
	}
	p.person = people[0]
	s, err := client.New(p.app.URL()).SignIn(ctx, p.person.Email, p.person.Password)
	if err != nil {
		return err
	}
	p.session = s.Token
	me := client.New(p.app.URL()).As(p.person.APIKey)
	if _, err := overAPI(ctx, me, consoleProfiles, 4); err != nil {
		return err
	}
	profiles, err := me.Profiles(ctx)
	if err != nil {
		return err
	}
	p.profile, p.draft = profiles[0].ID, profiles[len(profiles)-1].ID
	var versions []struct{ ID, ProfileID, AccountID int64 }
	if err := p.app.Store.R.NewRaw("SELECT id, profile_id, account_id FROM profile_version ORDER BY id").Scan(ctx, &versions); err != nil {
		return err
	}
	p.account = versions[0].AccountID
	versions = versions[:consoleProfiles-10]
	err = p.app.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("UPDATE profile_version SET state = 'verified', decided_at = ? WHERE id <= ?", store.At(tx.Now()), versions[len(versions)-1].ID).Exec(ctx)
		return err
	})
	if err != nil {
		return err
	}
	const together = 500
	for from := 0; from < consoleNames; from += together {
		err := p.app.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			rows := make([]domain.Domain, together)
			events := make([]happened, 0, 2*together)
			for i := range rows {
				v := versions[(from+i)*(from+i)%len(versions)]
				rows[i] = p.name(from + i)
				if rows[i].HolderState != domain.NotCompleted {
					rows[i].ProfileID, rows[i].VersionID = v.ProfileID, v.ID
				}
				for _, typ := range []string{"domain.registered", "domain.naming_verified"} {
					events = append(events, happened{
						AccountID: p.account, Type: typ, Subject: rows[i].PublicID,
						Data: `{"Domain":"` + rows[i].Name + `"}`, At: rows[i].RegisteredAt, State: "done",
					})
				}
			}
			if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
				return err
			}
			_, err := tx.NewInsert().Model(&events).Exec(ctx)
			return err
		})
		if err != nil {
			return err
		}
	}
	for from := 0; from < consoleMessages; from += together {
		err := p.app.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			rows := make([]written, together)
			for i := range rows {
				n := from + i
				rows[i] = written{
					PublicID: store.NewID("msg"), AccountID: p.account, EventID: int64(1<<40 + n),
					Type: "domain.registered", Subject: "dom", Data: fmt.Sprintf(`{"Domain":"%s"}`, nameOf(n)),
					CreatedAt: store.At(p.now),
				}
				if n < consoleMessages-48 {
					rows[i].ReadAt = store.At(p.now)
				}
			}
			_, err := tx.NewInsert().Model(&rows).Exec(ctx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// claim submits a profile to the desk and has a reviewer take its case in hand.
func (p *portfolio) claim(ctx context.Context) error {
	me := client.New(p.app.URL()).As(p.person.APIKey)
	made, err := me.CreateProfile(ctx, sampleProfile)
	if err != nil {
		return err
	}
	if _, err := me.UploadDocument(ctx, made.ID, client.Picture{Name: "id.jpg", Content: bytes.NewReader(samples.Li)}); err != nil {
		return err
	}
	if _, err := me.RequestEmailVerification(ctx, p.person.Email); err != nil {
		return err
	}
	if err := p.confirm(ctx, p.person.Email); err != nil {
		return err
	}
	if _, err := me.SubmitProfile(ctx, made.ID, "desk"); err != nil {
		return err
	}
	desk, err := client.New(p.app.URL()).SignIn(ctx, "reviewer@registrar.example", p.person.Password)
	if err != nil {
		return err
	}
	p.reviewer = desk.Token
	waiting, err := client.New(p.app.URL()).As(desk.Token).Reviews(ctx)
	if err != nil || len(waiting) == 0 {
		return fmt.Errorf("the desk has %d cases: %w", len(waiting), err)
	}
	p.held = waiting[0].ID
	_, err = client.New(p.app.URL()).As(desk.Token).ClaimReview(ctx, p.held)
	return err
}

// confirm waits for the mail to an address and follows its link.
func (p *portfolio) confirm(ctx context.Context, address string) error {
	for ctx.Err() == nil {
		for _, m := range p.app.Sink().Messages() {
			if m.To != address || len(m.Links) == 0 || !strings.Contains(m.Links[0], "/email/confirm/") {
				continue
			}
			resp, err := http.Post(m.Links[0], "application/x-www-form-urlencoded", nil)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return ctx.Err()
}

// happened and written are rows of events and messages.
type happened struct {
	bun.BaseModel `bun:"table:event"`

	AccountID           int64
	Type, Subject, Data string
	At                  store.Time
	State               string
}

type written struct {
	bun.BaseModel `bun:"table:message"`

	PublicID            string
	AccountID, EventID  int64
	Type, Subject, Data string
	CreatedAt, ReadAt   store.Time
}

func nameOf(n int) string {
	return fmt.Sprintf("%s-%06d.cn", []string{"tea", "garden", "works", "studio", "harbour", "lantern", "paper"}[n%7], n)
}

// name is the n-th name: nearly all are verified; of a thousand each five are in review,
// two failed, one lacks everything; of ten thousand each one is held.
func (p *portfolio) name(n int) domain.Domain {
	d := domain.Domain{
		PublicID: store.NewID("dom"), AccountID: p.account, Name: nameOf(n), Suffix: "cn", Accreditation: policy.Mainland,
		Registry: "sandbox-cnnic", State: domain.Registered,
		NamingState: domain.Verified, HolderState: domain.Verified, SyncState: domain.SyncDone, Statuses: []string{"ok"},
		NameServers:  []string{"ns1.example.net", "ns2.example.net"},
		RegisteredAt: store.At(p.now.AddDate(0, -n%11-1, -n%28)), CreatedAt: store.At(p.now), UpdatedAt: store.At(p.now),
		InfoAt: store.At(p.now), AskedAt: store.Micros(p.now), RowVersion: 1,
	}
	d.ExpiresAt = store.At(d.RegisteredAt.AddDate(1, 0, 0))
	switch n % 1000 {
	case 1:
		d.HolderState, d.DueAt = domain.NotCompleted, store.At(p.now.Add(time.Duration(n)*time.Second*4))
	case 2, 3:
		d.HolderState, d.DueAt = domain.Failed, store.At(p.now.Add(time.Duration(n)*time.Second*4))
	case 4, 5, 6, 7, 8:
		d.HolderState, d.DueAt = domain.InReview, store.At(p.now.Add(time.Duration(n)*time.Second*4))
	}
	if n%10_000 == 17 {
		d.Statuses = []string{"serverHold"}
	}
	return d
}

// consolePages asks for each page again and again, all of them in turn.
func (b *bench) consolePages(ctx context.Context, p portfolio) error {
	random := rand.New(rand.NewPCG(7, 7))
	any := func() string { return nameOf(random.IntN(consoleNames)) }
	pages := []struct {
		name string
		path func() string
	}{
		{"domain list", func() string { return "/domains" }},
		{"domain list, a page further on", func() string { return "/domains?after=" + any() }},
		{"domain list, not completed", func() string { return "/domains?verification=not_completed" }},
		{"domain list, in review by hold date", func() string { return "/domains?verification=in_review&sort=hold" }},
		{"domain list, successful", func() string { return "/domains?verification=verified&after=" + any() }},
		{"domain list, on hold", func() string { return "/domains?held=true" }},
		{"domain list, by hold date", func() string { return "/domains?sort=hold" }},
		{"domain list, by expiry", func() string { return "/domains?sort=expiry" }},
		{"domain list, a word in many names", func() string { return "/domains?q=lantern" }},
		{"domain list, a part of one name", func() string { return fmt.Sprintf("/domains?q=%06d", random.IntN(consoleNames)) }},
		{"domain page", func() string { return "/domains/" + any() }},
		{"profile list", func() string { return "/profiles" }},
		{"profile list, a search", func() string { return "/profiles?q=li" }},
		{"profile page", func() string { return "/profiles/" + p.profile }},
		{"profile form", func() string { return "/profiles/" + p.draft + "/edit/contact" }},
		{"messages", func() string { return "/messages" }},
		{"orders", func() string { return "/orders" }},
	}
	// Whatever else the machine does makes a page slower, never quicker: the quietest of
	// several series is the page's own time.
	const series, rounds = 4, 40
	quietest := map[string]float64{}
	web := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
	for range series {
		took := map[string][]float64{}
		for range rounds {
			for _, page := range pages {
				start := time.Now()
				if err := p.get(ctx, web, page.path()); err != nil {
					return fmt.Errorf("%s: %w", page.name, err)
				}
				took[page.name] = append(took[page.name], time.Since(start).Seconds())
			}
		}
		for name, all := range took {
			if p95 := percentile(all, 95); quietest[name] == 0 || p95 < quietest[name] {
				quietest[name] = p95
			}
		}
	}
	for _, page := range pages {
		b.reportTarget(fmt.Sprintf("console: %s, p95 of %d", page.name, rounds), 1e3*quietest[page.name], "ms", 30)
	}
	return nil
}

func (p portfolio) get(ctx context.Context, web *http.Client, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.app.URL()+path, nil)
	if err != nil {
		return err
	}
	req.AddCookie(&http.Cookie{Name: "verinym_session", Value: p.session})
	resp, err := web.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", path, resp.Status)
	}
	return nil
}

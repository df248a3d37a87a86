package datarequest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/internal/webhook"
	"github.com/verinym/verinym/policies"
	"github.com/verinym/verinym/test/pictures/samples"
)

const day = 24 * time.Hour

// The staff: a reviewer, and two admins.
var (
	rui = actor.Actor{ID: "per_rui", Account: 99, Roles: []actor.Role{actor.Reviewer}}
	ada = actor.Actor{ID: "per_ada", Account: 99, Roles: []actor.Role{actor.Admin}}
	ben = actor.Actor{ID: "per_ben", Account: 99, Roles: []actor.Role{actor.Admin}}
)

// letterbox is the courier of the tests: it keeps the last link.
type letterbox struct{ token string }

func (l *letterbox) VerificationLink(_ context.Context, x emailcheck.Letter) error {
	l.token = x.Token
	return nil
}

// house is an installation with two customers, Li and Chen.
type house struct {
	*datarequest.Requests
	*testing.T
	store     *store.Store
	clock     *clock.Fake
	vault     *vault.Vault
	keys      string // the file of the vault's keys
	accounts  *account.Accounts
	emails    *emailcheck.Checks
	documents *document.Documents
	profiles  *profile.Profiles
	reviews   *review.Reviews
	messages  *notify.Messages
	post      *notify.Post
	box       *letterbox
	li, chen  *customer
}

// customer is an account with a person, and what tells who they are.
type customer struct {
	account account.Account
	person  account.Person
	typed   map[string]string
	number  string
}

// values are what tells who the customer is: what they typed, and how it is written else.
func (c *customer) values() []string {
	out := []string{c.number, c.person.Name, c.person.Email, c.account.Name}
	for _, k := range []string{"name_zh", "name_en", "address_zh", "phone", "email"} {
		out = append(out, c.typed[k])
	}
	return append(out, strings.ReplaceAll(c.typed["name_en"], " ", ""))
}

func newHouse(t *testing.T, s *store.Store, c *clock.Fake) house {
	return newHouseUnder(t, s, c, policytest.Shipped())
}

func newHouseUnder(t *testing.T, s *store.Store, c *clock.Fake, p *policy.Policies) house {
	t.Helper()
	data := t.TempDir()
	v, err := vault.OpenData(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	h := house{T: t, store: s, clock: c, vault: v, keys: filepath.Join(data, "keys.json"), box: &letterbox{}, accounts: account.New(s, account.Passwords{Time: 1, Memory: 8, Threads: 1}), reviews: review.New(s, p)}
	h.emails = emailcheck.New(s, p, h.box)
	h.documents = document.New(s, v, p, jail.Here(document.Inside()))
	h.profiles = profile.New(s, v, p, h.documents, h.reviews, profile.Authorities{Default: review.Desk})
	registries, err := registry.New(registry.Config{Store: s, Vault: v, Directory: h.profiles, Owner: "node-1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	h.post = notify.NewPost(s, &notify.Mailer{Texts: texts, Zone: p.Calendar.Zone()}, slog.New(slog.DiscardHandler))
	h.post.SetNouns(h.emails, h.accounts, h.profiles)
	hooks := webhook.New(s, v, webhook.Config{Plain: true, Owner: "node-1", Accounts: h.accounts.PublicIDs})
	h.messages = notify.NewMessages(s, hooks, h.post)
	h.Requests = datarequest.New(s, v, p, h.accounts, h.profiles, h.documents, registries)
	h.li = h.customer("李思远", "li si yuan", "li", "样张区虚构路18号院3号楼", "990000199003071171", "13800138000")
	h.chen = h.customer("陈未央", "chen wei yang", "chen", "假想街88弄6号", "990000198711242467", "13900139000")
	url, events := "https://hooks.example/li", []event.Type(nil)
	if _, _, err := hooks.Create(t.Context(), h.as(h.li), webhook.Wish{URL: &url, Events: events}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h house) customer(zh, en, short, address, number, phone string) *customer {
	h.Helper()
	acc, err := h.accounts.Create(h.Context(), actor.Verinym, short+"-trading-house")
	if err != nil {
		h.Fatal(err)
	}
	p, err := h.accounts.AddPerson(h.Context(), actor.Verinym, account.NewPerson{Account: acc.PublicID, Email: short + "@people.example", Name: "Person " + short + "-one", Password: "correct horse " + short, Roles: []actor.Role{actor.Registrant}})
	if err != nil {
		h.Fatal(err)
	}
	return &customer{account: acc, person: p, number: number, typed: map[string]string{"name_zh": zh, "name_en": en, "country": "CN", "province_zh": "陕西省", "city_zh": "西安市", "address_zh": address,
		"postal_code": "710000", "phone": phone, "email": short + "@registrant.example", "document_kind": "resident_id", "document_number": number}}
}

// as is the customer's person, who has just proved who they are.
func (h house) as(c *customer) actor.Actor {
	return actor.Actor{ID: c.person.PublicID, Account: c.account.ID, Roles: []actor.Role{actor.Registrant}, Session: []byte("session"), ProvedAt: h.store.Now()}
}

// profile makes one with a verified address and both sides of the document, of which the
// desk has refused a first submission and passed a second one.
func (h house) profile(c *customer) profile.Profile {
	h.Helper()
	ctx, who := h.Context(), h.as(c)
	d := profile.Draft{Fields: map[string]*string{}}
	for k, v := range c.typed {
		d.Fields[k] = &v
	}
	v, err := h.profiles.Create(ctx, who, policy.Mainland, policy.CNNIC, policy.Individual, d)
	if err != nil {
		h.Fatal(err)
	}
	addr, err := h.emails.Request(ctx, who, c.typed["email"])
	if err != nil {
		h.Fatal(err)
	}
	if err := h.emails.Send(ctx, emailcheck.SendLink{AddressID: addr.ID, Request: "1"}); err != nil {
		h.Fatal(err)
	}
	if _, err := h.emails.Confirm(ctx, h.box.token); err != nil {
		h.Fatal(err)
	}
	picture := samples.Li
	if c == h.chen {
		picture = samples.Wang
	}
	for _, side := range []string{"front", "back"} {
		if _, _, err := h.profiles.Attach(ctx, who, v.Profile.PublicID, false, document.Upload{Side: side, FileName: c.typed["name_zh"] + ".jpg", AskPerson: true, Note: c.typed["name_zh"] + " asks a person", Body: bytes.NewReader(picture)}); err != nil {
			h.Fatal(err)
		}
	}
	h.decide(c, v.Profile.PublicID, review.Decision{StaffNote: "called " + c.typed["phone"], Reasons: []review.Reason{{Code: "name_mismatch", Note: "the card says " + c.typed["name_zh"], StaffNote: "seen " + c.typed["name_zh"] + " before"}}})
	again := "2"
	if _, err := h.profiles.Edit(ctx, who, v.Profile.PublicID, profile.Draft{Fields: map[string]*string{"phone_extension": &again}, NewVersion: true}); err != nil {
		h.Fatal(err)
	}
	h.decide(c, v.Profile.PublicID, review.Decision{Pass: true})
	p, err := profile.Owned(ctx, h.store.R, c.account.ID, v.Profile.PublicID)
	if err != nil {
		h.Fatal(err)
	}
	h.settle()
	return p
}

// decide submits a profile and has the desk decide.
func (h house) decide(c *customer, id string, d review.Decision) {
	h.Helper()
	v, err := h.profiles.Submit(h.Context(), h.as(c), id, "")
	if err != nil {
		h.Fatal(err)
	}
	if _, err := h.reviews.Claim(h.Context(), rui, v.Case.PublicID); err != nil {
		h.Fatal(err)
	}
	for _, paper := range v.Documents {
		if _, err := h.documents.Picture(h.Context(), rui, paper.PublicID); err != nil {
			h.Fatal(err)
		}
	}
	if _, err := h.reviews.Decide(h.Context(), rui, v.Case.PublicID, d); err != nil {
		h.Fatal(err)
	}
}

// name gives a profile a live name, as its registration would.
func (h house) name(p profile.Profile, name string) {
	h.Helper()
	h.exec(`INSERT INTO domain (public_id, account_id, name, suffix, accreditation, registry, state, profile_id, version_id, next_version_id, registrant, holder_fold, naming_state, naming_reason, holder_state, holder_reason, sync_state, statuses, created_at, updated_at, row_version)
		SELECT ?, account_id, ?, 'cn', 'mainland', 'sandbox', 'registered', id, version_id, 0, '', '李思远', 'verified', '', 'verified', '', '', '[]', ?, ?, 1 FROM profile WHERE id = ?`, store.NewID("dom"), name, store.At(h.store.Now()), store.At(h.store.Now()), p.ID)
}

// ends has the registry delete a name.
func (h house) ends(name string) {
	h.Helper()
	h.exec("UPDATE domain SET state = 'deleted', updated_at = ? WHERE name = ?", store.At(h.store.Now()), name)
}

func (h house) exec(query string, args ...any) {
	h.Helper()
	err := h.store.InTx(h.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
}

// settle does what runs by itself: the record is sealed, news are told, due requests are
// begun and jobs done.
func (h house) settle() {
	h.Helper()
	ctx := h.Context()
	sealer := &audit.Sealer{Store: h.store, Owner: "node-1", TTL: time.Minute}
	for range 3 {
		if _, err := sealer.Seal(ctx, 1000); err != nil {
			h.Fatal(err)
		}
		if _, err := h.messages.Expand(ctx, 1000); err != nil {
			h.Fatal(err)
		}
		if _, err := h.WorkDue(ctx, 100); err != nil {
			h.Fatal(err)
		}
		waiting, err := h.store.Jobs(ctx, 100, "available")
		if err != nil {
			h.Fatal(err)
		}
		h.exec("DELETE FROM river_job WHERE kind = 'data_request_carry_out'")
		for _, j := range waiting {
			var job datarequest.CarryOut
			if j.Kind != job.Kind() {
				continue
			}
			if err := json.Unmarshal([]byte(j.Arguments), &job); err != nil {
				h.Fatal(err)
			}
			if err := h.CarryOut(ctx, job); err != nil {
				h.Fatal(err)
			}
		}
	}
}

func (h house) ask(a actor.Actor, w datarequest.Asking) datarequest.View {
	h.Helper()
	v, err := h.Ask(h.Context(), a, w)
	if err != nil {
		h.Fatal(err)
	}
	return v
}

func (h house) read(v datarequest.View) datarequest.View {
	h.Helper()
	out, err := h.Get(h.Context(), ada, v.PublicID)
	if err != nil {
		h.Fatal(err)
	}
	return out
}

// grounds are the codes on which a request's parts wait.
func grounds(v datarequest.View) (out []string) {
	for _, p := range v.Parts {
		for _, g := range p.Grounds {
			out = append(out, g.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// found lists where in the database a text stands: every column of every table is read.
func (h house) found(values ...string) (out []string) {
	h.Helper()
	ctx := h.Context()
	var columns []struct{ Table, Name string }
	q := `SELECT m.name AS "table", p.name AS name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p WHERE m.type = 'table' ORDER BY 1, 2`
	if h.store.Engine() == "postgres" {
		q = `SELECT table_name AS "table", column_name AS name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`
	}
	if err := h.store.R.NewRaw(q).Scan(ctx, &columns); err != nil {
		h.Fatal(err)
	}
	if len(columns) < 300 {
		h.Fatalf("only %d columns are looked at", len(columns))
	}
	for _, c := range columns {
		rows, err := h.store.R.QueryContext(ctx, fmt.Sprintf(`SELECT "%s" FROM "%s"`, c.Name, c.Table))
		if err != nil {
			h.Fatal(err)
		}
		for rows.Next() {
			var cell any
			if err := rows.Scan(&cell); err != nil {
				h.Fatal(err)
			}
			text := fmt.Sprint(cell)
			if b, ok := cell.([]byte); ok {
				text = string(b)
			}
			for _, v := range values {
				if strings.Contains(strings.ToLower(text), strings.ToLower(v)) {
					out = append(out, c.Table+"."+c.Name+": "+v)
				}
			}
		}
		if err := rows.Close(); err != nil {
			h.Fatal(err)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// vaulted counts what is kept in the vault, and how much of it is one of the pictures.
func (h house) vaulted(picture []byte) (all, same int) {
	h.Helper()
	err := h.vault.List(h.Context(), time.Now().Add(time.Hour), 100, func(keys []string) error {
		for _, k := range keys {
			b, err := h.vault.Read(h.Context(), k)
			if err != nil {
				return err
			}
			all++
			if bytes.Equal(b, picture) {
				same++
			}
		}
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
	return all, same
}

// chainHolds says how many entries of the record are redacted, when its chain is whole.
func (h house) chainHolds() (redacted int64) {
	h.Helper()
	r, err := audit.Verify(h.Context(), h.store)
	if err != nil || !r.OK() || r.Unsealed > 0 {
		h.Errorf("the chain: %+v, %v", r, err)
	}
	return r.Redacted
}

func content(t *testing.T, r io.ReadCloser) []byte {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return b
}

// record writes an entry of the record.
func (h house) record(a actor.Actor, action, subject string, detail map[string]string) {
	h.Helper()
	err := h.store.InTx(h.Context(), func(ctx context.Context, tx *store.Tx) error {
		return audit.Record(ctx, tx, a, action, subject, detail)
	})
	if err != nil {
		h.Fatal(err)
	}
}

// office is an admin of Li's account.
func (h house) office() actor.Actor {
	return actor.Actor{ID: "per_dan", Account: h.li.account.ID, Roles: []actor.Role{actor.Admin}}
}

func (h house) accept(r datarequest.View) {
	h.Helper()
	if _, err := h.Accept(h.Context(), ada, r.PublicID); err != nil {
		h.Fatal(err)
	}
}

func (h house) refuse(r datarequest.View) {
	h.Helper()
	if _, err := h.Refuse(h.Context(), ada, r.PublicID, "unfounded", ""); err != nil {
		h.Fatal(err)
	}
}

package timeline_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/timeline"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/policies"
)

// archive is an installation of which only the rows matter here.
type archive struct {
	*testing.T
	store     *store.Store
	clock     *clock.Fake
	profiles  *profile.Profiles
	timelines *timeline.Timelines
	me, other actor.Actor
	office    actor.Actor
}

func open(t *testing.T, s *store.Store, c *clock.Fake) *archive {
	t.Helper()
	h := &archive{T: t, store: s, clock: c, office: actor.Actor{ID: "key_office", Account: 1000, Roles: []actor.Role{actor.Operator}}}
	v, err := vault.OpenData(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	rules := policytest.Shipped()
	accounts, reviews := account.New(s, account.Passwords{}), review.New(s, rules)
	h.profiles = profile.New(s, v, rules, document.New(s, v, rules, jail.Here(document.Inside())), reviews, profile.Authorities{Default: "desk"})
	registries, err := registry.New(registry.Config{Store: s, Vault: v, Directory: h.profiles, Owner: "node-1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	domains := domain.New(domain.Config{
		Store: s, Policies: rules, Accounts: accounts, Profiles: h.profiles,
		Registries: registries, Reviews: reviews, Emails: emailcheck.New(s, rules, nil),
		Log: slog.New(slog.DiscardHandler),
	})
	h.timelines = timeline.New(s, domains, h.profiles)
	for name, who := range map[string]*actor.Actor{"me": &h.me, "other": &h.other} {
		acc, err := accounts.Create(t.Context(), actor.Verinym, name)
		if err != nil {
			t.Fatal(err)
		}
		*who = actor.Actor{ID: "per_" + name, Account: acc.ID, Roles: []actor.Role{actor.Registrant}}
	}
	return h
}

func (h *archive) tx(f func(ctx context.Context, tx *store.Tx) error) {
	h.Helper()
	if err := h.store.InTx(h.Context(), f); err != nil {
		h.Fatal(err)
	}
}

func (h *archive) exec(query string, args ...any) {
	h.Helper()
	h.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
}

func (h *archive) happens(a actor.Actor, typ event.Type, subject string, data map[string]string) {
	h.Helper()
	h.tx(func(ctx context.Context, tx *store.Tx) error {
		return event.Append(ctx, tx, a.Account, typ, subject, data)
	})
}

// now is the time of rows, as microseconds.
func (h *archive) now() int64 { return store.Micros(h.clock.Now()) }

// profile makes a profile and returns it.
func (h *archive) profile(a actor.Actor) profile.View {
	h.Helper()
	d := profile.Draft{Fields: map[string]*string{}}
	for k, v := range map[string]string{"name_zh": "李思远", "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000", "phone": "13800138000",
		"email": "li@registrant.example", "document_kind": "resident_id", "document_number": "990000199003071171"} {
		d.Fields[k] = &v
	}
	v, err := h.profiles.Create(h.Context(), a, policy.Mainland, policy.CNNIC, policy.Individual, d)
	if err != nil {
		h.Fatal(err)
	}
	return v
}

// domain writes a domain that rests on a profile, and returns its row's id.
func (h *archive) domain(a actor.Actor, id, name string, v profile.View) (row int64) {
	h.Helper()
	h.exec(`INSERT INTO domain (public_id, account_id, name, suffix, accreditation, registry, state, profile_id, version_id, naming_state, holder_state, sync_state, created_at, updated_at, registered_at, expires_at, row_version)
		VALUES (?, ?, ?, 'cn', 'mainland', 'cn', 'registered', ?, ?, 'in_review', 'in_review', 'synced', 0, 0, ?, ?, 1)`,
		id, a.Account, name, v.Profile.ID, v.Current.ID, h.now(), store.Micros(h.clock.Now().AddDate(1, 0, 0)))
	if err := h.store.R.NewRaw("SELECT id FROM domain WHERE public_id = ?", id).Scan(h.Context(), &row); err != nil {
		h.Fatal(err)
	}
	return row
}

// told renders a page: one line an entry, the minute first.
func (h *archive) told(p timeline.Page) (out []string) {
	for _, e := range p.Entries {
		line := fmt.Sprintf("%d %s", int(e.At.Sub(storetest.Monday).Minutes()), e.Type)
		if e.Reason != nil {
			line += " because " + e.Reason.Code
		}
		if e.Params["Refused"] != "" {
			line += " refused: " + e.Params["Words"]
		}
		for _, r := range e.Reasons {
			line += " because " + r.Code + " " + r.Note
		}
		out = append(out, line)
	}
	return out
}

func (h *archive) wants(got, want []string) {
	h.Helper()
	if !slices.Equal(got, want) {
		h.Errorf("it tells\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// life is the life of one domain, told by many tables, a minute a step; beside it stand
// things of other domains and of another account.
func (h *archive) life() profile.View {
	h.Helper()
	v := h.profile(h.me)
	row := h.domain(h.me, "dom_shop", "shop.cn", v)
	step := func() { h.clock.Advance(time.Minute) }
	step()
	h.exec(`INSERT INTO domain_order (public_id, account_id, name, years, profile_id, version_id, domain_id, state, created_at, row_version) VALUES ('ord_1', ?, 'shop.cn', 1, ?, ?, ?, 'completed', 0, 1)`, h.me.Account, v.Profile.ID, v.Current.ID, row)
	h.happens(h.me, "order.placed", "ord_1", map[string]string{"Domain": "shop.cn"})
	h.happens(h.other, "order.placed", "ord_1", nil) // nobody's business
	step()
	h.happens(h.me, "domain.registered", "dom_shop", nil)
	h.happens(h.me, "domain.registered", "dom_else", nil)
	step()
	h.exec("INSERT INTO association_task (public_id, account_id, operation, profile_id, version_id, state, total, failed, created_at, ended_at, row_version) VALUES ('tsk_1', ?, 'submit_verification', ?, ?, 'finished', 1, 1, ?, ?, 1)",
		h.me.Account, v.Profile.ID, v.Current.ID, h.now(), h.now()+60_000_000)
	h.exec("INSERT INTO association_item (task_id, position, name, domain_id, state, reason, params) SELECT id, 0, 'shop.cn', ?, 'failed', 'contact_not_match', '{\"Domain\":\"shop.cn\"}' FROM association_task", row)
	step()
	h.exec("INSERT INTO email_address (public_id, account_id, address, state, created_at, row_version) VALUES ('eml_1', ?, 'li@registrant.example', 'verified', 0, 1)", h.me.Account)
	h.exec("INSERT INTO email_address (public_id, account_id, address, state, created_at, row_version) VALUES ('eml_2', ?, 'li@registrant.example', 'verified', 0, 1)", h.other.Account)
	h.exec("INSERT INTO email_token (hash, address_id, created_at, expires_at) SELECT CAST(public_id AS "+map[string]string{"sqlite": "BLOB", "postgres": "BYTEA"}[h.store.Engine()]+"), id, ?, 0 FROM email_address", h.now())
	step()
	h.happens(h.me, "email.verified", "eml_1", map[string]string{"Address": "li@registrant.example"})
	h.happens(h.other, "email.verified", "eml_2", nil)
	step()
	h.exec("INSERT INTO domain_transfer (public_id, account_id, name, registry, years, profile_id, version_id, state, asked_at, created_at, row_version) VALUES ('trf_1', ?, 'shop.cn', 'cn', 1, 0, 0, 'failed', 0, 0, 1)", h.me.Account)
	h.happens(h.me, "transfer.failed", "trf_1", map[string]string{"Domain": "shop.cn", "Reason": "transfer_rejected"})
	step()
	h.happens(h.me, "domain.hold_placed", "dom_shop", map[string]string{"Cause": "abuse"})
	h.commands(v)
	return v
}

// commands are what the registry was told of the domain and of its holder, beside what is
// not told: questions, what was never sent, what is under way, other people's.
func (h *archive) commands(v profile.View) {
	h.Helper()
	const minute = 60_000_000
	for _, c := range []struct {
		kind    registry.Kind
		subject string
		state   registry.State
		attempt int
		code    int
		result  string
		answer  int64 // the minute
	}{
		{registry.ContactCreate, "vn1", registry.Done, 1, 1000, "{}", 1},
		{registry.ContactUpdate, v.Current.PublicID, registry.Failed, 1, 2306, `{"message":"Parameter value policy error","reason_1":"no such city","reason_2":"nor street"}`, 6},
		{registry.DomainCreate, "dom_shop", registry.Done, 2, 1000, "{}", 2},
		{registry.DomainInfo, "dom_shop", registry.Done, 1, 1000, "{}", 3},
		{registry.DomainTransferRequest, "trf_1", registry.Failed, 1, 2201, `{"message":"Authorization error"}`, 6},
		{registry.DomainRegistrant, "dom_shop", registry.Failed, 0, 2303, "{}", 6},
		{registry.DomainRegistrant, "dom_shop", registry.Cancelled, 1, 0, "{}", 6},
		{registry.DomainHold, "dom_shop", registry.Inflight, 1, 0, "{}", 0},
		{registry.DomainCreate, "dom_else", registry.Done, 1, 1000, "{}", 2},
	} {
		done := any(nil)
		if c.answer > 0 {
			done = store.Micros(storetest.Monday) + c.answer*minute
		}
		h.exec(`INSERT INTO registry_command (registry, object, via, kind, lane, requires, subject, payload, state, attempt, cltrid, owner, fence, lease_until, not_before, sent_at, svtrid, result_code, result, failures, created_at, done_at)
			VALUES ('cn', ?, 'epp', ?, 0, '', ?, '{}', ?, ?, ?, '', 0, 0, 0, ?, 'SB-1', ?, ?, 0, 0, ?)`, string(c.kind)+c.subject+string(c.state), c.kind, c.subject, c.state, c.attempt, "vn-1-"+string(c.kind), h.now(), c.code, c.result, done)
	}
	h.exec(`INSERT INTO registry_contact (registry, contact_id, holder_ref, ours, state, evidence, holder_type, holder_name, holder_fold, updated_at)
		VALUES ('cn', 'vn1', ?, ?, 'present', '', 'individual', '', '', 0)`, v.Current.PublicID, true)
}

func TestLifeOfADomainIsTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.life()
		for who, a := range map[string]actor.Actor{"its owner": h.me, "an operator": h.office} {
			p, err := h.timelines.Domain(t.Context(), a, "shop.cn", "", 100)
			if err != nil {
				t.Fatalf("%s: %v", who, err)
			}
			h.wants(h.told(p), []string{"7 domain.hold_placed", "6 transfer.failed because transfer_rejected", "6 command.domain_transfer_request refused: Authorization error", "5 email.verified",
				"4 association.failed because contact_not_match", "4 email.mailed", "3 association.submit_verification", "2 domain.registered", "2 command.domain_create", "1 order.placed"})
			sent := p.Entries[8].Sent
			if staff := a.May(actor.RegistryRead); staff != (sent != nil) || staff && (sent.Command != "domain:create" || sent.Code != 1000 || sent.ClTRID != "vn-1-domain_create" || sent.SvTRID != "SB-1") {
				t.Errorf("%s: the command is told as %+v", who, sent)
			}
			if p.Entries[0].Params["Hold"] != "abuse" {
				t.Errorf("the hold's cause is %v", p.Entries[0].Params)
			}
			var expected []string
			for _, d := range p.Expected {
				expected = append(expected, fmt.Sprintf("%s on day %d", d.Code, int(d.At.Sub(storetest.Monday).Hours()/24)))
			}
			h.wants(expected, []string{"verification on day 5", "transfer_lock on day 60", "expiry on day 365"})
		}
		_, err := h.timelines.Domain(t.Context(), h.other, "shop.cn", "", 100)
		if fault.Code(err) != "domain_not_found" {
			t.Errorf("another account: %v", err)
		}
		_, err = h.timelines.Domain(t.Context(), actor.Actor{ID: "per_rui", Account: h.me.Account, Roles: []actor.Role{actor.Reviewer}}, "shop.cn", "", 100)
		if fault.Code(err) != "forbidden" {
			t.Errorf("a reviewer: %v", err)
		}
	})
}

// A profile's timeline has the reasons of its failures with what the reviewer wrote to
// the registrant, and neither their note to colleagues nor the authority's words.
func TestLifeOfAProfileIsTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		v := h.life()
		c.Advance(time.Minute)
		h.exec(`INSERT INTO review_case (public_id, account_id, subject_kind, subject_id, authority, state, attempt, title, submitted_by, submitted_at, expected_at, expected_certain, decided_at, late_at, policy_version, row_version)
			VALUES ('rev_1', ?, 'profile_version', ?, 'desk', 'failed', 1, 'x', '', 0, 0, TRUE, ?, ?, '', 1)`, h.me.Account, v.Current.ID, h.now(), h.now()-30_000_000)
		h.exec(`INSERT INTO review_reason (case_id, position, code, severity, retryable, points_kind, points_name, params, note, staff_note, raw)
			SELECT id, 0, 'number_mismatch', 'error', 'retry', 'field', 'document_number', '{}', 'look at digit 6', 'suspicious', 'ERR-17 internal' FROM review_case`)
		h.happens(h.me, "profile.failed", v.Profile.PublicID, map[string]string{"Reason": "number_mismatch"})
		p, err := h.timelines.Profile(t.Context(), h.me, v.Profile.PublicID, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		h.wants(h.told(p), []string{"8 profile.failed because number_mismatch look at digit 6", "7 review.overdue", "6 command.contact_update refused: Parameter value policy error: no such city; nor street", "5 email.verified",
			"4 task.finished", "4 email.mailed", "3 task.submit_verification", "1 command.contact_create", "0 profile.created"})
		if all := fmt.Sprintf("%+v", p); strings.Contains(all, "suspicious") || strings.Contains(all, "ERR-17") {
			t.Errorf("it tells what is for staff: %s", all)
		}
		_, err = h.timelines.Profile(t.Context(), h.other, v.Profile.PublicID, "", 100)
		if fault.Code(err) != "profile_not_found" {
			t.Errorf("another account: %v", err)
		}
	})
}

// Pages of any size put together are the whole, also where many things happened at once.
func TestPagesOfATimelineMeet(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.life()
		for i := range 9 {
			h.happens(h.me, "domain.locks_changed", "dom_shop", map[string]string{"Added": fmt.Sprint(i)})
		}
		h.exec("UPDATE association_task SET ended_at = ?", h.now())
		whole, err := h.timelines.Domain(t.Context(), h.me, "shop.cn", "", 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(whole.Entries) != 19 || whole.Next != "" {
			t.Fatalf("%d entries, and then %q", len(whole.Entries), whole.Next)
		}
		for size := 1; size <= len(whole.Entries); size++ {
			var got []timeline.Entry
			after := ""
			for range 50 {
				p, err := h.timelines.Domain(t.Context(), h.me, "shop.cn", after, size)
				if err != nil {
					t.Fatal(err)
				}
				if (len(p.Expected) > 0) != (after == "") {
					t.Errorf("a page behind %q says what is expected: %v", after, p.Expected)
				}
				got = append(got, p.Entries...)
				if after = p.Next; after == "" {
					break
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(whole.Entries) {
				t.Errorf("pages of %d: %d entries, want %d:\n%v", size, len(got), len(whole.Entries), h.told(timeline.Page{Entries: got}))
			}
		}
		_, err = h.timelines.Domain(t.Context(), h.me, "shop.cn", "elsewhere", 10)
		if fault.Code(err) != "cursor_invalid" {
			t.Errorf("a mark that is none: %v", err)
		}
	})
}

// Everything that an account may be told of a domain, profile, order, transfer or address
// has words of its own, with no value missing from them.
func TestEveryEventHasWords(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []registry.Kind{registry.ContactCreate, registry.ContactUpdate, registry.Evidence, registry.DomainCreate, registry.DomainRegistrant, registry.DomainCodes, registry.NameCode, registry.HolderCode,
		registry.DomainTransferRequest, registry.DomainTransferCancel, registry.DomainTransferReject, registry.DomainHold, registry.DomainRelease, registry.HostCreate} {
		if !texts.Has("timeline.command." + string(k)) {
			t.Errorf("%s has no words", k)
		}
	}
	for _, k := range event.Catalogue {
		if k.Subject == "webhook" || k.Subject == "account" || k.Subject == "association" || k.Subject == "registry account" {
			continue // not about one of them
		}
		id := "timeline." + string(k.Type)
		if !texts.Has(id) {
			t.Errorf("%s has no words", k.Type)
		}
		for _, l := range locale.Langs {
			if strings.Contains(texts.Text(l, id, map[string]string{"Hold": "abuse"}), "<no value>") {
				t.Errorf("%s: a value is missing", id)
			}
		}
	}
}

package webhook

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/netguard"
	"github.com/verinym/verinym/internal/outbound"
	"github.com/verinym/verinym/internal/signature"
	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// State is where an endpoint stands.
type State string

// The states of an endpoint. While one is disabled its deliveries wait.
const (
	Enabled  State = "enabled"
	Disabled State = "disabled"
	Deleted  State = "deleted"
)

// Act moves an endpoint from state to state.
type Act string

// The acts.
const (
	Enable  Act = "enable"
	Disable Act = "disable"
	Delete  Act = "delete"
)

// Endpoints is the state table of an endpoint.
var Endpoints = state.Table[State, Act]{
	Noun: "webhook",
	Moves: map[State]map[Act]State{
		Enabled:  {Enable: Enabled, Disable: Disabled, Delete: Deleted},
		Disabled: {Enable: Enabled, Disable: Disabled, Delete: Deleted},
		Deleted:  {},
	},
}

// Bounds of what an account may set up.
const (
	maxEndpoints   = 20
	maxURL         = 2000
	maxDescription = 500
	// secretOverlap is how long the secret before a rotation signs too.
	secretOverlap = 24 * time.Hour
)

// Endpoint is where an account's own system listens.
type Endpoint struct {
	bun.BaseModel `bun:"table:webhook_endpoint"`

	ID          int64 `bun:",pk,autoincrement"`
	PublicID    string
	AccountID   int64
	URL         string `bun:"url"`
	Description string
	// Everywhere: it hears of every account, and belongs to the registrar's own systems.
	Everywhere bool
	// Events are the types it wants; none means all.
	Events []event.Type
	State  State
	// DisabledFor is why verinym disabled it: "failing", "gone"; "" when its owner did.
	DisabledFor string
	Secret      []byte
	OldSecret   []byte     `bun:",nullzero"`
	OldUntil    store.Time // how long the old secret signs too
	Failures    int        // in a row
	FailingAt   store.Time // since when; zero while it answers
	PausedUntil store.Time
	CreatedAt   store.Time
	RowVersion  int64
}

func (e Endpoint) place(field string) vault.Place {
	return vault.Place{Table: "webhook_endpoint", Row: e.PublicID, Field: field}
}

func (e Endpoint) wants(t event.Type) bool { return len(e.Events) == 0 || slices.Contains(e.Events, t) }

// Config says where deliveries may go.
type Config struct {
	// Plain allows http:// beside https://.
	Plain bool
	// Allowed are networks that may be dialled though they are not public.
	Allowed []netip.Prefix
	// Owner names this process in claims.
	Owner string
	// Accounts returns the public ids of accounts by their row ids, for those who hear of all.
	Accounts func(ctx context.Context, db bun.IDB, ids []int64) (map[int64]string, error)
}

// Hooks owns endpoints and deliveries.
type Hooks struct {
	store  *store.Store
	vault  *vault.Vault
	config Config
	client *http.Client
}

// New returns the hooks of s.
func New(s *store.Store, v *vault.Vault, c Config) *Hooks {
	return &Hooks{store: s, vault: v, config: c, client: outbound.NewClient(netguard.Guard{Allowed: c.Allowed}, answerWithin)}
}

// Wish is what an account sets about an endpoint; nil leaves a part as it is.
type Wish struct {
	URL         *string
	Description *string
	Events      []event.Type
	Enabled     *bool
	// Everywhere is set when an endpoint is made, and stays.
	Everywhere bool
}

// Create sets up an endpoint and returns it with its secret, which is shown this once. One
// that hears of every account needs webhook.manage_everywhere. Faults: webhook_url_invalid, webhook_event_unknown, field_too_long, webhook_too_many.
func (h *Hooks) Create(ctx context.Context, a actor.Actor, w Wish) (e Endpoint, secret string, err error) {
	need := actor.WebhookManage
	if w.Everywhere {
		need = actor.WebhookManageEverywhere
	}
	if err := a.Check(need); err != nil {
		return e, "", err
	}
	e = Endpoint{PublicID: store.NewID("whk"), AccountID: a.Account, Everywhere: w.Everywhere, State: Enabled, Events: []event.Type{}, RowVersion: 1}
	if w.URL == nil {
		w.URL = new(string)
	}
	if err := h.apply(&e, w); err != nil {
		return e, "", err
	}
	secret = signature.NewSecret()
	if e.Secret, err = h.vault.Seal(e.place("secret"), []byte(secret)); err != nil {
		return e, "", err
	}
	err = h.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.NewSelect().Model((*Endpoint)(nil)).Where("account_id = ?", a.Account).Where("state <> 'deleted'").Count(ctx)
		if err != nil {
			return err
		}
		if n >= maxEndpoints {
			return fault.New(fault.Conflict, "webhook_too_many").With("Max", strconv.Itoa(maxEndpoints))
		}
		e.CreatedAt = store.At(tx.Now())
		if _, err := tx.NewInsert().Model(&e).Exec(ctx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "webhook.create", e.PublicID, map[string]string{"url": e.URL})
	})
	return e, secret, wrap("create", err)
}

// apply checks a wish and puts it into e.
func (h *Hooks) apply(e *Endpoint, w Wish) error {
	if w.URL != nil {
		if err := h.checkURL(*w.URL); err != nil {
			return err
		}
		e.URL = *w.URL
	}
	if w.Description != nil {
		if len([]rune(*w.Description)) > maxDescription {
			return fault.At("description", "field_too_long").With("Field", "description").With("Max", strconv.Itoa(maxDescription))
		}
		e.Description = *w.Description
	}
	if w.Events != nil {
		for _, t := range w.Events {
			if !slices.ContainsFunc(event.Catalogue, func(k event.Kind) bool { return k.Type == t }) {
				return fault.At("events", "webhook_event_unknown").With("Type", string(t))
			}
		}
		e.Events = w.Events
	}
	if w.Enabled == nil {
		return nil
	}
	act := Enable
	if !*w.Enabled {
		act = Disable
	}
	next, err := Endpoints.Next(e.State, act)
	if err != nil {
		return err
	}
	e.State, e.DisabledFor = next, ""
	return nil
}

// checkURL refuses what is no absolute address of a web server. Where its name leads is
// checked when it is dialled; an address that is written out is checked at once.
func (h *Hooks) checkURL(s string) error {
	bad := fault.At("url", "webhook_url_invalid")
	u, err := url.Parse(s)
	if err != nil || len(s) > maxURL || u.Hostname() == "" || u.User != nil || u.Fragment != "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return bad
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !h.config.Plain) {
		return bad
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !(netguard.Guard{Allowed: h.config.Allowed}).May(ip) {
		return fault.At("url", "webhook_address_forbidden")
	}
	return nil
}

// manages says which endpoints of their account somebody manages: those that hear of that
// account (false), of every account (true), or both.
func manages(a actor.Actor) (everywhere []bool, err error) {
	if a.May(actor.WebhookManage) {
		everywhere = append(everywhere, false)
	}
	if a.May(actor.WebhookManageEverywhere) {
		everywhere = append(everywhere, true)
	}
	if len(everywhere) == 0 {
		err = a.Check(actor.WebhookManage)
	}
	return everywhere, err
}

// List returns the endpoints of the actor's account, the oldest first.
func (h *Hooks) List(ctx context.Context, a actor.Actor) (out []Endpoint, err error) {
	kinds, err := manages(a)
	if err != nil {
		return nil, err
	}
	err = h.store.R.NewSelect().Model(&out).Where("account_id = ?", a.Account).Where("everywhere IN (?)", bun.List(kinds)).Where("state <> 'deleted'").OrderExpr("id").Scan(ctx)
	return out, wrap("list", err)
}

// Find returns an endpoint of the actor's account. Fault: webhook_not_found.
func (h *Hooks) Find(ctx context.Context, a actor.Actor, publicID string) (Endpoint, error) {
	return h.find(ctx, h.store.R, a, publicID)
}

func (h *Hooks) find(ctx context.Context, db bun.IDB, a actor.Actor, publicID string) (e Endpoint, err error) {
	kinds, err := manages(a)
	if err != nil {
		return e, err
	}
	err = db.NewSelect().Model(&e).Where("account_id = ?", a.Account).Where("everywhere IN (?)", bun.List(kinds)).Where("public_id = ?", publicID).Where("state <> 'deleted'").Scan(ctx)
	if store.IsNotFound(err) {
		return e, fault.New(fault.NotFound, "webhook_not_found")
	}
	return e, wrap("find", err)
}

// Edit changes an endpoint. Enabling it, or giving it another address, begins its days of
// failure anew and sends at once what has waited, also what waited for its next try: whoever
// does that says that their system works.
func (h *Hooks) Edit(ctx context.Context, a actor.Actor, publicID string, w Wish) (Endpoint, error) {
	return h.change(ctx, a, publicID, "webhook.edit", func(ctx context.Context, tx *store.Tx, e *Endpoint) error {
		before := e.URL
		if err := h.apply(e, w); err != nil {
			return err
		}
		if enabled := w.Enabled != nil && *w.Enabled; !enabled && e.URL == before {
			return nil
		}
		e.Failures, e.FailingAt, e.PausedUntil = 0, store.Time{}, store.Time{}
		now := store.Micros(tx.Now())
		_, err := tx.NewRaw("UPDATE webhook_delivery SET next_at = ? WHERE endpoint_id = ? AND state = 'waiting' AND next_at > ?", now, e.ID, now).Exec(ctx)
		return err
	})
}

// Remove deletes an endpoint with its secrets; what waits for it is never sent.
func (h *Hooks) Remove(ctx context.Context, a actor.Actor, publicID string) error {
	_, err := h.change(ctx, a, publicID, "webhook.delete", func(_ context.Context, _ *store.Tx, e *Endpoint) (err error) {
		e.Secret, e.OldSecret = []byte{}, nil
		e.State, err = Endpoints.Next(e.State, Delete)
		return err
	})
	return err
}

// RotateSecret gives an endpoint a new secret, which is shown this once. The old one
// signs too for a day, unless it has leaked.
func (h *Hooks) RotateSecret(ctx context.Context, a actor.Actor, publicID string, leaked bool) (e Endpoint, secret string, err error) {
	secret = signature.NewSecret()
	e, err = h.change(ctx, a, publicID, "webhook.rotate_secret", func(_ context.Context, tx *store.Tx, e *Endpoint) (err error) {
		e.OldSecret, e.OldUntil = nil, store.Time{}
		if !leaked {
			old, err := h.vault.Reveal(e.place("secret"), e.Secret)
			if err != nil {
				return err
			}
			if e.OldSecret, err = h.vault.Seal(e.place("old_secret"), old); err != nil {
				return err
			}
			e.OldUntil = store.At(tx.Now().Add(secretOverlap))
		}
		e.Secret, err = h.vault.Seal(e.place("secret"), []byte(secret))
		return err
	})
	return e, secret, err
}

// change reads an endpoint, lets f change it and writes it, as one unit of work.
func (h *Hooks) change(ctx context.Context, a actor.Actor, publicID, action string, f func(context.Context, *store.Tx, *Endpoint) error) (e Endpoint, err error) {
	err = h.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if e, err = h.find(ctx, tx, a, publicID); err != nil {
			return err
		}
		if err := f(ctx, tx, &e); err != nil {
			return err
		}
		if err := save(ctx, tx, &e); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, action, e.PublicID, nil)
	})
	return e, wrap("change", err)
}

func save(ctx context.Context, tx *store.Tx, e *Endpoint) error {
	e.RowVersion++
	return store.One(tx.NewUpdate().Model(e).WherePK().Where("row_version = ?", e.RowVersion-1).Exec(ctx))
}

// secrets returns what signs for e now, the newest first.
func (h *Hooks) secrets(e Endpoint, now time.Time) ([]string, error) {
	s, err := h.vault.Reveal(e.place("secret"), e.Secret)
	if err != nil {
		return nil, err
	}
	out := []string{string(s)}
	if len(e.OldSecret) > 0 && now.Before(e.OldUntil.Time) {
		if s, err = h.vault.Reveal(e.place("old_secret"), e.OldSecret); err != nil {
			return nil, err
		}
		out = append(out, string(s))
	}
	return out, nil
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("webhook: %s: %w", op, store.StaleFault(err))
}

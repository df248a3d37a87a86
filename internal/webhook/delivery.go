package webhook

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
)

// Progress is where a delivery stands.
type Progress string

// The states of a delivery.
const (
	Waiting   Progress = "waiting"
	Sending   Progress = "sending"
	Delivered Progress = "delivered"
	Failed    Progress = "failed"
)

// Step moves a delivery from state to state.
type Step string

// The steps. A claim that is not finished lapses.
const (
	Claim  Step = "claim"
	Accept Step = "accept"
	Refuse Step = "refuse"
	GiveUp Step = "give_up"
	Lapse  Step = "lapse"
	Replay Step = "replay"
)

// Deliveries is the state table of a delivery.
var Deliveries = state.Table[Progress, Step]{
	Noun: "webhook_delivery",
	Moves: map[Progress]map[Step]Progress{
		Waiting:   {Claim: Sending, Replay: Waiting},
		Sending:   {Accept: Delivered, Refuse: Waiting, GiveUp: Failed, Lapse: Waiting},
		Delivered: {Replay: Waiting},
		Failed:    {Replay: Waiting},
	},
}

// kept is how long the log of deliveries goes back.
const kept = 30 * 24 * time.Hour

// Delivery is an event on its way to an endpoint.
type Delivery struct {
	bun.BaseModel `bun:"table:webhook_delivery"`

	ID int64 `bun:",pk,autoincrement"`
	// PublicID is the webhook-id: the same however often it is sent.
	PublicID   string
	EndpointID int64
	AccountID  int64
	EventID    int64 `bun:",nullzero"` // none for a test
	Type       event.Type
	Body       string
	State      Progress
	// Tries are those since it was made or replayed, Claims all that were begun.
	Tries       int
	Claims      int
	NextAt      store.Time
	Owner       string
	LeaseUntil  int64
	CreatedAt   store.Time
	DeliveredAt store.Time
}

// Attempt is one try of a delivery.
type Attempt struct {
	bun.BaseModel `bun:"table:webhook_attempt"`

	ID         int64 `bun:",pk,autoincrement"`
	DeliveryID int64
	At         store.Time
	// Status is what the endpoint answered, 0 when it did not.
	Status int
	// Failure names why there was no answer: see the documentation.
	Failure string
	TookMS  int64  `bun:"took_ms"`
	Answer  string // the beginning of the body
}

// body is the document of Standard Webhooks 1.0: type, timestamp, data.
func body(t event.Type, at time.Time, subject string, data map[string]string) (string, error) {
	d := map[string]string{"id": subject}
	for k, v := range data {
		if v != "" {
			d[strings.ToLower(k)] = v
		}
	}
	b, err := json.Marshal(struct {
		Type      event.Type        `json:"type"`
		Timestamp string            `json:"timestamp"`
		Data      map[string]string `json:"data"`
	}{t, at.UTC().Format(time.RFC3339Nano), d})
	return string(b), err
}

// Happened makes the deliveries of events, in the unit of work that expands them. Doing
// it again makes none.
func (h *Hooks) Happened(ctx context.Context, tx *store.Tx, events []event.Event) error {
	accounts := map[int64]bool{}
	for _, e := range events {
		accounts[e.AccountID] = true
	}
	ids := make([]int64, 0, len(accounts))
	for id := range accounts {
		ids = append(ids, id)
	}
	var endpoints []Endpoint
	if err := tx.NewSelect().Model(&endpoints).Where("(everywhere OR account_id IN (?))", bun.List(ids)).Where("state <> 'deleted'").OrderExpr("id").Scan(ctx); err != nil {
		return wrap("happened", err)
	}
	var names map[int64]string
	if slices.ContainsFunc(endpoints, func(e Endpoint) bool { return e.Everywhere }) {
		var err error
		if names, err = h.config.Accounts(ctx, tx, ids); err != nil {
			return wrap("happened", err)
		}
	}
	for _, e := range events {
		for _, to := range endpoints {
			if !to.hears(e) {
				continue
			}
			data := e.Data
			if to.Everywhere {
				data = maps.Clone(e.Data)
				data["account"] = names[e.AccountID]
			}
			text, err := body(e.Type, e.At.Time, e.Subject, data)
			if err != nil {
				return wrap("happened", err)
			}
			d := delivery(to, e.Type, text, tx.Now())
			d.EventID = e.ID
			if _, err := tx.NewInsert().Model(&d).On("CONFLICT (endpoint_id, event_id) DO NOTHING").Exec(ctx); err != nil {
				return wrap("happened", err)
			}
		}
	}
	return nil
}

// hears reports whether an event is for the endpoint. Those of reviews are the staff's, and
// what belongs to no account is for the registrar's own systems.
func (e Endpoint) hears(x event.Event) bool {
	if strings.HasPrefix(string(x.Type), "review.") || !e.wants(x.Type) {
		return false
	}
	return e.Everywhere || e.AccountID == x.AccountID
}

func delivery(to Endpoint, t event.Type, text string, now time.Time) Delivery {
	return Delivery{
		PublicID: store.NewID("msg"), EndpointID: to.ID, AccountID: to.AccountID, Type: t, Body: text, State: Waiting,
		NextAt: store.At(now), CreatedAt: store.At(now),
	}
}

// Test sends a webhook.test to an endpoint, and only to it.
func (h *Hooks) Test(ctx context.Context, a actor.Actor, publicID string) (d Delivery, err error) {
	_, err = h.change(ctx, a, publicID, "webhook.test", func(ctx context.Context, tx *store.Tx, e *Endpoint) error {
		text, err := body("webhook.test", tx.Now(), e.PublicID, nil)
		if err != nil {
			return err
		}
		e.PausedUntil = store.Time{}
		d = delivery(*e, "webhook.test", text, tx.Now())
		_, err = tx.NewInsert().Model(&d).Exec(ctx)
		return err
	})
	return d, err
}

// Log returns the deliveries of an endpoint, the newest first; state "" means every
// state, after is the public id of the last one that was read.
func (h *Hooks) Log(ctx context.Context, a actor.Actor, publicID string, in Progress, after string, limit int) (out []Delivery, err error) {
	e, err := h.Find(ctx, a, publicID)
	if err != nil {
		return nil, err
	}
	q := h.store.R.NewSelect().Model(&out).Where("endpoint_id = ?", e.ID).OrderExpr("id DESC").Limit(int64(limit))
	if in != "" {
		q = q.Where("state = ?", in)
	}
	if after != "" {
		q = q.Where("id < (SELECT id FROM webhook_delivery WHERE public_id = ? AND endpoint_id = ?)", after, e.ID)
	}
	return out, wrap("log", q.Scan(ctx))
}

// FindDelivery returns a delivery of the actor's account and its attempts, the oldest
// first. Fault: webhook_delivery_not_found.
func (h *Hooks) FindDelivery(ctx context.Context, a actor.Actor, publicID string) (d Delivery, tries []Attempt, err error) {
	if d, err = findDelivery(ctx, h.store.R, a, publicID); err != nil {
		return d, nil, err
	}
	err = h.store.R.NewSelect().Model(&tries).Where("delivery_id = ?", d.ID).OrderExpr("id").Scan(ctx)
	return d, tries, wrap("find delivery", err)
}

func findDelivery(ctx context.Context, db bun.IDB, a actor.Actor, publicID string) (d Delivery, err error) {
	kinds, err := manages(a)
	if err != nil {
		return d, err
	}
	err = db.NewSelect().Model(&d).Where("account_id = ?", a.Account).Where("public_id = ?", publicID).
		Where("endpoint_id IN (SELECT id FROM webhook_endpoint WHERE account_id = ? AND everywhere IN (?))", a.Account, bun.List(kinds)).Scan(ctx)
	if store.IsNotFound(err) {
		return d, fault.New(fault.NotFound, "webhook_delivery_not_found")
	}
	return d, wrap("find delivery", err)
}

// ReplayOne sends a delivery again, under its old webhook-id. Fault:
// webhook_delivery_state while it is being sent.
func (h *Hooks) ReplayOne(ctx context.Context, a actor.Actor, publicID string) (d Delivery, err error) {
	err = h.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if d, err = findDelivery(ctx, tx, a, publicID); err != nil {
			return err
		}
		was := d.State
		if d.State, err = Deliveries.Next(was, Replay); err != nil {
			return err
		}
		d.Tries, d.NextAt = 0, store.At(tx.Now())
		if err := store.One(tx.NewUpdate().Model(&d).Column("state", "tries", "next_at").WherePK().Where("state = ?", was).Exec(ctx)); err != nil {
			return err
		}
		if err := unpause(ctx, tx, d.EndpointID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "webhook.replay", d.PublicID, nil)
	})
	return d, wrap("replay", err)
}

// ReplayFailed sends everything again that was given up and is of since or later, and
// returns how much that is.
func (h *Hooks) ReplayFailed(ctx context.Context, a actor.Actor, publicID string, since time.Time) (n int64, err error) {
	err = h.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		e, err := h.find(ctx, tx, a, publicID)
		if err != nil {
			return err
		}
		to, err := Deliveries.Next(Failed, Replay)
		if err != nil {
			return err
		}
		res, err := tx.NewRaw("UPDATE webhook_delivery SET state = ?, tries = 0, next_at = ? WHERE endpoint_id = ? AND state = ? AND created_at >= ?",
			to, store.At(tx.Now()), e.ID, Failed, store.Micros(since)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err = res.RowsAffected(); err != nil {
			return err
		}
		if err := unpause(ctx, tx, e.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "webhook.replay_failed", e.PublicID, map[string]string{"since": since.UTC().Format(time.RFC3339)})
	})
	return n, wrap("replay failed", err)
}

func unpause(ctx context.Context, tx *store.Tx, endpoint int64) error {
	_, err := tx.NewRaw("UPDATE webhook_endpoint SET paused_until = NULL WHERE id = ?", endpoint).Exec(ctx)
	return err
}

// Sweep forgets up to n deliveries that are older than thirty days, and returns how many.
func (h *Hooks) Sweep(ctx context.Context, n int) (gone int, err error) {
	var ids []int64
	err = h.store.R.NewRaw("SELECT id FROM webhook_delivery WHERE created_at < ? ORDER BY created_at LIMIT ?", store.Micros(h.store.Now().Add(-kept)), n).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return 0, wrap("sweep", err)
	}
	err = h.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM webhook_attempt WHERE delivery_id IN (?)", bun.List(ids)).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("DELETE FROM webhook_delivery WHERE id IN (?)", bun.List(ids)).Exec(ctx)
		return err
	})
	return len(ids), wrap("sweep", err)
}

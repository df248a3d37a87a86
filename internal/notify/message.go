package notify

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/store"
)

// Message is an internal message to an account: what happened, to be worded in
// the reader's language.
type Message struct {
	bun.BaseModel `bun:"table:message"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	EventID   int64
	Type      event.Type
	Subject   string
	Data      map[string]string
	CreatedAt store.Time
	ReadAt    store.Time
}

// News is what the message tells.
func (m Message) News() News { return News{Type: m.Type, Subject: m.Subject, Data: m.Data} }

// silent are the events that nobody needs a message about.
var silent = map[event.Type]bool{
	"profile.created": true, "profile.edited": true, "profile.default": true, "profile.deleted": true, "profile.data_reminder": true, "review.opened": true, "review.passed": true, "review.failed": true, "domain.created": true,
}

// silentOf reports whether nobody needs a message about an event: good news of the names of
// a task are told together, by its end, and so is all that an import finds of its names. What belongs to no account has no reader.
func silentOf(e event.Event) bool {
	return e.AccountID == 0 || silent[e.Type] || e.Data["Import"] != "" || e.Data["Task"] != "" && matters[e.Type].grave == allWell
}

// Listener is told of events in the unit of work that expands them, perhaps more than
// once.
type Listener interface {
	Happened(ctx context.Context, tx *store.Tx, events []event.Event) error
}

// Messages owns internal messages and expands events into them.
type Messages struct {
	store  *store.Store
	outbox event.Outbox
	others []Listener
}

// NewMessages returns the messages of s; others are told of events too.
func NewMessages(s *store.Store, others ...Listener) *Messages {
	return &Messages{store: s, outbox: event.Outbox{Store: s}, others: others}
}

// Expand takes up to n events and expands them; it returns how many.
func (m *Messages) Expand(ctx context.Context, n int) (done int, err error) {
	if waiting, err := m.outbox.Waiting(ctx); err != nil || !waiting {
		return 0, wrap("expand", err)
	}
	err = m.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		events, err := m.outbox.Take(ctx, tx, n)
		if err != nil {
			return err
		}
		var rows []Message
		for _, e := range events {
			if !silentOf(e) {
				rows = append(rows, Message{PublicID: store.NewID("msg"), AccountID: e.AccountID, EventID: e.ID, Type: e.Type, Subject: e.Subject, Data: e.Data, CreatedAt: e.At})
			}
		}
		if err := store.InsertEach(ctx, tx, rows, "ON CONFLICT (event_id) DO NOTHING"); err != nil {
			return err
		}
		for _, l := range m.others {
			if err := l.Happened(ctx, tx, events); err != nil {
				return err
			}
		}
		done = len(events)
		return nil
	})
	if err != nil {
		return 0, wrap("expand", err)
	}
	return done, nil
}

// List returns the actor's messages, the newest first.
func (m *Messages) List(ctx context.Context, a actor.Actor, limit int) (out []Message, err error) {
	if err := a.Check(actor.AccountRead); err != nil {
		return nil, err
	}
	err = m.store.R.NewSelect().Model(&out).Where("account_id = ?", a.Account).OrderExpr("id DESC").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("notify: list: %w", err)
	}
	return out, nil
}

package registry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// PollMessage is a message of a registry as it came.
type PollMessage struct {
	Registry string
	ID       string
	// State is unknown for one that nobody understands, stuck for one that could not be
	// applied.
	State      string
	ReceivedAt time.Time
	// Raw is the registry's whole answer, as XML.
	Raw string
}

// aboutMessages are the findings whose subject is a message.
var aboutMessages = []string{"message_unknown", "message_stuck"}

// MessageOf reads the message that a finding is about, word for word. It may name people, so
// who reads it is on record. For staff, with registry.read. Faults: finding_not_found,
// message_not_found.
func (r *Registries) MessageOf(ctx context.Context, a actor.Actor, findingID string) (out PollMessage, err error) {
	if err := a.Check(actor.RegistryRead); err != nil {
		return out, err
	}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var f Finding
		err := tx.NewSelect().Model(&f).Where("public_id = ?", findingID).Scan(ctx)
		if store.IsNotFound(err) {
			return fault.New(fault.NotFound, "finding_not_found")
		}
		if err != nil {
			return err
		}
		var m message
		if slices.Contains(aboutMessages, f.Code) {
			err = tx.NewSelect().Model(&m).Where("registry = ?", f.Registry).Where("message_id = ?", f.Subject).Scan(ctx)
		}
		if store.IsNotFound(err) || err == nil && m.ID == 0 {
			return fault.New(fault.NotFound, "message_not_found")
		}
		if err != nil {
			return err
		}
		out = PollMessage{Registry: m.Registry, ID: m.MessageID, State: m.State, ReceivedAt: m.ReceivedAt.Time, Raw: m.Raw}
		return audit.Record(ctx, tx, a, "registry.message.read", f.PublicID, map[string]string{"registry": m.Registry, "message": m.MessageID})
	})
	if err != nil {
		return out, fmt.Errorf("registry: message: %w", err)
	}
	return out, nil
}

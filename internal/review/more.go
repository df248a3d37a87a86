package review

import (
	"context"
	"strconv"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// mostMore is how many things are asked for at once.
const mostMore = 10

// More is what a reviewer asks a registrant for: another side of the document, or other
// documents.
type More struct {
	// Side is "back" or another side of the document's kind. Document names a document
	// in the registrant's words; several stand on lines of their own, and a picture of
	// each is asked for. One of the two is given, or both.
	Side, Document string
	// Note is for the registrant, StaffNote for staff only.
	Note, StaffNote string
}

// Reasons say what is asked for, each one thing, the notes with the first. Fault:
// more_of_what.
func (m More) Reasons() (out []Reason, err error) {
	switch m.Side {
	case "":
	case "back":
		out = append(out, Reason{Code: "back_required", PointsName: m.Side})
	default:
		out = append(out, Reason{Code: "page_missing", PointsName: m.Side, Params: map[string]string{"Page": m.Side}})
	}
	for line := range strings.Lines(m.Document) {
		if name := strings.TrimSpace(line); name != "" {
			out = append(out, Reason{Code: "more_documents_required", Params: map[string]string{"Documents": name}})
		}
	}
	if len(out) == 0 || len(out) > mostMore {
		return nil, fault.New(fault.Invalid, "more_of_what").With("Max", strconv.Itoa(mostMore))
	}
	out[0].Note, out[0].StaffNote = m.Note, m.StaffNote
	return out, nil
}

// AskMore returns a case that the actor has claimed to the registrant, who adds what
// is missing and submits again. What was sent is not refused by it. Faults:
// review_not_claimed, more_of_what.
func (r *Reviews) AskMore(ctx context.Context, a actor.Actor, publicID string, m More) (c Case, err error) {
	asked, err := m.Reasons()
	if err != nil {
		return c, err
	}
	reasons, err := r.complete(Decision{Reasons: asked})
	if err != nil {
		return c, err
	}
	err = r.inClaim(ctx, a, publicID, func(ctx context.Context, tx *store.Tx, found *Case) error {
		err := r.decide(ctx, tx, a.ID, found, AskMore, reasons)
		c = *found
		return err
	})
	return c, wrap("ask more", err)
}

// SendBack returns a case that nobody else has in hand to the registrant for reasons
// that need no look at its documents. With Assign it is all that is ever done to many
// cases at once: an approval never is. Faults: those of Claim and Decide.
func (r *Reviews) SendBack(ctx context.Context, a actor.Actor, publicID string, given []Reason) (c Case, err error) {
	if err := a.Check(actor.ReviewDecide); err != nil {
		return c, err
	}
	reasons, err := r.complete(Decision{Reasons: given})
	if err != nil {
		return c, err
	}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = find(ctx, tx, publicID); err != nil {
			return err
		}
		if err := mayHold(c, a); err != nil {
			return err
		}
		if c.heldAt(tx.Now()) && c.ClaimedBy != a.ID {
			return fault.New(fault.Conflict, "review_claimed")
		}
		return r.decide(ctx, tx, a.ID, &c, AskMore, reasons)
	})
	return c, wrap("send back", err)
}

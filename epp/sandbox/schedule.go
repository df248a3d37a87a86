package sandbox

import (
	"container/heap"
	"time"

	"github.com/verinym/verinym/epp"
)

// event is something that the registry will do by itself.
type event struct {
	At     time.Time `json:"at"`
	Seq    uint64    `json:"seq"` // of two at the same time, the earlier planned goes first
	Kind   eventKind `json:"kind"`
	Object string    `json:"object"` // ROID of the domain or contact
	Round  int       `json:"round"`  // an event of an earlier round than the object's is void
}

type eventKind string

const (
	eventNaming  eventKind = "naming"  // decide on a domain's name
	eventPending eventKind = "pending" // decide on a pending command
	eventDue     eventKind = "due"     // a domain's verdicts are due
	eventRelease eventKind = "release" // lift a domain's hold
	eventReview  eventKind = "review"  // decide on a contact's evidence

	eventExpiry          eventKind = "expiry"           // a registration ends
	eventRedeemed        eventKind = "redeemed"         // a redemption period ends
	eventTransfer        eventKind = "transfer"         // nobody has acted on a transfer
	eventTransferNaming  eventKind = "transfer-naming"  // decide on the name of one
	eventContactTransfer eventKind = "contact-transfer" // nobody has acted on a contact's
	eventVerification    eventKind = "verification"     // the provider decides
)

// agenda is a heap of events, the next one first.
type agenda []event

func (a agenda) Len() int      { return len(a) }
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a agenda) Less(i, j int) bool {
	if a[i].At.Equal(a[j].At) {
		return a[i].Seq < a[j].Seq
	}
	return a[i].At.Before(a[j].At)
}
func (a *agenda) Push(x any) { *a = append(*a, x.(event)) }
func (a *agenda) Pop() any {
	last := len(*a) - 1
	e := (*a)[last]
	*a = (*a)[:last]
	return e
}

// plan puts an event on the agenda.
func (r *registry) plan(at time.Time, kind eventKind, object string, round int) {
	r.seq++
	heap.Push(&r.agenda, event{at, r.seq, kind, object, round})
}

// next is when the next event is due.
func (r *registry) next() (time.Time, bool) {
	if len(r.agenda) == 0 {
		return time.Time{}, false
	}
	return r.agenda[0].At, true
}

// catchUp does all that is due at a time, each event as of its own time.
func (r *registry) catchUp(now time.Time) {
	for {
		at, ok := r.next()
		if !ok || at.After(now) {
			return
		}
		r.happen(heap.Pop(&r.agenda).(event))
	}
}

func (r *registry) happen(e event) {
	switch e.Kind {
	case eventReview, eventContactTransfer:
		if c := r.contactsByROID[e.Object]; c != nil {
			r.happenToContact(c, e)
		}
	case eventVerification:
		r.vsp.decide(r, e)
	default:
		if d := r.domainsByROID[e.Object]; d != nil {
			r.happenToDomain(d, e)
		}
	}
}

func (r *registry) happenToContact(c *contactRecord, e event) {
	switch {
	case e.Kind == eventReview && c.Round == e.Round:
		r.decideReview(c, e.At)
	case e.Kind == eventContactTransfer && c.Transfer.pending() && !e.At.Before(c.Transfer.AcDate):
		r.endContactTransfer(c, epp.TransferServerApproved, "", e.At)
	}
}

func (r *registry) happenToDomain(d *registration, e event) {
	switch e.Kind {
	case eventExpiry:
		r.expire(d, e.At)
		return
	case eventRedeemed:
		if d.RGPRound == e.Round {
			r.redemptionOver(d, e.At)
		}
		return
	case eventTransfer:
		r.transferDue(d, e.At)
		return
	case eventTransferNaming:
		r.transferNaming(d, e.At)
		return
	}
	if d.Round != e.Round {
		return
	}
	switch e.Kind {
	case eventNaming:
		r.decideNaming(d, e.At)
	case eventPending:
		r.decidePending(d, e.At)
	case eventDue:
		r.verdictsDue(d, e.At)
	case eventRelease:
		r.release(d, e.At)
	}
}

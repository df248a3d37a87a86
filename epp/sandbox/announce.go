package sandbox

import (
	"strconv"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/nv"
)

// Names of what the registry does, in the op attribute of changePoll:operation.
const (
	opNaming   = "naming-verification"
	opRealName = "real-name-verification"
	opHold     = "server-hold"
	opRelease  = "server-release"
)

// message waits in a registrar's poll queue.
type message struct {
	ID      string                 `json:"id"`
	Date    time.Time              `json:"date"`
	Text    string                 `json:"text"`
	State   *domainState           `json:"state,omitempty"`
	Change  *changepoll.ChangeData `json:"change,omitempty"`
	Pending *domain.PendingData    `json:"pending,omitempty"`

	Transfer        *domain.TransferData  `json:"transfer,omitempty"`
	ContactTransfer *contact.TransferData `json:"contact_transfer,omitempty"`
	Verification    *nv.PendingData       `json:"verification,omitempty"` // of the provider's queue
}

// notify queues a message.
func (r *registry) notify(client string, m *message) {
	r.number(m)
	if registrar := r.registrars[client]; registrar != nil {
		registrar.queue = append(registrar.queue, m)
	}
}

// number gives a message its identifier.
func (r *registry) number(m *message) {
	r.serial++
	r.revision++
	m.ID = strconv.FormatUint(r.serial, 10)
}

// announce tells a domain's sponsor what the registry has done to it.
func (r *registry) announce(d *registration, change changepoll.ChangeData, text string, now time.Time) {
	change.Date, change.SvTRID, change.Who = now, r.nextSvTRID(), "registry"
	r.notify(d.ClID, &message{Date: now, Text: text, State: d.domainState, Change: &change})
}

// announceVerdict tells a domain's sponsor of a verdict.
func (r *registry) announceVerdict(d *registration, op string, v verdict, now time.Time) {
	about := "name"
	if op == opRealName {
		about = "holder"
	}
	text, reason := "The "+about+" of "+d.Name+" is verified.", string(verdictVerified)
	if v.State == verdictFailed {
		text = "The " + about + " of " + d.Name + " failed verification: " + v.Reason
		reason = failureReason(v.Reason)
	}
	r.announce(d, changepoll.ChangeData{
		State: changepoll.After, Operation: changepoll.Custom, Op: op, Reason: reason,
	}, text, now)
}

// longestReason is what eppcom:reasonType allows.
const longestReason = 32

// failureReason is a failure's code as a reason, with a prefix where there is
// room for it.
func failureReason(code string) string {
	if reason := "failed: " + code; len(reason) <= longestReason {
		return reason
	}
	return code[:min(len(code), longestReason)]
}

// fill puts a message into the answer to a poll.
func (m *message) fill(reply *epp.Reply, s *session) {
	reply.Queue.ID, reply.Queue.Date, reply.Queue.Message = m.ID, m.Date, m.Text
	switch {
	case m.Pending != nil:
		s.give(reply, nsDomain, *m.Pending)
	case m.Transfer != nil:
		s.give(reply, nsDomain, *m.Transfer)
	case m.ContactTransfer != nil:
		s.give(reply, nsContact, *m.ContactTransfer)
	case m.Verification != nil:
		s.give(reply, nv.NS, *m.Verification)
	default:
		info := m.State.info()
		info.AuthInfo = nil // a message may lie about for long
		s.give(reply, nsDomain, info)
		s.extend(reply, *m.Change)
		s.extend(reply, m.State.verification(m.Date))
	}
}

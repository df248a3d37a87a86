package registry

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/store"
)

// Sink is told what registries said, in the unit of work that marks it as read.
// It is called with batches and must bear being told the state of a domain that
// it knows already.
type Sink interface {
	Applied(ctx context.Context, tx *store.Tx, results []Result) error
}

// Outcome is how a command ended, or that a message came unasked.
type Outcome string

// The outcomes.
const (
	OutcomeDone    Outcome = "done"
	OutcomePending Outcome = "pending"
	OutcomeRefused Outcome = "refused"
	OutcomeNotice  Outcome = "notice"
	// OutcomeDoubt is of a command that changes a domain: its answer was lost, and the registry
	// may have carried it out. What became of it is told when that is known.
	OutcomeDoubt Outcome = "doubt"
)

// Which names a verdict.
type Which string

// The two verdicts of a domain.
const (
	Naming   Which = "naming"
	RealName Which = "real_name"
)

// Verdict is what the registry decided about a domain.
type Verdict struct {
	Which  Which
	Passed bool
	Reason string
}

// Result is one thing that a registry said: the end of a command or a notice
// from its poll queue.
type Result struct {
	Registry string
	Kind     Kind
	Outcome  Outcome
	// Domain or Contact is what it is about.
	Domain  string
	Contact string
	// Foreign says that the domain is another registrar's.
	Foreign bool
	// Subject is what the command was ordered with, "" for a notice.
	Subject string
	Payload Payload
	// Code and Message are the registry's; Reasons are its extValue reasons.
	Code    int
	Message string
	Reasons []string
	// Info is the domain as the registry has it now, nil when it did not say.
	Info *domain.InfoData
	// Grace are the grace periods that the domain is in (RFC 3915).
	Grace []string
	// Standing is what the registry says about verification, nil when it did not say.
	Standing *Standing
	// Verdict is set on the notice of one.
	Verdict *Verdict
	// Deleted says that the registry has removed the domain.
	Deleted bool
	// Operation is what the registry says it has done by itself (RFC 8590 section
	// 2.1), "" where it does not say.
	Operation string
	// Transfer is how a transfer of the domain stands, nil when nothing was said of one.
	Transfer *Transfer
	// Evidence says how far the review of documents that were sent is, at once:
	// EvidenceVerified or EvidenceFailed for documents that the registry knew.
	Evidence string
	At       time.Time
}

// Standing is a registry's verification status of a domain (verificationCode-1.0).
type Standing struct {
	Status string
	// Due is when a verdict that is missing must be in, zero when none is.
	Due time.Time
	// Set lists the verdicts that are in.
	Set []Which
	// Missing lists those that are not.
	Missing []Which
	// Codes are the values of the codes that prove those that are.
	Codes map[Which]string
}

// reply is what a driver made of an answer.
type reply struct {
	outcome  Outcome
	code     int
	message  string
	reasons  []string
	svTRID   string
	info     *domain.InfoData
	grace    []string
	standing *Standing
	contact  *Contact
	evidence string
	issued   *issued
	transfer *Transfer
	foreign  bool
	// lost says that there was no answer; unsent that there was no question.
	lost, unsent bool
	// again asks for the command to be tried later.
	again bool
	// blameless says that what went wrong was the session: it says nothing about the
	// command, which need not wait ever longer for that.
	blameless bool
}

// counts reports whether a failure says something about the command: silence, our
// empty purse, trouble with the session, and a document channel that is out of order
// (an HTTP status, not an EPP code) do not.
func (r reply) counts() bool {
	switch r.code {
	case epp.CodeBilling, epp.CodeAuthClosing, epp.CodeSessionLimit:
		return false
	}
	return r.code >= epp.CodeOK
}

// readError turns the error of a command into a reply.
func readError(err error) reply {
	var e *epp.Error
	if !errors.As(err, &e) {
		return reply{unsent: true, message: err.Error()}
	}
	switch {
	case e.Code == 0 && e.Sent:
		return reply{lost: true, message: e.Error()}
	case e.Code == 0:
		return reply{unsent: true, blameless: !errors.Is(err, epp.ErrBillingStopped), message: e.Error()}
	}
	r := reply{outcome: OutcomeRefused, code: e.Code, message: e.Message, svTRID: e.SvTRID}
	for _, x := range e.Reasons {
		if x.Text != "" {
			r.reasons = append(r.reasons, x.Text)
		}
	}
	switch e.Code {
	case epp.CodeFailed, epp.CodeBilling:
		r.again = true
	case epp.CodeFailedClosing, epp.CodeAuthClosing, epp.CodeSessionLimit:
		// The registry closed in the middle: it may or may not have acted.
		r.lost = true
	}
	return r
}

// Words are what a registrant may be told of a refusal: the registry's own.
func (r Result) Words() string {
	if len(r.Reasons) > 0 {
		return strings.TrimRight(r.Message, ".。") + ": " + strings.Join(r.Reasons, "; ")
	}
	return r.Message
}

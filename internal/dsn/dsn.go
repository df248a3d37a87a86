package dsn

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // other charsets than UTF-8
	"github.com/emersion/go-message/textproto"
)

// MaxBytes is how much of a mail is read; a report is small, whatever it returns.
const MaxBytes = 1 << 20

const (
	maxHeader = 64 << 10
	maxParts  = 32
	// maxDepth is how deep a report may lie in other parts: forwarders wrap them.
	maxDepth = 4
	// maxFields bounds what one mail can list.
	maxFields = 256
	maxWords  = 500
)

// ErrNone says that a mail is no report.
var ErrNone = errors.New("dsn: not a delivery report or complaint")

// Recipient is what became of a mail for one recipient (RFC 3464 2.3).
type Recipient struct {
	// Address is the final recipient, as the mail server knows it.
	Address string
	// Action is failed, delayed, delivered, relayed or expanded.
	Action string
	// Status is the enhanced status code (RFC 3463 2), "" where there is none that is one.
	Status string
	// Words are the other server's.
	Words string
}

// Failed reports whether the mail has not arrived and will not.
func (r Recipient) Failed() bool { return r.Action == "failed" }

// Hard reports whether mail to the recipient comes back for good: the status is of class 5,
// a permanent failure (RFC 3463 3.1).
func (r Recipient) Hard() bool { return r.Failed() && strings.HasPrefix(r.Status, "5.") }

// Report is what a mail says came of another.
type Report struct {
	Recipients []Recipient
	// Complaint is the type of feedback (abuse, fraud, virus, other, not-spam …), "" for a
	// delivery status.
	Complaint string
	// SentTo are the addresses that the report was sent to, as far as the mail shows them.
	SentTo []string
	// MessageIDs are those of the mail that it is about, without angle brackets.
	MessageIDs []string
}

// Parse reads a mail. ErrNone says that it is no report; any other error, that it cannot
// be read.
func Parse(r io.Reader) (Report, error) {
	var out Report
	limit := &io.LimitedReader{R: r, N: MaxBytes}
	e, err := message.ReadWithOptions(limit, &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return out, fmt.Errorf("dsn: %w", err)
	}
	for _, key := range []string{"To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To"} {
		out.sentTo(e.Header.FieldsByKey(key))
	}
	for _, key := range []string{"In-Reply-To", "References"} {
		out.about(e.Header.Values(key)...)
	}
	found := false
	out.walk(e, 0, &found)
	if !found {
		return Report{}, ErrNone
	}
	return out, nil
}

func (r *Report) sentTo(fields message.HeaderFields) {
	for fields.Next() && len(r.SentTo) < maxFields {
		list, err := mail.ParseAddressList(fields.Value())
		if err != nil {
			// Delivered-To and its like are bare addresses, which need not be well formed.
			r.SentTo = append(r.SentTo, strings.Trim(strings.TrimSpace(fields.Value()), "<>"))
			continue
		}
		for _, a := range list {
			r.SentTo = append(r.SentTo, a.Address)
		}
	}
}

// maxID bounds what is kept of a message identifier.
const maxID = 250

var angled = regexp.MustCompile(`<([^<>\s]+)>`)

func (r *Report) about(values ...string) {
	for _, v := range values {
		for _, m := range angled.FindAllStringSubmatch(v, maxFields) {
			if len(r.MessageIDs) < maxFields && len(m[1]) <= maxID && !slices.Contains(r.MessageIDs, m[1]) {
				r.MessageIDs = append(r.MessageIDs, m[1])
			}
		}
	}
}

// walk looks for reports in an entity and what it holds. A part that cannot be read ends
// the walk, and what was found before it counts.
func (r *Report) walk(e *message.Entity, depth int, found *bool) {
	kind, _, err := e.Header.ContentType()
	if err != nil {
		return
	}
	switch strings.ToLower(kind) {
	case "message/delivery-status", "message/global-delivery-status":
		*found = r.status(e.Body) || *found
	case "message/feedback-report":
		*found = r.feedback(e.Body) || *found
	case "message/rfc822", "message/rfc822-headers", "text/rfc822-headers", "message/global", "message/global-headers":
		if h, err := textproto.ReadHeader(bufio.NewReader(io.LimitReader(e.Body, maxHeader))); err == nil || h.Len() > 0 {
			r.about(h.Values("Message-Id")...)
		}
	default:
		parts := e.MultipartReader()
		if parts == nil || depth == maxDepth {
			return
		}
		for range maxParts {
			p, err := parts.NextPart()
			if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				return
			}
			r.walk(p, depth+1, found)
		}
	}
}

var enhanced = regexp.MustCompile(`\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// status reads a message/delivery-status: groups of fields, the first about the message,
// the others one a recipient (RFC 3464 2.1).
func (r *Report) status(body io.Reader) (found bool) {
	b := bufio.NewReader(io.LimitReader(body, MaxBytes))
	for range maxFields {
		h, err := textproto.ReadHeader(b)
		if final := h.Get("Final-Recipient"); final != "" || h.Get("Original-Recipient") != "" {
			if final == "" {
				final = h.Get("Original-Recipient")
			}
			words := typed(h.Get("Diagnostic-Code"))
			status := enhanced.FindString(h.Get("Status"))
			if status == "" {
				status = enhanced.FindString(words)
			}
			action, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(h.Get("Action"))), " ")
			r.Recipients = append(r.Recipients, Recipient{Address: typed(final), Action: action, Status: status, Words: clip(words)})
			found = true
		}
		r.about(h.Get("Original-Envelope-Id"))
		if err != nil { // the end, or a line that is no field
			return found
		}
		if _, err := b.Peek(1); err != nil {
			return found
		}
	}
	return found
}

// feedback reads a message/feedback-report (RFC 5965 3).
func (r *Report) feedback(body io.Reader) bool {
	h, err := textproto.ReadHeader(bufio.NewReader(io.LimitReader(body, maxHeader)))
	if err != nil && h.Len() == 0 {
		return false
	}
	r.Complaint = clip(strings.ToLower(strings.TrimSpace(h.Get("Feedback-Type"))))
	for _, to := range h.Values("Original-Rcpt-To") {
		if len(r.Recipients) < maxFields {
			r.Recipients = append(r.Recipients, Recipient{Address: strings.Trim(typed(to), "<>")})
		}
	}
	return r.Complaint != ""
}

// typed takes the type from a typed field: "rfc822; li@registrant.example".
func typed(v string) string {
	if _, rest, ok := strings.Cut(v, ";"); ok {
		v = rest
	}
	return strings.TrimSpace(v)
}

// clip makes a text of a field: valid, without control characters, not too long.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) > maxWords {
		s = strings.ToValidUTF8(s[:maxWords], "")
	}
	return strings.TrimSpace(s)
}

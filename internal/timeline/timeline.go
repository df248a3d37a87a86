package timeline

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// Entry is one thing that has happened. Its text is that of Type, with Params.
type Entry struct {
	At     time.Time
	Type   string
	Params map[string]string
	// Reasons are why a review failed, as a registrant may see them; Reason is why
	// anything else did, nil for none.
	Reasons []review.Reason
	Reason  *fault.Error
	// Sent is the command that an entry tells of, for staff, nil for none.
	Sent *Sent

	source int
	id     int64
}

// Sent is a command as a registry saw it.
type Sent struct {
	Registry string
	// Command is "domain:create" and such, "" for what went over another channel than EPP.
	Command string
	// At is when it was sent last; the entry's own time is that of the answer.
	At             time.Time
	Code           int
	ClTRID, SvTRID string
}

// Page is a part of a timeline. Expected is on the first page only.
type Page struct {
	Expected []domain.Due
	Entries  []Entry
	// Next is where the next page begins, "" after the last.
	Next string
}

// Timelines reads timelines.
type Timelines struct {
	store    *store.Store
	domains  *domain.All
	profiles *profile.Profiles
}

// New returns the timelines of s.
func New(s *store.Store, ds *domain.All, ps *profile.Profiles) *Timelines {
	return &Timelines{s, ds, ps}
}

// Domain tells what has happened to a domain that the actor may read, and to the orders,
// transfers, submissions and mails that were about it. Faults: domain_not_found,
// cursor_invalid.
func (t *Timelines) Domain(ctx context.Context, a actor.Actor, name, after string, limit int) (p Page, err error) {
	d, err := t.domains.Get(ctx, a, name)
	if err != nil {
		return p, err
	}
	from, err := readMark(after)
	if err != nil {
		return p, err
	}
	subjects, err := t.subjectsOf(ctx, d)
	if err != nil {
		return p, wrap(err)
	}
	address, err := t.addressOf(ctx, d)
	if err != nil {
		return p, wrap(err)
	}
	if after == "" {
		if p.Expected, err = t.domains.Expected(ctx, d); err != nil {
			return p, err
		}
	}
	staff := a.May(actor.RegistryRead)
	err = t.fill(&p, limit,
		source{fromEvents, func(n int) ([]Entry, error) { return t.events(ctx, d.AccountID, subjects, from, n) }},
		source{fromTasks, func(n int) ([]Entry, error) { return t.submissions(ctx, d, from, n) }},
		source{fromCommands, func(n int) ([]Entry, error) { return t.commands(ctx, staff, subjects, from, n) }},
		source{fromRefusals, func(n int) ([]Entry, error) { return t.refusals(ctx, d, from, n) }},
		source{fromConsents, func(n int) ([]Entry, error) { return t.consents(ctx, d, from, n) }},
		source{fromMails, func(n int) ([]Entry, error) { return t.mails(ctx, d.AccountID, address, from, n) }},
		source{fromAnswers, func(n int) ([]Entry, error) { return t.answers(ctx, d.AccountID, address, from, n) }},
	)
	return p, wrap(err)
}

// Profile tells what has happened to a profile of the actor's account: its reviews, mails
// and associations. Faults: profile_not_found, cursor_invalid.
func (t *Timelines) Profile(ctx context.Context, a actor.Actor, id, after string, limit int) (p Page, err error) {
	v, err := t.profiles.Get(ctx, a, id)
	if err != nil {
		return p, err
	}
	from, err := readMark(after)
	if err != nil {
		return p, err
	}
	owner := v.Profile
	if after == "" && v.Current.State == profile.InReview && v.Case != nil {
		p.Expected = []domain.Due{{Code: "profile_verdict", At: v.Case.ExpectedAt.Time}}
	}
	address := []string{v.Current.Fields.Email}
	var asked []string // what was asked about the data in it
	if err := t.store.R.NewRaw("SELECT public_id FROM data_request WHERE account_id = ? AND profile_id = ?", owner.AccountID, owner.ID).Scan(ctx, &asked); err != nil {
		return p, wrap(err)
	}
	contacts, err := t.contactsOf(ctx, owner)
	if err != nil {
		return p, wrap(err)
	}
	err = t.fill(&p, limit,
		source{fromEvents, func(n int) ([]Entry, error) {
			return t.events(ctx, owner.AccountID, append(asked, owner.PublicID), from, n)
		}},
		source{fromTasks, func(n int) ([]Entry, error) { return t.tasks(ctx, owner, from, n) }},
		source{fromCommands, func(n int) ([]Entry, error) { return t.commands(ctx, a.May(actor.RegistryRead), contacts, from, n) }},
		source{fromMails, func(n int) ([]Entry, error) { return t.mails(ctx, owner.AccountID, address, from, n) }},
		source{fromAnswers, func(n int) ([]Entry, error) { return t.answers(ctx, owner.AccountID, address, from, n) }},
		source{fromEnds, func(n int) ([]Entry, error) { return t.ends(ctx, owner, from, n) }},
		source{fromOverdue, func(n int) ([]Entry, error) { return t.overdue(ctx, owner, from, n) }},
	)
	if err != nil {
		return p, wrap(err)
	}
	return p, wrap(t.giveReasons(ctx, owner, p.Entries))
}

// source reads up to n of its newest entries behind a mark.
type source struct {
	rank int
	read func(n int) ([]Entry, error)
}

// fill merges the sources into a page.
func (t *Timelines) fill(p *Page, limit int, sources ...source) error {
	for _, s := range sources {
		found, err := s.read(limit + 1)
		if err != nil {
			return err
		}
		for i := range found {
			found[i].source = s.rank
		}
		p.Entries = append(p.Entries, found...)
	}
	slices.SortFunc(p.Entries, func(a, b Entry) int { return b.mark().compare(a.mark()) })
	if len(p.Entries) > limit {
		p.Entries = p.Entries[:limit]
		p.Next = p.Entries[limit-1].mark().String()
	}
	return nil
}

// mark is where an entry stands among all: later, then of the later source, then with the
// higher number.
type mark struct {
	at     int64
	source int
	id     int64
}

func (e Entry) mark() mark { return mark{store.Micros(e.At), e.source, e.id} }

func (m mark) compare(o mark) int {
	return cmp.Or(cmp.Compare(m.at, o.at), cmp.Compare(m.source, o.source), cmp.Compare(m.id, o.id))
}

func (m mark) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %d %d", m.at, m.source, m.id))
}

func readMark(s string) (m mark, err error) {
	if s == "" {
		return mark{at: 1<<63 - 1}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		_, err = fmt.Sscanf(string(b), "%d %d %d", &m.at, &m.source, &m.id)
	}
	if err != nil {
		return m, fault.At("after", "cursor_invalid")
	}
	return m, nil
}

// before is the condition that an entry of a source stands behind the mark, on its columns
// for time and number.
func (m mark) before(source int, at, id string) (string, []any) {
	switch {
	case source < m.source:
		return at + " <= ?", []any{m.at}
	case source > m.source:
		return at + " < ?", []any{m.at}
	}
	return "(" + at + " < ? OR (" + at + " = ? AND " + id + " < ?))", []any{m.at, m.at, m.id}
}

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("timeline: %w", err)
}

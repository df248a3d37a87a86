package simulate

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
)

// submittedCase looks at a case as it is opened.
func (w *world) submittedCase(h *holder, p client.Profile) {
	if p.Review == nil {
		w.violated(noCaseLost, h.profile, "it was submitted, and there is no review")
		return
	}
	usual := map[string]int{"cnnic": 3, "common": 1}[h.kind]
	if want := afterBusinessDays(p.Review.SubmittedAt, usual); !p.Review.ExpectedAt.Equal(want) {
		w.violated(reviewInBusiness, h.profile, "submitted at %s, it is expected at %s, want %s", p.Review.SubmittedAt.In(shanghai), p.Review.ExpectedAt.In(shanghai), want)
	}
	w.pending = append(w.pending, h)
}

// lookAtProfiles compares profiles that were submitted with the books of their authorities.
func (w *world) lookAtProfiles(ctx context.Context) error {
	const most = 100
	look := w.pending[:min(most, len(w.pending))]
	rest := slices.Clone(w.pending[len(look):])
	for _, h := range look {
		p, err := h.of.api.Profile(ctx, h.profile)
		if err != nil {
			return err
		}
		if !w.lookAtProfile(h, p) {
			rest = append(rest, h) // the others first
		}
	}
	w.pending = rest
	return nil
}

// putAgain is how long after an outage a case may take to be put to the bureau again: the
// contract's longest pause, and what is left of a day.
const putAgain = 20 * time.Hour

// lookAtProfile compares a profile with the books, and reports whether its case is over.
func (w *world) lookAtProfile(h *holder, p client.Profile) bool {
	word, known := w.wordOf(h)
	switch {
	case p.State == "in_review" && p.Review != nil:
		if known && word != "pending" && !w.bureau.down {
			w.violated(noVerdictLost, h.profile, "%s has said %s; it is in review still", h.authority, word)
		}
		if !known && h.authority == bureauName && !w.bureau.down && w.clock.Now().Sub(h.submitted) > 8*time.Hour && w.clock.Now().Sub(w.bureauBack) > putAgain {
			w.violated(noCaseLost, h.profile, "submitted at %s, the bureau has no such case", h.submitted)
		}
		return false
	case p.State == "verified" && (!known || word != "approve"), p.State == "failed" && (!known || word != "decline"):
		w.violated(authoritysWord, h.profile, "it is %s; %s has said %q", p.State, h.authority, word)
	}
	w.profileVerdicts = append(w.profileVerdicts, w.clock.Now().Sub(h.submitted))
	return true
}

// approval keeps that the authority has approved the newest version of a holder.
func (w *world) approval(h *holder) {
	if word, _ := w.wordOf(h); word == "approve" && !h.submitted.IsZero() {
		h.approved = h.now
	}
}

// wordOf is what the authority has said of the latest attempt of a holder.
func (w *world) wordOf(h *holder) (word string, known bool) {
	if h.authority == bureauName {
		for _, b := range w.bureau.about(h.field(h.now, "document_number")) {
			if !b.openedAt.Before(h.submitted) && b.fields["name_zh"] == h.field(h.now, "name_zh") {
				word, known = b.word, true
				if !b.told && w.clock.Now().Sub(b.decidedAt) < 14*time.Hour { // nobody knows yet
					word = "pending"
				}
			}
		}
		return word, known
	}
	var latest time.Time
	for _, v := range w.reviewers[h.profile] {
		if !v.at.Before(h.submitted) && v.at.After(latest) {
			latest, known = v.at, true
			word = map[bool]string{true: "approve", false: "decline"}[v.pass]
		}
	}
	return word, known
}

// lookAtMail wants what was asked for to have come, and nothing to have come twice.
func (w *world) lookAtMail() {
	for _, tag := range w.post.repeated() {
		w.violated(mailOnce, tag, "it came again")
	}
	if w.mailDown || w.clock.Now().Sub(w.mailBack) < 30*time.Hour {
		return
	}
	for address, n := range w.wanted {
		if w.letters[address] < n && !w.post.isUnknown(address) && !w.lost[address] {
			w.lost[address] = true
			w.violated(noMailLost, address, "%d links were asked for, %d came", n, w.letters[address])
		}
	}
}

// linkUsed looks at whether a link worked that should, and only then.
func (w *world) linkUsed(l letter, at time.Time, taken bool) {
	age := at.Sub(l.at)
	if taken && age >= linkLives {
		w.violated(linkLimited, l.to, "a link of %s worked %s later", l.at, age)
	}
}

// enhancedOpened looks at when an enhanced verification is due.
func (w *world) enhancedOpened(e client.Enhanced) {
	if got := e.DueAt.Sub(e.OpenedAt); got != 10*day {
		w.violated(enhancedInCalendar, e.Domain, "opened at %s, it is due at %s", e.OpenedAt, e.DueAt)
	}
}

// lookDaily looks at what needs no look at every stop of the clock.
func (w *world) lookDaily(ctx context.Context) error {
	if err := w.lookAtQueue(ctx); err != nil {
		return err
	}
	return w.lookAcross(ctx)
}

// lookAtQueue wants the desk's cases that are late to be pointed out, and no others.
func (w *world) lookAtQueue(ctx context.Context) error {
	cases, _, err := w.desk.ReviewQueue(ctx, client.ReviewFilter{Order: "age", Limit: 100})
	if err != nil {
		return err
	}
	findings, err := w.operator.RegistryFindings(ctx)
	if err != nil {
		return err
	}
	for _, c := range cases {
		late := !w.clock.Now().Before(c.ExpectedAt)
		if c.Overdue != late {
			w.violated(overdueTold, c.ID, "expected at %s, it is shown as overdue: %v", c.ExpectedAt, c.Overdue)
		}
		told := slices.ContainsFunc(findings, func(f client.RegistryFinding) bool { return f.Code == "review_late" && f.Subject == c.ID })
		if late && !told && len(findings) < 100 {
			w.violated(overdueTold, c.ID, "expected at %s, no operator was told", c.ExpectedAt)
		}
		if late && !w.late[c.ID] {
			w.late[c.ID] = true
			w.figures.Overdue++
		}
	}
	return nil
}

// readNews has a customer look for what should have been told of a name by now.
func (w *world) readNews(ctx context.Context, n *name, typ string) error {
	list, err := n.of.api.Messages(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(m client.Message) bool { return m.Type == typ && strings.Contains(m.Text.EN, n.shown()) }) {
		w.violated(newsTold, n.fqdn, "its owner has no message %s", typ)
	}
	return nil
}

// lookAcross has somebody look for a name of somebody else.
func (w *world) lookAcross(ctx context.Context) error {
	if len(w.customers) < 2 {
		return nil
	}
	i := w.rng.IntN(len(w.customers))
	who, owner := w.customers[i], w.customers[(i+1)%len(w.customers)]
	if len(owner.names) == 0 {
		return nil
	}
	n := owner.names[0]
	if _, err := who.api.Domain(ctx, n.fqdn); !isNotFound(err) {
		w.violated(onlyOwn, n.fqdn, "the customer %s reads it: %v", who.id, err)
	}
	return nil
}

func isNotFound(err error) bool {
	var e *client.Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound
}

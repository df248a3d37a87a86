package sandbox

import (
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/domain"
)

// beginReview starts the reviews of a domain that was created or got another
// registrant. Its verdicts are due after grace.
func (r *registry) beginReview(d *registration, grace time.Duration, now time.Time) {
	d.Round++
	d.ReleaseAt = time.Time{}
	if len(d.Zone.Codes.Required) > 0 {
		d.change(func(s *domainState) { s.Due = now.Add(grace) })
		r.plan(d.Due, eventDue, d.ROID, d.Round)
		return
	}
	if !d.Zone.Verify {
		return
	}
	d.change(func(s *domainState) {
		s.Naming = verdict{State: verdictInReview}
		s.RealName = r.contacts[s.Registrant].Verdict
		s.Due = now.Add(grace)
	})
	r.plan(now.Add(d.Zone.NamingDelay), eventNaming, d.ROID, d.Round)
	r.plan(d.Due, eventDue, d.ROID, d.Round)
	if d.RealName.decided() {
		r.announceVerdict(d, opRealName, d.RealName, now)
	}
}

// decideNaming decides about a domain's name.
func (r *registry) decideNaming(d *registration, now time.Time) {
	v, decided := namingVerdict(d.Name, now)
	if !decided || d.Naming.decided() {
		return
	}
	d.change(func(s *domainState) { s.Naming = v })
	r.announceVerdict(d, opNaming, v, now)
	if v.State == verdictFailed && d.Zone.DeleteOnNamingFailure {
		r.announce(d, changepoll.ChangeData{
			State: changepoll.Before, Operation: changepoll.Delete, Reason: failureReason(v.Reason),
		}, "The registry has deleted "+d.Name+": its name was refused.", now)
		r.refundAll(d, now)
		r.remove(d)
		return
	}
	r.settle(d, now)
}

// decideReview decides about a contact's evidence, and so about the real name of
// every domain that has the contact as registrant.
func (r *registry) decideReview(c *contactRecord, now time.Time) {
	v, decided := c.holderVerdict(now)
	if !decided {
		return
	}
	c.Verdict = v
	r.revision++
	for _, d := range c.registrations() {
		d.change(func(s *domainState) { s.RealName = v })
		r.announceVerdict(d, opRealName, v, now)
		r.settle(d, now)
	}
}

// registrations are the domains that have the contact as registrant, by name, so
// that poll messages come in a reproducible order.
func (c *contactRecord) registrations() []*registration {
	list := make([]*registration, 0, len(c.registrant))
	for _, d := range c.registrant {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *registration) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// settle plans the end of a hold once both verdicts are in.
func (r *registry) settle(d *registration, now time.Time) {
	r.revision++
	if !d.verified() || !d.held(heldUnverified) {
		return
	}
	d.ReleaseAt = now.Add(d.Zone.ReleaseDelay)
	r.plan(d.ReleaseAt, eventRelease, d.ROID, d.Round)
}

// verdictsDue puts a domain on hold that is not verified in time.
func (r *registry) verdictsDue(d *registration, now time.Time) {
	if !d.verified() {
		r.hold(d, heldUnverified, now)
	}
}

// release lifts the hold of a domain that is verified.
func (r *registry) release(d *registration, now time.Time) {
	if d.verified() && d.ReleaseAt.Equal(now) {
		d.ReleaseAt = time.Time{}
		r.unhold(d, heldUnverified, now)
	}
}

// hold adds a cause to hold a domain, and announces a hold that is new.
func (r *registry) hold(d *registration, cause holdCause, now time.Time) {
	if d.held(cause) {
		return
	}
	wasHeld := len(d.HeldFor) > 0
	d.change(func(s *domainState) { s.HeldFor = append(slices.Clone(s.HeldFor), cause) })
	r.revision++
	if !wasHeld {
		r.announce(d, changepoll.ChangeData{
			State: changepoll.After, Operation: changepoll.Update, Op: opHold, Reason: string(cause),
		}, "The registry has put "+d.Name+" on hold.", now)
	}
}

// unhold takes a cause away, and announces when it was the last one.
func (r *registry) unhold(d *registration, cause holdCause, now time.Time) {
	if !d.held(cause) {
		return
	}
	d.change(func(s *domainState) {
		s.HeldFor = slices.DeleteFunc(slices.Clone(s.HeldFor), func(c holdCause) bool { return c == cause })
	})
	r.revision++
	if len(d.HeldFor) > 0 {
		return
	}
	reason := string(heldByRegistry)
	if cause == heldUnverified {
		reason = string(verdictVerified)
	}
	r.announce(d, changepoll.ChangeData{
		State: changepoll.After, Operation: changepoll.Update, Op: opRelease, Reason: reason,
	}, "The registry has lifted the hold on "+d.Name+".", now)
}

// decidePending ends a command that was answered 1001. Its wait was the review of
// the name; a name that is refused keeps its holder, its term, or does not come
// to be.
func (r *registry) decidePending(d *registration, now time.Time) {
	v, decided := namingVerdict(d.Name, now)
	if !decided || d.Pending == nil {
		return
	}
	pending := d.Pending
	d.Pending = nil
	d.change(func(s *domainState) { s.setServer(false, epp.PendingCreate, epp.PendingRenew, epp.PendingUpdate) })
	done := v.State == verdictVerified
	text := "The " + string(pending.Verb) + " of " + d.Name + " was carried out."
	if !done {
		text = "The " + string(pending.Verb) + " of " + d.Name + " was refused: " + v.Reason
	}
	r.notify(d.ClID, &message{
		Date: now, Text: text, State: d.domainState,
		Pending: &domain.PendingData{Name: d.Name, Done: done, ClTRID: pending.ClTRID, SvTRID: pending.SvTRID, Date: now},
	})
	switch pending.Verb {
	case epp.VerbUpdate:
		r.unlink(pending.Update.Chg.Registrant)
		if done {
			r.apply(d, pending.Update, pending.Client, now)
		}
	case epp.VerbRenew:
		r.decideRenewal(d, pending, done, now)
	case epp.VerbCreate:
		if !done {
			r.refundAll(d, now)
			r.remove(d)
			return
		}
		r.beginReview(d, d.Zone.HoldAfter, now)
	}
	if done && d.Zone.Verify && pending.Verb != epp.VerbRenew {
		r.decideNaming(d, now)
	}
	r.revision++
}

package simulate

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
)

// perVisit is how many cases the desk decides at one stop of the clock.
const perVisit = 12

// deskVerdict is what the desk has decided, in the reviewers' own books.
type deskVerdict struct {
	fields client.Fields
	pass   bool
	at     time.Time
}

// review has the reviewers decide, while their office is open.
func (w *world) review(ctx context.Context) error {
	now := w.clock.Now().In(shanghai)
	if !businessDay(now) || now.Hour() < 9 || now.Hour() > 18 || w.deskAway {
		return nil
	}
	for range max(perVisit, w.config.Profiles/w.config.Days) {
		c, err := w.desk.ClaimNextReview(ctx, client.ReviewFilter{Order: "age"})
		if refused(err, "review_queue_empty", "review_not_found", "review_none") {
			return nil
		}
		if err != nil {
			return err
		}
		if c, err = w.desk.Review(ctx, c.ID); err != nil {
			return err
		}
		if err := w.decide(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// decide compares a case with the holder's document.
func (w *world) decide(ctx context.Context, c client.Case) error {
	if c.Profile == nil {
		return fmt.Errorf("case %s has no profile", c.ID)
	}
	h := w.byProfile[c.Profile.ID]
	if c.Profile.Field("name_zh") != h.name || c.Profile.Field("document_number") != h.number {
		w.note(h, false)
		_, err := w.desk.DecideReview(ctx, c.ID, false, client.GivenReason{Code: "name_mismatch"})
		return err
	}
	for _, id := range c.Unopened {
		if _, err := w.desk.OpenDocument(ctx, id); err != nil {
			return err
		}
	}
	w.note(h, true)
	_, err := w.desk.DecideReview(ctx, c.ID, true)
	return err
}

// note writes a verdict into the reviewers' own books.
func (w *world) note(h *holder, pass bool) {
	w.reviewers[h.profile] = append(w.reviewers[h.profile], deskVerdict{h.current(), pass, w.clock.Now()})
}

// judge is how the bureau decides: it has the records of everybody, and takes one to four
// business days.
func (w *world) judge(b *brief) (verdict, time.Time) {
	lot := fnv.New32a()
	_, _ = io.WriteString(lot, b.fields["document_number"]+b.fields["domain"])
	takes := 1 + int(lot.Sum32()>>8%4)
	due := afterBusinessDays(b.openedAt, takes).Add(-7 * time.Hour)
	b.silent = lot.Sum32()>>16%4 == 0
	if b.kind == "domain_name" {
		if strings.Contains(b.fields["domain"], "fail") {
			return verdict{"decline", "name_prohibited"}, due
		}
		return verdict{word: "approve"}, due
	}
	h := w.byNumber[b.fields["document_number"]]
	if h == nil || h.name != b.fields["name_zh"] {
		return verdict{"decline", "name_mismatch"}, due
	}
	return verdict{word: "approve"}, due
}

// planTroubles puts on the calendar what goes wrong in ninety days, and what staff does.
func (w *world) planTroubles() {
	span := time.Duration(w.config.Days) * day
	times := func(n int, do func(context.Context) error) {
		for range n {
			w.in(w.between(span/10, span), do)
		}
	}
	times(3, w.registryAway)
	times(2, w.bureauAway)
	times(3, w.mailAway)
	times(3, w.deskIll)
	times(2, w.registryFails)
	times(2, w.restart)
	share := max(w.config.Domains/20, 8)
	times(share, w.staffHolds)
	times(share/2, w.strangerHolds)
	times(share/4, w.registryHolds)
	times(share, w.mailComesBack)
	times(share/2, w.complaint)
	times(share, w.anotherHolder)
	times(max(share/8, 2), w.enhanced)
}

// registryAway cuts the registry off for some hours.
func (w *world) registryAway(context.Context) error {
	if w.away {
		return nil
	}
	w.away = true
	w.registry.Cut(0)
	w.figures.Outages++
	w.legacy.close()
	w.rival.close()
	w.in(w.between(3*time.Hour, 30*time.Hour), func(context.Context) error {
		w.registry.Restore()
		w.away, w.registryBack = false, w.clock.Now()
		return nil
	})
	return nil
}

func (w *world) bureauAway(context.Context) error {
	w.bureau.setDown(true)
	w.figures.Outages++
	w.in(w.between(day, 3*day), func(context.Context) error {
		w.bureau.setDown(false)
		w.bureauBack = w.clock.Now()
		return nil
	})
	return nil
}

// deskIll has no reviewer at work for ten days, in which people come nevertheless.
func (w *world) deskIll(context.Context) error {
	w.deskAway = true
	for range 5 {
		w.in(w.between(0, day), func(ctx context.Context) error { return w.arrive(ctx, 1) })
	}
	w.in(10*day, func(context.Context) error { w.deskAway = false; return nil })
	return nil
}

func (w *world) mailAway(context.Context) error {
	w.post.setDown(true)
	w.figures.Outages++
	w.mailDown = true
	w.in(w.between(5*time.Hour, 20*time.Hour), func(context.Context) error {
		w.post.setDown(false)
		w.mailDown, w.mailBack = false, w.clock.Now()
		return nil
	})
	return nil
}

// registryFails has answers of the registry get lost for a day, on which some of those who
// have names order another one.
func (w *world) registryFails(context.Context) error {
	if w.away {
		w.in(day, w.registryFails)
		return nil
	}
	for range 8 {
		w.in(w.between(time.Minute, 12*time.Hour), w.orderAnother)
	}
	w.figures.Outages++
	w.in(day, func(context.Context) error { w.registry.ClearFaults(); return nil })
	// What was lost last is looked up two seconds later, by a clock that stands still.
	w.in(day+time.Minute, func(context.Context) error { w.flaky = false; return nil })
	w.flaky = true
	return w.registry.SetFaults(
		sandbox.Fault{Client: chinese, Kind: sandbox.FaultDropAfter, Verb: "update", Every: 3},
		sandbox.Fault{Client: chinese, Kind: sandbox.FaultDropAfter, Verb: "create", Every: 2},
		sandbox.Fault{Client: chinese, Kind: sandbox.FaultCode, Code: epp.CodeFailed, Verb: "update", Every: 4},
	)
}

// orderAnother has the holder of a name order one more, and the shop say soon that it is paid,
// which it may say again later.
func (w *world) orderAnother(ctx context.Context) error {
	has := w.some(func(n *name) bool { return n.suffix == "cn" && n.holder != nil && n.holder.verified == n.holder.now })
	if has == nil {
		return nil
	}
	n := w.newName(has.holder)
	n.next = has.holder
	if err := w.place(ctx, n); err != nil || n.order == "" {
		return err
	}
	w.in(time.Hour, func(ctx context.Context) error { return w.pay(ctx, n) })
	return nil
}

// some is a name that fits, nil where there is none.
func (w *world) some(fits func(*name) bool) *name {
	if len(w.names) == 0 {
		return nil
	}
	from := w.rng.IntN(len(w.names))
	for i := range min(len(w.names), 2000) {
		if n := w.names[(from+i)%len(w.names)]; n.there && fits(n) {
			return n
		}
	}
	return nil
}

var staffCauses = []string{"dispute", "abuse", "operator", "unpaid"}

// staffHolds puts a name on hold for a cause, often for a second one too, and lifts them one
// by one.
func (w *world) staffHolds(ctx context.Context) error {
	n := w.some(func(n *name) bool { return len(n.causes) == 0 })
	if n == nil || w.away {
		return nil
	}
	first := w.rng.IntN(len(staffCauses))
	for i := range 1 + w.rng.IntN(2) {
		cause := staffCauses[(first+i)%len(staffCauses)]
		if err := w.hold(ctx, n, cause); err != nil {
			return err
		}
		w.in(w.between(day, 20*day), func(ctx context.Context) error { return w.lift(ctx, n, cause) })
	}
	return nil
}

func (w *world) hold(ctx context.Context, n *name, cause string) error {
	_, err := w.operator.PlaceHold(ctx, n.fqdn, cause, "letter of the "+w.clock.Now().Format(time.DateOnly))
	if refused(err, "domain_state", "domain_not_found") {
		return nil
	}
	if err == nil {
		n.causes[cause] = true
		w.figures.Holds++
		w.in(time.Minute, func(ctx context.Context) error { return w.readNews(ctx, n, "domain.hold_placed") })
	}
	return err
}

func (w *world) lift(ctx context.Context, n *name, cause string) error {
	if !n.causes[cause] {
		return nil
	}
	_, err := w.operator.LiftHold(ctx, n.fqdn, cause, "settled")
	if refused(err, "domain_not_found", "hold_not_found") && w.gone(n) {
		return nil
	}
	delete(n.causes, cause)
	return err
}

// gone reports whether a name is not with us any more, in the registry's books.
func (w *world) gone(n *name) bool {
	e, ok := w.registry.Domain(n.fqdn)
	return !ok || e.Sponsor == rival
}

// strangerHolds has a system of ours that is not verinym put a name on hold; a person lifts
// that much later, if at all.
func (w *world) strangerHolds(ctx context.Context) error {
	n := w.some(func(n *name) bool { return n.suffix == "cn" && len(n.causes) == 0 && !n.external && !w.gone(n) })
	if n == nil || w.away || w.flaky {
		return nil
	}
	if e, _ := w.registry.Domain(n.fqdn); slices.Contains(e.Statuses, epp.ClientHold) || slices.Contains(e.Statuses, epp.PendingUpdate) {
		return nil
	}
	_, err := w.legacy.Do(ctx, epp.Command{Body: domain.Update{Name: n.fqdn, Add: domain.AddRem{Statuses: domain.Statuses(epp.ClientHold)}}})
	if err != nil {
		return err
	}
	w.touched[n.fqdn] = true
	n.external, n.externalAt = true, w.clock.Now()
	w.figures.ForeignHolds++
	if w.chance(75) { // staff does not know of it yet, and holds the name too
		w.in(time.Hour, func(ctx context.Context) error { return w.hold(ctx, n, "dispute") })
		w.in(w.between(5*day, 9*day), func(ctx context.Context) error { return w.lift(ctx, n, "dispute") })
	}
	w.in(w.between(12*day, 30*day), func(ctx context.Context) error { return w.liftForeign(ctx, n) })
	return nil
}

func (w *world) liftForeign(ctx context.Context, n *name) error {
	if w.away || w.gone(n) {
		return nil
	}
	_, err := w.operator.LiftHold(ctx, n.fqdn, "external", "the other system's hold is settled")
	if err == nil {
		n.external = false
	}
	return err
}

// registryHolds has the registry hold a name by its own decision, and release it.
func (w *world) registryHolds(context.Context) error {
	n := w.some(func(n *name) bool { return n.suffix == "cn" && !n.byRegistry && !w.gone(n) })
	if n == nil || w.away {
		return nil
	}
	n.byRegistry = true
	w.in(w.between(2*day, 10*day), func(context.Context) error {
		n.byRegistry = false
		_ = w.registry.SetHold(n.fqdn, false)
		return nil
	})
	return w.registry.SetHold(n.fqdn, true)
}

// mailComesBack has a mail server report that an address is no more. Half of those whose it
// is put that right, the others never answer again.
func (w *world) mailComesBack(ctx context.Context) error {
	n := w.some(func(n *name) bool {
		return n.suffix == "com" && n.holder != nil && n.next == nil && n.doubted.IsZero() && !n.holder.deaf
	})
	if n == nil {
		return nil
	}
	address := n.holder.field(n.version, "email")
	if n.holder.answered[address].IsZero() || w.post.isUnknown(address) {
		return nil
	}
	if _, err := w.operator.ReportBounce(ctx, address, true, "5.1.1", "no such user"); err != nil {
		return err
	}
	w.figures.Bounces++
	w.doubt(n.holder, address)
	return nil
}

// complaint has somebody say that a registrant's data are wrong.
func (w *world) complaint(ctx context.Context) error {
	n := w.some(func(n *name) bool {
		return n.suffix == "com" && n.holder != nil && n.next == nil && n.doubted.IsZero() && !n.holder.deaf && !w.gone(n)
	})
	if n == nil {
		return nil
	}
	address := n.holder.field(n.version, "email")
	if _, err := w.operator.ReportInaccuracy(ctx, n.fqdn, "a letter that came back"); err != nil {
		return err
	}
	w.figures.Complaints++
	w.doubt(n.holder, address)
	return nil
}

// doubt notes since when an address is in doubt, and has its reader answer or not.
func (w *world) doubt(h *holder, address string) {
	for _, n := range h.of.names {
		if n.holder != nil && n.holder == h && n.there && n.suffix != "cn" && h.field(n.version, "email") == address {
			n.doubted = w.clock.Now()
		}
	}
	h.deaf = w.chance(50)
	if h.deaf {
		w.in(w.between(16*day, 25*day), func(ctx context.Context) error { // wakes up when the names are gone from the web
			h.deaf = false
			return w.askLink(ctx, h)
		})
	}
}

// anotherHolder sells a name to another holder of the account.
func (w *world) anotherHolder(ctx context.Context) error {
	n := w.some(func(n *name) bool {
		return n.suffix == "cn" && n.holder != nil && n.next == nil && len(n.of.holders) > 1 && !w.gone(n)
	})
	if n == nil {
		return nil
	}
	for _, to := range n.of.holders {
		if to != n.holder && to.kind == n.holder.kind && to.verified > 0 {
			return w.changeHolder(ctx, n, to)
		}
	}
	return nil
}

// enhanced asks for enhanced verification of a name, to which nobody answers; staff takes
// some of them back.
func (w *world) enhanced(ctx context.Context) error {
	n := w.some(func(n *name) bool { return n.suffix == "cn" && n.holder != nil && !w.gone(n) })
	if n == nil {
		return nil
	}
	e, err := w.operator.OpenEnhanced(ctx, client.EnhancedOpening{Domain: n.fqdn, Cause: "abuse report"})
	if refused(err, "enhanced_open", "enhanced_exists") {
		return nil
	}
	if err != nil {
		return err
	}
	w.figures.Enhanced++
	w.enhancedOpened(e)
	return nil
}

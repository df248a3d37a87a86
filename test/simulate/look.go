package simulate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/sandbox"
)

// The invariants. Each is a sentence, and names itself in the report.
const (
	normalHasVerdicts  = "a Normal name has the verdicts that it needs"
	decidersVerdict    = "a verdict is that of whoever decides"
	noVerdictLost      = "no verdict is lost"
	inStep             = "what is shown is what the registry has"
	holdHasCause       = "a hold has a cause"
	holdWhileCause     = "a hold stays while a cause is left"
	holdGoes           = "a hold goes with its last cause"
	foreignStays       = "a hold that is not ours is lifted by people only"
	answerInCalendar   = "the registrant's answer is due in fifteen calendar days"
	heldWhenDue        = "who has not answered is suspended when the time is over, not before"
	doubtAsked         = "an address in doubt is asked again"
	answerCounts       = "who has answered is asked no more"
	rightVersion       = "a name has the holder of the version that was chosen"
	detailsTold        = "what a verified edit says reaches the registry"
	ownContact         = "a contact is of one holder, and stays theirs"
	reviewInBusiness   = "a review is expected in business days"
	overdueTold        = "who decides too late is pointed out"
	noCaseLost         = "no case is lost"
	authoritysWord     = "a profile's verdict is its authority's"
	noMailLost         = "no mail is lost"
	mailOnce           = "no mail comes twice"
	linkLimited        = "a link works for three days"
	enhancedInCalendar = "enhanced verification is due in ten calendar days"
	nothingTwice       = "nothing is sent twice without a look"
	paidOnce           = "every name is paid once"
	onlyOwn            = "nobody sees what is another's"
	sponsored          = "a name is the account's as long as it is ours at the registry"
	noSurprise         = "people are refused nothing that they may do"
	newsTold           = "news of a name is told"
)

// Violation is something that should never be.
type Violation struct {
	Day       int
	At        time.Time
	Invariant string
	Subject   string
	Found     string
}

const mostViolations = 200

func (w *world) violated(invariant, subject, format string, args ...any) {
	said := fmt.Sprintf(format, args...)
	about := subject
	if about == "" {
		about = said
	}
	w.figures.Violations++
	if key := [2]string{invariant, about}; !w.told[key] && len(w.found) < mostViolations { // once is enough
		w.told[key] = true
		w.found = append(w.found, Violation{w.day, w.clock.Now(), invariant, subject, said})
	}
}

// few is up to how many names all are looked at at each stop of the clock; of more, some of
// those about which the registry has heard something, and some that are drawn.
const (
	few    = 600
	drawn  = 40
	spoken = 160
)

// look compares what verinym tells its users with the books of everybody else.
func (w *world) look(ctx context.Context) error {
	if err := w.lookAtNames(ctx); err != nil {
		return err
	}
	if err := w.lookAtProfiles(ctx); err != nil {
		return err
	}
	w.lookAtMail()
	if w.clock.Now().In(shanghai).Hour() == 9 {
		return w.lookDaily(ctx)
	}
	return nil
}

// lookAtNames reads what is shown of the names that are to be looked at.
func (w *world) lookAtNames(ctx context.Context) error {
	if len(w.names) > few {
		return w.lookAtSome(ctx)
	}
	return w.lookAtAll(ctx)
}

// lookAtAll reads the lists of all customers.
func (w *world) lookAtAll(ctx context.Context) error {
	for _, c := range w.customers {
		if err := w.lookAtCustomer(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// lookAtSome reads names one by one.
func (w *world) lookAtSome(ctx context.Context) error {
	chosen := slices.Sorted(maps.Keys(w.touched))
	w.rng.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	chosen = chosen[:min(len(chosen), spoken)]
	for range drawn {
		chosen = append(chosen, w.names[w.rng.IntN(len(w.names))].fqdn)
	}
	for _, fqdn := range chosen {
		n := w.byName[fqdn]
		if n == nil {
			continue
		}
		d, err := n.of.api.Domain(ctx, n.fqdn)
		if isNotFound(err) {
			continue // not ordered yet, or not come in
		}
		if err != nil {
			return err
		}
		w.figures.Looks++
		w.lookAtName(ctx, n, d)
	}
	return nil
}

func (w *world) lookAtCustomer(ctx context.Context, c *customer) error {
	list, err := c.api.Domains(ctx, "")
	if err != nil {
		return err
	}
	shown := make(map[string]client.Domain, len(list))
	for _, d := range list {
		if _, twice := shown[d.Name]; !twice {
			shown[d.Name] = d // the newest first
		}
	}
	for _, n := range c.names {
		if d, ok := shown[n.shown()]; ok {
			w.figures.Looks++
			w.lookAtName(ctx, n, d)
		}
	}
	return nil
}

// over says which words mean that a name is not, or not yet, the account's.
func over(status string) bool {
	return slices.Contains([]string{"registering", "importing", "registration_failed", "deleted", "transferred"}, status)
}

func (w *world) lookAtName(ctx context.Context, n *name, d client.Domain) {
	e, there := w.registry.Domain(n.fqdn)
	ours := there && e.Sponsor != rival
	if over(d.Status) {
		return
	}
	if !ours {
		if !w.away && !w.flaky {
			w.violated(sponsored, n.fqdn, "it is %s here; at the registry it is %q", d.Status, e.Sponsor)
		}
		return
	}
	if d.Status == "normal" {
		w.lookAtNormal(n, e)
	}
	w.time(n, d, e)
	w.lookAtVerdicts(n, d, e)
	w.lookAtHolds(ctx, n, d, e)
	w.lookAtHolder(n, d, e)
	if w.away || w.flaky {
		return
	}
	now := w.clock.Now()
	statuses, have := slices.Clone(d.Statuses), slices.Clone(e.Statuses)
	if n.external && now.Sub(n.externalAt) < 40*time.Hour { // nobody tells of it: it is found by asking
		statuses, have = without(statuses, epp.ClientHold), without(have, epp.ClientHold)
	}
	slices.Sort(statuses)
	slices.Sort(have)
	if !slices.Equal(statuses, have) || d.Registrant != e.Registrant {
		w.violated(inStep, n.fqdn, "shown are %v of %s, the registry has %v of %s", statuses, d.Registrant, have, e.Registrant)
	}
	if n.suffix == "cn" && d.DueAt != nil && !d.DueAt.Equal(e.Due) {
		w.violated(inStep, n.fqdn, "its verdict is due at %s, at the registry at %s", d.DueAt, e.Due)
	}
}

// time notes how long a name's verdict took, and whether it came before the registry's hold.
func (w *world) time(n *name, d client.Domain, e sandbox.DomainEntry) {
	if slices.Contains(e.Statuses, epp.ServerHold) && !n.byRegistry && !w.serverHeld[n.fqdn] {
		w.serverHeld[n.fqdn] = true
	}
	if d.Verification != "verified" || w.timed[n.fqdn] {
		return
	}
	w.timed[n.fqdn] = true
	w.nameVerdicts = append(w.nameVerdicts, w.clock.Now().Sub(e.Created))
	if n.suffix != "com" && !w.serverHeld[n.fqdn] {
		w.figures.HoldsAvoided++
	}
}

func without(list []string, status string) []string {
	list = slices.DeleteFunc(list, func(s string) bool { return s == status || s == epp.StatusOK })
	return list
}

// lookAtNormal wants a name that is shown as Normal to be so in the books.
func (w *world) lookAtNormal(n *name, e sandbox.DomainEntry) {
	switch n.suffix {
	case "cn":
		if e.Naming.State != "verified" || e.RealName.State != "verified" {
			w.violated(normalHasVerdicts, n.fqdn, "the registry's verdicts are %s and %s", e.Naming.State, e.RealName.State)
		}
	case "com":
		if !w.approvedName(n) || n.holder != nil && !w.approvedHolder(n.holder, n.version) {
			w.violated(normalHasVerdicts, n.fqdn, "no authority has approved both")
		}
	default:
		if len(e.Missing) > 0 {
			w.violated(normalHasVerdicts, n.fqdn, "the registry lacks %v", e.Missing)
		}
	}
	for _, s := range e.Statuses {
		if s == epp.ServerHold && !w.away && !w.flaky || s == epp.ClientHold && (!n.external || w.clock.Now().Sub(n.externalAt) > 40*time.Hour) {
			w.violated(normalHasVerdicts, n.fqdn, "the registry has it on %s", s)
		}
	}
}

func (w *world) approvedName(n *name) bool {
	return slices.ContainsFunc(w.bureau.about(n.fqdn), func(b brief) bool { return b.word == "approve" })
}

// approvedHolder reports whether somebody who decides has approved of what a version says.
func (w *world) approvedHolder(h *holder, version int) bool {
	same := func(name, number string) bool {
		return name == h.field(version, "name_zh") && number == h.field(version, "document_number")
	}
	for _, b := range w.bureau.about(h.number) {
		if b.word == "approve" && same(b.fields["name_zh"], b.fields["document_number"]) {
			return true
		}
	}
	for _, v := range w.reviewers[h.profile] {
		if v.pass {
			name, _ := v.fields["name_zh"].(string)
			number, _ := v.fields["document_number"].(string)
			if same(name, number) {
				return true
			}
		}
	}
	return false
}

// triedAgain is how long verinym waits at most before it tries again what a registry that was
// out of reach did not take: until then documents of a new attempt stand for a verdict on the
// last ones.
const triedAgain = 10 * time.Minute

// lookAtVerdicts compares both verdicts with those of whoever decides.
func (w *world) lookAtVerdicts(n *name, d client.Domain, e sandbox.DomainEntry) {
	switch n.suffix {
	case "cn":
		for _, v := range []struct{ which, shown, is string }{{"naming", d.Naming, e.Naming.State}, {"real-name", d.RealName, e.RealName.State}} {
			decided := v.is == "verified" || v.is == "failed"
			switch {
			case (v.shown == "verified" || v.shown == "failed") && v.shown != v.is && !w.away && !w.flaky:
				w.violated(decidersVerdict, n.fqdn, "the %s verdict is shown as %s; the registry's is %s", v.which, v.shown, v.is)
			case decided && v.shown != v.is && !w.away && !w.flaky && w.clock.Now().Sub(w.registryBack) >= triedAgain:
				w.violated(noVerdictLost, n.fqdn, "the registry's %s verdict is %s, shown is %s", v.which, v.is, v.shown)
			}
		}
	case "com":
		if d.Naming == "verified" && !w.approvedName(n) {
			w.violated(decidersVerdict, n.fqdn, "the naming verdict is shown as verified; the bureau has not approved")
		}
		if d.RealName == "verified" && n.holder != nil && !w.approvedHolder(n.holder, n.version) {
			w.violated(decidersVerdict, n.fqdn, "the real-name verdict is shown as verified; no authority has approved of the holder")
		}
	default:
		for kind, shown := range map[string]string{"domain": d.Naming, "real-name": d.RealName} {
			if shown == "verified" && !slices.Contains(e.Codes, kind) && !w.away && !w.flaky {
				w.violated(decidersVerdict, n.fqdn, "the %s verdict is shown as verified; the registry has no such code", kind)
			}
		}
	}
}

// lookAtHolds compares clientHold with what staff, strangers and silent registrants have
// caused.
func (w *world) lookAtHolds(ctx context.Context, n *name, d client.Domain, e sandbox.DomainEntry) {
	held := slices.Contains(e.Statuses, epp.ClientHold)
	now := w.clock.Now()
	var causes []string
	for _, h := range d.Holds {
		causes = append(causes, h.Cause)
		switch {
		case h.Cause == "email":
		case h.Cause == "external":
			if !n.external {
				w.violated(holdHasCause, n.fqdn, "an external hold is shown; nobody has put one")
			}
		case !n.causes[h.Cause]:
			w.violated(holdHasCause, n.fqdn, "the cause %s is shown; nobody has given it", h.Cause)
		}
	}
	for c := range n.causes {
		if !slices.Contains(causes, c) {
			w.violated(holdWhileCause, n.fqdn, "staff holds it for %s, which is not shown", c)
		}
	}
	silent := w.lookAtAnswer(ctx, n, d, slices.Contains(causes, "email"))
	if w.away || w.flaky {
		return
	}
	known := len(n.causes) > 0 || silent
	switch {
	case n.external && !held:
		w.violated(foreignStays, n.fqdn, "somebody else's hold was lifted; shown are %v", causes)
	case held && !known && !n.external && len(causes) == 0:
		w.violated(holdGoes, n.fqdn, "it is on clientHold without a cause")
	case !held && known:
		w.violated(holdWhileCause, n.fqdn, "it is not on clientHold; its causes are %v", causes)
	case held && len(causes) == 0 && now.Sub(n.externalAt) > 40*time.Hour:
		w.violated(holdHasCause, n.fqdn, "it is on clientHold and no cause is shown")
	}
}

const answerWithin = 15 * day

// lookAtAnswer looks at the clock of the registrant's answer, and reports whether the name
// has to be on hold for it.
func (w *world) lookAtAnswer(ctx context.Context, n *name, d client.Domain, held bool) bool {
	now := w.clock.Now()
	if a := d.Answer; a != nil {
		if a.Cause != "hold" && a.DueAt.Sub(a.BeganAt) != answerWithin {
			w.violated(answerInCalendar, n.fqdn, "it began at %s and is due at %s", a.BeganAt, a.DueAt)
		}
		if over := !now.Before(a.BeganAt.Add(answerWithin)); over != held {
			w.violated(heldWhenDue, n.fqdn, "asked at %s, it is on hold: %v", a.BeganAt, held)
		}
		if n.holder != nil && n.next == nil {
			if t := n.holder.answered[a.Address]; t.After(a.BeganAt) {
				w.violated(answerCounts, n.fqdn, "asked at %s of %s, answered at %s, still asked", a.BeganAt, a.Address, t)
			}
		}
		return held
	}
	if held {
		w.violated(answerCounts, n.fqdn, "it is on hold for an answer that nobody waits for")
	}
	if n.holder == nil || n.next != nil || n.doubted.IsZero() {
		return held
	}
	if address := n.holder.field(n.version, "email"); n.holder.answered[address].Before(n.doubted) { // at the same moment: nobody knows which came first
		w.violated(doubtAsked, n.fqdn, "%s is in doubt since %s, and nobody asks", address, n.doubted)
	} else {
		n.doubted = time.Time{}
	}
	return held
}

// lookAtHolder wants the registrant at the registry to be the holder who was chosen, as the
// chosen version has them, and nobody else.
func (w *world) lookAtHolder(n *name, d client.Domain, e sandbox.DomainEntry) {
	if n.suffix != "cn" || !strings.HasPrefix(e.Registrant, "vn") {
		return
	}
	c, ok := w.registry.Contact(e.Registrant)
	if !ok {
		return
	}
	if n.holder == nil && n.next == nil {
		if w.follows(c, n.proof, 1) { // the contact of yesterday's registrar was replaced
			return
		}
		w.violated(rightVersion, n.fqdn, "it has the contact %s, which nobody chose", e.Registrant)
		return
	}
	var said string
	for _, may := range []struct {
		h *holder
		v int
	}{{n.holder, n.version}, {n.next, n.nextVersion}} {
		if may.h == nil {
			continue
		}
		if said = differs(c, may.h, may.v); said == "" {
			w.lookAtDetails(n, c)
			return
		}
		if w.follows(c, may.h, may.v) {
			return
		}
	}
	invariant := rightVersion
	if h := w.byNumber[c.Identity.IDNumber]; h == nil || c.Data.PostalOf(contact.Loc) == nil || c.Data.PostalOf(contact.Loc).Name != h.name {
		invariant = ownContact // no holder at all is so
	}
	w.violated(invariant, n.fqdn, "contact %s: %s", e.Registrant, said)
}

// follows reports whether a contact says what a later version of the same holder says, which
// has been verified.
func (w *world) follows(c sandbox.ContactEntry, h *holder, version int) bool {
	if h == nil {
		return false
	}
	w.approval(h)
	for later := h.approved; later > version; later-- {
		if differs(c, h, later) == "" {
			return true
		}
	}
	return false
}

// toldAfter is how long after its verification an edit may take to reach the registry: an
// outage, and a day of lost answers.
const toldAfter = 4 * day

// lookAtDetails wants a contact to say what its holder's newest version says, a while after
// that was verified.
func (w *world) lookAtDetails(n *name, c sandbox.ContactEntry) {
	h := n.holder
	if h == nil || n.next != nil || !n.there || h.verified != h.now || h.verified == n.version || w.clock.Now().Sub(h.seenAt) < toldAfter {
		return
	}
	if said := differs(c, h, h.verified); said != "" {
		w.violated(detailsTold, n.fqdn, "version %d was seen verified at %s; contact %s: %s", h.verified, h.seenAt, c.Data.ID, said)
	}
}

// differs says how a contact differs from a version of a holder, "" for not at all.
func differs(c sandbox.ContactEntry, h *holder, version int) string {
	p := c.Data.PostalOf(contact.Loc)
	if p == nil {
		return "it has no name in Chinese"
	}
	phone := "+86." + h.field(version, "phone")
	for _, x := range []struct{ what, is, want string }{
		{"name", p.Name, h.field(version, "name_zh")}, {"number", c.Identity.IDNumber, h.field(version, "document_number")},
		{"address", c.Data.Email, h.field(version, "email")}, {"telephone", c.Data.Voice.Number, phone},
	} {
		if x.is != x.want {
			return fmt.Sprintf("its %s is %s, want %s of version %d", x.what, x.is, x.want, version)
		}
	}
	return ""
}

package simulate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
)

// name is a domain name that a customer has, or wants.
type name struct {
	fqdn, suffix string
	of           *customer
	// holder and version are who holds it by the latest wish that was fulfilled, next and
	// nextVersion by the one that is under way; no holder at all is the one of yesterday.
	holder, next *holder
	// proof is who has shown that they are the one of yesterday.
	proof                *holder
	version, nextVersion int
	order, task          string
	transfer             string
	there                bool // the registrant was told that it is theirs
	paid                 bool
	// causes are those for which staff holds it, external says that somebody else does.
	causes     map[string]bool
	external   bool
	externalAt time.Time
	byRegistry bool // held by the registry's decision
	// doubted is since when the registrant's address is in doubt.
	doubted time.Time
	repair  bool // a repaired profile is on its way
}

// wish has a holder who is verified get the names that they came for.
func (w *world) wish(h *holder) {
	for _, n := range w.names {
		if n.repair && n.holder == h {
			w.in(time.Hour, func(ctx context.Context) error { return w.changeHolder(ctx, n, h) })
		}
	}
	wishes := h.wishes
	h.wishes = 0
	if wishes > 4 && h.kind == "cnnic" {
		bulk := wishes * 3 / 4
		wishes -= bulk
		w.in(w.between(time.Hour, 5*day), func(ctx context.Context) error { return w.bring(ctx, h, bulk) })
	}
	for range wishes {
		how := w.order
		if h.kind == "cnnic" && w.chance(15) {
			how = w.transferIn
		}
		w.in(w.between(time.Hour, 6*day), func(ctx context.Context) error { return how(ctx, h) })
	}
	if w.chance(25) {
		w.in(w.between(2*day, 20*day), func(ctx context.Context) error {
			return w.edit(ctx, h, client.Fields{"phone": fmt.Sprintf("139%08d", h.serial)})
		})
	}
}

// newName makes a name up under the suffixes that a holder may have; some labels are
// prohibited.
func (w *world) newName(h *holder) *name {
	suffix, label := "cn", fmt.Sprintf("n%06d", len(w.names))
	if h.kind == "common" {
		suffix = "com"
		if w.chance(20) {
			suffix = "xn--ses554g"
		}
	}
	if w.chance(3) {
		label += "fail"
	}
	n := &name{fqdn: label + "." + suffix, suffix: suffix, of: h.of, causes: map[string]bool{}}
	w.names, w.byName[n.fqdn] = append(w.names, n), n
	h.of.names = append(h.of.names, n)
	return n
}

// order asks for a new name, and pays for it some time later, or not.
func (w *world) order(ctx context.Context, h *holder) error {
	n := w.newName(h)
	n.next = h
	return w.place(ctx, n)
}

func (w *world) place(ctx context.Context, n *name) error {
	h := n.next
	var err error
	if n.nextVersion, err = w.version(ctx, h); err != nil {
		return err
	}
	o, err := n.of.api.PlaceOrder(ctx, n.fqdn, h.profile, 1)
	switch {
	case refused(err, "registry_unreachable"):
		w.in(again, func(ctx context.Context) error { return w.place(ctx, n) })
		return nil
	case refused(err, "profile_not_submitted", "profile_still_in_review", "profile_review_failed", "profile_email_unverified", "email_unverified", "email_bounced"):
		w.in(day, func(ctx context.Context) error { return w.place(ctx, n) })
		return nil
	case err != nil:
		return err
	}
	n.order = o.ID
	w.figures.Orders++
	if w.chance(5) {
		return nil // never paid
	}
	if w.chance(15) && h.verified == h.now { // the profile is edited before the order is paid
		if err := w.edit(ctx, h, client.Fields{"phone": fmt.Sprintf("137%08d", len(w.names))}); err != nil {
			return err
		}
	}
	w.in(w.between(time.Minute, 2*day), func(ctx context.Context) error { return w.pay(ctx, n) })
	return nil
}

// version is the newest one of a holder's profile, which is what is chosen with it.
func (w *world) version(ctx context.Context, h *holder) (int, error) {
	p, err := h.of.api.Profile(ctx, h.profile)
	return p.Version, err
}

func (w *world) pay(ctx context.Context, n *name) error {
	o, err := w.operator.ConfirmPayment(ctx, n.order)
	if refused(err, "order_state") && o.State == "expired" {
		return nil
	}
	if err != nil || n.paid {
		return err
	}
	n.paid = true
	w.in(day, func(ctx context.Context) error { return w.follow(ctx, n) })
	return nil
}

// follow has the registrant see what became of an order.
func (w *world) follow(ctx context.Context, n *name) error {
	o, err := n.of.api.Order(ctx, n.order)
	if err != nil {
		return err
	}
	switch o.State {
	case "completed":
		n.holder, n.version, n.next, n.there = n.next, n.nextVersion, nil, true
		w.in(4*day, func(ctx context.Context) error { return w.mend(ctx, n) })
	case "failed", "expired", "cancelled":
		n.next = nil
	default:
		w.in(day, func(ctx context.Context) error { return w.follow(ctx, n) })
	}
	return nil
}

// mend has a registrant whom the registry did not accept correct the profile.
func (w *world) mend(ctx context.Context, n *name) error {
	d, err := n.of.api.Domain(ctx, n.fqdn)
	if err != nil || d.RealName != "failed" || n.holder == nil || n.next != nil {
		return err
	}
	w.figures.Resubmissions++
	n.repair = true
	return w.edit(ctx, n.holder, client.Fields{"name_en": "Specimen Person"})
}

// changeHolder makes somebody else, or a repaired profile of the same, the holder of a name.
func (w *world) changeHolder(ctx context.Context, n *name, to *holder) error {
	if !n.there || n.next != nil || to.verified != to.now {
		return nil
	}
	t, err := n.of.api.ChangeHolder(ctx, to.profile, n.fqdn)
	if refused(err, "profile_not_submitted", "profile_still_in_review", "profile_review_failed", "email_bounced", "email_unverified") {
		return nil
	}
	if err != nil {
		return err
	}
	w.figures.HolderChanges++
	return w.begun(n, t, to)
}

func (w *world) begun(n *name, t client.Task, to *holder) error {
	n.task, n.next, n.nextVersion = t.ID, to, to.verified
	w.in(day, func(ctx context.Context) error { return w.followTask(ctx, t.ID, []*name{n}) })
	return nil
}

// followTask sees what became of the names of a task.
func (w *world) followTask(ctx context.Context, id string, names []*name) error {
	t, err := names[0].of.api.Task(ctx, id, 0)
	if err != nil {
		return err
	}
	w.counted(t)
	items := map[string]client.TaskItem{}
	for after := 0; len(items) < t.Total && len(t.Items) > 0; {
		for _, i := range t.Items {
			items[i.Domain] = i
		}
		after += len(t.Items)
		if t, err = names[0].of.api.Task(ctx, id, after); err != nil {
			return err
		}
	}
	open := names[:0:0]
	for _, n := range names {
		switch i := items[n.shown()]; i.State {
		case "succeeded", "failed":
			w.ended(n, i)
		default:
			open = append(open, n)
		}
	}
	if len(open) > 0 {
		w.in(day, func(ctx context.Context) error { return w.followTask(ctx, id, open) })
	}
	return nil
}

// ended takes what became of a wish for another holder. One that the registry did not
// accept is the holder all the same, where the registry has it so.
func (w *world) ended(n *name, i client.TaskItem) {
	e, _ := w.registry.Domain(n.fqdn)
	mine, _ := w.registry.Contact(e.Registrant)
	switch {
	case i.State == "succeeded", n.suffix == "cn" && mine.Identity.IDNumber == n.next.number && strings.HasPrefix(e.Registrant, "vn"):
		n.holder, n.version, n.repair = n.next, n.nextVersion, false
	}
	n.next, n.task = nil, ""
	if i.State == "failed" && n.holder != nil {
		w.in(day, func(ctx context.Context) error { return w.mend(ctx, n) })
	}
}

// shown is the name as people read it.
func (n *name) shown() string { return strings.Replace(n.fqdn, "xn--ses554g", "网址", 1) }

// bring has names that a registrar of yesterday registered with us taken into an account,
// and their holders verified: of the very holder, or of somebody who is the holder no more.
func (w *world) bring(ctx context.Context, h *holder, count int) error {
	if w.away || w.flaky {
		w.in(again, func(ctx context.Context) error { return w.bring(ctx, h, count) })
		return nil
	}
	same := w.chance(50)
	who := *h
	if !same {
		w.serial++
		who.serial = w.serial
		who.name, who.number = w.person(w.serial)
	}
	w.serial++
	id := fmt.Sprintf("lg%06d", w.serial)
	if err := createContact(ctx, w.legacy, id, &who); err != nil {
		return err
	}
	names, fqdns := make([]*name, count), make([]string, count)
	calls := make([]*epp.Call, count)
	session, err := w.legacy.open(ctx)
	if err != nil {
		return err
	}
	for i := range names {
		n := &name{fqdn: fmt.Sprintf("b%06d.cn", len(w.names)), suffix: "cn", of: h.of, causes: map[string]bool{}}
		w.names, w.byName[n.fqdn] = append(w.names, n), n
		h.of.names = append(h.of.names, n)
		names[i], fqdns[i] = n, n.fqdn
		if calls[i], err = session.Start(ctx, createDomain(n.fqdn, id, chinese)); err != nil {
			return err
		}
		if i >= 15 {
			if _, err := calls[i-15].Wait(ctx); err != nil {
				return err
			}
			calls[i-15] = nil
		}
	}
	for _, c := range calls {
		if c == nil {
			continue
		}
		if _, err := c.Wait(ctx); err != nil {
			return err
		}
	}
	for i := 0; i < count; i += 1000 {
		some := fqdns[i:min(i+1000, count)]
		out, err := w.operator.ImportDomains(ctx, h.of.id, "mainland", some...)
		if err != nil {
			return err
		}
		for _, o := range out {
			if o.Error != nil {
				return fmt.Errorf("import of %s: %s", o.Domain, o.Error.Code)
			}
		}
	}
	w.figures.Imports += count
	w.in(w.between(time.Hour, 3*day), func(ctx context.Context) error { return w.associate(ctx, h, names, fqdns, same) })
	return nil
}

// associate submits the verification of imported names, or makes the profile's holder
// theirs.
func (w *world) associate(ctx context.Context, h *holder, names []*name, fqdns []string, same bool) error {
	if h.verified != h.now || w.away {
		w.in(day, func(ctx context.Context) error { return w.associate(ctx, h, names, fqdns, same) })
		return nil
	}
	do := h.of.api.ChangeHolder
	if same {
		do = h.of.api.SubmitVerification
	}
	t, err := do(ctx, h.profile, fqdns...)
	if refused(err, "email_bounced", "email_unverified") {
		w.in(day, func(ctx context.Context) error { return w.associate(ctx, h, names, fqdns, same) })
		return nil
	}
	if err != nil {
		return err
	}
	for _, n := range names {
		n.there, n.task = true, t.ID
		if same {
			n.proof = h
		} else {
			n.next, n.nextVersion = h, h.verified
		}
	}
	w.figures.Associations += len(names)
	if same {
		return nil // the registrant stays, only documents are sent
	}
	w.in(day, func(ctx context.Context) error { return w.followTask(ctx, t.ID, names) })
	return nil
}

// transferIn brings a name from another registrar, which approves, refuses, or says nothing.
func (w *world) transferIn(ctx context.Context, h *holder) error {
	if w.away {
		w.in(again, func(ctx context.Context) error { return w.transferIn(ctx, h) })
		return nil
	}
	w.serial++
	other := *h
	other.serial = w.serial
	other.name, other.number = w.person(w.serial)
	id := fmt.Sprintf("rv%06d", w.serial)
	if err := createContact(ctx, w.rival, id, &other); err != nil {
		return err
	}
	n := &name{fqdn: fmt.Sprintf("t%06d.cn", len(w.names)), suffix: "cn", of: h.of, causes: map[string]bool{}}
	w.names, w.byName[n.fqdn] = append(w.names, n), n
	h.of.names = append(h.of.names, n)
	if _, err := w.rival.Do(ctx, createDomain(n.fqdn, id, rival)); err != nil {
		return err
	}
	w.in(w.between(2*day, 3*day), func(ctx context.Context) error { return w.askTransfer(ctx, h, n) })
	return nil
}

func (w *world) askTransfer(ctx context.Context, h *holder, n *name) error {
	t, err := n.of.api.RequestTransfer(ctx, n.fqdn, h.profile, "domain-pw-1", 1)
	switch {
	case refused(err, "registry_unreachable", "profile_not_submitted", "profile_still_in_review", "profile_review_failed", "email_unverified", "email_bounced"):
		w.in(day, func(ctx context.Context) error { return w.askTransfer(ctx, h, n) })
		return nil
	case refused(err, "transfer_held", "transfer_busy"):
		return nil
	case err != nil:
		return err
	}
	w.figures.Transfers++
	n.transfer, n.next = t.ID, h
	if n.nextVersion, err = w.version(ctx, h); err != nil {
		return err
	}
	op := epp.TransferOpApprove
	switch k := w.rng.IntN(100); {
	case k < 20:
		op = epp.TransferOpReject
	case k < 45:
		op = ""
	}
	if op != "" {
		w.in(w.between(35*time.Hour, 4*day), func(ctx context.Context) error { return w.rivalSays(ctx, n, op) })
	}
	w.in(day, func(ctx context.Context) error { return w.followTransfer(ctx, n) })
	return nil
}

func (w *world) rivalSays(ctx context.Context, n *name, op string) error {
	if w.away {
		w.in(again, func(ctx context.Context) error { return w.rivalSays(ctx, n, op) })
		return nil
	}
	_, err := w.rival.Do(ctx, epp.Command{Body: domain.Transfer{Op: op, Name: n.fqdn}})
	if epp.CodeOf(err) == epp.CodeNotPendingTransfer || epp.CodeOf(err) == epp.CodeAuthorization {
		return nil // not asked for yet, or over
	}
	return err
}

func (w *world) followTransfer(ctx context.Context, n *name) error {
	t, err := n.of.api.Transfer(ctx, n.transfer)
	if err != nil {
		return err
	}
	switch t.State {
	case "completed":
		n.there = true
		d, err := n.of.api.Domain(ctx, n.fqdn)
		if err != nil {
			return err
		}
		if e, _ := w.registry.Domain(n.fqdn); e.Registrant == d.Registrant && strings.HasPrefix(d.Registrant, "vn") {
			n.holder, n.version, n.next = n.next, n.nextVersion, nil
			return nil
		}
	case "failed", "cancelled":
		n.next = nil
		return nil
	}
	w.in(day, func(ctx context.Context) error { return w.followTransfer(ctx, n) })
	return nil
}

func createContact(ctx context.Context, at *side, id string, h *holder) error {
	body := contact.Create{
		ID: id, Email: h.address(), Voice: contact.Phone{Number: "+86.13800000000"}, AuthInfo: &epp.AuthInfo{PW: "contact-pw-1"},
		Postal: []contact.PostalInfo{{Type: contact.Loc, Name: h.name, Addr: contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", CC: "CN"}}},
	}
	_, err := at.Do(ctx, epp.Command{Body: body, Extensions: []epp.Extension{cnnic.ContactCreate{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: h.number}}})
	return err
}

func createDomain(fqdn, contactID, client string) epp.Command {
	body := domain.Create{
		Name: fqdn, Registrant: contactID, AuthInfo: &epp.AuthInfo{PW: "domain-pw-1"},
		Contacts: []domain.Contact{{Type: "admin", ID: contactID}, {Type: "tech", ID: contactID}},
	}
	return epp.Command{Body: body, Extensions: []epp.Extension{cnnic.DomainCreate{Type: cnnic.Individual, Purveyor: client}}}
}

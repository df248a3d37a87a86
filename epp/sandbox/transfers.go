package sandbox

import (
	"slices"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/rgp"
)

// transfer is a transfer of a domain or contact, pending or done (RFC 5731 and
// RFC 5733 section 3.2.4).
type transfer struct {
	Status string    `json:"status"`
	ReID   string    `json:"re_id"`
	ReDate time.Time `json:"re_date"`
	AcID   string    `json:"ac_id"`
	AcDate time.Time `json:"ac_date"` // until when to act; when acted on, once it is done
	Years  int       `json:"years,omitempty"`
	ClTRID string    `json:"cltrid,omitempty"`
	Codes  []codeSet `json:"codes,omitempty"` // that the gaining registrar brings
}

func (t *transfer) pending() bool { return t != nil && t.Status == epp.TransferPending }

// decisions says, for each op that ends a transfer, how it ends and whose op it
// is: the gaining registrar's, or the losing one's.
var decisions = map[string]struct {
	status  string
	gaining bool
}{
	epp.TransferOpCancel:  {epp.TransferClientCancelled, true},
	epp.TransferOpApprove: {epp.TransferClientApproved, false},
	epp.TransferOpReject:  {epp.TransferClientRejected, false},
}

// decides checks that a client may end a transfer with an op, and returns how.
func (t *transfer) decides(op, client, object string) (status string, f *refusal) {
	if !t.pending() {
		return "", refuse(epp.CodeNotPendingTransfer, "%s has no transfer pending", object)
	}
	d, known := decisions[op]
	who := t.AcID
	if d.gaining {
		who = t.ReID
	}
	switch {
	case !known:
		return "", refuse(epp.CodeSyntax, "transfer op %q", op)
	case client != who:
		return "", refuse(epp.CodeAuthorization, "the transfer of %s is not yours to %s", object, op)
	}
	return d.status, nil
}

// end closes a transfer and reports whether the object changes hands.
func (t *transfer) end(status string, now time.Time) (moves bool) {
	t.Status, t.AcDate = status, now
	return status == epp.TransferClientApproved || status == epp.TransferServerApproved
}

// others are the registrars to tell: all that did not decide themselves.
func (t *transfer) others(decider string) []string {
	return slices.DeleteFunc([]string{t.AcID, t.ReID}, func(id string) bool { return id == decider })
}

func (x *exchange) transferDomain() *refusal {
	t, err := domain.ParseTransfer(x.request.Object, x.request.Op)
	if err != nil {
		return malformed(err)
	}
	d, f := x.ownDomain(t.Name)
	if d == nil {
		return f
	}
	own := f == nil
	switch t.Op {
	case epp.TransferOpRequest:
		return x.requestTransfer(d, t, own)
	case epp.TransferOpQuery:
		if d.Transfer == nil {
			return refuse(epp.CodeNotPendingTransfer, "%s was never transferred", d.Name)
		}
		if !own && x.client != d.Transfer.ReID && x.client != d.Transfer.AcID && !proves(t.AuthInfo, &d.AuthInfo) {
			return refuse(epp.CodeAuthorization, "the transfer of %s is not yours to see", d.Name)
		}
	default:
		status, f := d.Transfer.decides(t.Op, x.client, d.Name)
		if f != nil {
			return f
		}
		x.registry.endTransfer(d, status, x.client, x.now)
	}
	x.reply.Data = d.transferData()
	return nil
}

func (x *exchange) requestTransfer(d *registration, t domain.Transfer, own bool) *refusal {
	if f := wholeYears(t.Period); f != nil {
		return f
	}
	years := yearsOf(t.Period)
	switch {
	case own:
		return refuse(epp.CodeNotTransferable, "%s is yours already", d.Name)
	case t.AuthInfo == nil:
		return refuse(epp.CodeMissing, "authInfo is missing")
	case !proves(t.AuthInfo, &d.AuthInfo):
		return refuse(epp.CodeAuthInfo, "wrong authorisation information")
	}
	if f := d.barred(epp.VerbTransfer); f != nil {
		return f
	}
	if d.Zone.Verify && len(d.HeldFor) > 0 {
		return refuse(epp.CodeStatus, "%s is on serverHold", d.Name)
	}
	if x.now.Before(d.CrDate.Add(d.Zone.TransferLock)) || x.now.Before(d.TrDate.Add(d.Zone.TransferLock)) {
		return refuse(epp.CodeNotTransferable, "%s was created or transferred less than %d days ago", d.Name, d.Zone.TransferLock/day)
	}
	codes, f := x.signedCodes(d.Name)
	if f != nil {
		return f
	}
	if _, f := x.quote(d.Zone, fee.Transfer, d.Name, years); f != nil {
		return f
	}
	d.Transfer = &transfer{
		Status: epp.TransferPending, ReID: x.client, ReDate: x.now, AcID: d.ClID, AcDate: x.now.Add(d.Zone.TransferDelay),
		Years: years, ClTRID: x.request.ClTRID, Codes: codes,
	}
	d.change(func(s *domainState) { s.setServer(true, epp.PendingTransfer) })
	if d.Zone.Verify {
		x.registry.plan(x.now.Add(d.Zone.NamingDelay), eventTransferNaming, d.ROID, 0)
	}
	x.registry.plan(d.Transfer.AcDate, eventTransfer, d.ROID, 0)
	x.registry.revision++
	x.registry.tellTransfer(d, d.Transfer.others(x.client), "Another registrar asks for "+d.Name+".", x.now)
	x.reply.Code, x.reply.Data = epp.CodePending, d.transferData()
	return nil
}

func (d *registration) transferData() domain.TransferData {
	t := d.Transfer
	data := domain.TransferData{Name: d.Name, Status: t.Status, ReID: t.ReID, ReDate: t.ReDate, AcID: t.AcID, AcDate: t.AcDate, ExDate: d.ExDate}
	if t.pending() {
		data.ExDate = d.extended(t.Years, t.ReDate)
	}
	return data
}

// extended is the end of a registration some years longer, within the longest
// that there is.
func (s *domainState) extended(years int, now time.Time) time.Time {
	until, most := s.ExDate.AddDate(years, 0, 0), now.AddDate(longestYears, 0, 0)
	if until.After(most) {
		return most
	}
	return until
}

// tellTransfer queues a message about a domain's transfer.
func (r *registry) tellTransfer(d *registration, clients []string, text string, now time.Time) {
	for _, client := range clients {
		data := d.transferData()
		r.notify(client, &message{Date: now, Text: text, State: d.domainState, Transfer: &data})
	}
}

// endTransfer ends a domain's transfer; decider is "" for the registry.
func (r *registry) endTransfer(d *registration, status, decider string, now time.Time) {
	t := d.Transfer
	moves := t.end(status, now)
	d.change(func(s *domainState) { s.setServer(false, epp.PendingTransfer) })
	if moves {
		r.moveDomain(d, now)
	}
	r.revision++
	r.tellTransfer(d, t.others(decider), "The transfer of "+d.Name+" was ended: "+status+".", now)
}

// moveDomain gives a domain, and the hosts below it, to the registrar that asked.
func (r *registry) moveDomain(d *registration, now time.Time) {
	t := d.Transfer
	price := d.Zone.price(fee.Transfer, t.Years)
	r.move(t.ReID, LedgerEntry{Time: now, Command: fee.Transfer, Object: d.Name, Years: t.Years, Amount: -price, ClTRID: t.ClTRID})
	d.change(func(s *domainState) {
		s.ExDate = s.extended(t.Years, now)
		s.ClID, s.TrDate, s.Grace = t.ReID, now, nil
		s.Client = slices.DeleteFunc(slices.Clone(s.Client), func(c domain.Status) bool { return c.Value == epp.ClientHold })
	})
	r.setCodes(d, t.Codes, now)
	d.addGrace(rgp.TransferPeriod, d.Zone.TransferGrace, price, now)
	r.planExpiry(d)
	for _, name := range r.hostsBelow(d.Name) {
		h := r.hosts[name]
		h.Data.ClID, h.Data.TrDate = t.ReID, now
	}
}

// transferDue lets a transfer through that nobody has acted on.
func (r *registry) transferDue(d *registration, now time.Time) {
	if d.Transfer.pending() && !now.Before(d.Transfer.AcDate) {
		r.endTransfer(d, epp.TransferServerApproved, "", now)
	}
}

// transferNaming reviews the name of a domain that is being transferred: one that
// is refused stays where it is.
func (r *registry) transferNaming(d *registration, now time.Time) {
	v, decided := namingVerdict(d.Name, now)
	if decided && v.State == verdictFailed && d.Transfer.pending() {
		r.endTransfer(d, epp.TransferServerCancelled, "", now)
	}
}

func (x *exchange) transferContact() *refusal {
	t, err := contact.ParseTransfer(x.request.Object, x.request.Op)
	if err != nil {
		return malformed(err)
	}
	c, f := x.ownContact(t.ID)
	if c == nil {
		return f
	}
	own := f == nil
	switch t.Op {
	case epp.TransferOpRequest:
		return x.requestContact(c, t, own)
	case epp.TransferOpQuery:
		if c.Transfer == nil {
			return refuse(epp.CodeNotPendingTransfer, "%s was never transferred", t.ID)
		}
		if !own && x.client != c.Transfer.ReID && x.client != c.Transfer.AcID && !proves(t.AuthInfo, c.Data.AuthInfo) {
			return refuse(epp.CodeAuthorization, "the transfer of %s is not yours to see", t.ID)
		}
	default:
		status, f := c.Transfer.decides(t.Op, x.client, t.ID)
		if f != nil {
			return f
		}
		x.registry.endContactTransfer(c, status, x.client, x.now)
	}
	x.reply.Data = c.transferData()
	return nil
}

func (x *exchange) requestContact(c *contactRecord, t contact.Transfer, own bool) *refusal {
	switch {
	case own:
		return refuse(epp.CodeNotTransferable, "%s is yours already", t.ID)
	case t.AuthInfo == nil:
		return refuse(epp.CodeMissing, "authInfo is missing")
	case !proves(t.AuthInfo, c.Data.AuthInfo):
		return refuse(epp.CodeAuthInfo, "wrong authorisation information")
	}
	if f := c.barred(epp.ClientTransferProhibited, epp.ServerTransferProhibited); f != nil {
		return f
	}
	c.Transfer = &transfer{
		Status: epp.TransferPending, ReID: x.client, ReDate: x.now, AcID: c.Data.ClID, AcDate: x.now.Add(x.server.config.ContactTransferDelay),
	}
	x.registry.plan(c.Transfer.AcDate, eventContactTransfer, c.Data.ROID, 0)
	x.registry.revision++
	x.registry.tellContactTransfer(c, c.Transfer.others(x.client), "Another registrar asks for contact "+c.Data.ID+".", x.now)
	x.reply.Code, x.reply.Data = epp.CodePending, c.transferData()
	return nil
}

func (c *contactRecord) transferData() contact.TransferData {
	t := c.Transfer
	return contact.TransferData{ID: c.Data.ID, Status: t.Status, ReID: t.ReID, ReDate: t.ReDate, AcID: t.AcID, AcDate: t.AcDate}
}

func (r *registry) tellContactTransfer(c *contactRecord, clients []string, text string, now time.Time) {
	for _, client := range clients {
		data := c.transferData()
		r.notify(client, &message{Date: now, Text: text, ContactTransfer: &data})
	}
}

func (r *registry) endContactTransfer(c *contactRecord, status, decider string, now time.Time) {
	t := c.Transfer
	if t.end(status, now) {
		c.Data.ClID, c.Data.TrDate = t.ReID, now
	}
	r.revision++
	r.tellContactTransfer(c, t.others(decider), "The transfer of contact "+c.Data.ID+" was ended: "+status+".", now)
}

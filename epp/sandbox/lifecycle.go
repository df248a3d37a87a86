package sandbox

import (
	"slices"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/rgp"
)

// grace is a period in which a deletion is refunded (RFC 3915 section 3.1).
type grace struct {
	Status string    `json:"status"`
	Until  time.Time `json:"until"`
	Refund int64     `json:"refund"`
}

// graceAt are the grace periods that a domain is in.
func (s *domainState) graceAt(now time.Time) []grace {
	return slices.DeleteFunc(slices.Clone(s.Grace), func(g grace) bool { return !now.Before(g.Until) })
}

// addGrace begins a grace period.
func (d *registration) addGrace(status string, lasts time.Duration, refund int64, now time.Time) {
	if lasts <= 0 {
		return
	}
	d.change(func(s *domainState) { s.Grace = append(s.graceAt(now), grace{status, now.Add(lasts), refund}) })
}

// rgpData are the grace period statuses at a time; ok is false if there are none.
func (s *domainState) rgpData(now time.Time) (data rgp.Data, ok bool) {
	if s.RGP != "" {
		data.Statuses = epp.Statuses(s.RGP)
		return data, true
	}
	for _, g := range s.graceAt(now) {
		data.Statuses = append(data.Statuses, epp.Status{Value: g.Status, Text: "endDate=" + g.Until.Format(time.RFC3339), Lang: "en"})
	}
	return data, len(data.Statuses) > 0
}

func (x *exchange) deleteDomain() *refusal {
	del, err := domain.ParseDelete(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	d, f := x.ownDomain(del.Name)
	if f != nil {
		return f
	}
	if f := d.barred(epp.VerbDelete); f != nil {
		return f
	}
	for _, h := range x.registry.hostsBelow(d.Name) {
		if x.registry.hostLinks[h] > 0 {
			return refuse(epp.CodeAssociation, "host %s below %s is in use", h, d.Name)
		}
	}
	if x.registry.delete(d, x.now) {
		x.reply.Code = epp.CodePending
	}
	return nil
}

// delete gives a domain up: at once in the add grace period, otherwise it can be
// redeemed. It reports whether it is pending.
func (r *registry) delete(d *registration, now time.Time) (pending bool) {
	current := d.graceAt(now)
	r.refundAll(d, now)
	added := slices.ContainsFunc(current, func(g grace) bool { return g.Status == rgp.AddPeriod })
	if added || d.Zone.Redemption <= 0 {
		r.remove(d)
		return false
	}
	r.redeem(d, now)
	return true
}

// refundAll pays back what the grace periods that a domain is in promise.
func (r *registry) refundAll(d *registration, now time.Time) {
	for _, g := range d.graceAt(now) {
		r.move(d.ClID, LedgerEntry{Time: now, Command: "refund", Object: d.Name, Amount: g.Refund})
	}
}

// redeem begins the redemption period.
func (r *registry) redeem(d *registration, now time.Time) {
	d.change(func(s *domainState) {
		s.Grace, s.RGP = nil, rgp.RedemptionPeriod
		s.setServer(true, epp.PendingDelete)
	})
	r.plan(now.Add(d.Zone.Redemption), eventRedeemed, d.ROID, d.RGPRound)
	r.revision++
}

// redemptionOver ends the redemption period or, later, the domain.
func (r *registry) redemptionOver(d *registration, now time.Time) {
	switch d.RGP {
	case rgp.RedemptionPeriod:
		d.change(func(s *domainState) { s.RGP = rgp.PendingDelete })
		r.plan(now.Add(d.Zone.PurgeDelay), eventRedeemed, d.ROID, d.RGPRound)
		r.revision++
	case rgp.PendingRestore: // no report has come
		r.redeem(d, now)
	case rgp.PendingDelete:
		r.announce(d, changepoll.ChangeData{
			State: changepoll.Before, Operation: changepoll.AutoPurge, Reason: "redemption period over",
		}, "The registry has deleted "+d.Name+" for good.", now)
		r.remove(d)
	}
}

// restore carries out rgp:update.
func (x *exchange) restore(d *registration, u rgp.Update) *refusal {
	if u.Op == rgp.Report {
		if d.RGP != rgp.PendingRestore {
			return refuse(epp.CodeStatus, "%s waits for no report", d.Name)
		}
		if u.Report == nil {
			return refuse(epp.CodeMissing, "the report is missing")
		}
		x.registry.restored(d)
		return nil
	}
	if d.RGP != rgp.RedemptionPeriod {
		return refuse(epp.CodeStatus, "%s cannot be restored", d.Name)
	}
	cost, f := x.quote(d.Zone, fee.Restore, d.Name, 0)
	if f != nil {
		return f
	}
	x.pay(cost, "updData")
	if d.Zone.RestoreReport <= 0 || u.Report != nil {
		x.registry.restored(d)
		return nil
	}
	d.change(func(s *domainState) { s.RGP = rgp.PendingRestore })
	d.RGPRound++
	x.registry.plan(x.now.Add(d.Zone.RestoreReport), eventRedeemed, d.ROID, d.RGPRound)
	x.registry.revision++
	x.session.extend(x.reply, rgp.Data{Restored: true, Statuses: epp.Statuses(rgp.PendingRestore)})
	return nil
}

// restored brings a deleted domain back.
func (r *registry) restored(d *registration) {
	d.change(func(s *domainState) {
		s.RGP = ""
		s.setServer(false, epp.PendingDelete)
	})
	d.RGPRound++
	r.planExpiry(d) // it may have passed meanwhile
	r.revision++
}

// expire happens when a registration ends: the registry renews by itself, or
// deletes.
func (r *registry) expire(d *registration, now time.Time) {
	if d.ExDate.After(now) || d.RGP != "" {
		return // renewed meanwhile, or given up
	}
	if !d.Zone.AutoRenew {
		r.announce(d, changepoll.ChangeData{
			State: changepoll.Before, Operation: changepoll.AutoDelete, Reason: "expired",
		}, d.Name+" has expired.", now)
		if d.Zone.Redemption <= 0 {
			r.remove(d)
		} else {
			r.redeem(d, now)
		}
		return
	}
	price := d.Zone.price(fee.Renew, 1)
	r.move(d.ClID, LedgerEntry{Time: now, Command: fee.Renew, Object: d.Name, Years: 1, Amount: -price})
	d.change(func(s *domainState) { s.ExDate = s.ExDate.AddDate(1, 0, 0) })
	d.addGrace(rgp.AutoRenewPeriod, d.Zone.AutoRenewGrace, price, now)
	r.planExpiry(d)
	r.announce(d, changepoll.ChangeData{
		State: changepoll.After, Operation: changepoll.AutoRenew, Reason: "expired",
	}, "The registry has renewed "+d.Name+".", now)
	r.revision++
}

func (r *registry) planExpiry(d *registration) { r.plan(d.ExDate, eventExpiry, d.ROID, 0) }

package sandbox

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/rgp"
)

const (
	defaultYears = 1
	longestYears = 10 // ahead of now
)

// wholeYears refuses months, which RFC 5731 section 2.3 lets a client name and a registry
// refuse: the registries of these zones register for years.
func wholeYears(p domain.Period) *refusal {
	if p.Unit == "m" {
		return refuse(epp.CodePolicy, "a period is in years, not in months")
	}
	return nil
}

// expiry is the end of a period from a time on.
func expiry(from time.Time, p domain.Period, now time.Time) (time.Time, *refusal) {
	if f := wholeYears(p); f != nil {
		return from, f
	}
	until := from.AddDate(yearsOf(p), 0, 0)
	if until.After(now.AddDate(longestYears, 0, 0)) {
		return until, refuse(epp.CodeRange, "a registration lasts at most %d years", longestYears)
	}
	return until, nil
}

func (x *exchange) renewDomain() *refusal {
	renew, err := domain.ParseRenew(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	d, f := x.ownDomain(renew.Name)
	if f != nil {
		return f
	}
	if f := d.barred(epp.VerbRenew); f != nil {
		return f
	}
	if renew.CurExpDate.Format(time.DateOnly) != d.ExDate.Format(time.DateOnly) {
		return refuse(epp.CodePolicy, "%s expires on another date", d.Name)
	}
	until, f := expiry(d.ExDate, renew.Period, x.now)
	if f != nil {
		return f
	}
	codes, f := x.signedCodes(d.Name)
	if f != nil {
		return f
	}
	cost, f := x.quote(d.Zone, fee.Renew, d.Name, yearsOf(renew.Period))
	if f != nil {
		return f
	}
	x.pay(cost, "renData")
	x.registry.setCodes(d, codes, x.now)
	if d.Zone.AsyncRenewals {
		x.postpone(d, &pendingCommand{Verb: epp.VerbRenew, Period: renew.Period}, epp.PendingRenew)
	} else {
		x.registry.renew(d, until, cost.amount, x.client, x.now)
	}
	x.reply.Data = domain.RenewData{Name: d.Name, ExDate: until}
	return nil
}

// renew makes a registration last until a time.
func (r *registry) renew(d *registration, until time.Time, paid int64, client string, now time.Time) {
	d.change(func(s *domainState) { s.ExDate, s.UpID, s.UpDate = until, client, now })
	d.addGrace(rgp.RenewPeriod, d.Zone.RenewGrace, paid, now)
	r.planExpiry(d)
	r.revision++
}

// decideRenewal ends a renewal that was answered 1001.
func (r *registry) decideRenewal(d *registration, p *pendingCommand, done bool, now time.Time) {
	paid := d.Zone.price(fee.Renew, yearsOf(p.Period))
	until, f := expiry(d.ExDate, p.Period, now)
	if !done || f != nil {
		r.move(d.ClID, LedgerEntry{Time: now, Command: "refund", Object: d.Name, Amount: paid, ClTRID: p.ClTRID})
		return
	}
	r.renew(d, until, paid, p.Client, now)
}

package sandbox

import (
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
)

func (x *exchange) updateDomain() *refusal {
	update, err := domain.ParseUpdate(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	var purveyor cnnic.DomainUpdate
	if e := x.request.Extension(cnnic.NSDomain); e != nil {
		if purveyor, err = cnnic.ParseDomainUpdate(e); err != nil {
			return malformed(err)
		}
	}
	d, f := x.ownDomain(update.Name)
	if f != nil {
		return f
	}
	if f := x.registry.validUpdate(d, update, purveyor, x.client); f != nil {
		return f
	}
	if purveyor.Chg != (cnnic.Domain{}) {
		d.change(func(s *domainState) { s.Purveyor = merge(s.Purveyor, purveyor.Chg) })
	}
	if d.changesRegistrant(update) && d.Zone.AsyncUpdates {
		x.postpone(d, update)
		return nil
	}
	x.registry.apply(d, update, x.client, x.now)
	return nil
}

func merge(have, chg cnnic.Domain) cnnic.Domain {
	if chg.Type != "" {
		have.Type = strings.Clone(chg.Type)
	}
	if chg.Purveyor != "" {
		have.Purveyor = strings.Clone(chg.Purveyor)
	}
	return have
}

func (d *registration) changesRegistrant(u domain.Update) bool {
	return u.Chg.Registrant != "" && u.Chg.Registrant != d.Registrant
}

// validUpdate decides whether the sponsor may make an update.
func (r *registry) validUpdate(d *registration, u domain.Update, purveyor cnnic.DomainUpdate, client string) *refusal {
	nothing := u.Add.IsZero() && u.Rem.IsZero() && u.Chg.IsZero()
	if nothing && purveyor == (cnnic.DomainUpdate{}) {
		return refuse(epp.CodeMissing, "nothing to update")
	}
	if f := validStatusChange(u.Add.Statuses, u.Rem.Statuses); f != nil {
		return f
	}
	if d.PendingUpd {
		return refuse(epp.CodeStatus, "%s has an update pending", d.Name)
	}
	if d.clientHas(epp.ClientUpdateProhibited) && !onlyUnlocks(u) {
		return refuse(epp.CodeStatus, "%s is locked by its registrar", d.Name)
	}
	if f := validPurveyor(purveyor.Chg); f != nil {
		return f
	}
	return r.validNewParties(d, u, client)
}

// validNewParties checks the contacts that an update brings.
func (r *registry) validNewParties(d *registration, u domain.Update, client string) *refusal {
	if d.Zone.Thin && (u.Chg.Registrant != "" || len(u.Add.Contacts) > 0) {
		return refuse(epp.CodePolicy, "zone %s takes no contacts", d.Zone.Suffix)
	}
	if u.Chg.RemoveRegistrant && !d.Zone.Thin {
		return refuse(epp.CodePolicy, "zone %s demands a registrant", d.Zone.Suffix)
	}
	if u.Chg.Registrant != "" {
		if f := r.validRegistrant(d.Zone, u.Chg.Registrant, client); f != nil {
			return f
		}
	}
	for _, c := range u.Add.Contacts {
		if f := r.validContactOf(c.ID, client); f != nil {
			return f
		}
	}
	return nil
}

// clientStatuses are what a sponsor may set on its domains.
var clientStatuses = []string{
	epp.ClientHold, epp.ClientDeleteProhibited, epp.ClientRenewProhibited, epp.ClientTransferProhibited, epp.ClientUpdateProhibited,
}

func validStatusChange(add, rem []domain.Status) *refusal {
	for _, s := range slices.Concat(add, rem) {
		if !slices.Contains(clientStatuses, s.Value) {
			return refuse(epp.CodePolicy, "status %s is not the registrar's to set or remove", s.Value)
		}
	}
	for _, s := range add {
		if slices.ContainsFunc(rem, func(r domain.Status) bool { return r.Value == s.Value }) {
			return refuse(epp.CodePolicy, "status %s is both added and removed", s.Value)
		}
	}
	return nil
}

// onlyUnlocks reports whether all an update does is to remove
// clientUpdateProhibited, which is what that status lets through.
func onlyUnlocks(u domain.Update) bool {
	return u.Add.IsZero() && u.Chg.IsZero() && u.Rem.NS.IsZero() && len(u.Rem.Contacts) == 0 &&
		len(u.Rem.Statuses) == 1 && u.Rem.Statuses[0].Value == epp.ClientUpdateProhibited
}

// postpone answers a registrant change with 1001. The registry decides later.
func (x *exchange) postpone(d *registration, u domain.Update) {
	d.Pending = &pendingUpdate{Update: u, Client: x.client, ClTRID: x.request.ClTRID, SvTRID: x.reply.SvTRID}
	d.change(func(s *domainState) { s.PendingUpd = true })
	x.registry.link(u.Chg.Registrant)
	x.registry.plan(x.now.Add(d.Zone.NamingDelay), eventUpdate, d.ROID, d.Round)
	x.registry.revision++
	x.reply.Code = epp.CodePending
}

// apply carries out an update that was found valid. Another registrant starts
// the reviews anew.
func (r *registry) apply(d *registration, u domain.Update, client string, now time.Time) {
	newHolder := d.changesRegistrant(u)
	r.unlinkParties(d)
	d.change(func(s *domainState) {
		s.NS = changeNameServers(s.NS, cloneNameServers(u.Add.NS), u.Rem.NS)
		s.Contacts = changeList(s.Contacts, cloneContacts(u.Add.Contacts), u.Rem.Contacts, func(c domain.Contact) domain.Contact { return c })
		s.Client = changeList(s.Client, cloneStatuses(u.Add.Statuses), u.Rem.Statuses, func(st domain.Status) string { return st.Value })
		if newHolder {
			s.Registrant = strings.Clone(u.Chg.Registrant)
		}
		if u.Chg.AuthInfo != nil {
			s.AuthInfo = cloneAuthInfo(u.Chg.AuthInfo)
		}
		if u.Chg.RemoveAuthInfo {
			s.AuthInfo = epp.AuthInfo{}
		}
		s.UpID, s.UpDate = client, now
	})
	r.linkParties(d)
	r.revision++
	if newHolder {
		r.beginReview(d, d.Zone.HoldAfterHolderChange, now)
	}
}

func changeNameServers(have, add, rem domain.NameServers) domain.NameServers {
	return domain.NameServers{
		Objects: changeList(have.Objects, add.Objects, rem.Objects, func(n string) string { return n }),
		Attributes: changeList(have.Attributes, add.Attributes, rem.Attributes,
			func(h domain.HostAttr) string { return h.Name }),
	}
}

// changeList removes and adds as in a set, and shares nothing with the old list.
func changeList[T any, K comparable](have, add, rem []T, key func(T) K) []T {
	if len(add) == 0 && len(rem) == 0 {
		return have
	}
	in := func(list []T, v T) bool {
		return slices.ContainsFunc(list, func(o T) bool { return key(o) == key(v) })
	}
	next := slices.DeleteFunc(slices.Clone(have), func(v T) bool { return in(rem, v) })
	for _, v := range add {
		if !in(next, v) {
			next = append(next, v)
		}
	}
	return next
}

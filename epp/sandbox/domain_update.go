package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/secdns"
	"github.com/verinym/verinym/epp/vcode"
)

func (x *exchange) updateDomain() *refusal {
	update, err := domain.ParseUpdate(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	d, f := x.ownDomain(update.Name)
	if f != nil {
		return f
	}
	extended, f := x.updateExtensions(d)
	if f != nil {
		return f
	}
	if extended.restore != nil {
		if !update.Add.IsZero() || !update.Rem.IsZero() || !update.Chg.IsZero() {
			return refuse(epp.CodePolicy, "a restore changes nothing else")
		}
		return x.restore(d, *extended.restore)
	}
	if f := x.registry.validUpdate(d, update, extended, x.client); f != nil {
		return f
	}
	x.applyExtensions(d, extended)
	if d.changesRegistrant(update) && d.Zone.AsyncUpdates {
		x.postpone(d, &pendingCommand{Verb: epp.VerbUpdate, Update: update}, epp.PendingUpdate)
		x.registry.link(update.Chg.Registrant)
		return nil
	}
	x.registry.apply(d, update, x.client, x.now)
	x.registry.setCodes(d, extended.codes, x.now)
	return nil
}

// updateExtensions is what extensions add to an update.
type updateExtensions struct {
	purveyor cnnic.DomainUpdate
	dnssec   *secdns.Update
	codes    []codeSet
	restore  *rgp.Update
}

func (u updateExtensions) isZero() bool {
	return u.purveyor == (cnnic.DomainUpdate{}) && u.dnssec == nil && len(u.codes) == 0
}

func (x *exchange) updateExtensions(d *registration) (u updateExtensions, f *refusal) {
	var err error
	if e := x.request.Extension(cnnic.NSDomain); e != nil {
		if u.purveyor, err = cnnic.ParseDomainUpdate(e); err != nil {
			return u, malformed(err)
		}
	}
	if e := x.request.Extension(secdns.NS); e != nil {
		dnssec, err := secdns.ParseUpdate(e)
		if err != nil {
			return u, malformed(err)
		}
		u.dnssec = &dnssec
	}
	if e := x.request.Extension(rgp.NS); e != nil {
		restore, err := rgp.ParseUpdate(e)
		if err != nil {
			return u, malformed(err)
		}
		u.restore = &restore
	}
	u.codes, f = x.signedCodes(d.Name)
	if f == nil && len(u.codes) > 0 && len(d.Required) == 0 {
		f = refuse(epp.CodePolicy, "zone %s takes no verification codes", d.Zone.Suffix)
	}
	return u, f
}

// applyExtensions carries out what has no part in the reviews.
func (x *exchange) applyExtensions(d *registration, u updateExtensions) {
	if u.purveyor.Chg != (cnnic.Domain{}) {
		d.change(func(s *domainState) { s.Purveyor = merge(s.Purveyor, u.purveyor.Chg) })
	}
	if u.dnssec != nil {
		d.change(func(s *domainState) { s.DNSSEC = changeDNSSEC(s.DNSSEC, *u.dnssec) })
	}
}

// changeDNSSEC removes before it adds (RFC 5910 section 5.2.5).
func changeDNSSEC(have secdns.Create, u secdns.Update) secdns.Create {
	if u.RemoveAll {
		have.Records = secdns.Records{}
	}
	keyOf := func(k secdns.Key) secdns.Key { return k }
	dsOf := func(d secdns.DS) string { return fmt.Sprint(d.KeyTag, d.Alg, d.DigestType, strings.ToUpper(d.Digest)) }
	have.DS = changeList(have.DS, cloneDNSSEC(u.Add).DS, u.Rem.DS, dsOf)
	have.Keys = changeList(have.Keys, cloneDNSSEC(u.Add).Keys, u.Rem.Keys, keyOf)
	if u.MaxSigLife != 0 {
		have.MaxSigLife = u.MaxSigLife
	}
	return have
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
func (r *registry) validUpdate(d *registration, u domain.Update, extended updateExtensions, client string) *refusal {
	nothing := u.Add.IsZero() && u.Rem.IsZero() && u.Chg.IsZero()
	if nothing && extended.isZero() {
		return refuse(epp.CodeMissing, "nothing to update")
	}
	if f := validStatusChange(u.Add.Statuses, u.Rem.Statuses); f != nil {
		return f
	}
	if f := d.barred(epp.VerbUpdate); f != nil && !(onlyUnlocks(u) && !slices.Contains(d.Server, epp.ServerUpdateProhibited) && d.idle()) {
		return f
	}
	if f := r.knownHosts(u.Add.NS); f != nil {
		return f
	}
	if f := validPurveyor(extended.purveyor.Chg); f != nil {
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

// mostStatuses is how many an update may add, or remove (domain:addRemType).
const mostStatuses = 11

// validStatusChange decides whether a sponsor may add and remove statuses.
func validStatusChange(add, rem []domain.Status) *refusal {
	if len(add) > mostStatuses || len(rem) > mostStatuses {
		return refuse(epp.CodeSyntax, "at most %d statuses are added, or removed, at once", mostStatuses)
	}
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

// postpone answers a command with 1001. The registry decides later, as it does
// about names.
func (x *exchange) postpone(d *registration, p *pendingCommand, status string) {
	p.Client, p.ClTRID, p.SvTRID = x.client, x.request.ClTRID, x.reply.SvTRID
	d.Pending = p
	d.change(func(s *domainState) { s.setServer(true, status) })
	x.registry.plan(x.now.Add(d.Zone.NamingDelay), eventPending, d.ROID, d.Round)
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
			s.Codes = slices.DeleteFunc(slices.Clone(s.Codes), func(c codeSet) bool { return c.Type == vcode.TypeRealName })
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

package sandbox

import (
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
)

// domainCommand carries out a command of the domain mapping.
func (x *exchange) domainCommand() *refusal {
	switch x.request.Verb {
	case epp.VerbCheck:
		return x.checkDomains()
	case epp.VerbInfo:
		return x.infoDomain()
	case epp.VerbCreate:
		return x.createDomain()
	case epp.VerbUpdate:
		return x.updateDomain()
	case epp.VerbRenew:
		return x.renewDomain()
	case epp.VerbDelete:
		return x.deleteDomain()
	}
	return refuse(epp.CodeUnimplemented, "domains cannot be told to %s here", x.request.Verb)
}

func (x *exchange) checkDomains() *refusal {
	check, err := domain.ParseCheck(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	var data domain.CheckData
	for _, name := range check.Names {
		a := domain.Availability{Name: name}
		switch _, f := x.registry.zoneOf(strings.ToLower(name)); {
		case f != nil && f.Code == epp.CodePolicy:
			a.Reason = "Zone not served"
		case f != nil:
			a.Reason = "Invalid name"
		case x.registry.domains[strings.ToLower(name)] != nil:
			a.Reason = "In use"
		default:
			a.Available = true
		}
		data = append(data, a)
	}
	x.reply.Data = data
	return nil
}

func (x *exchange) infoDomain() *refusal {
	info, err := domain.ParseInfo(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	d, f := x.ownDomain(info.Name)
	if d == nil {
		return f
	}
	if f != nil && info.AuthInfo == nil {
		x.reply.Data = d.publicInfo()
		return nil
	}
	if f != nil && !proves(info.AuthInfo, &d.AuthInfo) {
		return refuse(epp.CodeAuthInfo, "wrong authorisation information")
	}
	x.reply.Data = d.info()
	if d.Purveyor != (cnnic.Domain{}) {
		x.session.extend(x.reply, cnnic.DomainInfo(d.Purveyor))
	}
	x.session.extend(x.reply, d.verification(x.now))
	return nil
}

// ownDomain finds a domain of the client's. Of another registrar's it returns
// both the domain and a refusal.
func (x *exchange) ownDomain(name string) (*registration, *refusal) {
	d := x.registry.domains[strings.ToLower(name)]
	if d == nil {
		return nil, refuse(epp.CodeNotExists, "domain %s does not exist", name)
	}
	if d.ClID != x.client {
		return d, refuse(epp.CodeAuthorization, "domain %s is another registrar's", name)
	}
	return d, nil
}

func (x *exchange) createDomain() *refusal {
	create, err := domain.ParseCreate(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	var purveyor cnnic.Domain
	if e := x.request.Extension(cnnic.NSDomain); e != nil {
		extension, err := cnnic.ParseDomainCreate(e)
		if err != nil {
			return malformed(err)
		}
		if purveyor = cnnic.Domain(extension); purveyor.Purveyor == "" {
			return refuse(epp.CodeMissing, "purveyor missing")
		}
	}
	d, f := x.registry.addDomain(create, purveyor, x.client, x.now)
	if f != nil {
		return f
	}
	x.reply.Data = domain.CreateData{Name: d.Name, CrDate: d.CrDate, ExDate: d.ExDate}
	return nil
}

// addDomain creates a domain for a client and starts its reviews.
func (r *registry) addDomain(create domain.Create, purveyor cnnic.Domain, client string, now time.Time) (*registration, *refusal) {
	name := strings.ToLower(create.Name)
	zone, f := r.zoneOf(name)
	if f != nil {
		return nil, f
	}
	if r.domains[name] != nil {
		return nil, refuse(epp.CodeExists, "domain %s exists", name)
	}
	if f := r.validParties(zone, create.Registrant, create.Contacts, client); f != nil {
		return nil, f
	}
	if zone.Thin && purveyor != (cnnic.Domain{}) || validPurveyor(purveyor) != nil {
		return nil, refuse(epp.CodePolicy, "cnnic-domain does not fit zone %s", zone.Suffix)
	}
	expires, f := expiry(now, create.Period, now)
	if f != nil {
		return nil, f
	}
	d := &registration{Zone: zone, domainState: &domainState{
		Name: strings.Clone(name), ROID: r.nextROID("D"), Registrant: strings.Clone(create.Registrant),
		Contacts: cloneContacts(create.Contacts), NS: cloneNameServers(create.NS),
		ClID: client, CrID: client, CrDate: now, ExDate: expires,
		AuthInfo: cloneAuthInfo(create.AuthInfo), Purveyor: clonePurveyor(purveyor),
		Verify: zone.Verify, Naming: verdict{State: verdictNone}, RealName: verdict{State: verdictNone},
	}}
	r.domains[d.Name], r.domainsByROID[d.ROID] = d, d
	r.linkParties(d)
	r.beginReview(d, zone.HoldAfter, now)
	r.revision++
	return d, nil
}

// validParties checks a domain's contacts: none in a thin zone, and in a thick
// one a registrant and others that are the client's own.
func (r *registry) validParties(zone *Zone, registrant string, others []domain.Contact, client string) *refusal {
	if zone.Thin {
		if registrant != "" || len(others) > 0 {
			return refuse(epp.CodePolicy, "zone %s takes no contacts", zone.Suffix)
		}
		return nil
	}
	if f := r.validRegistrant(zone, registrant, client); f != nil {
		return f
	}
	for _, o := range others {
		if f := r.validContactOf(o.ID, client); f != nil {
			return f
		}
	}
	return nil
}

func (r *registry) validRegistrant(zone *Zone, id, client string) *refusal {
	if id == "" {
		return refuse(epp.CodeMissing, "zone %s demands a registrant", zone.Suffix)
	}
	if f := r.validContactOf(id, client); f != nil {
		return f
	}
	if zone.Verify && r.contacts[id].Identity.IsZero() {
		return refuse(epp.CodePolicy, "registrant %s has no identity (cnnic-contact)", id)
	}
	return nil
}

func (r *registry) validContactOf(id, client string) *refusal {
	c := r.contacts[id]
	if c == nil {
		return refuse(epp.CodeNotExists, "contact %s does not exist", id)
	}
	if c.Data.ClID != client {
		return refuse(epp.CodeAuthorization, "contact %s is another registrar's", id)
	}
	return nil
}

func validPurveyor(p cnnic.Domain) *refusal {
	if p.Type != "" && p.Type != cnnic.Individual && p.Type != cnnic.Enterprise {
		return refuse(epp.CodeValueSyntax, "a domain is of type I or E")
	}
	if n := len(p.Purveyor); n != 0 && (n < 3 || n > 16) {
		return refuse(epp.CodeValueSyntax, "a purveyor has 3 to 16 characters")
	}
	return nil
}

// linkParties counts the domain's references to contacts.
func (r *registry) linkParties(d *registration) {
	for _, c := range d.Contacts {
		r.link(c.ID)
	}
	if c := r.link(d.Registrant); c != nil {
		c.registrant[d.ROID] = d
	}
}

func (r *registry) unlinkParties(d *registration) {
	for _, c := range d.Contacts {
		r.unlink(c.ID)
	}
	if c := r.unlink(d.Registrant); c != nil {
		delete(c.registrant, d.ROID)
	}
}

func (r *registry) link(id string) *contactRecord {
	c := r.contacts[id]
	if c != nil {
		c.links++
	}
	return c
}

func (r *registry) unlink(id string) *contactRecord {
	c := r.contacts[id]
	if c != nil {
		c.links--
	}
	return c
}

const (
	defaultYears = 1
	longestYears = 10 // ahead of now
)

// expiry is the end of a period from a time on.
func expiry(from time.Time, p domain.Period, now time.Time) (time.Time, *refusal) {
	years, months := defaultYears, 0
	if p.Value > 0 {
		years, months = p.Value, 0
		if p.Unit == "m" {
			years, months = 0, p.Value
		}
	}
	until := from.AddDate(years, months, 0)
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
	if d.clientHas(epp.ClientRenewProhibited) || d.PendingUpd {
		return refuse(epp.CodeStatus, "the status of %s prohibits renewal", d.Name)
	}
	if renew.CurExpDate.Format(time.DateOnly) != d.ExDate.Format(time.DateOnly) {
		return refuse(epp.CodePolicy, "%s expires on another date", d.Name)
	}
	until, f := expiry(d.ExDate, renew.Period, x.now)
	if f != nil {
		return f
	}
	d.change(func(s *domainState) { s.ExDate, s.UpID, s.UpDate = until, x.client, x.now })
	x.registry.revision++
	x.reply.Data = domain.RenewData{Name: d.Name, ExDate: until}
	return nil
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
	if d.clientHas(epp.ClientDeleteProhibited) || d.PendingUpd {
		return refuse(epp.CodeStatus, "the status of %s prohibits deletion", d.Name)
	}
	x.registry.remove(d)
	return nil
}

// remove takes a domain out of the registry. What is planned for it is void.
func (r *registry) remove(d *registration) {
	if d.Pending != nil {
		r.unlink(d.Pending.Update.Chg.Registrant)
	}
	r.unlinkParties(d)
	delete(r.domains, d.Name)
	delete(r.domainsByROID, d.ROID)
	r.revision++
}

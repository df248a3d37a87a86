package sandbox

import (
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/secdns"
	"github.com/verinym/verinym/epp/vcode"
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
	case epp.VerbTransfer:
		return x.transferDomain()
	}
	return refuse(epp.CodeUnimplemented, "domains cannot be told to %s", x.request.Verb)
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
	return x.prices(check.Names)
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
	data := d.info()
	x.addHosts(data, info.Hosts)
	x.reply.Data = data
	if d.Purveyor != (cnnic.Domain{}) {
		x.session.extend(x.reply, cnnic.DomainInfo(d.Purveyor))
	}
	if periods, any := d.rgpData(x.now); any {
		x.session.extend(x.reply, periods)
	}
	if !d.DNSSEC.IsZero() {
		x.session.extend(x.reply, secdns.Info(d.DNSSEC))
	}
	if asked := x.request.Extension(vcode.NS); asked != nil && asked.Attr("profile") != "" {
		x.session.extend(x.reply, d.verification(x.now).Only(asked.Attr("profile")))
	} else {
		x.session.extend(x.reply, d.verification(x.now))
	}
	return nil
}

// addHosts shows the hosts that an info asks for (RFC 5731 section 3.1.2).
func (x *exchange) addHosts(data *domain.InfoData, which string) {
	if which == "sub" || which == "none" {
		data.NS = domain.NameServers{}
	}
	if which != "del" && which != "none" {
		data.Hosts = x.registry.hostsBelow(data.Name)
	}
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
	extended, f := x.createExtensions(create.Name)
	if f != nil {
		return f
	}
	zone, f := x.registry.creatable(create, extended, x.client)
	if f != nil {
		return f
	}
	cost, f := x.quote(zone, fee.Create, strings.ToLower(create.Name), yearsOf(create.Period))
	if f != nil {
		return f
	}
	d, f := x.registry.addDomain(create, extended, x.client, x.now)
	if f != nil {
		return f
	}
	x.pay(cost, "creData")
	d.addGrace(rgp.AddPeriod, zone.AddGrace, cost.amount, x.now)
	if zone.AsyncCreates {
		x.postpone(d, &pendingCommand{Verb: epp.VerbCreate}, epp.PendingCreate)
	} else {
		x.registry.beginReview(d, zone.HoldAfter, x.now)
	}
	x.reply.Data = domain.CreateData{Name: d.Name, CrDate: d.CrDate, ExDate: d.ExDate}
	return nil
}

// createExtensions is what extensions add to a create.
type createExtensions struct {
	purveyor cnnic.Domain
	dnssec   secdns.Create
	codes    []codeSet
}

func (x *exchange) createExtensions(name string) (c createExtensions, f *refusal) {
	if e := x.request.Extension(cnnic.NSDomain); e != nil {
		extension, err := cnnic.ParseDomainCreate(e)
		if err != nil {
			return c, malformed(err)
		}
		if c.purveyor = cnnic.Domain(extension); c.purveyor.Purveyor == "" {
			return c, refuse(epp.CodeMissing, "purveyor missing")
		}
	}
	if e := x.request.Extension(secdns.NS); e != nil {
		var err error
		if c.dnssec, err = secdns.ParseCreate(e); err != nil {
			return c, malformed(err)
		}
	}
	c.codes, f = x.signedCodes(strings.ToLower(name))
	return c, f
}

// creatable checks a create and finds its zone.
func (r *registry) creatable(create domain.Create, extended createExtensions, client string) (*Zone, *refusal) {
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
	if f := r.knownHosts(create.NS); f != nil {
		return nil, f
	}
	if zone.Thin && extended.purveyor != (cnnic.Domain{}) || validPurveyor(extended.purveyor) != nil {
		return nil, refuse(epp.CodePolicy, "cnnic-domain does not fit zone %s", zone.Suffix)
	}
	return zone, zone.demandCodes(extended.codes)
}

// addDomain creates a domain for a client. Its reviews have not begun.
func (r *registry) addDomain(create domain.Create, extended createExtensions, client string, now time.Time) (*registration, *refusal) {
	zone, f := r.creatable(create, extended, client)
	if f != nil {
		return nil, f
	}
	expires, f := expiry(now, create.Period, now)
	if f != nil {
		return nil, f
	}
	dnssec := extended.dnssec
	dnssec.Records = cloneDNSSEC(dnssec.Records)
	d := &registration{Zone: zone, domainState: &domainState{
		Name: strings.Clone(strings.ToLower(create.Name)), ROID: r.nextROID("D"), Registrant: strings.Clone(create.Registrant),
		Contacts: cloneContacts(create.Contacts), NS: cloneNameServers(create.NS),
		ClID: client, CrID: client, CrDate: now, ExDate: expires,
		AuthInfo: cloneAuthInfo(create.AuthInfo), Purveyor: clonePurveyor(extended.purveyor), DNSSEC: dnssec,
		Verify: zone.Verify, Naming: verdict{State: verdictNone}, RealName: verdict{State: verdictNone},
		Profile: zone.profile(), Required: zone.Codes.Required, Codes: extended.codes,
	}}
	r.domains[d.Name], r.domainsByROID[d.ROID] = d, d
	r.linkParties(d)
	r.planExpiry(d)
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

// linkParties counts the domain's references to contacts and hosts.
func (r *registry) linkParties(d *registration) {
	r.linkHosts(d, 1)
	for _, c := range d.Contacts {
		r.link(c.ID)
	}
	if c := r.link(d.Registrant); c != nil {
		c.registrant[d.ROID] = d
	}
}

func (r *registry) unlinkParties(d *registration) {
	r.linkHosts(d, -1)
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

// remove takes a domain out of the registry. What is planned for it is void.
func (r *registry) remove(d *registration) {
	if d.Pending != nil {
		r.unlink(d.Pending.Update.Chg.Registrant)
	}
	r.unlinkParties(d)
	for _, name := range r.hostsBelow(d.Name) {
		r.dropHost(r.hosts[name])
	}
	delete(r.domains, d.Name)
	delete(r.domainsByROID, d.ROID)
	r.revision++
}

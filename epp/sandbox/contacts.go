package sandbox

import (
	"slices"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
)

// contactCommand carries out a command of the contact mapping.
func (x *exchange) contactCommand() *refusal {
	switch x.request.Verb {
	case epp.VerbCheck:
		return x.checkContacts()
	case epp.VerbInfo:
		return x.infoContact()
	case epp.VerbCreate:
		return x.createContact()
	case epp.VerbUpdate:
		return x.updateContact()
	case epp.VerbDelete:
		return x.deleteContact()
	case epp.VerbTransfer:
		return x.transferContact()
	}
	return refuse(epp.CodeUnimplemented, "contacts cannot be told to %s", x.request.Verb)
}

func (x *exchange) checkContacts() *refusal {
	check, err := contact.ParseCheck(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	var data contact.CheckData
	for _, id := range check.IDs {
		a := contact.Availability{ID: id, Available: x.registry.contacts[id] == nil}
		if !a.Available {
			a.Reason = "In use"
		}
		data = append(data, a)
	}
	x.reply.Data = data
	return nil
}

func (x *exchange) infoContact() *refusal {
	info, err := contact.ParseInfo(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	c, f := x.ownContact(info.ID)
	if c == nil {
		return f
	}
	if f != nil { // another registrar's: only with its password
		if info.AuthInfo == nil {
			return f
		}
		if !proves(info.AuthInfo, c.Data.AuthInfo) {
			return refuse(epp.CodeAuthInfo, "wrong authorisation information")
		}
	}
	x.reply.Data = c.info()
	if !c.Identity.IsZero() {
		x.session.extend(x.reply, cnnic.ContactInfo(c.Identity))
	}
	if c.For != "" {
		x.session.extend(x.reply, cnnic.RegistryInfo(c.For))
	}
	return nil
}

// barred says why a contact cannot be touched now: a transfer is pending, or one
// of the statuses prohibits it.
func (c *contactRecord) barred(statuses ...string) *refusal {
	if c.Transfer.pending() {
		return refuse(epp.CodePendingTransfer, "contact %s has a transfer pending", c.Data.ID)
	}
	for _, s := range append(statuses, epp.PendingCreate, epp.PendingDelete, epp.PendingUpdate) {
		if c.Data.Has(s) {
			return refuse(epp.CodeStatus, "contact %s is %s", c.Data.ID, s)
		}
	}
	return nil
}

// info is the contact as the sponsor sees it.
func (c *contactRecord) info() *contact.InfoData {
	d := c.Data
	d.Statuses = slices.Clone(d.Statuses)
	if c.Transfer.pending() {
		d.Statuses = append(d.Statuses, contact.Status{Value: epp.PendingTransfer})
	}
	if len(d.Statuses) == 0 {
		d.Statuses = contact.Statuses(epp.StatusOK)
	}
	if c.links > 0 {
		d.Statuses = append(d.Statuses, contact.Status{Value: epp.StatusLinked})
	}
	return &d
}

// proves reports whether authorisation information that a client gives is the
// object's. An object without a password has none that fits.
func proves(given, have *epp.AuthInfo) bool {
	return given != nil && have != nil && have.PW != "" && given.PW == have.PW
}

// ownContact finds a contact of the client's. Of another registrar's it returns
// both the contact and a refusal.
func (x *exchange) ownContact(id string) (*contactRecord, *refusal) {
	c := x.registry.contacts[id]
	if c == nil {
		return nil, refuse(epp.CodeNotExists, "contact %s does not exist", id)
	}
	if c.Data.ClID != x.client {
		return c, refuse(epp.CodeAuthorization, "contact %s is another registrar's", id)
	}
	return c, nil
}

func (x *exchange) createContact() *refusal {
	create, err := contact.ParseCreate(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	var identity cnnic.Contact
	if e := x.request.Extension(cnnic.NSContact); e != nil {
		extension, err := cnnic.ParseContactCreate(e)
		if err != nil {
			return malformed(err)
		}
		identity = cnnic.Contact(extension)
	}
	repository, f := x.repository()
	if f != nil {
		return f
	}
	c, f := x.registry.addContact(create, identity, x.client, x.now)
	if f != nil {
		return f
	}
	c.For = repository
	x.reply.Data = contact.CreateData{ID: c.Data.ID, CrDate: c.Data.CrDate}
	return nil
}

// addContact creates a contact for a client.
func (r *registry) addContact(create contact.Create, identity cnnic.Contact, client string, now time.Time) (*contactRecord, *refusal) {
	if r.contacts[create.ID] != nil {
		return nil, refuse(epp.CodeExists, "contact %s exists", create.ID)
	}
	if f := validContact(create); f != nil {
		return nil, f
	}
	if f := validIdentity(identity); f != nil {
		return nil, f
	}
	c := &contactRecord{
		Data: contact.InfoData{
			ID: create.ID, ROID: r.nextROID("C"), Postal: create.Postal, Voice: create.Voice, Fax: create.Fax, Email: create.Email,
			ClID: client, CrID: client, CrDate: now, AuthInfo: create.AuthInfo, Disclose: create.Disclose,
		},
		Identity:   identity,
		Verdict:    verdict{State: verdictNone},
		registrant: map[string]*registration{},
	}
	if f := c.named(); f != nil {
		return nil, f
	}
	r.contacts[create.ID], r.contactsByROID[c.Data.ROID] = c, c
	r.revision++
	return c, nil
}

// named demands the name that a holder's documents will have to show.
func (c *contactRecord) named() *refusal {
	if !c.Identity.IsZero() && c.holderName() == "" {
		return refuse(epp.CodeMissing, "an organisation's contact needs org")
	}
	return nil
}

func (x *exchange) updateContact() *refusal {
	update, err := contact.ParseUpdate(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	var identity cnnic.ContactUpdate
	if e := x.request.Extension(cnnic.NSContact); e != nil {
		if identity, err = cnnic.ParseContactUpdate(e); err != nil {
			return malformed(err)
		}
	}
	c, f := x.ownContact(update.ID)
	if f != nil {
		return f
	}
	if len(update.Add)+len(update.Rem) == 0 && update.Chg.IsZero() && identity == (cnnic.ContactUpdate{}) {
		return refuse(epp.CodeMissing, "nothing to update")
	}
	next, f := c.updated(update, identity)
	if f != nil {
		return f
	}
	next.Data.UpID, next.Data.UpDate = x.client, x.now
	*c = *next
	x.registry.revision++
	return nil
}

// updated is the contact after an update.
func (c *contactRecord) updated(update contact.Update, identity cnnic.ContactUpdate) (*contactRecord, *refusal) {
	next := *c
	unlocks := update.Chg.IsZero() && len(update.Add) == 0 && identity == (cnnic.ContactUpdate{})
	if f := c.barred(epp.ServerUpdateProhibited); f != nil {
		return nil, f
	}
	if c.Data.Has(epp.ClientUpdateProhibited) && !unlocks {
		return nil, refuse(epp.CodeStatus, "contact %s is locked by its registrar", c.Data.ID)
	}
	var f *refusal
	if next.Data.Statuses, f = changeObjectStatuses(c.Data.Statuses, update.Add, update.Rem,
		epp.ClientDeleteProhibited, epp.ClientTransferProhibited, epp.ClientUpdateProhibited); f != nil {
		return nil, f
	}
	if f = next.changeData(update.Chg); f != nil {
		return nil, f
	}
	if f = next.changeIdentity(identity); f != nil {
		return nil, f
	}
	// Who a contact is cannot change; another holder is another contact.
	if !c.Identity.IsZero() && next.holderName() != c.holderName() {
		return nil, refuse(epp.CodePolicy, "the holder's name cannot be changed")
	}
	return &next, next.named()
}

// changeObjectStatuses adds and removes statuses of a contact or host, which must
// be among those that are the registrar's.
func changeObjectStatuses(have, add, rem []epp.Status, own ...string) ([]epp.Status, *refusal) {
	for _, s := range slices.Concat(add, rem) {
		if !slices.Contains(own, s.Value) {
			return nil, refuse(epp.CodePolicy, "status %s is not the registrar's to set", s.Value)
		}
	}
	return changeList(slices.Clone(have), cloneStatuses(add), rem, func(s epp.Status) string { return s.Value }), nil
}

// changeData applies the change to the contact's data.
func (c *contactRecord) changeData(chg contact.Change) *refusal {
	d := &c.Data
	d.Postal = slices.Clone(d.Postal)
	for _, p := range chg.Postal {
		i := slices.IndexFunc(d.Postal, func(have contact.PostalInfo) bool { return have.Type == p.Type })
		if i < 0 {
			d.Postal = append(d.Postal, contact.PostalInfo{Type: p.Type})
			i = len(d.Postal) - 1
		}
		if p.Name != "" {
			d.Postal[i].Name = p.Name
		}
		if p.Org != nil {
			d.Postal[i].Org = *p.Org
		}
		if p.Addr != nil {
			d.Postal[i].Addr = *p.Addr
		}
	}
	if chg.Voice != nil {
		d.Voice = *chg.Voice
	}
	if chg.Fax != nil {
		d.Fax = *chg.Fax
	}
	if chg.Email != "" {
		d.Email = chg.Email
	}
	if chg.AuthInfo != nil {
		d.AuthInfo = chg.AuthInfo
	}
	if chg.Disclose != nil {
		d.Disclose = chg.Disclose
	}
	return validContact(contact.Create{ID: d.ID, Postal: d.Postal, Voice: d.Voice, Fax: d.Fax, Email: d.Email})
}

// changeIdentity applies the CNNIC part of an update. What says who the contact
// is can be added where it was not there, not changed.
func (c *contactRecord) changeIdentity(u cnnic.ContactUpdate) *refusal {
	id := &c.Identity
	for _, part := range []cnnic.Contact{u.Add, u.Chg} {
		for _, fixed := range []struct {
			have *string
			want string
		}{{&id.Type, part.Type}, {&id.IDType, part.IDType}, {&id.IDNumber, part.IDNumber}} {
			if fixed.want == "" || fixed.want == *fixed.have {
				continue
			}
			if *fixed.have != "" {
				return refuse(epp.CodePolicy, "the holder's document cannot be changed")
			}
			*fixed.have = fixed.want
		}
		if part.Purveyor != "" {
			id.Purveyor = part.Purveyor
		}
		if part.Mobile != "" {
			id.Mobile = part.Mobile
		}
	}
	if u.Rem.Type != "" || u.Rem.IDType != "" || u.Rem.IDNumber != "" {
		return refuse(epp.CodePolicy, "the holder's document cannot be removed")
	}
	if u.Rem.Purveyor != "" {
		id.Purveyor = ""
	}
	if u.Rem.Mobile != "" {
		id.Mobile = ""
	}
	return validIdentity(*id)
}

func (x *exchange) deleteContact() *refusal {
	del, err := contact.ParseDelete(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	c, f := x.ownContact(del.ID)
	if f != nil {
		return f
	}
	if f := c.barred(epp.ClientDeleteProhibited, epp.ServerDeleteProhibited); f != nil {
		return f
	}
	if c.links > 0 {
		return refuse(epp.CodeAssociation, "contact %s has %d links", del.ID, c.links)
	}
	delete(x.registry.contacts, del.ID)
	delete(x.registry.contactsByROID, c.Data.ROID)
	x.registry.revision++
	return nil
}

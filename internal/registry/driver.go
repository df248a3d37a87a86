package registry

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/namestore"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/store"
)

// frame writes a command as the account's registry wants it.
func (r *Registries) frame(ctx context.Context, l *link, c Command) (epp.Command, error) {
	cmd := epp.Command{ClTRID: c.Cltrid}
	if lack := l.able(c); lack != nil {
		r.find(ctx, l, lack.Params["Namespace"], lack)
		return cmd, lack
	}
	for _, namespace := range l.needs(c) {
		r.passed(ctx, l, namespace, "registry_capability_missing")
	}
	p := c.Payload
	switch c.Kind {
	case ContactCreate:
		h, err := r.directory.Holder(ctx, p.HolderRef)
		if err != nil {
			return cmd, err
		}
		cmd.Body = contactCreate(p.Contact, h)
		if l.Driver == DialectCNNIC {
			cmd.Extensions = []epp.Extension{cnnic.ContactCreate{Type: cnnicType(h.Type), IDType: h.DocumentCode, IDNumber: h.DocumentNumber, Purveyor: l.Purveyor}}
		}
	case ContactInfo:
		cmd.Body = contact.Info{ID: p.Contact}
	case ContactUpdate:
		h, err := r.directory.Details(ctx, p.HolderRef)
		if err != nil {
			return cmd, err
		}
		cmd.Body = contact.Update{ID: p.Contact, Chg: detailsChange(p.Contact, h)}
	case DomainCreate:
		secret, err := r.vault.Reveal(secretPlace(p.Seal), c.Secret)
		if err != nil {
			return cmd, err
		}
		body := domain.Create{Name: p.Domain, Period: domain.Years(p.Years), NS: l.delegation(p.NameServers), AuthInfo: &epp.AuthInfo{PW: string(secret)}}
		if p.Registrant != "" {
			body.Registrant = p.Registrant
			for _, role := range l.ContactRoles {
				body.Contacts = append(body.Contacts, domain.Contact{Type: role, ID: p.Registrant})
			}
		}
		if l.Driver == DialectCNNIC {
			cmd.Extensions = []epp.Extension{cnnic.DomainCreate{Type: cnnicType(p.HolderType), Purveyor: l.Purveyor}}
		}
		cmd.Body = body
		return cmd, r.bring(ctx, l, p.Codes, &cmd)
	case DomainInfo:
		cmd.Body = domain.Info{Name: p.Domain}
		if l.offers(vcode.NS) {
			cmd.Extensions = []epp.Extension{vcode.Info{}}
		}
	case DomainRegistrant:
		cmd.Body = domain.Update{Name: p.Domain, Chg: domain.Change{Registrant: p.Registrant}}
	case DomainCodes:
		cmd.Body = domain.Update{Name: p.Domain}
		return cmd, r.bring(ctx, l, p.Codes, &cmd)
	case DomainHold, DomainRelease:
		cmd.Body = holdFrame(c)
	case HostCreate:
		cmd.Body, cmd.Extensions = host.Create{Name: p.Host}, []epp.Extension{namestore.ProductOf(p.Domain)}
	case DomainTransferRequest, DomainTransferQuery, DomainTransferCancel, DomainTransferReject:
		t, err := r.transferFrame(c)
		cmd.Body = t
		return cmd, err
	case NameCode, HolderCode:
		create, err := r.verification(ctx, c)
		cmd.Body = create
		return cmd, err
	default:
		return cmd, fmt.Errorf("registry: %s has no EPP command", c.Kind)
	}
	return cmd, nil
}

// bring puts signed codes to a command.
func (r *Registries) bring(ctx context.Context, l *link, refs []CodeRef, cmd *epp.Command) error {
	if len(refs) == 0 {
		return nil
	}
	codes, err := r.signedCodes(ctx, l, refs)
	cmd.Extensions = append(cmd.Extensions, codes)
	return err
}

func cnnicType(holderType string) string {
	if holderType == "organization" {
		return cnnic.Enterprise
	}
	return cnnic.Individual
}

// contactCreate writes the Chinese form into loc, the English one into int. An
// individual's organisation is never sent.
func contactCreate(id string, h Holder) contact.Create {
	body := contact.Create{ID: id, Voice: contact.Phone{Number: h.Phone, Extension: h.PhoneExtension}, Email: h.Email}
	if h.NameZh != "" || h.OrganizationZh != "" {
		body.Postal = append(body.Postal, contact.PostalInfo{
			Type: contact.Loc, Name: h.NameZh, Org: h.OrganizationZh,
			Addr: contact.Address{Street: []string{or(h.AddressZh, h.AddressEn)}, City: or(h.CityZh, h.CityEn), SP: or(h.ProvinceZh, h.ProvinceEn), PC: h.PostalCode, CC: h.Country},
		})
	}
	body.Postal = append(body.Postal, contact.PostalInfo{Type: contact.Int, Name: h.NameEn, Org: h.OrganizationEn,
		Addr: contact.Address{Street: []string{h.AddressEn}, City: h.CityEn, SP: h.ProvinceEn, PC: h.PostalCode, CC: h.Country}})
	return body
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// read makes a reply of an answer.
func (r *Registries) read(l *link, c Command, resp *epp.Response, err error) reply {
	if c.Payload.Code != nil {
		return r.readCode(context.Background(), l, c, resp, err)
	}
	if c.Kind == HostCreate && epp.CodeOf(err) == epp.CodeExists {
		return hostThere(epp.CodeExists)
	}
	if err != nil {
		return readError(err)
	}
	out := reply{outcome: OutcomeDone, code: resp.Code(), svTRID: resp.SvTRID}
	if out.code == epp.CodePending {
		out.outcome = OutcomePending
	}
	switch c.Kind {
	case DomainInfo:
		if out.info, err = domain.ParseInfoData(resp.Data); err != nil {
			return reply{again: true, outcome: OutcomeRefused, message: err.Error()}
		}
		out.grace, out.standing, out.foreign = grace(resp), standing(resp), out.info.ClID != l.ClientID
	case DomainTransferRequest, DomainTransferQuery, DomainTransferCancel, DomainTransferReject:
		return readTransfer(l, resp, out)
	case ContactInfo:
		if out.contact, err = r.readContact(l, resp); err != nil {
			return reply{again: true, outcome: OutcomeRefused, message: err.Error()}
		}
	}
	return out
}

// readContact reads who a contact is. The number is hashed at once.
func (r *Registries) readContact(l *link, resp *epp.Response) (*Contact, error) {
	d, err := contact.ParseInfoData(resp.Data)
	if err != nil {
		return nil, err
	}
	c := &Contact{Registry: l.Name, ContactID: d.ID, State: contactPresent, HolderType: "individual", Email: d.Email}
	postal := d.PostalOf(contact.Loc)
	if postal == nil {
		postal = d.PostalOf(contact.Int)
	}
	if postal != nil {
		c.HolderName = postal.Name
	}
	if e := resp.Extension(cnnic.NSContact); e != nil {
		x, err := cnnic.ParseContactInfo(e)
		if err != nil {
			return nil, err
		}
		if x.Type == cnnic.Enterprise {
			c.HolderType = "organization"
			if postal != nil {
				c.HolderName = postal.Org
			}
		}
		if x.IDNumber != "" {
			if c.NumberHash, err = r.vault.NumberHash(x.IDNumber); err != nil {
				return nil, err
			}
		}
		c.DocumentCode = x.IDType
	}
	c.HolderFold = fold.Name(c.HolderName)
	return c, nil
}

// grace reads the grace periods that came with an answer or a message.
func grace(resp *epp.Response) (out []string) {
	e := resp.Extension(rgp.NS)
	if e == nil {
		return nil
	}
	d, err := rgp.ParseData(e)
	if err != nil {
		return nil
	}
	for _, s := range d.Statuses {
		out = append(out, s.Value)
	}
	return out
}

// standing reads the verification status that came with an answer or a message.
func standing(resp *epp.Response) *Standing {
	e := resp.Extension(vcode.NS)
	if e == nil {
		return nil
	}
	d, err := vcode.ParseInfoData(e)
	if err != nil {
		return nil
	}
	s := &Standing{Status: d.Status}
	for _, p := range d.Profiles {
		for _, m := range p.Missing {
			s.Missing = append(s.Missing, verdictOf(m.Type))
			if s.Due.IsZero() || m.Due.Before(s.Due) {
				s.Due = m.Due
			}
		}
		for _, x := range p.Set {
			s.Set = append(s.Set, verdictOf(x.Type))
			if s.Codes == nil {
				s.Codes = map[Which]string{}
			}
			s.Codes[verdictOf(x.Type)] = x.Code
		}
	}
	return s
}

// verdictOf maps a verification code's type to the verdict that it proves.
func verdictOf(codeType string) Which {
	if codeType == "domain" {
		return Naming
	}
	return RealName
}

// saveContact keeps what an <info> said of a contact.
func saveContact(ctx context.Context, tx *store.Tx, c *Contact, now time.Time) error {
	c.UpdatedAt = store.At(now)
	_, err := tx.NewInsert().Model(c).On("CONFLICT (registry, contact_id) DO UPDATE").
		Set("state = EXCLUDED.state").Set("holder_type = EXCLUDED.holder_type").Set("holder_name = EXCLUDED.holder_name").
		Set("holder_fold = EXCLUDED.holder_fold").Set("document_code = EXCLUDED.document_code").Set("number_hash = EXCLUDED.number_hash").Set("email = EXCLUDED.email").Set("updated_at = EXCLUDED.updated_at").Exec(ctx)
	return err
}

// labelOf is the first label of a name, an A-label: what a provider reviews.
func labelOf(name string) string {
	label, _, _ := strings.Cut(name, ".")
	return label
}

package inspection

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// enhancedVerification is the kind of case of a package beside this one.
const enhancedVerification review.Kind = "enhanced_verification"

// Inspections makes packs.
type Inspections struct {
	store    *store.Store
	policies *policy.Policies
	key      Key
}

// New returns the inspections of s, signed with key.
func New(s *store.Store, p *policy.Policies, key Key) *Inspections { return &Inspections{s, p, key} }

// Domain makes the pack of a domain, of the newest registration that there was of the
// name. It needs inspection.take; the pack is in the audit record by its digest before it
// is handed out. Faults: domain_name_invalid, domain_not_found.
func (in *Inspections) Domain(ctx context.Context, a actor.Actor, typed string) ([]byte, error) {
	if err := a.Check(actor.InspectionTake); err != nil {
		return nil, err
	}
	name, err := domain.Normalize(typed)
	if err != nil {
		return nil, err
	}
	var d domain.Domain
	err = in.store.R.NewSelect().Model(&d).Where("name = ?", name).OrderExpr("id DESC").Limit(1).Scan(ctx)
	if store.IsNotFound(err) {
		return nil, fault.New(fault.NotFound, "domain_not_found").With("Domain", domain.Display(name))
	}
	if err != nil {
		return nil, wrap(err)
	}
	p := in.blank(a)
	g := gathering{ctx: ctx, db: in.store.R, account: d.AccountID}
	p.Domain = domainOf(d)
	versions := g.versionsOf(d)
	p.Orders, p.Tasks, p.Transfers, p.Holds = g.orders(d), g.tasks(d), g.transfers(d), g.holds(d)
	p.Answers, p.Consents, p.Papers, p.Enhanced = g.answers(d), g.consents(d, addresses(g.versions(versions))), g.papers(d), g.enhanced("domain_id = ?", d.ID)
	p.Reviews = append(p.Reviews, g.reviews(review.DomainName, d.ID, d.Name)...)
	return in.finish(ctx, a, p, &g, versions, d.PublicID)
}

// Profile makes the pack of a profile, deleted or not, with every version of it. It needs
// inspection.take. Fault: profile_not_found.
func (in *Inspections) Profile(ctx context.Context, a actor.Actor, id string) ([]byte, error) {
	if err := a.Check(actor.InspectionTake); err != nil {
		return nil, err
	}
	var owner profile.Profile
	err := in.store.R.NewSelect().Model(&owner).Where("public_id = ?", id).Scan(ctx)
	if store.IsNotFound(err) {
		return nil, fault.New(fault.NotFound, "profile_not_found")
	}
	if err != nil {
		return nil, wrap(err)
	}
	p := in.blank(a)
	g := gathering{ctx: ctx, db: in.store.R, account: owner.AccountID}
	p.Enhanced = g.enhanced("profile_id = ? AND domain_id = 0", owner.ID)
	return in.finish(ctx, a, p, &g, g.rows("SELECT id FROM profile_version WHERE profile_id = ? ORDER BY id", owner.ID), owner.PublicID)
}

// blank is a pack in which nothing is written yet.
func (in *Inspections) blank(a actor.Actor) *Pack {
	return &Pack{
		Form: 1, MadeAt: in.store.Now().UTC(), MadeBy: a.ID, Policy: in.policies.Version, Reviews: []Review{},
		Holds: []Hold{}, Orders: []Order{}, Tasks: []Task{}, Transfers: []Transfer{},
		Answers: []Answer{}, Consents: []Consent{}, Papers: []Papers{},
	}
}

// finish adds what every pack has, signs it and notes in the audit record that it was made.
func (in *Inspections) finish(ctx context.Context, a actor.Actor, p *Pack, g *gathering, versions []int64, about string) ([]byte, error) {
	p.Account = g.owner()
	p.Versions = g.versions(versions)
	for _, v := range p.Versions {
		p.Reviews = append(p.Reviews, g.reviews(review.ProfileVersion, v.row, v.ID)...)
	}
	for _, q := range p.Papers {
		p.Reviews = append(p.Reviews, g.reviews(qualification.Kind, q.row, q.ID)...)
	}
	for _, e := range p.Enhanced {
		p.Reviews = append(p.Reviews, g.reviews(enhancedVerification, e.row, e.ID)...)
	}
	p.Mails, p.Bounces = g.mails(p.Versions), g.bounces(p.Versions)
	subjects := p.subjects(about)
	p.Events = g.events(subjects)
	p.Audit, p.Head = g.audit(subjects)
	if g.err != nil {
		return nil, wrap(g.err)
	}
	file, err := in.key.seal(p)
	if err != nil {
		return nil, wrap(err)
	}
	sum := sha256.Sum256(file)
	err = in.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Record(ctx, tx, a, "inspection.take", about, map[string]string{"sha256": hex.EncodeToString(sum[:])})
	})
	if err != nil {
		return nil, wrap(err)
	}
	return file, nil
}

// subjects are the public ids under which something about the pack's subject was written.
func (p *Pack) subjects(about string) []string {
	out := []string{about}
	seen := map[string]bool{about: true}
	add := func(id string) {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	for _, v := range p.Versions {
		add(v.Profile)
		add(v.ID)
		for _, d := range v.Documents {
			add(d.ID)
		}
	}
	for _, r := range p.Reviews {
		add(r.ID)
	}
	for _, o := range p.Orders {
		add(o.ID)
	}
	for _, t := range p.Tasks {
		add(t.ID)
	}
	for _, t := range p.Transfers {
		add(t.ID)
	}
	for _, x := range p.Answers {
		add(x.ID)
	}
	for _, x := range p.Consents {
		add(x.ID)
	}
	for _, x := range p.Papers {
		add(x.ID)
	}
	for _, x := range p.Enhanced {
		add(x.ID)
	}
	return out
}

func domainOf(d domain.Domain) *Domain {
	return &Domain{
		ID: d.PublicID, Name: d.Name, Registry: d.Registry, State: string(d.State), Statuses: d.Statuses, Grace: d.Grace,
		Compliance: d.Compliance, NameServers: d.NameServers,
		Registrant: d.Registrant, Naming: Verdict{string(d.NamingState), d.NamingReason, d.NamingWords},
		RealName:     Verdict{string(d.HolderState), d.HolderReason, d.HolderWords},
		RegisteredAt: at(d.RegisteredAt), ExpiresAt: at(d.ExpiresAt), DueAt: at(d.DueAt), InfoAt: at(d.InfoAt),
	}
}

func accountOf(a account.Account) Account {
	return Account{ID: a.PublicID, Name: a.Name, IdentityState: string(a.IdentityState), IdentitySource: a.IdentitySource, IdentityAt: at(a.IdentityAt)}
}

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("inspection: %w", err)
}

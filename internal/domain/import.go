package domain

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// Import is one attempt to take a domain that the registry has into an account. It
// outlives an attempt that failed; the domain does not.
type Import struct {
	bun.BaseModel `bun:"table:domain_import"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	Name      string
	State     ImportState
	// Reason is why it was refused, Params what the text of that takes.
	Reason string
	Params fault.Params
	// Batch are those that come into the account together; "" where it began before there were batches.
	Batch     string
	CreatedAt store.Time
	EndedAt   store.Time
}

// Taken is what became of one of the names that are imported together: a domain that the
// registry is asked about, or why it is refused.
type Taken struct {
	Domain Domain
	Err    error
}

// Import takes domains that the registry has under our sponsorship already into an
// account: what is known of them is read from the registry. Each has an outcome of its own,
// in their order, and FindImport says what became of it; a name that was refused may be
// imported again. The registry is asked about many names after what people wait for, about
// one at once. For staff, with domain.import. Fault: account_not_found; as outcomes
// domain_name_invalid, suffix_unsupported, domain_exists.
func (all *All) Import(ctx context.Context, a actor.Actor, accountID string, acc policy.Accreditation, typed ...string) (out []Taken, err error) {
	if err := a.Check(actor.DomainImport); err != nil {
		return nil, err
	}
	owner, err := all.accounts.Find(ctx, a, accountID)
	if err != nil {
		return nil, err
	}
	lane := registry.Bulk
	if len(typed) == 1 {
		lane = registry.Interactive
	}
	for some := range slices.Chunk(typed, rowsTogether) {
		taken, err := all.importTogether(ctx, a, owner.ID, acc, some, lane)
		if err != nil {
			return out, wrap("import", err)
		}
		out = append(out, taken...)
	}
	return out, nil
}

// importTogether imports names in one unit of work.
func (all *All) importTogether(ctx context.Context, a actor.Actor, account int64, acc policy.Accreditation, typed []string, lane int) ([]Taken, error) {
	out := make([]Taken, len(typed))
	wanted := make([]candidate, len(typed))
	names := make([]string, len(typed))
	for i, t := range typed {
		wanted[i], out[i].Err = all.importable(acc, t)
		names[i] = wanted[i].name
	}
	begun := slices.Clone(out)
	err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		copy(begun, out)
		var here []string
		if err := living(tx.NewSelect(), names).Column("name").Scan(ctx, &here); err != nil {
			return err
		}
		var domains []*Domain
		var imports []*Import
		batch, err := batchOf(ctx, tx, account)
		if err != nil {
			return err
		}
		for i, n := range wanted {
			if out[i].Err != nil {
				continue
			}
			if slices.Contains(here, n.name) {
				begun[i].Err = exists(n.name)
				continue
			}
			here = append(here, n.name)
			d, im := n.begin(tx, account, batch)
			if err := all.ask(ctx, tx, a, d, lane); err != nil {
				return err
			}
			begun[i].Domain, domains, imports = d, append(domains, &begun[i].Domain), append(imports, &im)
		}
		if err := store.InsertEach(ctx, tx, domains, ""); err != nil {
			return err
		}
		return store.InsertEach(ctx, tx, imports, "")
	})
	if !store.IsUnique(err) {
		return begun, err
	}
	// Somebody else has begun with one of them meanwhile.
	for i, n := range wanted {
		if out[i].Err == nil {
			out[i].Domain, out[i].Err = all.importOne(ctx, a, account, n, lane)
		}
	}
	return out, nil
}

func (all *All) importOne(ctx context.Context, a actor.Actor, account int64, n candidate, lane int) (d Domain, err error) {
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, _, err = all.takeOver(ctx, tx, a, account, n, lane)
		return err
	})
	return d, wrap("import", err)
}

// takeOver begins the import of a name into an account, and has the registry asked about it.
func (all *All) takeOver(ctx context.Context, tx *store.Tx, a actor.Actor, account int64, n candidate, lane int) (d Domain, i Import, err error) {
	batch, err := batchOf(ctx, tx, account)
	if err != nil {
		return d, i, err
	}
	d, i = n.begin(tx, account, batch)
	if err := insert(ctx, tx, &d); err != nil {
		return d, i, err
	}
	if _, err := tx.NewInsert().Model(&i).Exec(ctx); err != nil {
		return d, i, err
	}
	return d, i, all.ask(ctx, tx, a, d, lane)
}

// ask has the registry asked about a domain that is imported, and writes down who wants it.
func (all *All) ask(ctx context.Context, tx *store.Tx, a actor.Actor, d Domain, lane int) error {
	if err := all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, lane); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, "domain.import", d.PublicID, map[string]string{"name": d.Name})
}

// candidate is a name that may be imported, with its suffix's rule and registry.
type candidate struct {
	name     string
	rule     policy.Rule
	registry string
}

// importable is the name that somebody has typed.
func (all *All) importable(acc policy.Accreditation, typed string) (n candidate, err error) {
	if n.name, err = Normalize(typed); err != nil {
		return n, err
	}
	n.rule, n.registry, err = all.rule(acc, n.name)
	return n, err
}

// living asks for those of the names that are in somebody's account.
func living(q *bun.SelectQuery, names []string) *bun.SelectQuery {
	return q.Model((*Domain)(nil)).Where("name IN (?)", bun.List(names)).Where("state NOT IN (?)", bun.List(ended))
}

// begin is the domain and its import as they are at first.
func (n candidate) begin(tx *store.Tx, account int64, batch string) (Domain, Import) {
	d := newDomain(tx, account, n.name, n.registry, n.rule)
	d.State, d.SyncState = Importing, SyncQueued
	return d, Import{PublicID: store.NewID("imp"), AccountID: account, Name: n.name, State: ImportRunning, Params: fault.Params{}, Batch: batch, CreatedAt: store.At(tx.Now())}
}

// Prospect is a domain as the registry has it, before it is imported.
type Prospect struct {
	Name       string
	Registry   string
	Registrant string
	Statuses   []string
	ExpiresAt  time.Time
	// DueAt is when the registry holds it without a verdict that it misses, zero where it
	// says nothing of that.
	DueAt time.Time
}

// TryImport says what the registry has of a name that is to be imported, or why it would be
// refused. Nothing is changed, here or there. For staff, with domain.import. Faults: those of
// Import, import_not_at_registry, import_other_registrar, registry_rejected, registry_unreachable.
func (all *All) TryImport(ctx context.Context, a actor.Actor, accountID string, acc policy.Accreditation, typed string) (out Prospect, err error) {
	if err := a.Check(actor.DomainImport); err != nil {
		return out, err
	}
	if _, err := all.importable(acc, typed); err != nil {
		return out, err
	}
	if _, err := all.accounts.Find(ctx, a, accountID); err != nil {
		return out, err
	}
	return all.prospect(ctx, acc, typed)
}

// prospect reads what the registry has of a name that is none of ours yet.
func (all *All) prospect(ctx context.Context, acc policy.Accreditation, typed string) (out Prospect, err error) {
	n, err := all.importable(acc, typed)
	if err != nil {
		return out, err
	}
	name := n.name
	here, err := living(all.store.R.NewSelect(), []string{name}).Count(ctx)
	if err != nil {
		return out, wrap("try import", err)
	}
	if here > 0 {
		return out, exists(name)
	}
	info, standing, err := all.registries.Now(ctx, n.registry, name)
	var answer *epp.Error
	switch {
	case fault.Code(err) == "domain_not_at_registry":
		return out, fault.At("domain", "import_not_at_registry").With("Domain", Display(name))
	case epp.CodeOf(err) == epp.CodeAuthorization, epp.CodeOf(err) == epp.CodeAuthInfo, err == nil && !all.registries.Sponsored(n.registry, info):
		return out, fault.At("domain", "import_other_registrar").With("Domain", Display(name))
	case errors.As(err, &answer) && answer.Code != 0 && fault.From(err).Kind == fault.Internal:
		return out, fault.At("domain", "registry_rejected").With("Domain", Display(name)).With("Words", answer.Message).Because(err)
	case err != nil:
		return out, wrap("try import", err)
	}
	out = Prospect{Name: name, Registry: n.registry, Registrant: info.Registrant, Statuses: statusValues(info), ExpiresAt: info.ExDate}
	if standing != nil {
		out.DueAt = standing.Due
	}
	return out, nil
}

// FindImport returns the last import of a name. For staff, with domain.import. Faults:
// domain_name_invalid, import_not_found.
func (all *All) FindImport(ctx context.Context, a actor.Actor, typed string) (i Import, err error) {
	if err := a.Check(actor.DomainImport); err != nil {
		return i, err
	}
	name, err := Normalize(typed)
	if err != nil {
		return i, err
	}
	err = all.store.R.NewSelect().Model(&i).Where("name = ?", name).OrderExpr("id DESC").Limit(1).Scan(ctx)
	if store.IsNotFound(err) {
		return i, fault.New(fault.NotFound, "import_not_found").With("Domain", Display(name))
	}
	return i, wrap("find import", err)
}

// endImport ends an import with what the registry says of the name, and reports
// whether the domain is ours.
func (all *All) endImport(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) (ours bool, err error) {
	switch {
	case r.Outcome == registry.OutcomeRefused && r.Code == epp.CodeNotExists:
		return false, all.refuseImport(ctx, tx, d, why{code: "import_not_at_registry"})
	case r.Foreign || r.Outcome == registry.OutcomeRefused && (r.Code == epp.CodeAuthorization || r.Code == epp.CodeAuthInfo):
		return false, all.refuseImport(ctx, tx, d, why{code: "import_other_registrar"})
	case r.Outcome == registry.OutcomeRefused:
		return false, all.refuseImport(ctx, tx, d, rejected(r.Words()))
	}
	if d.State, err = Domains.Next(d.State, Found); err != nil {
		return false, err
	}
	d.SyncState = SyncDone
	if d.batch, err = closeImport(ctx, tx, d.Name, ImportFound, &fault.Error{Params: fault.Params{}}); err != nil {
		return false, err
	}
	if err := all.remindIn(ctx, tx, d.Domain); err != nil {
		return false, err
	}
	return true, announce(ctx, tx, d.Domain)
}

// refuseImport ends an import that cannot be: the name is none of the account's.
func (all *All) refuseImport(ctx context.Context, tx *store.Tx, d *touched, cause why) error {
	d.removed = true
	if _, err := closeImport(ctx, tx, d.Name, ImportRefuse, all.because(d.Domain, cause)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor.Verinym, "domain.import_refused", d.PublicID, map[string]string{"name": d.Name, "reason": cause.code})
}

// closeImport ends the import of a name and returns its batch.
func closeImport(ctx context.Context, tx *store.Tx, name string, e ImportEvent, because *fault.Error) (batch string, err error) {
	var i Import
	err = tx.NewSelect().Model(&i).Where("name = ?", name).Where("state = ?", ImportRunning).OrderExpr("id DESC").Limit(1).Scan(ctx)
	if store.IsNotFound(err) {
		return "", nil // begun by a process that did not write imports down yet
	}
	if err != nil {
		return "", err
	}
	if i.State, err = Imports.Next(i.State, e); err != nil {
		return "", err
	}
	i.Reason, i.Params, i.EndedAt = because.Code, because.Params, store.At(tx.Now())
	if err := store.One(tx.NewUpdate().Model(&i).Column("state", "reason", "params", "ended_at").WherePK().Exec(ctx)); err != nil {
		return "", err
	}
	return i.Batch, closeRow(ctx, tx, i)
}

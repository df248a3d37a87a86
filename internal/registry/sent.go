package registry

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// SentForNames returns those of the names about whose holder a registry has been told
// something that it has not answered yet.
func (r *Registries) SentForNames(ctx context.Context, registry string, names []string) (map[string]bool, error) {
	return r.sent(ctx, registry, "domain:", names, DomainRegistrant, DomainCodes)
}

// SentForContacts returns those of the contacts whose documents, or whose details, are with a
// registry that has not answered yet.
func (r *Registries) SentForContacts(ctx context.Context, registry string, contacts []string) (map[string]bool, error) {
	out, err := r.sent(ctx, registry, "evidence:", contacts, Evidence)
	if err != nil {
		return nil, err
	}
	updated, err := r.sent(ctx, registry, "contact:", contacts, ContactUpdate)
	for c := range updated {
		out[c] = true
	}
	return out, err
}

func (r *Registries) sent(ctx context.Context, registry, prefix string, of []string, kinds ...Kind) (map[string]bool, error) {
	out := map[string]bool{}
	if len(of) == 0 {
		return out, nil
	}
	wanted := make([]string, len(of))
	for i, o := range of {
		wanted[i] = prefix + o
	}
	var found []string
	err := r.store.R.NewSelect().Model((*Command)(nil)).Column("object").Where("registry = ?", registry).Where("object IN (?)", bun.List(wanted)).Where("kind IN (?)", bun.List(kinds)).
		Where("state IN (?, ?, ?)", Inflight, Doubt, Waiting).Where(openStates).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("registry %s: sent: %w", registry, err)
	}
	for _, o := range found {
		out[strings.TrimPrefix(o, prefix)] = true
	}
	return out, nil
}

package registry

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// Erase takes the holder out of what we know of contacts, and their name out of what
// registries and providers said of those and of their domains. What the registry itself
// holds is the registry's: it is changed by commands, not here.
func (r *Registries) Erase(ctx context.Context, tx *store.Tx, scope erasure.Scope) error {
	if len(scope.Refs) == 0 {
		return nil
	}
	var contacts []string
	err := tx.NewRaw(`SELECT contact_id FROM registry_contact WHERE holder_ref IN (?0)
		UNION SELECT c.contact_id FROM registry_contact AS c JOIN domain AS d ON d.registrant = c.contact_id AND d.registry = c.registry WHERE d.version_id IN (?1)`, bun.List(scope.Refs), bun.List(scope.Versions)).Scan(ctx, &contacts)
	if err != nil {
		return fmt.Errorf("registry: erase: %w", err)
	}
	var objects, subjects []string
	for _, c := range contacts {
		objects, subjects = append(objects, "contact:"+c, "evidence:"+c), append(subjects, c)
	}
	for _, name := range scope.Domains {
		objects, subjects = append(objects, "domain:"+name), append(subjects, name)
	}
	do := func(query, keys string, list []string, text string) {
		if err != nil || len(list) == 0 {
			return
		}
		where, args := scope.Mentions(text)
		_, err = tx.NewRaw(query+" WHERE "+keys+" AND "+where, append([]any{bun.List(list)}, args...)...).Exec(ctx)
	}
	if len(contacts) > 0 {
		_, err = tx.NewRaw("UPDATE registry_contact SET holder_name = '', holder_fold = '', email = '' WHERE contact_id IN (?)", bun.List(contacts)).Exec(ctx)
	}
	do("UPDATE registry_command SET result = '{}'", "object IN (?)", objects, "result")
	do("UPDATE registry_finding SET params = '{}'", "subject IN (?)", subjects, "params")
	codes := slices.Clone(scope.Refs)
	for _, name := range scope.Domains {
		for _, ref := range scope.Refs {
			codes = append(codes, NameRef(name, ref).Ref)
		}
	}
	do("UPDATE verification_code SET told = ''", "ref IN (?)", codes, "told")
	do("UPDATE verification_code SET reason = ''", "ref IN (?)", codes, "reason")
	for _, s := range subjects { // a message names what it is about, and no column tells it
		about := erasure.Scope{Values: []string{s}}
		where, args := about.Mentions("raw")
		named, more := scope.Mentions("raw")
		if err == nil {
			_, err = tx.NewRaw("UPDATE poll_inbox SET raw = '' WHERE state = 'applied' AND "+where+" AND "+named, append(args, more...)...).Exec(ctx)
		}
	}
	if err != nil {
		return fmt.Errorf("registry: erase: %w", err)
	}
	return nil
}

package domain

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/rdap"
)

// Source says who knows what was found about a name.
type Source string

// The sources of a look-up.
const (
	// FromRDAP: the public registration data, now.
	FromRDAP Source = "rdap"
	// FromRegistry: the registry's answer to us as its registrar, now.
	FromRegistry Source = "registry"
	// FromRows: what the registry said when it was last asked.
	FromRows Source = "records"
)

// Registration is what is known of a domain name, anybody's.
type Registration struct {
	Name   string
	Source Source
	// At is when the source said it, Server who, for registration data.
	At     time.Time
	Server string
	// Missed is the code of why registration data was not to be had, "" when it was.
	Missed string
	// Registered is false when the registry does not have the name; the rest is empty then.
	Registered                         bool
	Statuses                           []string
	Registrar, RegistrarID             string
	NameServers                        []string
	Signed                             *bool
	RegisteredAt, ChangedAt, ExpiresAt time.Time
}

// lookUpsPerMinute is how many names an account may look up in a minute, of one process.
const lookUpsPerMinute = 30

// LookUp says what is known of any domain name: what its registry publishes, and where
// that is not to be had, of a domain of the actor's account what the registry has told us.
// Who holds a name is never said. Faults: domain_name_invalid, rate_limited,
// lookup_unavailable.
func (all *All) LookUp(ctx context.Context, a actor.Actor, typed string) (out Registration, err error) {
	if err := a.Check(actor.DomainRead); err != nil {
		return out, err
	}
	name, err := Normalize(typed)
	if err != nil {
		return out, err
	}
	if !all.lookUps.take(a.Account, all.store.Now(), lookUpsPerMinute) {
		return out, fault.New(fault.TooMany, "rate_limited")
	}
	missed := "off"
	if all.config.RDAP != nil {
		r, err := all.config.RDAP.Domain(ctx, name)
		switch {
		case err == nil:
			return Registration{
				Name: name, Source: FromRDAP, At: all.store.Now(), Server: r.Server, Registered: true,
				Statuses: r.Statuses, Registrar: r.Registrar, RegistrarID: r.RegistrarID,
				NameServers: r.NameServers, Signed: r.Signed, RegisteredAt: r.RegisteredAt, ChangedAt: r.ChangedAt, ExpiresAt: r.ExpiresAt,
			}, nil
		case errors.Is(err, rdap.ErrNotFound):
			return Registration{Name: name, Source: FromRDAP, At: all.store.Now()}, nil
		case errors.Is(err, rdap.ErrNoServer):
			missed = "no_server"
		case errors.Is(err, rdap.ErrRefused):
			missed = "refused"
		default:
			missed = "unreachable"
		}
	}
	return all.lookUpOwn(ctx, a, name, missed)
}

// lookUpOwn answers from what we have of a domain of the actor's account, asking the
// registry first when that is old.
func (all *All) lookUpOwn(ctx context.Context, a actor.Actor, name, missed string) (out Registration, err error) {
	d, err := all.Get(ctx, a, name)
	if fault.Code(err) == "domain_not_found" || err == nil && (d.gone() || d.State != Registered) {
		return out, fault.New(fault.Unavailable, "lookup_unavailable").With("Domain", Display(name)).With("Why", missed)
	}
	if err != nil {
		return out, err
	}
	out = Registration{
		Name: name, Source: FromRows, At: d.InfoAt.Time, Missed: missed, Registered: true,
		Statuses: slices.Concat(d.Statuses, d.Grace), NameServers: d.NameServers,
		RegisteredAt: d.RegisteredAt.Time, ExpiresAt: d.ExpiresAt.Time,
	}
	if all.store.Now().Sub(d.InfoAt.Time) <= fresh {
		return out, nil
	}
	info, _, err := all.registries.Now(ctx, d.Registry, d.Name)
	if err != nil {
		return out, nil // old is better than nothing, and says how old it is
	}
	out.Source, out.At, out.Statuses, out.NameServers = FromRegistry, all.store.Now(), statusValues(info), nameServers(info)
	out.RegisteredAt, out.ChangedAt, out.ExpiresAt = info.CrDate, info.UpDate, info.ExDate
	return out, nil
}

// quota counts what accounts have done in the present minute. It is of this process alone.
type quota struct {
	mu     sync.Mutex
	minute int64
	used   map[int64]int
}

// take reports whether an account may do it once more.
func (q *quota) take(account int64, now time.Time, most int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if m := now.Unix() / 60; m != q.minute || q.used == nil {
		q.minute, q.used = m, map[int64]int{}
	}
	if q.used[account] >= most {
		return false
	}
	q.used[account]++
	return true
}

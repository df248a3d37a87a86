package registry

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/fault"
)

// Available asks whether a name can be registered now; reason is the registry's
// when it cannot. Faults: registry_unreachable, registry_paused.
func (r *Registries) Available(ctx context.Context, registry, name string) (ok bool, reason string, err error) {
	resp, err := r.ask(ctx, registry, epp.Command{Body: domain.Check{Names: []string{name}}})
	if err != nil {
		return false, "", err
	}
	data, err := domain.ParseCheckData(resp.Data)
	if err != nil {
		return false, "", fmt.Errorf("registry %s: check: %w", registry, err)
	}
	for _, a := range data {
		if a.Name == name {
			return a.Available, a.Reason, nil
		}
	}
	return false, "", fmt.Errorf("registry %s: the answer to check does not name %s", registry, name)
}

// Now reads a domain from the registry at once, past all queues: what people ask
// for when they want to see it with their own eyes. Faults:
// registry_unreachable, registry_paused, domain_not_at_registry.
func (r *Registries) Now(ctx context.Context, registry, name string) (*domain.InfoData, *Standing, error) {
	l := r.accounts[registry]
	if l == nil {
		return nil, nil, notConfigured(registry)
	}
	cmd, err := r.frame(ctx, l, Command{Kind: DomainInfo, Payload: Payload{Domain: name}})
	if err != nil {
		return nil, nil, err
	}
	resp, err := r.ask(ctx, registry, cmd)
	if epp.CodeOf(err) == epp.CodeNotExists {
		return nil, nil, fault.New(fault.NotFound, "domain_not_at_registry").With("Domain", name)
	}
	if err != nil {
		return nil, nil, err
	}
	d, err := domain.ParseInfoData(resp.Data)
	if err != nil {
		return nil, nil, fmt.Errorf("registry %s: info: %w", registry, err)
	}
	return d, standing(resp), nil
}

// Sponsored reports whether a domain that a registry has shown is under our sponsorship.
func (r *Registries) Sponsored(registry string, d *domain.InfoData) bool {
	l := r.accounts[registry]
	return l != nil && d.ClID == l.ClientID
}

func (r *Registries) ask(ctx context.Context, registry string, cmd epp.Command) (*epp.Response, error) {
	l := r.accounts[registry]
	if l == nil {
		return nil, notConfigured(registry)
	}
	p, err := r.PauseOf(ctx, r.store.R, registry)
	if err != nil {
		return nil, err
	}
	if p != nil {
		return nil, fault.New(fault.Unavailable, "registry_paused").With("Since", p.Since())
	}
	r.resume(l)
	resp, err := l.sessions().Do(ctx, cmd)
	if err != nil && !answered(err) {
		return nil, fault.New(fault.Unavailable, "registry_unreachable").Because(err)
	}
	return resp, err
}

// ReadyIn counts the commands of a lane that wait to be sent to a registry, to at most.
func (r *Registries) ReadyIn(ctx context.Context, registry string, lane, most int) (n int, err error) {
	err = r.store.R.NewRaw("SELECT count(*) FROM (SELECT 1 FROM registry_command WHERE registry = ? AND via = 'epp' AND state = 'ready' AND lane = ? LIMIT ?) w", registry, lane, most).Scan(ctx, &n)
	if err != nil {
		return 0, fmt.Errorf("registry %s: ready: %w", registry, err)
	}
	return n, nil
}

// answered reports whether an error is the registry's answer to the question, and
// not its failure or the refusal of our session.
func answered(err error) bool {
	switch code := epp.CodeOf(err); code {
	case 0, epp.CodeAuthentication, epp.CodeFailed:
		return false
	default:
		return code < epp.CodeFailedClosing
	}
}

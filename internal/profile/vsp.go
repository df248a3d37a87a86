package profile

import (
	"context"
	"fmt"
	"time"

	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// lookEvery is how often it is looked whether a provider has answered; its answer comes
// by its poll queue.
const lookEvery = 10 * time.Second

// vsp is a verification service provider (nv-1.0) as the authority that decides profiles.
// The code that it issues for a version serves the names of that holder later on: the
// provider is asked once.
type vsp struct {
	profiles   *Profiles
	registries *registry.Registries
	account    string
}

var _ review.Authority = (*vsp)(nil)

// VSP is our account at a verification service provider as an authority for profiles.
func (ps *Profiles) VSP(r *registry.Registries, account string) review.Authority {
	return &vsp{ps, r, account}
}

// Ask has the provider verify the holder of a version, unless it has, and says how far
// that is.
func (p *vsp) Ask(ctx context.Context, c review.Case) (review.Answer, error) {
	if c.SubjectKind != review.ProfileVersion {
		return review.Answer{}, fmt.Errorf("profile: the provider %s decides profiles only", p.account)
	}
	v, err := versionByID(ctx, p.profiles.store.R, c.SubjectID)
	if err != nil {
		return review.Answer{}, err
	}
	code, known, err := registry.CodeOf(ctx, p.profiles.store.R, p.account, registry.HolderRef(v.PublicID))
	if err != nil {
		return review.Answer{}, err
	}
	if !known || code.State == registry.CodeRejected {
		err := p.profiles.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			code, err = p.registries.VerifyHolderAt(ctx, tx, p.account, v.PublicID, v.PublicID)
			return err
		})
		if err != nil {
			return review.Answer{}, wrap("ask provider", err)
		}
	}
	switch code.State {
	case registry.CodeIssued:
		return review.Answer{Verdict: review.Pass}, nil
	case registry.CodeRefused:
		return review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: code.Reason, Raw: code.Reason}}}, nil
	}
	return review.Answer{Wait: lookEvery}, nil
}

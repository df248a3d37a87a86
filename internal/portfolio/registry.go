package portfolio

import (
	"context"
	"fmt"
	"slices"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/vcode"
)

// Ask completes a name with what a registry says of it now, by one <info>. found is
// false for a name that the registry does not have, or does not show to us.
func Ask(ctx context.Context, conn *epp.Conn, n Name) (out Name, found bool, err error) {
	cmd := epp.Command{Body: domain.Info{Name: n.Name}}
	if slices.Contains(conn.Greeting().Extensions, vcode.NS) {
		cmd.Extensions = []epp.Extension{vcode.Info{}}
	}
	resp, err := conn.Do(ctx, cmd)
	switch epp.CodeOf(err) {
	case epp.CodeNotExists, epp.CodeAuthorization:
		return n, false, nil
	}
	if err != nil {
		return n, false, fmt.Errorf("portfolio: %s: %w", n.Name, err)
	}
	d, err := domain.ParseInfoData(resp.Data)
	if err != nil {
		return n, false, fmt.Errorf("portfolio: %s: %w", n.Name, err)
	}
	n.Created, n.Expires, n.Statuses = d.CrDate, d.ExDate, nil
	for _, s := range d.Statuses {
		n.Statuses = append(n.Statuses, s.Value)
	}
	if e := resp.Extension(vcode.NS); e != nil {
		if v, err := vcode.ParseInfoData(e); err == nil {
			n.standing(v)
		}
	}
	return n, true, nil
}

// standing takes the verdicts from what the registry says of verification codes.
func (n *Name) standing(v *vcode.InfoData) {
	of := map[string]*Verdict{vcode.TypeDomain: &n.Naming, vcode.TypeRealName: &n.RealName}
	for _, p := range v.Profiles {
		for _, m := range p.Missing {
			if x := of[m.Type]; x != nil {
				*x = Missing
			}
			if n.Due.IsZero() || m.Due.Before(n.Due) {
				n.Due = m.Due
			}
		}
		for _, s := range p.Set {
			if x := of[s.Type]; x != nil && *x == Unknown {
				*x = Passed
			}
		}
	}
}

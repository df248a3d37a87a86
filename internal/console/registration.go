package console

import (
	"github.com/verinym/verinym/internal/domain"
)

// registrationView is what the public can read of a name, or why that is not to be had.
type registrationView struct {
	name    string
	found   *domain.Registration
	refused string
}

// registration asks what the registry publishes about a name. It is asked for by itself:
// others answer it, in their own time.
func (c *Console) registration(v *visit) error {
	d, err := c.Domains.Get(v.ctx(), v.actor, v.r.PathValue("name"))
	if err != nil {
		return err
	}
	r := registrationView{name: d.Name}
	found, err := c.Domains.LookUp(v.ctx(), v.actor, d.Name)
	switch wrong := v.wrongs(err); {
	case err == nil:
		r.found = &found
	case wrong != nil:
		r.refused = wrong[0].Text
	default:
		return err
	}
	return v.show(registrationPage(r))
}

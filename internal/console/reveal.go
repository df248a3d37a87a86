package console

import "github.com/verinym/verinym/internal/fault"

// revealNumber shows a document number in clear, on a page of its own that is kept nowhere.
// Whoever has not proved lately who they are does so first.
func (c *Console) revealNumber(v *visit) error {
	id := v.r.PathValue("id")
	number, err := c.Profiles.RevealNumber(v.ctx(), v.actor, id)
	if fault.Code(err) == "proof_required" {
		return v.askForProof()
	}
	if err != nil {
		return err
	}
	return v.show(numberPage("/profiles/"+id, number))
}

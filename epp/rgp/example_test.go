package rgp_test

import (
	"fmt"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/rgp"
)

// A domain that was deleted by mistake is wanted back while it is in its redemption period: an
// update of the domain that says nothing, with the request.
func ExampleUpdate() {
	restore := epp.Command{
		Body:       domain.Update{Name: "example.com"},
		Extensions: []epp.Extension{rgp.Update{Op: rgp.Request}},
	}
	fmt.Println(string(restore.Extensions[0].AppendExtension(nil)))
	// Output: <rgp:update xmlns:rgp="urn:ietf:params:xml:ns:rgp-1.0"><rgp:restore op="request"/></rgp:update>
}

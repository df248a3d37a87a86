package cnnic_test

import (
	"fmt"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
)

// The holder of a .cn domain, with the number of its identity document. Logs show
// the frame without the number.
func ExampleContactCreate() {
	cmd := epp.Command{
		ClTRID: "VN-1",
		Body: contact.Create{
			ID: "vn000001", Email: "li@example.cn", AuthInfo: &epp.AuthInfo{PW: "2fooBAR"},
			Postal: []contact.PostalInfo{{Type: contact.Loc, Name: "李思远", Addr: contact.Address{City: "杭州", CC: "CN"}}},
		},
		Extensions: []epp.Extension{cnnic.ContactCreate{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: "990000199003071171"}},
	}
	fmt.Println(string(epp.Redact(cmd.Extensions[0].AppendExtension(nil))))
	// Output: <cnnic-contact:create xmlns:cnnic-contact="urn:ietf:params:xml:ns:cnnic-contact-1.0"><cnnic-contact:type>I</cnnic-contact:type><cnnic-contact:contact type="SFZ">***</cnnic-contact:contact></cnnic-contact:create>
}

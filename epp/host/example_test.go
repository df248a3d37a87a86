package host_test

import (
	"fmt"

	"github.com/verinym/verinym/epp/host"
)

// A name server below the domain that it serves needs its addresses, as glue.
func ExampleCreate() {
	create := host.Create{Name: "ns1.example.com", Addresses: host.Addrs("192.0.2.1", "2001:db8::1")}
	fmt.Println(string(create.AppendBody(nil)))
	// Output: <create><host:create xmlns:host="urn:ietf:params:xml:ns:host-1.0"><host:name>ns1.example.com</host:name><host:addr ip="v4">192.0.2.1</host:addr><host:addr ip="v6">2001:db8::1</host:addr></host:create></create>
}

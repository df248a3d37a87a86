package namestore_test

import (
	"fmt"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/namestore"
)

// One server stands before several registries, and wants to hear which one a command is for.
// Servers that do not offer the extension get the command as it is.
func ExampleExtend() {
	verisign := &epp.Greeting{Extensions: []string{namestore.NS}}
	check := epp.Command{Body: domain.Check{Names: []string{"example.net"}}}
	fmt.Println(namestore.Extend(verisign, check).Extensions)
	fmt.Println(namestore.Extend(&epp.Greeting{}, check).Extensions)
	// Output:
	// [dotNET]
	// []
}

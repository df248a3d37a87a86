package probe_test

import (
	"context"
	"fmt"
	"log"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/probe"
	"github.com/verinym/verinym/epp/sandbox"
)

// What a registry offers, and what it is asked, before the first command that changes anything.
func ExampleRun() {
	ctx := context.Background()
	registry, err := sandbox.Start(ctx, sandbox.DefaultConfig()) // in production there is one already
	if err != nil {
		log.Fatal(err)
	}
	defer registry.Close()

	report, err := probe.Run(ctx, registry.Addr(), epp.Options{TLS: registry.TLS(), ClientID: "verinym", Password: "verinym-pw"}, "cn", "com")
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range report.Capabilities {
		if c.Offered {
			fmt.Println(c.Name)
		}
	}
	// Output:
	// domains (RFC 5731)
	// contacts (RFC 5733)
	// hosts (RFC 5732)
	// grace periods (RFC 3915)
	// DNSSEC (RFC 5910)
	// change poll (RFC 8590)
	// fees (RFC 8748)
	// login security (RFC 8807)
	// unhandled namespaces (RFC 9038)
	// verification codes
	// CNNIC contacts
	// CNNIC domains
	// CNNIC repositories
}

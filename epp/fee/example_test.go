package fee_test

import (
	"context"
	"fmt"
	"log"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/sandbox"
)

// What a name costs, asked together with whether it is free.
func ExampleCheck() {
	ctx := context.Background()
	registry, err := sandbox.Start(ctx, sandbox.DefaultConfig()) // in production there is one already
	if err != nil {
		log.Fatal(err)
	}
	defer registry.Close()
	conn, err := epp.Dial(ctx, registry.Addr(), epp.Options{TLS: registry.TLS(), ClientID: "verinym", Password: "verinym-pw"})
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Logout(ctx)

	response, err := conn.Do(ctx, epp.Command{
		Body:       domain.Check{Names: []string{"example.com"}},
		Extensions: []epp.Extension{fee.Check{Commands: []fee.Command{{Name: fee.Create, Years: 2}, {Name: fee.Restore}}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	prices, err := fee.ParseCheckData(response.Extension(fee.NS))
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range prices.Objects[0].Commands {
		fmt.Println(p.Command, p.Amounts[0].Value, prices.Currency)
	}
	// Output:
	// create 120.00 CNY
	// restore 600.00 CNY
}

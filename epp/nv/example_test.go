package nv_test

import (
	"context"
	"fmt"
	"log"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/sandbox"
)

// A verification service provider verifies a name, and answers with a signed code that
// registries want to see.
func ExampleCreate() {
	ctx := context.Background()
	config := sandbox.DefaultConfig()
	config.VSP.Listen = "127.0.0.1:0"
	provider, err := sandbox.Start(ctx, config) // in production there is one already
	if err != nil {
		log.Fatal(err)
	}
	defer provider.Close()
	conn, err := epp.Dial(ctx, provider.VSPAddr(), epp.Options{TLS: provider.TLS(), ClientID: "verinym", Password: "verinym-pw"})
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Logout(ctx)

	response, err := conn.Do(ctx, epp.Command{Body: nv.Create{Input: nv.Input{DNV: &nv.DNV{Name: "example"}}}})
	if err != nil {
		log.Fatal(err)
	}
	verified, err := nv.ParseCreateData(response.Data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verified.Status, "signed:", verified.EncodedSignedCode != "")
	// Output: compliant signed: true
}

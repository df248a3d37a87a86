package sandbox_test

import (
	"context"
	"fmt"
	"log"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/vcode"
)

// A registrar has a name verified by a provider, and brings the signed code with
// the create.
func Example_codes() {
	ctx := context.Background()
	config := sandbox.DefaultConfig()
	config.VSP.Listen = "127.0.0.1:0"
	registry, err := sandbox.Start(ctx, config)
	if err != nil {
		log.Fatal(err)
	}
	defer registry.Close()
	do := func(addr string, cmd epp.Command) *epp.Response {
		conn, err := epp.Dial(ctx, addr, epp.Options{TLS: registry.TLS(), ClientID: "verinym", Password: "verinym-pw"})
		if err != nil {
			log.Fatal(err)
		}
		defer conn.Logout(ctx)
		response, err := conn.Do(ctx, cmd)
		if err != nil {
			log.Fatal(err)
		}
		return response
	}

	response := do(registry.VSPAddr(), epp.Command{Body: nv.Create{Input: nv.Input{DNV: &nv.DNV{Name: "example"}}}})
	verified, err := nv.ParseCreateData(response.Data)
	if err != nil {
		log.Fatal(err)
	}
	const name = "example.xn--ses554g"
	do(registry.Addr(), epp.Command{
		Body:       domain.Create{Name: name},
		Extensions: []epp.Extension{vcode.SignedCodes{verified.EncodedSignedCode}},
	})
	response = do(registry.Addr(), epp.Command{Body: domain.Info{Name: name}, Extensions: []epp.Extension{vcode.Info{}}})
	standing, err := vcode.ParseInfoData(response.Extension(vcode.NS))
	if err != nil {
		log.Fatal(err)
	}
	china := standing.Profile("china")
	fmt.Println(standing.Status, "set:", china.Set[0].Type, "missing:", china.Missing[0].Type)
	// Output: pendingCompliance set: domain missing: real-name
}

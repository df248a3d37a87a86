package sandbox_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
)

// A registrar registers a domain for a person, and looks at it after the five
// days that it had for the holder's documents.
func Example() {
	ctx := context.Background()
	registry, err := sandbox.Start(ctx, sandbox.DefaultConfig())
	if err != nil {
		log.Fatal(err)
	}
	defer registry.Close()

	conn, err := epp.Dial(ctx, registry.Addr(), epp.Options{
		TLS: registry.TLS(), ClientID: "verinym", Password: "verinym-pw",
	})
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Logout(ctx)

	must := func(response *epp.Response, err error) *epp.Response {
		if err != nil {
			log.Fatal(err)
		}
		return response
	}
	must(conn.Do(ctx, epp.Command{
		Body: contact.Create{
			ID: "holder-1", Email: "zhang@example.cn",
			Postal: []contact.PostalInfo{{Type: contact.Loc, Name: "张三", Addr: contact.Address{City: "北京", CC: "CN"}}},
		},
		Extensions: []epp.Extension{cnnic.ContactCreate{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: "11010519491231002X"}},
	}))
	must(conn.Do(ctx, epp.Command{Body: domain.Create{
		Name: "example.cn", Registrant: "holder-1", NS: domain.NameServers{Objects: []string{"ns1.example.net"}},
	}}))

	registry.Advance(5 * 24 * time.Hour)
	response := must(conn.Do(ctx, epp.Command{Body: domain.Info{Name: "example.cn"}}))
	info, err := domain.ParseInfoData(response.Data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(info.Name, info.Statuses[0].Value)
	// Output: example.cn serverHold
}

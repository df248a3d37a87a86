package contact_test

import (
	"context"
	"fmt"
	"log"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/sandbox"
)

// The holder of a domain: the name in Chinese, beside a form in ASCII. The registry says what
// it knows of the contact.
func ExampleCreate() {
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

	create := contact.Create{
		ID: "vn000001",
		Postal: []contact.PostalInfo{
			{Type: contact.Loc, Name: "李思远", Addr: contact.Address{Street: []string{"虚构路18号"}, City: "杭州市", SP: "浙江", PC: "310000", CC: "CN"}},
			{Type: contact.Int, Name: "Li Siyuan", Addr: contact.Address{Street: []string{"18 Xugou Road"}, City: "Hangzhou", SP: "Zhejiang", PC: "310000", CC: "CN"}},
		},
		Voice:    contact.Phone{Number: "+86.13800000000"},
		Email:    "li@registrant.example",
		AuthInfo: &epp.AuthInfo{PW: "2fooBAR"},
	}
	if _, err := conn.Do(ctx, epp.Command{Body: create}); err != nil {
		log.Fatal(err)
	}
	response, err := conn.Do(ctx, epp.Command{Body: contact.Info{ID: "vn000001"}})
	if err != nil {
		log.Fatal(err)
	}
	known, err := contact.ParseInfoData(response.Data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(known.PostalOf(contact.Loc).Name, known.PostalOf(contact.Int).Name, known.Voice.Number)
	fmt.Println("sponsored by", known.ClID)
	// Output:
	// 李思远 Li Siyuan +86.13800000000
	// sponsored by verinym
}

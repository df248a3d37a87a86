package vcode_test

import (
	"fmt"
	"log"

	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/epp/wire"
)

// How a domain's verification stands: what is missing, and until when.
func ExampleParseInfoData() {
	e, err := wire.Parse([]byte(`<v:infData xmlns:v="urn:ietf:params:xml:ns:verificationCode-1.0"><v:status>pendingCompliance</v:status>
		<v:profile name="china"><v:status>pendingCompliance</v:status>
			<v:missing><v:code type="real-name" due="2026-03-07T01:00:00Z"/></v:missing>
			<v:set><v:code type="domain" date="2026-03-02T01:00:00Z">1-abc111</v:code></v:set></v:profile></v:infData>`), wire.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	standing, err := vcode.ParseInfoData(e)
	if err != nil {
		log.Fatal(err)
	}
	china := standing.Profile("china")
	fmt.Println(standing.Status)
	fmt.Println("missing", china.Missing[0].Type, "by", china.Missing[0].Due.Format("2 January 2006"))
	fmt.Println("set", china.Set[0].Type, china.Set[0].Code)
	// Output:
	// pendingCompliance
	// missing real-name by 7 March 2026
	// set domain 1-abc111
}

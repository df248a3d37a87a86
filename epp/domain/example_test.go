package domain_test

import (
	"fmt"
	"log"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/wire"
)

// The registrar takes a domain out of the zone.
func ExampleUpdate() {
	hold := domain.Update{Name: "example.cn", Add: domain.AddRem{Statuses: domain.Statuses(epp.ClientHold)}}
	fmt.Println(string(hold.AppendBody(nil)))
	// Output: <update><domain:update xmlns:domain="urn:ietf:params:xml:ns:domain-1.0"><domain:name>example.cn</domain:name><domain:add><domain:status s="clientHold"/></domain:add></domain:update></update>
}

// An answer from somewhere: whatever prefix it uses, the namespace counts.
func ExampleParseInfoData() {
	response, err := epp.ParseResponse([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response>
		<result code="1000"><msg>OK</msg></result>
		<resData><d:infData xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>example.cn</d:name><d:roid>D1-CN</d:roid>
			<d:status s="serverHold">Real name verification is missing.</d:status><d:clID>verinym</d:clID></d:infData></resData>
		<trID><svTRID>S-1</svTRID></trID></response></epp>`), wire.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	info, err := domain.ParseInfoData(response.Data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(info.Name, info.Has(epp.ServerHold), info.Statuses[0].Text)
	// Output: example.cn true Real name verification is missing.
}

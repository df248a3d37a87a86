package secdns_test

import (
	"fmt"

	"github.com/verinym/verinym/epp/secdns"
)

// A new key takes the old one's place. It goes with a domain.Update that may say nothing else.
func ExampleUpdate() {
	rollover := secdns.Update{
		Rem: secdns.Records{DS: []secdns.DS{{KeyTag: 12345, Alg: 8, DigestType: 1, Digest: "38EC35D5B3A34B33C99B"}}},
		Add: secdns.Records{DS: []secdns.DS{{KeyTag: 12346, Alg: 13, DigestType: 1, Digest: "49FD46E6C4B45C55D4AC"}}},
	}
	fmt.Println(string(rollover.AppendExtension(nil)))
	// Output: <secDNS:update xmlns:secDNS="urn:ietf:params:xml:ns:secDNS-1.1"><secDNS:rem><secDNS:dsData><secDNS:keyTag>12345</secDNS:keyTag><secDNS:alg>8</secDNS:alg><secDNS:digestType>1</secDNS:digestType><secDNS:digest>38EC35D5B3A34B33C99B</secDNS:digest></secDNS:dsData></secDNS:rem><secDNS:add><secDNS:dsData><secDNS:keyTag>12346</secDNS:keyTag><secDNS:alg>13</secDNS:alg><secDNS:digestType>1</secDNS:digestType><secDNS:digest>49FD46E6C4B45C55D4AC</secDNS:digest></secDNS:dsData></secDNS:add></secDNS:update>
}

package loginsec_test

import (
	"fmt"
	"log"

	"github.com/verinym/verinym/epp/loginsec"
	"github.com/verinym/verinym/epp/wire"
)

// The answer to a login warns of a password that is about to expire.
func ExampleParseData() {
	e, err := wire.Parse([]byte(`<s:loginSecData xmlns:s="urn:ietf:params:xml:ns:epp:loginSec-1.0">
		<s:event type="password" level="warning" exDate="2026-04-01T00:00:00Z" lang="en">Password expires in a week</s:event>
		</s:loginSecData>`), wire.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	data, err := loginsec.ParseData(e)
	if err != nil {
		log.Fatal(err)
	}
	for _, event := range data.Events {
		if event.Type == loginsec.EventPassword && event.Level == loginsec.Warning {
			fmt.Println("new password wanted by", event.ExDate.Format("2 January 2006"))
		}
	}
	// Output: new password wanted by 1 April 2026
}

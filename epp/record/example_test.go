package record_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/record"
)

// conversationFile is a recording, as epp.Options.Record made it.
const conversationFile = `{"frames": [
  {"sent": false, "xml": "<epp xmlns=\"urn:ietf:params:xml:ns:epp-1.0\"><greeting><svID>Recorded</svID><svDate>2026-03-02T01:00:00Z</svDate><svcMenu><version>1.0</version><lang>en</lang><objURI>urn:ietf:params:xml:ns:domain-1.0</objURI></svcMenu></greeting></epp>"},
  {"sent": true, "xml": "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><epp xmlns=\"urn:ietf:params:xml:ns:epp-1.0\"><command><delete><domain:delete xmlns:domain=\"urn:ietf:params:xml:ns:domain-1.0\"><domain:name>example.com</domain:name></domain:delete></delete><clTRID>A-1</clTRID></command></epp>"},
  {"sent": false, "xml": "<epp xmlns=\"urn:ietf:params:xml:ns:epp-1.0\"><response><result code=\"2304\"><msg>Object status prohibits operation</msg></result><trID><clTRID>A-1</clTRID><svTRID>S-1</svTRID></trID></response></epp>"}
]}`

// A test talks to a registry that was recorded.
func ExampleRecording_Options() {
	ctx := context.Background()
	recording, err := record.Read(strings.NewReader(conversationFile))
	if err != nil {
		log.Fatal(err)
	}
	options, err := recording.Options()
	if err != nil {
		log.Fatal(err)
	}
	options.ClientID = "" // no login was recorded
	conn, err := epp.Dial(ctx, "recorded:700", options)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	_, err = conn.Do(ctx, epp.Command{Body: domain.Delete{Name: "example.com"}})
	fmt.Println(err)
	// Output: epp: 2304 Object status prohibits operation
}

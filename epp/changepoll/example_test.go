package changepoll_test

import (
	"fmt"
	"log"

	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/wire"
)

// A registry has put a domain on serverHold, and says why in a poll message.
func ExampleParseChangeData() {
	e, err := wire.Parse([]byte(`<c:changeData xmlns:c="urn:ietf:params:xml:ns:changePoll-1.0" state="after">
		<c:operation op="server-hold">update</c:operation><c:date>2026-03-07T01:00:00Z</c:date>
		<c:svTRID>SB-17</c:svTRID><c:who>registry</c:who><c:reason>verification_missing</c:reason></c:changeData>`), wire.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	change, err := changepoll.ParseChangeData(e)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(change.Operation, change.Op, "on", change.Date.Format("2 January 2006"), "because of", change.Reason)
	// Output: update server-hold on 7 March 2026 because of verification_missing
}

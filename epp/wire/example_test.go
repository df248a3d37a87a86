package wire_test

import (
	"fmt"
	"log"

	"github.com/verinym/verinym/epp/wire"
)

// An extension that no package here knows, read where [epp.Response.Extension] leaves it.
func ExampleParse() {
	e, err := wire.Parse([]byte(`<b:infData xmlns:b="urn:example:balance"><b:credit currency="USD">250.00</b:credit></b:infData>`), wire.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range e.Children {
		if c.Is("urn:example:balance", "credit") {
			fmt.Println(c.Value(), c.Attr("currency"))
		}
	}
	// Output: 250.00 USD
}

// The body of a command that no package here has. What a registrant typed cannot break it.
func ExampleAppendElement() {
	b := wire.AppendRoot(nil, "note", "create", "urn:example:note")
	b = wire.AppendElement(b, "note:text", "Tea & Sons <est. 1926>")
	b = wire.AppendEnd(b, "note:create")
	fmt.Println(string(b))
	// Output: <note:create xmlns:note="urn:example:note"><note:text>Tea &amp; Sons &lt;est. 1926&gt;</note:text></note:create>
}

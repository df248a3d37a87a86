package namestore_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/namestore"
)

func TestFrames(t *testing.T) {
	t.Parallel()
	epptest.CommandExtension(t, "check", domain.Check{Names: []string{"example.com"}}, namestore.SubProduct("dotCOM"), namestore.ParseSubProduct)
}

func TestProductsOfNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]namestore.SubProduct{
		"example.com": "dotCOM", "EXAMPLE.NET": "dotNET", "ns1.example.tv": "dotTV", "example.career": "CAREER", "example.xn--3pxu8k": "XN--3PXU8K",
	} {
		if got := namestore.ProductOf(name); got != want {
			t.Errorf("%s is of %s, want %s", name, got, want)
		}
	}
}

func TestCommandsAreExtendedWhereTheRegistryOffersIt(t *testing.T) {
	t.Parallel()
	verisign, other := &epp.Greeting{Extensions: []string{namestore.NS}}, &epp.Greeting{}
	said := []epp.Extension{namestore.SubProduct("dotTV")}
	for what, tt := range map[string]struct {
		greeting *epp.Greeting
		command  epp.Command
		want     namestore.SubProduct
	}{
		"a check":            {verisign, epp.Command{Body: domain.Check{Names: []string{"a.net", "b.net"}}}, "dotNET"},
		"an info":            {verisign, epp.Command{Body: domain.Info{Name: "a.com"}}, "dotCOM"},
		"a create":           {verisign, epp.Command{Body: domain.Create{Name: "a.com"}}, "dotCOM"},
		"an update":          {verisign, epp.Command{Body: domain.Update{Name: "a.com"}}, "dotCOM"},
		"a renewal":          {verisign, epp.Command{Body: domain.Renew{Name: "a.com"}}, "dotCOM"},
		"a transfer":         {verisign, epp.Command{Body: domain.Transfer{Name: "a.com"}}, "dotCOM"},
		"a deletion":         {verisign, epp.Command{Body: domain.Delete{Name: "a.com"}}, "dotCOM"},
		"a host":             {verisign, epp.Command{Body: host.Create{Name: "ns1.a.net"}}, "dotNET"},
		"what says it":       {verisign, epp.Command{Body: domain.Info{Name: "a.com"}, Extensions: said}, "dotTV"},
		"a poll":             {verisign, epp.Command{Body: epp.Poll{}}, ""},
		"a check of nothing": {verisign, epp.Command{Body: domain.Check{}}, ""},
		"another registry":   {other, epp.Command{Body: domain.Info{Name: "a.com"}}, ""},
		"said there":         {other, epp.Command{Body: host.Create{Name: "ns1.a.cn"}, Extensions: said}, ""},
	} {
		got := namestore.Extend(tt.greeting, tt.command).Extensions
		if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || got[0] != tt.want) {
			t.Errorf("%s: %v, want %q", what, got, tt.want)
		}
	}
}

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "command-check")
	readers := epptest.Readers{"subProduct": epptest.ExtensionReader(namestore.ParseSubProduct)}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}

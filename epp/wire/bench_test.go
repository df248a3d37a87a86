package wire

import (
	"bytes"
	"encoding/xml"
	"os"
	"testing"
)

// BenchmarkParse reads the answer to a domain info, and shows encoding/xml beside.
func BenchmarkParse(b *testing.B) {
	doc, err := os.ReadFile("../domain/testdata/answer-info.xml")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("wire", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Parse(doc, Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-xml", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			d := xml.NewDecoder(bytes.NewReader(doc))
			for {
				if _, err := d.Token(); err != nil {
					break
				}
			}
		}
	})
}

package vcode

import (
	"fmt"

	"github.com/verinym/verinym/epp/wire"
)

// SignedCodes goes with a create, update, renew, transfer or delete and brings
// verification codes to the registry. Each is a signedCode document in base64,
// as a provider issued it; package signedcode makes and checks them.
//
// With an update that says nothing else it adds codes to an object that lacks
// them.
type SignedCodes []string

func (SignedCodes) Namespace() string { return NS }

func (s SignedCodes) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "verificationCode", "encodedSignedCode", NS)
	for _, code := range s {
		b = wire.AppendElement(b, "verificationCode:code", code)
	}
	return append(b, "</verificationCode:encodedSignedCode>"...)
}

// ParseSignedCodes reads a verificationCode:encodedSignedCode element.
func ParseSignedCodes(e *wire.Element) (SignedCodes, error) {
	if !e.Is(NS, "encodedSignedCode") {
		return nil, fmt.Errorf("vcode: %w", wire.Missing("encodedSignedCode"))
	}
	if err := wire.Sequence(e, NS, "code*"); err != nil {
		return nil, fmt.Errorf("vcode: encodedSignedCode: %w", err)
	}
	var s SignedCodes
	for _, c := range e.Children {
		if encoding := c.Attr("encoding"); encoding != "" && encoding != "base64" {
			return nil, fmt.Errorf("vcode: encodedSignedCode: %w", wire.Invalid("encoding", encoding))
		}
		if c.Value() == "" {
			return nil, fmt.Errorf("vcode: encodedSignedCode: %w", wire.Invalid("code", ""))
		}
		s = append(s, c.Value())
	}
	if len(s) == 0 {
		return nil, fmt.Errorf("vcode: encodedSignedCode: %w", wire.Missing("code"))
	}
	return s, nil
}

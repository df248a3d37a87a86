package nv

import (
	"encoding/base64"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Check asks whether labels could be verified as domain names. The answer is
// [CheckData].
type Check struct{ Names []string }

func (Check) Verb() epp.Verb { return epp.VerbCheck }

func (c Check) AppendBody(b []byte) []byte {
	return verifications.AppendNamed(b, epp.VerbCheck, c.Names...)
}

// ParseCheck reads an nv:check element.
func ParseCheck(e *wire.Element) (Check, error) {
	names, err := verifications.ParseKeys(e)
	return Check{names}, err
}

// Input is what is to be verified: a name or a holder, never both.
type Input struct {
	DNV *DNV
	RNV *RNV
}

// DNV is a domain name verification.
type DNV struct {
	Name    string
	RNVCode string // the holder's code, if the provider wants it
}

// RNV is a real name verification.
type RNV struct {
	Role      string // Person or Organisation
	Name      string
	Num       string // of the identity document
	ProofType string
	Documents []Document
}

// Document is a picture of an identity document.
type Document struct {
	FileType string // "jpg", "pdf" and the like
	Content  []byte
}

// Create asks for a verification. The answer is [CreateData].
type Create struct {
	Input
	AuthInfo *epp.AuthInfo // the password by which the code can be read again
}

func (Create) Verb() epp.Verb { return epp.VerbCreate }

func (c Create) AppendBody(b []byte) []byte {
	b = append(b, "<create>"...)
	b = verifications.Begin(b, "create")
	b = c.Input.append(b)
	b = epp.AppendAuthInfo(b, "nv", c.AuthInfo)
	return append(b, "</nv:create></create>"...)
}

func (i Input) append(b []byte) []byte {
	if i.DNV != nil {
		b = append(b, "<nv:dnv>"...)
		b = wire.AppendElement(b, "nv:name", i.DNV.Name)
		b = wire.AppendOptional(b, "nv:rnvCode", i.DNV.RNVCode)
		return append(b, "</nv:dnv>"...)
	}
	if i.RNV == nil {
		return b
	}
	b = append(b, "<nv:rnv"...)
	b = wire.AppendAttr(b, "role", i.RNV.Role)
	b = append(b, '>')
	b = wire.AppendElement(b, "nv:name", i.RNV.Name)
	b = wire.AppendElement(b, "nv:num", i.RNV.Num)
	b = wire.AppendElement(b, "nv:proofType", i.RNV.ProofType)
	for _, d := range i.RNV.Documents {
		b = append(b, "<nv:document>"...)
		b = wire.AppendElement(b, "nv:fileType", d.FileType)
		b = append(b, "<nv:fileContent>"...)
		b = base64.StdEncoding.AppendEncode(b, d.Content)
		b = append(b, "</nv:fileContent></nv:document>"...)
	}
	return append(b, "</nv:rnv>"...)
}

// ParseCreate reads an nv:create element.
func ParseCreate(e *wire.Element) (c Create, err error) {
	if err = verifications.Command(e, "create", "dnv", "rnv", "authInfo"); err != nil {
		return c, err
	}
	if c.Input, err = parseInput(e); err != nil {
		return c, err
	}
	if c.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return c, verifications.Fail(e, err)
	}
	if c.AuthInfo == nil {
		return c, verifications.Fail(e, wire.Missing("authInfo"))
	}
	return c, nil
}

// parseInput reads the dnv or rnv child of e.
func parseInput(e *wire.Element) (i Input, err error) {
	dnv, rnv := e.Child(NS, "dnv"), e.Child(NS, "rnv")
	switch {
	case dnv != nil && rnv != nil:
		return i, verifications.Fail(e, &wire.ValueError{Element: "rnv", Unexpected: true})
	case dnv != nil:
		i.DNV = &DNV{RNVCode: dnv.ChildText(NS, "rnvCode")}
		i.DNV.Name, err = verifications.Required(dnv, "name")
	case rnv != nil:
		i.RNV, err = parseRNV(rnv)
	default:
		err = verifications.Fail(e, wire.Missing("dnv"))
	}
	return i, err
}

func parseRNV(e *wire.Element) (*RNV, error) {
	r := &RNV{Role: e.Attr("role")}
	if r.Role != Person && r.Role != Organisation {
		return nil, verifications.Fail(e, wire.Invalid("role", r.Role))
	}
	for local, into := range map[string]*string{"name": &r.Name, "num": &r.Num, "proofType": &r.ProofType} {
		var err error
		if *into, err = verifications.Required(e, local); err != nil {
			return nil, err
		}
	}
	for _, c := range e.Children {
		if !c.Is(NS, "document") {
			continue
		}
		content, err := decodeBase64(c.ChildText(NS, "fileContent"))
		if err != nil {
			return nil, verifications.Fail(e, wire.Invalid("fileContent", "not base64"))
		}
		r.Documents = append(r.Documents, Document{c.ChildText(NS, "fileType"), content})
	}
	return r, nil
}

// decodeBase64 reads xs:base64Binary, which may hold white space anywhere.
func decodeBase64(s string) ([]byte, error) {
	packed := make([]byte, 0, len(s))
	for i := range len(s) {
		switch s[i] {
		case ' ', '\t', '\r', '\n':
		default:
			packed = append(packed, s[i])
		}
	}
	return base64.StdEncoding.AppendDecode(nil, packed)
}

// What an Info asks for.
const (
	InfoSignedCode = "signedCode"
	InfoInput      = "input"
)

// Info asks for a code that was issued, or for what it was issued for. The answer
// is [InfoData].
type Info struct {
	Type     string // InfoSignedCode, also if empty, or InfoInput
	Code     string
	AuthInfo *epp.AuthInfo
}

func (Info) Verb() epp.Verb { return epp.VerbInfo }

func (i Info) AppendBody(b []byte) []byte {
	b = append(b, `<info><nv:info xmlns:nv="`+NS+`"`...)
	if i.Type != "" {
		b = wire.AppendAttr(b, "type", i.Type)
	}
	b = append(b, '>')
	b = wire.AppendElement(b, "nv:code", i.Code)
	if i.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "nv", i.AuthInfo)
	}
	return append(b, "</nv:info></info>"...)
}

// ParseInfo reads an nv:info element.
func ParseInfo(e *wire.Element) (i Info, err error) {
	if err = verifications.Command(e, "info", "code", "authInfo"); err != nil {
		return i, err
	}
	if i.Type = e.Attr("type"); i.Type != "" && i.Type != InfoSignedCode && i.Type != InfoInput {
		return i, verifications.Fail(e, wire.Invalid("type", i.Type))
	}
	if i.Code, err = verifications.Required(e, "code"); err != nil {
		return i, err
	}
	if i.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return i, verifications.Fail(e, err)
	}
	return i, nil
}

// Update changes the password of a code.
type Update struct {
	Code     string
	AuthInfo *epp.AuthInfo
}

func (Update) Verb() epp.Verb { return epp.VerbUpdate }

func (u Update) AppendBody(b []byte) []byte {
	b = append(b, "<update>"...)
	b = verifications.Begin(b, "update")
	b = wire.AppendElement(b, "nv:code", u.Code)
	b = append(b, "<nv:chg>"...)
	b = epp.AppendAuthInfo(b, "nv", u.AuthInfo)
	return append(b, "</nv:chg></nv:update></update>"...)
}

// ParseUpdate reads an nv:update element.
func ParseUpdate(e *wire.Element) (u Update, err error) {
	if err = verifications.Command(e, "update", "code", "chg"); err != nil {
		return u, err
	}
	if u.Code, err = verifications.Required(e, "code"); err != nil {
		return u, err
	}
	chg := e.Child(NS, "chg")
	if chg == nil {
		return u, verifications.Fail(e, wire.Missing("chg"))
	}
	if u.AuthInfo, err = epp.ParseAuthInfo(chg, NS); err != nil {
		return u, verifications.Fail(e, err)
	}
	if u.AuthInfo == nil {
		return u, verifications.Fail(e, wire.Missing("authInfo"))
	}
	return u, nil
}

// Package secdns is the DNS security extension of EPP (RFC 5910): delegation
// signer data and keys of a domain.
//
// A registry takes one of two interfaces, DS data or key data (section 4); which,
// its documents say. The package passes data through: it neither computes a
// digest nor compares one, but holds them to hexadecimal, and keys to base64.
package secdns

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/verinym/verinym/epp/wire"
)

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:secDNS-1.1"

// DS is delegation signer data (RFC 4034 section 5.1).
type DS struct {
	KeyTag     int
	Alg        int
	DigestType int
	Digest     string // hexadecimal
	Key        *Key   // the key that it was made of, if the registry wants it
}

// Key is a DNS key (RFC 4034 section 2.1).
type Key struct {
	Flags    int
	Protocol int // always 3
	Alg      int
	PubKey   string // base64
}

// Records are DS data or keys, never both.
type Records struct {
	DS   []DS
	Keys []Key
}

// IsZero reports whether there are none.
func (r Records) IsZero() bool { return len(r.DS) == 0 && len(r.Keys) == 0 }

// Create goes with domain.Create.
type Create struct {
	MaxSigLife int // seconds; 0 leaves it to the registry
	Records
}

// Info comes with domain.InfoData.
type Info Create

// Update goes with domain.Update. What is removed goes first (section 5.2.5).
type Update struct {
	Urgent     bool
	RemoveAll  bool
	Rem        Records
	Add        Records
	MaxSigLife int // 0 leaves it
}

func (Create) Namespace() string { return NS }
func (Info) Namespace() string   { return NS }
func (Update) Namespace() string { return NS }

func (c Create) AppendExtension(b []byte) []byte { return c.append(b, "create") }
func (i Info) AppendExtension(b []byte) []byte   { return Create(i).append(b, "infData") }

func (c Create) append(b []byte, local string) []byte {
	b = wire.AppendRoot(b, "secDNS", local, NS)
	b = appendMaxSigLife(b, c.MaxSigLife)
	b = c.Records.append(b)
	return wire.AppendEnd(b, "secDNS:"+local)
}

func appendMaxSigLife(b []byte, seconds int) []byte {
	if seconds == 0 {
		return b
	}
	return appendNumber(b, "secDNS:maxSigLife", seconds)
}

func appendNumber(b []byte, tag string, n int) []byte {
	b = wire.AppendStart(b, tag)
	b = wire.AppendInt(b, n)
	return wire.AppendEnd(b, tag)
}

func (r Records) append(b []byte) []byte {
	for _, ds := range r.DS {
		b = append(b, "<secDNS:dsData>"...)
		b = appendNumber(b, "secDNS:keyTag", ds.KeyTag)
		b = appendNumber(b, "secDNS:alg", ds.Alg)
		b = appendNumber(b, "secDNS:digestType", ds.DigestType)
		b = wire.AppendElement(b, "secDNS:digest", ds.Digest)
		if ds.Key != nil {
			b = ds.Key.append(b)
		}
		b = append(b, "</secDNS:dsData>"...)
	}
	for _, k := range r.Keys {
		b = k.append(b)
	}
	return b
}

func (k Key) append(b []byte) []byte {
	b = append(b, "<secDNS:keyData>"...)
	b = appendNumber(b, "secDNS:flags", k.Flags)
	b = appendNumber(b, "secDNS:protocol", k.Protocol)
	b = appendNumber(b, "secDNS:alg", k.Alg)
	b = wire.AppendElement(b, "secDNS:pubKey", k.PubKey)
	return append(b, "</secDNS:keyData>"...)
}

func (u Update) AppendExtension(b []byte) []byte {
	b = append(b, `<secDNS:update xmlns:secDNS="`+NS+`"`...)
	if u.Urgent {
		b = append(b, ` urgent="true"`...)
	}
	b = append(b, '>')
	switch {
	case u.RemoveAll:
		b = append(b, "<secDNS:rem><secDNS:all>true</secDNS:all></secDNS:rem>"...)
	case !u.Rem.IsZero():
		b = append(b, "<secDNS:rem>"...)
		b = u.Rem.append(b)
		b = append(b, "</secDNS:rem>"...)
	}
	if !u.Add.IsZero() {
		b = append(b, "<secDNS:add>"...)
		b = u.Add.append(b)
		b = append(b, "</secDNS:add>"...)
	}
	if u.MaxSigLife != 0 {
		b = append(b, "<secDNS:chg>"...)
		b = appendMaxSigLife(b, u.MaxSigLife)
		b = append(b, "</secDNS:chg>"...)
	}
	return append(b, "</secDNS:update>"...)
}

// ParseCreate reads a secDNS:create element.
func ParseCreate(e *wire.Element) (Create, error) { return parseData(e, "create") }

// ParseInfo reads a secDNS:infData element.
func ParseInfo(e *wire.Element) (Info, error) {
	c, err := parseData(e, "infData")
	return Info(c), err
}

func parseData(e *wire.Element, local string) (c Create, err error) {
	if !e.Is(NS, local) {
		return c, fmt.Errorf("secDNS: %w", wire.Missing(local))
	}
	if c.MaxSigLife, err = parseMaxSigLife(e); err == nil {
		c.Records, err = parseRecords(e)
	}
	if err != nil {
		return c, fmt.Errorf("secDNS:%s: %w", local, err)
	}
	return c, nil
}

// ParseUpdate reads a secDNS:update element.
func ParseUpdate(e *wire.Element) (u Update, err error) {
	if !e.Is(NS, "update") {
		return u, fmt.Errorf("secDNS: %w", wire.Missing("update"))
	}
	fail := func(err error) (Update, error) { return u, fmt.Errorf("secDNS:update: %w", err) }
	if err = wire.Sequence(e, NS, "rem", "add", "chg"); err != nil {
		return fail(err)
	}
	u.Urgent, _ = wire.ParseBool(e.Attr("urgent"))
	if rem := e.Child(NS, "rem"); rem != nil {
		u.RemoveAll, _ = wire.ParseBool(rem.ChildText(NS, "all"))
		if u.Rem, err = parseRecords(rem); err != nil {
			return fail(err)
		}
	}
	if add := e.Child(NS, "add"); add != nil {
		if u.Add, err = parseRecords(add); err != nil {
			return fail(err)
		}
	}
	if chg := e.Child(NS, "chg"); chg != nil {
		if u.MaxSigLife, err = parseMaxSigLife(chg); err != nil {
			return fail(err)
		}
	}
	return u, nil
}

func parseMaxSigLife(e *wire.Element) (int, error) {
	if e.Child(NS, "maxSigLife") == nil {
		return 0, nil
	}
	return parseNumber(e, "maxSigLife", 1<<31-1)
}

func parseRecords(e *wire.Element) (r Records, err error) {
	for _, c := range e.Children {
		switch {
		case c.Is(NS, "dsData"):
			ds, err := parseDS(c)
			if err != nil {
				return r, err
			}
			r.DS = append(r.DS, ds)
		case c.Is(NS, "keyData"):
			k, err := parseKey(c)
			if err != nil {
				return r, err
			}
			r.Keys = append(r.Keys, k)
		}
	}
	if len(r.DS) > 0 && len(r.Keys) > 0 {
		return r, &wire.ValueError{Element: "keyData", Unexpected: true}
	}
	return r, nil
}

func parseDS(e *wire.Element) (ds DS, err error) {
	if ds.KeyTag, err = parseNumber(e, "keyTag", 1<<16-1); err != nil {
		return ds, err
	}
	if ds.Alg, err = parseNumber(e, "alg", 255); err != nil {
		return ds, err
	}
	if ds.DigestType, err = parseNumber(e, "digestType", 255); err != nil {
		return ds, err
	}
	if ds.Digest, err = wire.Require(e, NS, "digest"); err != nil {
		return ds, err
	}
	if _, err := hex.DecodeString(ds.Digest); err != nil {
		return ds, wire.Invalid("digest", ds.Digest)
	}
	if c := e.Child(NS, "keyData"); c != nil {
		k, err := parseKey(c)
		if err != nil {
			return ds, err
		}
		ds.Key = &k
	}
	return ds, nil
}

func parseKey(e *wire.Element) (k Key, err error) {
	if k.Flags, err = parseNumber(e, "flags", 1<<16-1); err != nil {
		return k, err
	}
	if k.Protocol, err = parseNumber(e, "protocol", 255); err != nil {
		return k, err
	}
	if k.Alg, err = parseNumber(e, "alg", 255); err != nil {
		return k, err
	}
	if k.PubKey, err = wire.Require(e, NS, "pubKey"); err != nil {
		return k, err
	}
	k.PubKey = strings.Join(strings.Fields(k.PubKey), "")
	if _, err := base64.StdEncoding.DecodeString(k.PubKey); err != nil {
		return k, wire.Invalid("pubKey", k.PubKey)
	}
	return k, nil
}

func parseNumber(e *wire.Element, local string, most int) (int, error) {
	text, err := wire.Require(e, NS, local)
	if err != nil {
		return 0, err
	}
	n, ok := wire.ParseInt(text)
	if !ok || n > most {
		return 0, wire.Invalid(local, text)
	}
	return n, nil
}

package vcode

import (
	"fmt"
	"time"

	"github.com/verinym/verinym/epp/wire"
)

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:verificationCode-1.0"

// Values of Status.
const (
	NotApplicable     = "notApplicable"
	NonCompliant      = "nonCompliant"
	PendingCompliance = "pendingCompliance"
	Compliant         = "compliant"
)

// Types of code in the profile "china".
const (
	TypeDomain   = "domain"
	TypeRealName = "real-name"
)

// Info goes with an info command and asks for the verification state.
type Info struct {
	Profile string // "" is every profile
}

func (Info) Namespace() string { return NS }

func (i Info) AppendExtension(b []byte) []byte {
	b = append(b, `<verificationCode:info xmlns:verificationCode="`+NS+`"`...)
	if i.Profile != "" {
		b = wire.AppendAttr(b, "profile", i.Profile)
	}
	return append(b, '/', '>')
}

// ParseInfo reads a verificationCode:info element.
func ParseInfo(e *wire.Element) (Info, error) {
	if !e.Is(NS, "info") {
		return Info{}, fmt.Errorf("vcode: %w", wire.Missing("info"))
	}
	return Info{Profile: e.Attr("profile")}, nil
}

// InfoData is the verification state of an object.
type InfoData struct {
	Status   string
	Profiles []Profile
}

// Profile is the state under one of the registry's policies.
type Profile struct {
	Name    string
	Status  string
	Missing []Missing
	Set     []Set
}

// Missing is a code that the policy demands and that is not there.
type Missing struct {
	Type string
	Due  time.Time // afterwards the object is not compliant
}

// Set is a code that is there.
type Set struct {
	Type string
	Code string // "1-abc123": the provider's number, and its code
	Date time.Time
}

// Profile returns the profile of a name, or nil.
func (d *InfoData) Profile(name string) *Profile {
	for i := range d.Profiles {
		if d.Profiles[i].Name == name {
			return &d.Profiles[i]
		}
	}
	return nil
}

// Only is the state under one profile: notApplicable if there is no such one.
func (d InfoData) Only(profile string) InfoData {
	if p := d.Profile(profile); p != nil {
		return InfoData{Status: p.Status, Profiles: []Profile{*p}}
	}
	return InfoData{Status: NotApplicable}
}

func (InfoData) Namespace() string { return NS }

func (d InfoData) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "verificationCode", "infData", NS)
	b = wire.AppendElement(b, "verificationCode:status", d.Status)
	for _, p := range d.Profiles {
		b = p.append(b)
	}
	return append(b, "</verificationCode:infData>"...)
}

func (p Profile) append(b []byte) []byte {
	b = append(b, "<verificationCode:profile"...)
	b = wire.AppendAttr(b, "name", p.Name)
	b = append(b, '>')
	b = wire.AppendElement(b, "verificationCode:status", p.Status)
	if len(p.Missing) > 0 {
		b = append(b, "<verificationCode:missing>"...)
		for _, m := range p.Missing {
			b = appendCode(b, m.Type, "due", m.Due, "")
		}
		b = append(b, "</verificationCode:missing>"...)
	}
	if len(p.Set) > 0 {
		b = append(b, "<verificationCode:set>"...)
		for _, s := range p.Set {
			b = appendCode(b, s.Type, "date", s.Date, s.Code)
		}
		b = append(b, "</verificationCode:set>"...)
	}
	return append(b, "</verificationCode:profile>"...)
}

func appendCode(b []byte, kind, timeName string, t time.Time, code string) []byte {
	b = append(b, "<verificationCode:code"...)
	b = wire.AppendAttr(b, "type", kind)
	b = wire.AppendAttr(b, timeName, t.UTC().Format(wire.TimeFormat))
	if code == "" {
		return append(b, '/', '>')
	}
	b = append(b, '>')
	b = wire.AppendText(b, code)
	return append(b, "</verificationCode:code>"...)
}

// ParseInfoData reads a verificationCode:infData element.
func ParseInfoData(e *wire.Element) (*InfoData, error) {
	if !e.Is(NS, "infData") {
		return nil, fmt.Errorf("vcode: %w", wire.Missing("infData"))
	}
	d := &InfoData{Status: e.ChildText(NS, "status")}
	if d.Status == "" {
		return nil, fmt.Errorf("vcode: %w", wire.Missing("status"))
	}
	for _, c := range e.Children {
		if !c.Is(NS, "profile") {
			continue
		}
		p, err := parseProfile(c)
		if err != nil {
			return nil, fmt.Errorf("vcode: profile %s: %w", c.Attr("name"), err)
		}
		d.Profiles = append(d.Profiles, p)
	}
	return d, nil
}

func parseProfile(e *wire.Element) (Profile, error) {
	p := Profile{Name: e.Attr("name"), Status: e.ChildText(NS, "status")}
	for _, list := range []string{"missing", "set"} {
		part := e.Child(NS, list)
		if part == nil {
			continue
		}
		for _, c := range part.Children {
			attr := "due"
			if list == "set" {
				attr = "date"
			}
			t, err := wire.ParseTime(c.Attr(attr))
			if err != nil {
				return p, wire.Invalid(attr, c.Attr(attr))
			}
			if list == "missing" {
				p.Missing = append(p.Missing, Missing{c.Attr("type"), t})
			} else {
				p.Set = append(p.Set, Set{c.Attr("type"), c.Value(), t})
			}
		}
	}
	return p, nil
}

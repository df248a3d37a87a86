package app

import (
	"errors"
	"strconv"
	"strings"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/policies"
)

// Desk is the shipped policy and its texts, for commands that look at pictures and
// numbers without a server.
type Desk struct {
	Policies *policy.Policies
	texts    *locale.Texts
}

// NewDesk reads both.
func NewDesk() (*Desk, error) {
	p, err := policy.Load(policies.FS)
	if err != nil {
		return nil, err
	}
	t, err := locale.Load(policies.FS)
	return &Desk{p, t}, err
}

// Finding is something that is wrong, in both languages.
type Finding struct {
	Code, Severity string
	EN, ZH         string
	Region         []int // of a picture: x, y, width, height
}

// Kind tells of a shipped document or supporting paper whether it exists born
// digital; known is false when there is no such kind. It needs no desk.
func Kind(code string) (bornDigital, known bool) { return policy.ShippedKind(code) }

// DocumentTypes lists the documents and supporting papers.
func (d *Desk) DocumentTypes() []string { return d.Policies.DocumentCodes() }

// NumberTypes lists what a number can be checked as.
func (d *Desk) NumberTypes() []string {
	out := d.Policies.DocumentCodes()
	for _, k := range identifier.Kinds() {
		if _, known := Kind(string(k)); !known {
			out = append(out, string(k))
		}
	}
	return out
}

// CheckNumber checks a document's number; wrong is false when nothing is.
func (d *Desk) CheckNumber(kind, typed string) (f Finding, wrong bool) {
	k, _ := d.Policies.NumberKind(kind)
	n, err := identifier.Parse(k, typed)
	var e *identifier.Error
	if !errors.As(err, &e) {
		return f, false
	}
	en, zh := d.NumberFault(kind, e)
	return Finding{Code: e.Code, Severity: d.Policies.NumberSeverity(n, e.Code), EN: en, ZH: zh}, true
}

// NumberFault says in both languages what is wrong with a number.
func (d *Desk) NumberFault(kind string, e *identifier.Error) (en, zh string) {
	looks := make([]string, len(e.Looks))
	for i, l := range e.Looks {
		looks[i] = string(l)
	}
	words := d.texts.Both(e.Code, map[string]string{
		"Kind": kind, "Want": e.Want, "Got": strconv.Itoa(e.Length), "Position": strconv.Itoa(e.Position), "Typed": e.Found,
		"Suggestion": e.Want, "Looks": strings.Join(looks, ","),
	})
	return words.EN, words.ZH
}

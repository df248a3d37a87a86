package app

import (
	"fmt"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/status"
	"github.com/verinym/verinym/policies"
)

// Words is a text in both languages.
type Words = locale.Pair

// StatusText is a status of a domain name in words.
type StatusText struct {
	Code         string  `json:"code"`
	Axis         string  `json:"axis"`
	Meaning      Words   `json:"meaning"`
	SetBy        []Words `json:"set_by"`
	LiftedBy     []Words `json:"lifted_by"`
	SpoilsNormal bool    `json:"spoils_normal"`
	Remedy       Words   `json:"remedy"`
}

// Statuses lists the codes of all statuses.
func Statuses() (out []string) {
	for _, s := range status.All() {
		out = append(out, s.Code)
	}
	return out
}

// ExplainStatus says what a status means, without any server.
func ExplainStatus(typed string) (t StatusText, err error) {
	s, ok := status.Find(typed)
	if !ok {
		return t, fmt.Errorf("there is no status called %s; verinym explain lists them all", typed)
	}
	texts, err := locale.Load(policies.FS)
	if err != nil {
		return t, err
	}
	names := func(parties []status.Party) (out []Words) {
		for _, p := range parties {
			out = append(out, texts.Both("party."+string(p), nil))
		}
		return out
	}
	return StatusText{Code: s.Code, Axis: string(s.Axis), Meaning: texts.Both(s.Meaning(), nil), SetBy: names(s.SetBy), LiftedBy: names(s.LiftedBy),
		SpoilsNormal: s.Spoils, Remedy: texts.Both(s.Remedy(), nil)}, nil
}

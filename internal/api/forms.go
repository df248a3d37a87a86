package api

import (
	"context"

	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
)

// Places are what forms offer for an address.
type Places struct {
	Countries []Country  `json:"countries" doc:"Countries and regions of ISO 3166-1, the usual ones first."`
	Provinces []Province `json:"provinces" doc:"Those of the Chinese mainland. What is not on the lists can be typed."`
}

// Country is a country or region.
type Country struct {
	Code        string `json:"code"`
	Name        Words  `json:"name"`
	CallingCode string `json:"calling_code" doc:"Added to telephone numbers that are typed without one."`
	PostalCode  string `json:"postal_code" enum:"required,optional,none"`
}

// Province is a province with its cities; the Chinese name is what the field takes.
type Province struct {
	Name   Words   `json:"name"`
	Cities []Words `json:"cities"`
}

// DocumentKind is a kind of identity document that a holder may show.
type DocumentKind struct {
	Code      string         `json:"code"`
	Name      Words          `json:"name"`
	Preferred bool           `json:"preferred,omitempty" doc:"The one to show if the holder has it."`
	Number    string         `json:"number" doc:"The standard of its number; verinym number checks it."`
	NoNumber  string         `json:"no_number,omitempty" doc:"What is typed where the document has no number."`
	Sides     []DocumentSide `json:"sides"`
	IssueDate bool           `json:"issue_date" doc:"It shows the day of its issue."`
	Expiry    bool           `json:"expiry" doc:"It shows until when it is valid."`
	Asks      []string       `json:"asks" doc:"Dates that have to be given before submission: issued_on, valid_to (or long_term)."`
}

// DocumentSide is a side of a document.
type DocumentSide struct {
	Side     string `json:"side"`
	Name     Words  `json:"name"`
	Required bool   `json:"required" doc:"False: a review may ask for it."`
}

func (s *Server) forms() {
	handle(s, op{id: "list-places", method: "GET", path: "/places", summary: "List countries, provinces and cities", tag: "Forms"},
		func(context.Context, *struct{}) (*body[Places], error) {
			return answer(placesOf(s.Policies.Places), nil)
		})
	type kinds struct {
		HolderType string `query:"holder_type" required:"true" enum:"individual,organization"`
		Residence  string `query:"residence" required:"true" minLength:"2" maxLength:"2" doc:"Where the holder is from, ISO 3166."`
	}
	handle(s, op{
		id: "list-document-kinds", method: "GET", path: "/document-kinds",
		summary: "List the documents that a holder may show, the preferred first", tag: "Forms",
	},
		func(_ context.Context, in *kinds) (*body[list[DocumentKind]], error) {
			out := list[DocumentKind]{Items: []DocumentKind{}}
			for i, d := range s.Policies.DocumentsFor(policy.HolderType(in.HolderType), in.Residence) {
				out.Items = append(out.Items, kindOf(d, i == 0))
			}
			return answer(out, nil)
		})
}

func placesOf(p policy.Places) Places {
	var out Places
	for _, c := range p.Everywhere() {
		out.Countries = append(out.Countries, Country{Code: c.ISO, Name: Words(c.Name), CallingCode: c.CallingCode, PostalCode: c.PostalCode})
	}
	for _, x := range p.Provinces() {
		province := Province{Name: Words{EN: x.EN, ZH: x.ZH}}
		for _, city := range x.Cities {
			province.Cities = append(province.Cities, Words{EN: profile.English(city), ZH: city})
		}
		out.Provinces = append(out.Provinces, province)
	}
	return out
}

func kindOf(d policy.Document, preferred bool) DocumentKind {
	out := DocumentKind{
		Code: d.Code, Name: Words(d.Name), Preferred: preferred, Number: d.Number.Type, NoNumber: d.Number.None,
		IssueDate: d.Has.IssueDate, Expiry: d.Has.Expiry, Asks: append([]string{}, d.Ask...),
	}
	for _, x := range d.Sides {
		out.Sides = append(out.Sides, DocumentSide{Side: x.Side, Name: Words{EN: x.EN, ZH: x.ZH}, Required: x.Need == "required"})
	}
	return out
}

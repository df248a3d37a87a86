package policy

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Document is a kind of identity document.
type Document struct {
	Code  string
	Name  Words
	Codes struct {
		Aliyun string
		CNNIC  string `yaml:"cnnic_epp"`
	}
	Holder    string
	Residence []string
	NotIn     []string `yaml:"not_in"`
	Rank      map[string]int
	Sides     []struct {
		Side string
		Need string
		EN   string
		ZH   string
	}
	Number struct {
		Type     string
		Optional bool
		None     string
		// Older numbers that are accepted beside the present one.
		Older []string
	}
	MustShow []string `yaml:"must_show"`
	// Ask lists the dates that have to be typed before submission: issued_on, valid_to.
	Ask []string
	// Has is what such a document carries beside name and number.
	Has struct {
		IssueDate bool `yaml:"issue_date"`
		Expiry    bool
		MRZ       bool
		QR        bool
	}
	BornDigital bool   `yaml:"born_digital"`
	Accepted    string `yaml:"accepted"`

	node *yaml.Node
}

// Paper is a supporting paper: not an identity document, but asked for beside one.
type Paper struct {
	Code   string
	Name   Words
	For    []string // suffixes, or enhanced_verification
	Seal   bool
	Signed bool
	// Photo: a photo of a scene, never born digital.
	Photo bool

	node *yaml.Node
}

// Paper returns the supporting paper called code.
func (p *Policies) Paper(code string) (Paper, bool) {
	i := slices.IndexFunc(p.papers, func(d Paper) bool { return d.Code == code })
	if i < 0 {
		return Paper{}, false
	}
	return p.papers[i], true
}

// Document returns the document kind called code.
func (p *Policies) Document(code string) (Document, bool) {
	i := slices.IndexFunc(p.documents, func(d Document) bool { return d.Code == code })
	if i < 0 {
		return Document{}, false
	}
	return p.documents[i], true
}

// DocumentsFor lists the kinds that a holder may show, the preferred first.
func (p *Policies) DocumentsFor(t HolderType, residence string) []Document {
	var out []Document
	for _, d := range p.documents {
		if d.Fits(t, residence) {
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b Document) int { return a.rank(residence) - b.rank(residence) })
	return out
}

// DocumentsOf lists the kinds that a holder of a type may show, wherever they are from.
func (p *Policies) DocumentsOf(t HolderType) (out []Document) {
	for _, d := range p.documents {
		if d.Holder == string(t) && d.Accepted == "" {
			out = append(out, d)
		}
	}
	return out
}

// Fits reports whether a holder of this type and residence may show the document.
func (d Document) Fits(t HolderType, residence string) bool {
	return d.Holder == string(t) && d.Accepted == "" && d.belongsTo(residence)
}

// InChinese reports whether the document shows its holder's name in Chinese for
// certain: it is one of the mainland only.
func (d Document) InChinese() bool { return len(d.Residence) == 1 && d.Residence[0] == "CN" }

// belongsTo reports whether people or bodies of a residence have such a document.
func (d Document) belongsTo(residence string) bool {
	return slices.Contains(d.Residence, residence) || slices.Contains(d.Residence, "*") && !slices.Contains(d.NotIn, residence)
}

func (d Document) rank(residence string) int {
	if r, ok := d.Rank[residence]; ok {
		return r
	}
	other, ok := d.Rank["other"]
	if !ok {
		return 99
	}
	// Mainland, Hong Kong, Macao and Taiwan have documents of their own; what
	// everybody may show comes after those.
	if slices.Contains([]string{"CN", "HK", "MO", "TW"}, residence) {
		return 50 + other
	}
	return other
}

// RequiredSides lists the sides that must be uploaded before submission.
func (d Document) RequiredSides() []string {
	var out []string
	for _, s := range d.Sides {
		if s.Need == "required" {
			out = append(out, s.Side)
		}
	}
	return out
}

// HasSide reports whether the document has a side of this name.
func (d Document) HasSide(side string) bool {
	for _, s := range d.Sides {
		if s.Side == side {
			return true
		}
	}
	return false
}

// DocumentCodes lists the documents and supporting papers, in the order of the
// files.
func (p *Policies) DocumentCodes() []string {
	var out []string
	for _, d := range p.documents {
		out = append(out, d.Code)
	}
	for _, d := range p.papers {
		out = append(out, d.Code)
	}
	return out
}

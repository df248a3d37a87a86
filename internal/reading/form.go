package reading

import (
	"slices"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/ocr"
)

// Field is what a document shows, by the name that reasons and profiles have for it.
type Field string

// The fields that are looked for. MRZ and QR are places to find them in, not fields of a profile.
const (
	Name      Field = "holder_name"
	NameLatin Field = "holder_name_en"
	Number    Field = "document_number"
	Birth     Field = "birth_date"
	IssuedOn  Field = "issued_on"
	ValidFrom Field = "valid_from"
	ValidTo   Field = "valid_to"
	Address   Field = "address"
	MRZ       Field = "mrz"
	QR        Field = "qr"

	// term is a label, not a field: what stands beside it are both ends of the time that a document is valid.
	term Field = "term"
)

// LongTerm is the ValidTo of a document that does not end (长期).
const LongTerm = "long_term"

// Form is what a kind of document looks like.
type Form struct {
	// Number is the standard of its number; "" when it has none.
	Number identifier.Kind
	// Organization: the holder is one.
	Organization bool
	// Shows are the fields on each side.
	Shows map[string][]Field
	// Labels are the words that stand beside a field. Those of a field of any other name stand beside what is not looked for,
	// and is not to be taken for something else.
	Labels map[Field][]string
}

// shows reports whether a field stands on any of the pages.
func (f Form) shows(field Field, pages []Page) bool {
	return slices.ContainsFunc(pages, func(p Page) bool { return slices.Contains(f.Shows[p.Side], field) })
}

// Page is what was recognised on one side of a document. It holds personal data: keep it sealed.
type Page struct {
	Side   string     `json:"side"`
	Engine string     `json:"engine"`
	Width  int        `json:"width"`
	Height int        `json:"height"`
	Lines  []ocr.Line `json:"lines"`
	QR     []string   `json:"qr,omitempty"`
}

// Value is what was read of a field.
type Value struct {
	// Text is in the field's own form: a name as printed, a number as its standard writes it, a day as 2006-01-02.
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"`
	// Repaired says that one look-alike was put right, which the check character then confirmed.
	Repaired bool   `json:"repaired,omitempty"`
	Side     string `json:"side,omitempty"`
	// Quad is where it stands on the flat page, as shares of its width and height.
	Quad ocr.Quad `json:"quad"`
}

// doubtful is the most that a value can be worth whose check is wrong, however sure the engine is of its letters.
const doubtful = 0.4

// repaired is a value in which a look-alike was put right: worth less than what was read as it stands.
func (v Value) repaired() Value {
	v.Repaired, v.Confidence = true, min(v.Confidence, sure)*sure
	return v
}

// Fields are what was read.
type Fields struct {
	Values map[Field]Value `json:"values"`
	// ZoneBroken: machine-readable lines are there, and do not add up.
	ZoneBroken bool `json:"zone_broken,omitempty"`

	// texts are all that could be a name, for the comparison.
	texts []Value
}

package mrz

import (
	"strings"

	"github.com/verinym/verinym/identifier/civil"
)

// Date is a calendar day; the zero value means that the zone gives none.
type Date = civil.Date

// Sex as the zone gives it.
type Sex string

// The zone knows two sexes and "not specified".
const (
	Male        Sex = "male"
	Female      Sex = "female"
	Unspecified Sex = "unspecified"
)

// Document is what a zone says. The strings are parts of Text, fillers at their
// end removed.
type Document struct {
	Format Format
	Text   string // the whole zone, normalised

	Code        string // "P", "I", "AC" … as printed
	Issuer      string // issuing state or organisation, three letters or D
	Number      string
	Nationality string

	// Birth is zero when the zone leaves part of it unknown. Its century is the
	// latest that puts it in the past; Expiry's the one nearest to today.
	Birth  Date
	Expiry Date
	Sex    Sex

	Optional  string // TD3: the personal number, if the state uses one
	Optional2 string // TD1 only, second line

	name string
}

// Surname is the primary identifier, with blanks for single fillers.
func (d Document) Surname() string {
	surname, _, _ := strings.Cut(d.name, "<<")
	return blanks(surname)
}

// GivenNames is the secondary identifier, with blanks for fillers; empty when
// the holder has but one name.
func (d Document) GivenNames() string {
	_, given, _ := strings.Cut(d.name, "<<")
	return blanks(given)
}

// NameMayBeCut tells that the name fills its field to the last character, so
// that the zone may hold only the beginning of it. Compare names as prefixes then.
func (d Document) NameMayBeCut() bool {
	l := layoutOf(len(d.Text))
	return l != nil && len(d.name) == len(l.name.of(d.Text))
}

func blanks(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(name, "<", " "))
}

// unfilled removes the fillers at the end of a field; half of a zone is fillers.
func unfilled(field string) string {
	if len(field) > 0 && field[len(field)-1] != filler {
		return field
	}
	for strings.HasSuffix(field, "<<<<<<<<") {
		field = field[:len(field)-8]
	}
	field = strings.TrimSuffix(field, "<<<<")
	field = strings.TrimSuffix(field, "<<")
	return strings.TrimSuffix(field, "<")
}

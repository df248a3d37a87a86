package mrz

// Format names a layout of Doc 9303.
type Format string

// The layouts of identity documents.
const (
	TD1 Format = "TD1" // card, 3 lines of 30
	TD2 Format = "TD2" // larger card, 2 lines of 36
	TD3 Format = "TD3" // passport, 2 lines of 44
)

// Names of the fields, as Error uses them.
const (
	FieldCode        = "code"
	FieldIssuer      = "issuer"
	FieldName        = "name"
	FieldNumber      = "number"
	FieldNationality = "nationality"
	FieldBirth       = "birth"
	FieldSex         = "sex"
	FieldExpiry      = "expiry"
	FieldOptional    = "optional"
	FieldComposite   = "composite"
)

// span is a run of characters, from inclusive to exclusive.
type span struct{ from, to int }

func (s span) of(text string) string { return text[s.from:s.to] }
func (s span) has(i int) bool        { return s.from <= i && i < s.to }

// layout says where each field of a format stands, counted in the whole text,
// line breaks included. The check digit of a field is the character after it;
// only in TD1 and TD2, whose number may be longer than its field, and in TD3's
// optional field may a filler stand there.
type layout struct {
	format  Format
	width   int // of a line, without the line break
	grammar string

	issuer, name, number, nationality span
	birth, sex, expiry                span
	optional, optional2               span
	longNumber                        bool
	composite                         []part
	compositeCheck                    int

	// Made by prepared.
	allowed []class // for each character
	eights  [most]word
	lots    int   // how many of them there are
	apart   []int // characters whose class is none of letters, digits and the filler
}

// part is a field in the composite check digit, its own digit included if it has
// one.
type part struct {
	span
	digit bool

	// The weights of the thirds and of the digit, set by prepared.
	weights     [cycle]uint32
	digitWeight uint32
}

// A grammar has one class per character.
//
//	P  P, for a passport
//	C  A, C or I, for a card
//	A  a letter           a  a letter or the filler
//	X  a letter or digit  x  a letter, a digit or the filler
//	n  a digit            f  a digit or the filler
//	s  M, F or the filler
var (
	td1 = prepared(layout{
		format: TD1, width: 30, longNumber: true,
		grammar: "Cx" + "Aaa" + "Xxxxxxxxx" + "f" + "xxxxxxxxxxxxxxx" + "\n" +
			"ffffff" + "n" + "s" + "nnnnnn" + "n" + "Aaa" + "xxxxxxxxxxx" + "n" + "\n" +
			"Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		issuer: span{2, 5}, number: span{5, 14}, optional: span{15, 30},
		birth: span{31, 37}, sex: span{38, 39}, expiry: span{39, 45},
		nationality: span{46, 49}, optional2: span{49, 60}, name: span{62, 92},
		composite: []part{
			{span: span{5, 14}, digit: true}, {span: span{15, 30}},
			{span: span{31, 37}, digit: true}, {span: span{39, 45}, digit: true}, {span: span{49, 60}},
		},
		compositeCheck: 60,
	})
	td2 = prepared(layout{
		format: TD2, width: 36, longNumber: true,
		grammar: "Cx" + "Aaa" + "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" + "\n" +
			"Xxxxxxxxx" + "f" + "Aaa" + "ffffff" + "n" + "s" + "nnnnnn" + "n" + "xxxxxxx" + "n",
		issuer: span{2, 5}, name: span{5, 36},
		number: span{37, 46}, nationality: span{47, 50}, birth: span{50, 56},
		sex: span{57, 58}, expiry: span{58, 64}, optional: span{65, 72},
		composite: []part{
			{span: span{37, 46}, digit: true}, {span: span{50, 56}, digit: true},
			{span: span{58, 64}, digit: true}, {span: span{65, 72}},
		},
		compositeCheck: 72,
	})
	td3 = prepared(layout{
		format: TD3, width: 44,
		grammar: "Pa" + "Aaa" + "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" + "\n" +
			"Xxxxxxxxx" + "n" + "Aaa" + "ffffff" + "n" + "s" + "nnnnnn" + "n" + "xxxxxxxxxxxxxx" + "f" + "n",
		issuer: span{2, 5}, name: span{5, 44},
		number: span{45, 54}, nationality: span{55, 58}, birth: span{58, 64},
		sex: span{65, 66}, expiry: span{66, 72}, optional: span{73, 87},
		composite: []part{
			{span: span{45, 54}, digit: true}, {span: span{58, 64}, digit: true},
			{span: span{66, 72}, digit: true}, {span: span{73, 87}, digit: true},
		},
		compositeCheck: 88,
	})
)

// layoutOf finds the layout by the length of the text.
func layoutOf(length int) *layout {
	switch length {
	case len(td1.grammar):
		return td1
	case len(td2.grammar):
		return td2
	case len(td3.grammar):
		return td3
	}
	return nil
}

// field names the field that character i belongs to, its check digit included.
func (l *layout) field(i int) string {
	withCheck := func(s span) bool { return s.from <= i && i <= s.to }
	switch {
	case i < 2:
		return FieldCode
	case l.issuer.has(i):
		return FieldIssuer
	case l.name.has(i):
		return FieldName
	case l.nationality.has(i):
		return FieldNationality
	case l.sex.has(i):
		return FieldSex
	case i == l.compositeCheck:
		return FieldComposite
	case withCheck(l.number):
		return FieldNumber
	case withCheck(l.birth):
		return FieldBirth
	case withCheck(l.expiry):
		return FieldExpiry
	}
	return FieldOptional
}

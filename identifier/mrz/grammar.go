package mrz

import "slices"

const filler = '<'

// class is a set of characters, one bit per class letter of a grammar.
type class uint16

var classes = []struct {
	letter byte
	chars  string
	want   string
}{
	{'P', "P", "P"},
	{'C', "ACI", "A, C or I"},
	{'A', upper, "a letter"},
	{'a', upper + "<", "a letter or <"},
	{'X', upper + digits, "a letter or a digit"},
	{'x', upper + digits + "<", "a letter, a digit or <"},
	{'n', digits, "a digit"},
	{'f', digits + "<", "a digit or <"},
	{'s', "MF<", "M, F or <"},
	{'\n', "\n", "a line break"},
}

const (
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
)

// memberOf has, for each character, the classes that it belongs to; classFor
// has, for each class letter, its bit.
var memberOf, classFor = func() (member [256]class, bit [128]class) {
	for i, c := range classes {
		bit[c.letter] = 1 << i
		for j := range len(c.chars) {
			member[c.chars[j]] |= 1 << i
		}
	}
	return member, bit
}()

// prepared fills in what follows from the grammar and the composite.
func prepared(l layout) *layout {
	l.allowed = make([]class, len(l.grammar))
	for i := range l.allowed {
		l.allowed[i] = classFor[l.grammar[i]]
	}
	l.mostlyFillers = slices.DeleteFunc([]span{l.optional, l.optional2, l.name}, func(s span) bool { return s == span{} })
	slices.SortFunc(l.mostlyFillers, func(a, b span) int { return a.from - b.from })
	at := 0 // the weights run on from part to part
	for i := range l.composite {
		p := &l.composite[i]
		for third := range p.weights {
			p.weights[third] = weights[(at+third)%cycle]
		}
		at += p.to - p.from
		if p.digit {
			p.digitWeight = weights[at%cycle]
			at++
		}
	}
	return &l
}

// misplaced is the first character that cannot stand where it stands, or -1. The
// text is as long as the grammar.
func (l *layout) misplaced(text string) int {
	from := 0
	for _, field := range l.mostlyFillers {
		// Behind its first character a filler can stand anywhere in these fields, and
		// half of a zone is such fillers.
		to := field.from + max(1, len(unfilled(field.of(text))))
		if i := l.misplacedIn(text, span{from, to}); i >= 0 {
			return i
		}
		from = field.to
	}
	return l.misplacedIn(text, span{from, len(l.allowed)})
}

// misplacedIn looks at a part of the text, four characters at a time as long as
// all is well: this loop is the most of reading a zone.
func (l *layout) misplacedIn(text string, part span) int {
	text, allowed := part.of(text), l.allowed[part.from:part.to]
	for len(text) >= 4 && len(allowed) >= 4 {
		if memberOf[text[0]]&allowed[0] == 0 || memberOf[text[1]]&allowed[1] == 0 ||
			memberOf[text[2]]&allowed[2] == 0 || memberOf[text[3]]&allowed[3] == 0 {
			break
		}
		text, allowed = text[4:], allowed[4:]
	}
	for i := range min(len(text), len(allowed)) {
		if memberOf[text[i]]&allowed[i] == 0 {
			return part.to - len(text) + i
		}
	}
	return -1
}

// wants describes in words what may stand at i.
func (l *layout) wants(i int) string {
	for _, c := range classes {
		if c.letter == l.grammar[i] {
			return c.want
		}
	}
	return ""
}

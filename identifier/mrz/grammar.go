package mrz

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

func prepared(l layout) *layout {
	l.allowed = make([]class, len(l.grammar))
	for i := range len(l.grammar) {
		l.allowed[i] = classFor[l.grammar[i]]
	}
	l.weight = make([]uint8, len(l.grammar))
	n := 0
	for _, field := range l.composite { // the weights run on from field to field
		for i := field.from; i < field.to; i++ {
			l.weight[i] = weights[n%len(weights)]
			n++
		}
	}
	return &l
}

// scan finds the first character that cannot stand where it stands, or -1, and
// adds up the composite check digit on the way. The text is as long as the
// grammar.
func (l *layout) scan(text string) (misplaced, compositeSum int) {
	text, weight := text[:len(l.allowed)], l.weight[:len(l.allowed)]
	for i, allowed := range l.allowed {
		c := text[i]
		if memberOf[c]&allowed == 0 {
			return i, 0
		}
		compositeSum += int(weight[i]) * int(value[c])
	}
	return -1, compositeSum
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

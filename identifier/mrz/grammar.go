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

// prepared fills in what follows from the grammar and the composite.
func prepared(l layout) *layout {
	l.allowed = make([]class, len(l.grammar))
	for i := range l.allowed {
		l.allowed[i] = classFor[l.grammar[i]]
	}
	l.eights, l.lots = l.words()
	for i := range len(l.grammar) {
		switch l.grammar[i] {
		case 'P', 'C', 's', '\n':
			l.apart = append(l.apart, i)
		}
	}
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

// word is what may stand at eight characters that follow each other in a line: the top bits of the bytes at which a letter,
// a digit and the filler may.
type word struct {
	at                    int
	upper, digit, fillers uint64
}

const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// most is how many words a layout has at most.
const most = 12

// words covers each line with words; the last of a line overlaps the one before.
func (l *layout) words() (ws [most]word, n int) {
	for line := 0; line < len(l.grammar); line += l.width + 1 {
		for at := line; at < line+l.width; at += 8 {
			w := word{at: min(at, line+l.width-8)}
			for i := range 8 {
				may, top := l.allowed[w.at+i], uint64(0x80)<<(8*i)
				if may&memberOf['M'] != 0 || may&memberOf['A'] != 0 || may&memberOf['P'] != 0 {
					w.upper |= top
				}
				if may&memberOf['0'] != 0 {
					w.digit |= top
				}
				if may&memberOf[filler] != 0 {
					w.fillers |= top
				}
			}
			ws[n] = w
			n++
		}
	}
	return ws, n
}

// inPlace reports whether every character can stand where it stands, eight at a time. To each byte a number is added that
// brings the first character of a range, or the one after its last, to 0x80; a byte beyond ASCII disturbs only bytes after
// it and is refused itself. The text is as long as the grammar.
func (l *layout) inPlace(text string) bool {
	for i := range l.lots {
		w := &l.eights[i]
		s := text[w.at : w.at+8]
		x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if x == filler*ones && w.fillers == tops { // half of a zone
			continue
		}
		upper := (x + (0x80-'A')*ones) &^ (x + (0x7f-'Z')*ones)
		digit := (x + (0x80-'0')*ones) &^ (x + (0x7f-'9')*ones)
		fills := (x + (0x80-filler)*ones) &^ (x + (0x7f-filler)*ones)
		if (upper&w.upper|digit&w.digit|fills&w.fillers)&^x&tops != tops {
			return false
		}
	}
	for _, i := range l.apart {
		if memberOf[text[i]]&l.allowed[i] == 0 {
			return false
		}
	}
	return true
}

// misplaced is the first character that cannot stand where it stands, or -1. The
// text is as long as the grammar.
func (l *layout) misplaced(text string) int {
	if l.inPlace(text) {
		return -1
	}
	for i := range len(text) {
		if memberOf[text[i]]&l.allowed[i] == 0 {
			return i
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

package reading

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/verinym/verinym/internal/ocr"
)

// line is a line of print with its place.
type line struct {
	text                     string // NFKC, blanks at the ends removed
	confidence               float64
	left, top, right, bottom float64
	labels                   []span
}

// span is where a label stands in a line, in runes.
type span struct {
	field    Field
	from, to int
}

func (l line) height() float64 { return l.bottom - l.top }

// layout is a page whose labels have been found.
type layout struct {
	page  Page
	lines []line // from the top, then from the left
}

// lay orders the lines of a page and finds the labels in them.
func (f Form) lay(p Page) layout {
	l := layout{page: p}
	for _, r := range p.Lines {
		text := strings.TrimSpace(norm.NFKC.String(r.Text))
		if text == "" {
			continue
		}
		n := line{text: text, confidence: r.Confidence}
		n.left, n.top, n.right, n.bottom = r.Quad.Bounds()
		n.labels = f.labelsIn(text)
		l.lines = append(l.lines, n)
	}
	slices.SortStableFunc(l.lines, func(a, b line) int {
		switch {
		case sameRow(a, b):
			return cmp.Compare(a.left, b.left)
		default:
			return cmp.Compare(a.top+a.bottom, b.top+b.bottom)
		}
	})
	return l
}

// sameRow reports whether two lines stand beside each other: their middles differ by less than half of the lower one.
func sameRow(a, b line) bool {
	middle := (a.top + a.bottom - b.top - b.bottom) / 2
	return max(middle, -middle) < min(a.height(), b.height())/2
}

// row are the lines beside n, itself included, from the left.
func (l layout) row(n line) (out []line) {
	for _, m := range l.lines {
		if sameRow(n, m) {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b line) int { return cmp.Compare(a.left, b.left) })
	return out
}

// labelsIn finds the labels in a line, the longest at each place, from the left. Blanks in between do not count (姓 名), and
// long labels may have one character read wrongly.
func (f Form) labelsIn(text string) (out []span) {
	rs := []rune(text)
	for i := 0; i < len(rs); {
		var best span
		if startsWord(rs, i) {
			for field, words := range f.Labels {
				for _, w := range words {
					if to, ok := matchLabel(rs, i, []rune(w)); ok && (to > best.to || to == best.to && field < best.field) {
						best = span{field, i, to}
					}
				}
			}
		}
		if best.to == 0 {
			i++
			continue
		}
		out = append(out, best)
		i = best.to
	}
	return out
}

// startsWord reports whether a label may begin here: a Latin one not within a word.
func startsWord(rs []rune, i int) bool {
	return i == 0 || !isLatin(rs[i]) || !isLatin(rs[i-1])
}

func isLatin(r rune) bool { return r < unicode.MaxLatin1 && unicode.IsLetter(r) }

// matchLabel reports whether a label stands at i, and where it ends.
func matchLabel(rs []rune, i int, label []rune) (to int, ok bool) {
	wrong, at := 0, i
	for _, want := range label {
		if want == ' ' {
			continue
		}
		for at > i && at < len(rs) && unicode.IsSpace(rs[at]) {
			at++
		}
		if at == len(rs) {
			return 0, false
		}
		if unicode.ToLower(rs[at]) != unicode.ToLower(want) {
			wrong++
		}
		at++
	}
	if wrong > 1 || wrong == 1 && len(label) < 4 {
		return 0, false
	}
	if at < len(rs) && isLatin(rs[at]) && isLatin(rs[at-1]) {
		return 0, false
	}
	return at, true
}

// marks are what stands between a label and its value.
const marks = " :：/.;,，、-—_|"

// beside returns what may be the value of a label, the likeliest first: what follows it in its line, what stands to its right,
// what stands below.
func (l layout) beside(field Field) (out []line) {
	for i, n := range l.lines {
		for k, s := range n.labels {
			if s.field != field {
				continue
			}
			if rest, ok := n.after(k); ok {
				out = append(out, rest)
			}
			if k == len(n.labels)-1 {
				out = append(out, l.right(i)...)
			}
			out = append(out, l.below(i)...)
		}
	}
	return out
}

// after is what follows the k-th label of a line, up to the next label.
func (n line) after(k int) (line, bool) {
	rs := []rune(n.text)
	from, to := n.labels[k].to, len(rs)
	if k+1 < len(n.labels) {
		to = n.labels[k+1].from
	}
	rest := strings.Trim(string(rs[from:to]), marks)
	if rest == "" {
		return line{}, false
	}
	wide := (n.right - n.left) / float64(len(rs))
	part := n
	part.text, part.labels = rest, nil
	part.left, part.right = n.left+wide*float64(from), n.left+wide*float64(to)
	return part, true
}

// plain is a line without labels, and without the marks at its ends; ok is false when nothing is left.
func (n line) plain() (line, bool) {
	if len(n.labels) > 0 {
		return line{}, false
	}
	n.text = strings.Trim(n.text, marks)
	return n, n.text != ""
}

// right is the nearest line to the right, unless it begins with a label itself.
func (l layout) right(i int) []line {
	for j := i + 1; j < len(l.lines); j++ {
		if n := l.lines[j]; sameRow(l.lines[i], n) && n.left >= l.lines[i].right-l.lines[i].height() {
			if n, ok := n.plain(); ok {
				return []line{n}
			}
			return nil
		}
	}
	return nil
}

// onward is a line with what goes on to the right of it: engines cut a day in pieces where a seal crosses it.
func (l layout) onward(n line) line {
	for _, m := range l.row(n) {
		m, ok := m.plain()
		if gap := m.left - n.right; !ok || gap < -n.height() || gap > 3*n.height() || m.right <= n.right {
			continue
		}
		n.text += " " + m.text
		n.right, n.confidence = m.right, min(n.confidence, m.confidence)
	}
	return n
}

// below is the line that stands right under another, without a label.
func (l layout) below(i int) []line {
	a := l.lines[i]
	best := -1
	for j, b := range l.lines {
		over := min(a.right, b.right) - max(a.left, b.left)
		gap := b.top - a.bottom
		if j == i || sameRow(a, b) || over <= 0 || gap < -b.height()/2 || gap > 2.2*max(a.height(), b.height()) {
			continue
		}
		if best < 0 || b.top < l.lines[best].top {
			best = j
		}
	}
	if best < 0 {
		return nil
	}
	n, ok := l.lines[best].plain()
	if !ok {
		return nil
	}
	return []line{n}
}

// wrapped is what a value that begins in a line may go on with: the next line down that has no label and begins where the
// value does.
func (l layout) wrapped(n line) (line, bool) {
	for _, b := range l.lines {
		if gap := b.top - n.bottom; gap < -n.height()/2 || gap > n.height() || sameRow(n, b) {
			continue
		}
		if b, ok := b.plain(); ok && max(b.left-n.left, n.left-b.left) < 1.2*n.height() {
			return b, true
		}
	}
	return line{}, false
}

// value makes a field's value of what stands in a line.
func (l layout) value(n line, text string) Value {
	w, h := float64(max(l.page.Width, 1)), float64(max(l.page.Height, 1))
	return Value{Text: text, Confidence: n.confidence, Side: l.page.Side, Quad: ocr.Box(n.left/w, n.top/h, n.right/w, n.bottom/h)}
}

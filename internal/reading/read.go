package reading

import (
	"strings"
	"time"

	"github.com/verinym/verinym/identifier"
)

// Read finds a document's fields on its pages. Days are judged as of now.
func (f Form) Read(now time.Time, pages ...Page) Fields {
	out := Fields{Values: map[Field]Value{}}
	for _, p := range pages {
		l := f.lay(p)
		out.texts = append(out.texts, l.texts()...)
		f.readNames(l, out)
		f.readNumber(l, now, out)
		f.readDates(l, out)
		f.readAddress(l, out)
		if f.shows(MRZ, []Page{p}) {
			f.readZone(l, now, &out)
		}
		f.readQR(p, now, out)
	}
	if !f.Organization { // an identity card is valid from the day of its issue
		if v, ok := out.Values[ValidFrom]; ok {
			out.put(IssuedOn, v)
		}
	}
	return out
}

// put notes what was read of a field that nothing has been read of yet.
func (o Fields) put(field Field, v Value) {
	if _, there := o.Values[field]; !there {
		o.set(field, v)
	}
}

// set notes what was read of a field.
func (o Fields) set(field Field, v Value) { o.Values[field] = v }

// texts are all the lines of a page, what follows labels in them, and lines that may belong together.
func (l layout) texts() (out []Value) {
	for _, n := range l.lines {
		out = append(out, l.value(n, n.text))
		parts := []line{}
		if p, ok := n.plain(); ok {
			parts = append(parts, p)
		}
		for k := range n.labels {
			if rest, ok := n.after(k); ok {
				parts = append(parts, rest)
			}
		}
		for _, p := range parts {
			out = append(out, l.value(p, p.text))
			if next, ok := l.wrapped(p); ok {
				both := p.with(next)
				out = append(out, l.value(both, both.text))
			}
		}
	}
	return out
}

// readAddress takes what stands beside its label, and up to three lines more.
func (f Form) readAddress(l layout, out Fields) {
	found := l.beside(Address)
	if len(found) == 0 {
		return
	}
	whole, last := found[0], found[0]
	for range 3 {
		next, ok := l.wrapped(last)
		if !ok {
			break
		}
		whole, last = whole.with(next), next
	}
	out.put(Address, l.value(whole, whole.text))
}

// readQR takes a licence's social credit code from its QR code. The code is text and is never opened. It stands in for a number
// that could not be read.
func (f Form) readQR(p Page, now time.Time, out Fields) {
	for _, text := range p.QR {
		if code, ok := creditCode(text, now); ok {
			v := Value{Text: code, Confidence: 1, Side: p.Side}
			out.put(QR, v)
			if n, read := out.Values[Number]; !read || !f.checks(n.Text, now) {
				out.set(Number, v)
			}
			return
		}
	}
}

func (f Form) checks(number string, now time.Time) bool {
	_, err := identifier.ParseAt(f.Number, number, now)
	return err == nil
}

// creditCode finds a social credit code in the text of a QR code: in the register's address (uniscid=…) or by itself.
func creditCode(text string, now time.Time) (string, bool) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !isLatin(r) && (r < '0' || r > '9') }) {
		if len(word) != 18 {
			continue
		}
		if n, err := identifier.ParseAt(identifier.USCC, word, now); err == nil {
			return n.Normal, true
		}
	}
	return "", false
}

package reading

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/identifier/civil"
	"github.com/verinym/verinym/identifier/mrz"
)

// mostSlips is how many characters of a zone may be replaced because they cannot stand where they stand: 0 in the three letters
// of a state, O in a date. All check digits have to be right afterwards.
const mostSlips = 6

// shortestZoneLine is how much of a line of a zone has to be there to be known as one: engines lose fillers.
const shortestZoneLine = 18

// readZone finds the machine-readable lines of a page and what they say, which is worth more than print: it carries checks.
func (f Form) readZone(l layout, now time.Time, out *Fields) {
	zone := l.zoneLines()
	if len(zone) == 0 {
		return
	}
	for _, form := range []struct{ lines, width int }{{2, 44}, {3, 30}, {2, 36}} {
		for i := 0; i+form.lines <= len(zone); i++ {
			part := zone[i : i+form.lines]
			if d, slips, ok := parseZone(part, form.width, now); ok {
				f.takeZone(l, part, d, slips, now, *out)
				return
			}
		}
	}
	out.ZoneBroken = true
}

// zoneLines are the lines that may belong to a zone, from the top. What an engine found in several pieces is put together.
func (l layout) zoneLines() (zone []line) {
	var pieces []line
	for _, n := range l.lines {
		if n.text = zoneText(n.text); n.text != "" && (strings.Contains(n.text, "<") || len(n.text) >= shortestZoneLine) {
			pieces = append(pieces, n)
		}
	}
	slices.SortStableFunc(pieces, func(a, b line) int { return cmp.Compare(a.left, b.left) })
	for _, n := range pieces {
		if i := slices.IndexFunc(zone, func(z line) bool { return sameRow(z, n) }); i >= 0 {
			z := &zone[i]
			if n.left < z.right-n.height()/2 { // a part of it that was found twice
				continue
			}
			z.text, z.right, z.confidence = z.text+n.text, max(z.right, n.right), min(z.confidence, n.confidence)
			continue
		}
		zone = append(zone, n)
	}
	zone = slices.DeleteFunc(zone, func(n line) bool {
		return len(n.text) < shortestZoneLine || !strings.Contains(n.text, "<<") && len(n.text) < 28
	})
	slices.SortStableFunc(zone, func(a, b line) int { return cmp.Compare(a.top, b.top) })
	return zone
}

// zoneText is a line as a zone writes it, empty when it is none.
func zoneText(text string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(text) {
		switch {
		case r == ' ':
		case r == '«', r == '《':
			b.WriteString("<<")
		case strings.ContainsRune("‹〈＜く(", r):
			b.WriteByte('<')
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r == '<':
			b.WriteRune(r)
		default:
			return ""
		}
	}
	return b.String()
}

// parseZone reads lines as a zone of a width and says how many slips it put right. Where that fails and the second line is one
// character too long, the last one may be the edge of the page.
func parseZone(lines []line, width int, now time.Time) (d mrz.Repaired, slips int, ok bool) {
	d, slips, ok = parseLines(lines, width, now)
	if second := lines[1].text; !ok && len(second) == width+1 {
		lines = slices.Clone(lines)
		lines[1].text = second[:width]
		return parseLines(lines, width, now)
	}
	return d, slips, ok
}

// parseLines reads lines whose runs of fillers may have been read too long or too short.
func parseLines(lines []line, width int, now time.Time) (d mrz.Repaired, slips int, ok bool) {
	texts := make([]string, len(lines))
	for i, n := range lines {
		if i == 0 {
			n.text = begin(n.text)
		} else if i == 1 {
			n.text = aligned(n.text, width)
		}
		t, ok := fit(n.text, width)
		if !ok {
			return d, 0, false
		}
		texts[i] = t
	}
	put := sameState(texts)
	text := strings.Join(texts, "\n")
	for slips = range mostSlips {
		found, err := mrz.ParseAt(text, now)
		if err == nil {
			return mrz.Repaired{Document: found}, put + slips, true
		}
		var wrong *mrz.Error
		if !errors.As(err, &wrong) || wrong.Code != mrz.CodeConfusable || len(wrong.Want) != 1 {
			break
		}
		at := (wrong.Line-1)*(width+1) + wrong.Column - 1
		text = text[:at] + wrong.Want + text[at+1:]
	}
	d, ok = mrz.RepairAt(text, now)
	return d, put + slips, ok
}

// begin takes away what stands before the document's code (ICAO Doc 9303: P, I, A, C or V) in the first line: the edge of the page.
func begin(text string) string {
	for i := range min(2, max(len(text)-1, 0)) {
		if strings.IndexByte("PIACV", text[i]) >= 0 && text[i+1] == '<' {
			return text[i:]
		}
	}
	return text
}

// aligned takes away what stands before the second line, if the first check digit of the line says so: that of the document's
// number, on cards of three lines that of the birth date.
func aligned(text string, width int) string {
	n := 9
	if width == 30 {
		n = 6
	}
	checks := func(text string) bool {
		digit, ok := mrz.CheckDigit(text[:n])
		return ok && digit == text[n]
	}
	if len(text) == width+1 && !checks(text) && checks(text[1:]) {
		return text[1:]
	}
	return text
}

// sameState reads the holder's state and the issuer's by each other where an engine gave digits for letters, 0T0 or 070 for UTO,
// and no letter differs: most people hold a document of their own state. No check digit covers either. It returns how many
// characters of the issuer's it has put right.
func sameState(lines []string) (put int) {
	at := 10
	if len(lines) == 3 {
		at = 15
	}
	issuer, holder := lines[0][2:5], lines[1][at:at+3]
	var state strings.Builder
	for i := range issuer {
		a, b := isDigit(issuer[i]), isDigit(holder[i])
		switch {
		case !a && !b && issuer[i] != holder[i]:
			return 0
		case a:
			put++
			state.WriteByte(holder[i])
		default:
			state.WriteByte(issuer[i])
		}
	}
	s := lettersForDigits.Replace(state.String())
	if strings.ContainsAny(s, "0123456789") {
		return 0
	}
	lines[0] = lines[0][:2] + s + lines[0][5:]
	lines[1] = lines[1][:at] + s + lines[1][at+3:]
	return put
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// lettersForDigits are the letters that engines take for digits.
var lettersForDigits = strings.NewReplacer("0", "O", "1", "I", "2", "Z", "5", "S", "6", "G", "8", "B")

// fit brings a line to its width by making its longest run of fillers longer or shorter: as much as needed where it ends the
// line, as it does after a name, by no more than a third of the width within it.
func fit(text string, width int) (string, bool) {
	if len(text) == width {
		return text, true
	}
	at, n := longestRun(text)
	if name := text[min(5, len(text)):]; !strings.ContainsAny(name, "0123456789") { // a name: what is missing is missing at the end
		at = len(strings.TrimRight(text, "<"))
		n = len(text) - at
	}
	more := width - len(text)
	within := at+n < len(text)
	if n < 1 || within && n < 2 || n+more < 1 || within && more > width/3 {
		return "", false
	}
	return text[:at] + strings.Repeat("<", n+more) + text[at+n:], true
}

func longestRun(text string) (at, n int) {
	for i := 0; i < len(text); i++ {
		j := i
		for j < len(text) && text[j] == '<' {
			j++
		}
		if j-i > n {
			at, n = i, j-i
		}
		i = max(i, j-1)
	}
	return at, n
}

// takeZone puts what a zone says in the place of what print says. A card whose zone has a number of its own, not the holder's,
// keeps the printed one.
func (f Form) takeZone(l layout, lines []line, d mrz.Repaired, slips int, now time.Time, out Fields) {
	whole := lines[0]
	for _, n := range lines[1:] {
		whole.left, whole.right, whole.bottom = min(whole.left, n.left), max(whole.right, n.right), n.bottom
		whole.confidence = min(whole.confidence, n.confidence)
	}
	put := func(field Field, text string) {
		if text != "" {
			v := l.value(whole, text)
			if d.From != 0 {
				v = v.repaired()
			}
			out.set(field, v)
		}
	}
	put(MRZ, d.Text)
	if slips > 0 {
		out.set(MRZ, out.Values[MRZ].repaired())
	}
	if !d.NameMayBeCut() {
		out.put(NameLatin, l.value(whole, strings.TrimSpace(d.Surname()+" "+d.GivenNames()))) // no check digit covers it
	}
	if !d.Birth.IsZero() {
		put(Birth, iso(d.Birth))
	}
	put(ValidTo, iso(d.Expiry))
	switch f.Number {
	case identifier.Passport, identifier.HKMacaoTravelPermit, identifier.TaiwanTravelPermit:
		if v, ok := f.parse(d.Number, false, now); ok {
			put(Number, v)
		}
	}
}

func iso(d civil.Date) string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

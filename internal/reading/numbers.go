package reading

import (
	"regexp"
	"strings"
	"time"

	"github.com/verinym/verinym/identifier"
)

// runs are what a number may stand in: letters and digits, with the blanks, hyphens and brackets that people put between.
var runs = regexp.MustCompile(`[0-9A-Za-z][0-9A-Za-z \-()]*[0-9A-Za-z)]|[0-9A-Za-z]`)

// readNumber finds the document's number: beside its label, or anywhere when it carries a check that tells it from everything
// else. One confusion is repaired only if the check is right then. Without a check, or with a wrong one, what stands beside
// the label is what was read.
func (f Form) readNumber(l layout, now time.Time, out Fields) {
	if f.Number == "" {
		return
	}
	labelled := l.beside(Number)
	all := labelled
	if checkable(f.Number) {
		all = append(all, l.lines...)
	}
	for _, repair := range []bool{false, true} {
		for _, n := range all {
			for _, c := range candidates(n.text) {
				if v, ok := f.parse(c, repair, now); ok {
					value := l.value(n, v)
					if repair {
						value = value.repaired()
					}
					out.put(Number, value)
					return
				}
			}
		}
	}
	for _, n := range labelled {
		if cs := candidates(n.text); len(cs) > 0 && strings.ContainsAny(cs[0], "0123456789") {
			value := l.value(n, tidy(cs[0]))
			value.Confidence = min(value.Confidence, doubtful) // it is against its standard: misread, or no number
			out.put(Number, value)
			return
		}
	}
}

// checkable reports whether a number of this kind cannot well be anything else.
func checkable(k identifier.Kind) bool {
	switch k {
	case identifier.Passport, identifier.TaiwanTravelPermit, identifier.HKCertificateOfIncorporation, identifier.HKBusinessRegistration,
		identifier.ForeignRegistration, identifier.OrganizationCode, identifier.OrganizationCodeCertificate:
		return false
	}
	return true
}

// parse checks a candidate, repaired or as it is, and returns it in the form of its standard.
func (f Form) parse(candidate string, repair bool, now time.Time) (string, bool) {
	if f.Number == identifier.ForeignRegistration {
		return candidate, !repair && strings.ContainsAny(candidate, "0123456789")
	}
	if repair {
		n, ok := identifier.RepairAt(f.Number, candidate, now)
		return n.Normal, ok
	}
	n, err := identifier.ParseAt(f.Number, candidate, now)
	return n.Normal, err == nil
}

// candidates are what in a text may be a number, the whole of each run first and then its words.
func candidates(text string) (out []string) {
	for _, run := range runs.FindAllString(text, -1) {
		run = strings.TrimSpace(run)
		out = append(out, run)
		if words := strings.Fields(run); len(words) > 1 {
			out = append(out, words...)
		}
	}
	return out
}

// tidy is a number as it is compared: capitals and digits alone.
func tidy(number string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, number)
}

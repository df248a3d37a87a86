package profile

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
)

// rounded is how spreadsheets write a number of more digits than they keep.
var rounded = regexp.MustCompile(`^[0-9](\.[0-9]+)?[Ee]\+[0-9]+$`)

const isoDay = "2006-01-02"

// parseNumber checks a document number by the standard of its kind. What policy
// calls a warning, the wrong check digit of a social credit code, is let through
// for a reviewer to see: real early codes fail it. A mask is told from a slip, as files
// that were exported come back with masks.
func parseNumber(p *policy.Policies, kind, typed string, now time.Time) (identifier.Number, error) {
	if strings.ContainsAny(typed, "*＊•●") { // of no kind of number
		return identifier.Number{}, fault.At("document_number", "number_masked")
	}
	if rounded.MatchString(strings.TrimSpace(norm.NFKC.String(typed))) {
		return identifier.Number{}, fault.At("document_number", "number_rounded")
	}
	k, known := p.AcceptedNumber(kind)
	if !known {
		k = identifier.ForeignRegistration // the kind is refused elsewhere
	}
	n, err := identifier.ParseAt(k, typed, now)
	var wrong *identifier.Error
	if !errors.As(err, &wrong) {
		return n, err
	}
	if p.NumberSeverity(n, wrong.Code) == "warn" {
		return n, nil
	}
	f := fault.At("document_number", wrong.Code).With("Kind", kind)
	switch wrong.Code {
	case identifier.CodeLength:
		f = f.With("Want", wrong.Want).With("Got", strconv.Itoa(wrong.Length))
	case identifier.CodeFormat:
		f = f.With("Position", strconv.Itoa(wrong.Position)).With("Want", wrong.Want)
	case identifier.CodeConfusable:
		f = f.With("Typed", wrong.Found).With("Suggestion", wrong.Want)
	case identifier.CodeTypeMismatch:
		if k == identifier.USCC && slices.Contains(wrong.Looks, identifier.BusinessLicence) {
			return n, fault.At("document_number", "number_before_reform").With("Kind", kind)
		}
		looks := make([]string, len(wrong.Looks))
		for i, l := range wrong.Looks {
			looks[i] = string(l)
		}
		f = f.With("Looks", strings.Join(looks, ","))
	}
	return n, f
}

// checkDates checks the form and order of the document's dates.
func (f *Fields) checkDates(wrong *fault.List) {
	sound := true
	for _, typed := range [][2]string{{"issued_on", f.IssuedOn}, {"valid_from", f.ValidFrom}, {"valid_to", f.ValidTo}} {
		field, v := typed[0], typed[1]
		if _, err := time.Parse(isoDay, v); v != "" && err != nil {
			wrong.Add(fault.At(field, "date_invalid").With("Field", field))
			sound = false
		}
	}
	if sound && f.ValidFrom != "" && f.ValidTo != "" && f.ValidTo < f.ValidFrom {
		wrong.Add(fault.At("valid_to", "dates_inconsistent").With("From", f.ValidFrom).With("To", f.ValidTo))
	}
}

// agesOf returns what the dates of a document say today, days in Asia/Shanghai:
// expired, or issued too few days ago (with the day from which it counts).
func (f *Fields) agesOf(p *policy.Policies, now time.Time) (out fault.List) {
	today := now.In(p.Calendar.Zone()).Format(isoDay)
	if f.ValidTo != "" && !f.LongTerm && f.ValidTo < today {
		out.Add(fault.At("valid_to", "expired").With("Date", f.ValidTo))
	}
	if f.ValidFrom > today {
		out.Add(fault.At("valid_from", "not_yet_valid").With("Date", f.ValidFrom))
	}
	if from, ok := p.Limits.AcceptedFrom(f.IssuedOn); ok && today < from {
		out.Add(fault.At("issued_on", "issued_under_10_days").With("Date", from))
	}
	return out
}

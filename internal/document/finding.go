package document

import (
	"strconv"
	"strings"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/screen"
)

// Finding is what screening says about a picture: a canonical reason, how grave
// it is, the values its text needs and where in the picture (x, y, w, h in
// pixels) it was seen.
type Finding struct {
	Code     string            `json:"code"`
	Severity string            `json:"severity"`
	Hard     bool              `json:"hard,omitempty"`
	Params   map[string]string `json:"params,omitempty"`
	Region   []int             `json:"region,omitempty"`
}

// Rejected is the error of a refused picture. Unwrap gives the fault
// document_rejected with one detail a finding.
type Rejected struct {
	Findings []Finding
	// Preview is the picture, smaller, when it can be decoded; Width and Height are
	// those of the picture that was sent, in which the findings' regions are.
	Preview       []byte
	Width, Height int
	fault         *fault.Error
}

// Error names the codes.
func (r *Rejected) Error() string { return r.fault.Error() }

// Unwrap gives the fault.
func (r *Rejected) Unwrap() error { return r.fault }

// present turns what screening found into findings whose parameters people can read.
func present(in []screen.Finding) []Finding {
	out := make([]Finding, 0, len(in))
	for _, f := range in {
		g := Finding{Code: string(f.Code), Severity: string(f.Severity), Hard: f.Hard, Params: map[string]string{}}
		for k, v := range f.Params {
			switch k {
			case "Size", "Min", "Max":
				if n, err := strconv.ParseInt(v, 10, 64); err == nil {
					v = HumanBytes(n)
				}
			case "Formats":
				v = strings.ReplaceAll(v, ",", ", ")
			}
			g.Params[k] = v
		}
		if f.Region != nil {
			g.Region = []int{int(f.Region.X), int(f.Region.Y), int(f.Region.W), int(f.Region.H)}
		}
		out = append(out, g)
	}
	return out
}

// HumanBytes is a number of bytes as people read it.
func HumanBytes(n int64) string {
	if n >= 1<<20 {
		return strings.TrimSuffix(strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64), ".0") + " MB"
	}
	return strconv.FormatInt((n+1<<9)>>10, 10) + " KB"
}

func rejected(side string, findings []Finding) *Rejected {
	f := fault.At(side, "document_rejected")
	for _, x := range findings {
		if x.Severity == string(screen.Error) {
			f.Details = append(f.Details, &fault.Error{Kind: fault.Invalid, Code: x.Code, Field: side, Params: x.Params})
		}
	}
	return &Rejected{Findings: findings, fault: f}
}

// Contestable reports whether a person may be asked to look at the picture: only
// what is no judgement, such as format and size, stops for good.
func (r *Rejected) Contestable() bool {
	for _, f := range r.Findings {
		if f.Severity == string(screen.Error) && f.Hard {
			return false
		}
	}
	return true
}

func codes(findings []Finding) []string {
	out := make([]string, 0, len(findings))
	for _, f := range findings {
		out = append(out, f.Code)
	}
	return out
}

package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/policies"
)

// policyFiles are the shipped policy files, under those of an operator's folder
// when dir is not "".
func policyFiles(dir string) fs.FS {
	if dir == "" {
		return policies.FS
	}
	return policy.Layered(policies.FS, os.DirFS(dir))
}

// PolicyReport is what checking policy files found.
type PolicyReport struct {
	Version  string           `json:"version,omitempty"`
	Dated    string           `json:"dated,omitempty"`
	Rules    int              `json:"rules"`
	Cases    int              `json:"cases"`
	Problems []policy.Problem `json:"problems"`
	// Otherwise are the shipped golden cases that the operator's files decide
	// otherwise: what they change, no fault.
	Otherwise []policy.Problem `json:"decided_otherwise,omitempty"`
}

// CheckPolicy checks the shipped policy files, or an operator's folder laid over
// them, and asks the golden cases beside them.
func CheckPolicy(dir string) (r PolicyReport, err error) {
	r.Problems = []policy.Problem{}
	files := policyFiles(dir)
	var wrong policy.Problems
	p, err := policy.Load(files)
	switch {
	case errors.As(err, &wrong):
		r.Problems = wrong
		return r, nil
	case err != nil:
		return r, err
	}
	if _, err := locale.Load(files); err != nil {
		return r, err
	}
	r.Version, r.Dated, r.Rules = p.Version, p.Dated, len(p.Rules())
	shipped, err := runCases(p, policies.Cases, &r)
	if dir == "" {
		r.Problems = append(r.Problems, shipped...)
		return r, err
	}
	r.Otherwise, r.Cases = shipped, 0
	own, err := runCases(p, os.DirFS(dir), &r)
	r.Problems = append(r.Problems, own...)
	return r, err
}

func runCases(p *policy.Policies, files fs.FS, r *PolicyReport) (wrong []policy.Problem, err error) {
	cases, err := policy.LoadCases(files)
	var bad policy.Problems
	if errors.As(err, &bad) {
		return bad, nil
	}
	for _, c := range cases {
		w, _ := p.Run(c)
		wrong = append(wrong, w...)
	}
	r.Cases += len(cases)
	return wrong, err
}

// PolicyQuestion is what ExplainPolicy is asked.
type PolicyQuestion struct {
	Dir           string // of an operator's own files; "" for none
	Suffix        string // or a domain name
	Accreditation string // mainland or overseas
	Holder        string // individual, organization or ""
	Residence     string // ISO 3166 or ""
	On            string // the day of the question; today when ""
}

// PolicyAnswer is what a suffix demands under one accreditation.
type PolicyAnswer struct {
	Suffix        string             `json:"suffix"`
	Accreditation string             `json:"accreditation"`
	Version       string             `json:"policy_version"`
	Paragraphs    []policy.Paragraph `json:"paragraphs"`
	Facts         policy.Facts       `json:"facts"`
}

// ExplainPolicy says in words what a suffix demands. The error is UnknownSuffix
// for one that no file names.
func ExplainPolicy(q PolicyQuestion) (a PolicyAnswer, err error) {
	files := policyFiles(q.Dir)
	p, err := policy.Load(files)
	if err != nil {
		return a, err
	}
	texts, err := locale.Load(files)
	if err != nil {
		return a, err
	}
	question := policy.Question{
		Accreditation: policy.Accreditation(q.Accreditation), Domain: "." + q.Suffix,
		Holder: policy.HolderType(q.Holder), Residence: q.Residence, Today: q.On,
	}
	a = PolicyAnswer{Suffix: q.Suffix, Accreditation: q.Accreditation, Version: p.Version}
	if a.Paragraphs, err = p.Explain(texts, question); fault.Code(err) == "suffix_unsupported" {
		return a, UnknownSuffix{q.Suffix, p.Nearest(q.Suffix)}
	}
	if err != nil {
		return a, err
	}
	if a.Facts, err = p.Ask(question); err != nil {
		return a, fmt.Errorf("app: %w", err)
	}
	return a, nil
}

// UnknownSuffix says that no policy file names a suffix. Near is what was most
// likely meant, "" for nothing.
type UnknownSuffix struct{ Suffix, Near string }

func (u UnknownSuffix) Error() string { return "no policy for " + u.Suffix }

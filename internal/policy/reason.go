package policy

import (
	"go.yaml.in/yaml/v3"
)

// Reason is a canonical reason code without its texts.
type Reason struct {
	Code      string
	Severity  string
	Retryable string
	PointsAt  struct {
		Kind string
		Name string
	} `yaml:"points_at"`
	// FoundBy are those who may find it: preflight, screening, ocr, desk, authority, registry.
	FoundBy []string `yaml:"found_by"`
	Params  []string
	Aliases []string
	// Phrases are how other registrars say it.
	Phrases []Published

	node *yaml.Node
}

// Reason returns the reason called code. A retired name (alias) finds it too.
func (p *Policies) Reason(code string) (Reason, bool) {
	r, ok := p.reasons[code]
	return r, ok
}

package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/verinym/verinym/internal/calendar"
)

// Policies is one set of policy files, read and checked.
type Policies struct {
	// Version is a digest of the files.
	Version string
	// Calendar counts the business days of reviews.
	Calendar *calendar.Calendar
	Limits   Limits

	suffixes  map[string]Suffix
	documents []Document
	reasons   map[string]Reason
	Places    Places
}

// Load reads the policy files of files.
func Load(files fs.FS) (*Policies, error) {
	p := &Policies{suffixes: map[string]Suffix{}, reasons: map[string]Reason{}}
	sum := sha256.New()
	read := func(name string, into any) error {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("policy: %w", err)
		}
		sum.Write(b)
		if err := yaml.NewDecoder(bytes.NewReader(b)).Decode(into); err != nil {
			return fmt.Errorf("policy: %s: %w", name, err)
		}
		return nil
	}
	var s struct{ Suffixes []Suffix }
	var d struct{ Documents []Document }
	var r struct{ Reasons []Reason }
	for _, f := range []struct {
		name string
		into any
	}{{"suffixes.yaml", &s}, {"documents.yaml", &d}, {"reasons.yaml", &r}, {"places.yaml", &p.Places}, {"limits.yaml", &p.Limits}} {
		if err := read(f.name, f.into); err != nil {
			return nil, err
		}
	}
	for _, x := range s.Suffixes {
		if err := x.check(); err != nil {
			return nil, fmt.Errorf("policy: suffixes.yaml: %w", err)
		}
		p.suffixes[x.ALabel] = x
		for _, covered := range x.Covers {
			c := x
			c.ALabel = covered
			p.suffixes[covered] = c
		}
	}
	for _, x := range r.Reasons {
		if _, twice := p.reasons[x.Code]; twice {
			return nil, fmt.Errorf("policy: reasons.yaml: %s stands twice", x.Code)
		}
		p.reasons[x.Code] = x
	}
	p.documents = d.Documents
	cal, err := calendar.Load(files)
	if err != nil {
		return nil, err
	}
	p.Calendar = cal
	p.Version = hex.EncodeToString(sum.Sum(nil))[:12]
	return p, nil
}

// Duration is an ISO 8601 duration of days, hours, minutes and seconds.
type Duration time.Duration

// UnmarshalYAML reads "P5D" or "PT60S".
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	v, err := parseDuration(n.Value)
	*d = Duration(v)
	return err
}

func parseDuration(s string) (time.Duration, error) {
	bad := fmt.Errorf("%q is not a duration such as P5D or PT60S", s)
	rest, ok := strings.CutPrefix(s, "P")
	if !ok || rest == "" {
		return 0, bad
	}
	days, clock, _ := strings.Cut(rest, "T")
	var total time.Duration
	if days != "" {
		var n int
		if _, err := fmt.Sscanf(days, "%dD", &n); err != nil || fmt.Sprintf("%dD", n) != days {
			return 0, bad
		}
		total = time.Duration(n) * 24 * time.Hour
	}
	if clock != "" {
		t, err := time.ParseDuration(strings.ToLower(clock))
		if err != nil {
			return 0, bad
		}
		total += t
	}
	return total, nil
}

package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/verinym/verinym/internal/calendar"
	"github.com/verinym/verinym/policies"
)

// Policies is one set of policy files, read and checked.
type Policies struct {
	// Version is a digest of the files: what a case, an order or a document was
	// decided under. Dated is the day that suffixes.yaml was gone through last.
	Version string
	Dated   string
	// Calendar counts the business days of reviews.
	Calendar *calendar.Calendar
	Limits   Limits
	Places   Places
	ICANN    ICANN

	suffixes  map[string]Suffix
	documents []Document
	papers    []Paper
	layouts   []layout
	labels    []label
	reasons   map[string]Reason

	files map[string][]byte // as they were read, by name

	// For the places of facts.
	src      *sources
	roots    map[string]*yaml.Node // limits and places
	groups   map[string]*yaml.Node // the keys of groups of residences
	regimes  map[string]*yaml.Node
	holidays []*yaml.Node
}

// kinds are the files that are read: kind.yaml and every kind-*.yaml, whose
// entries add to the first or take the place of entries of the same name.
var kinds = []string{"suffixes", "documents", "reasons", "places", "limits"}

// Load reads the policy files of files, and checks every one of them. The error
// is Problems when it is what stands in a file that is wrong.
func Load(files fs.FS) (*Policies, error) {
	l := loader{files: files, src: &sources{fileOf: map[*yaml.Node]string{}}, roots: map[string][]*yaml.Node{}, texts: map[string][]byte{}}
	for _, kind := range kinds {
		if err := l.read(kind); err != nil {
			return nil, err
		}
	}
	if err := l.readHolidays(); err != nil {
		return nil, err
	}
	if err := l.findStrangers(); err != nil {
		return nil, err
	}
	if err := l.src.problems.err(); err != nil {
		return nil, err
	}
	p := l.assemble()
	if err := l.src.problems.err(); err != nil {
		return nil, err
	}
	p.check()
	if err := l.src.problems.err(); err != nil {
		return nil, err
	}
	var err error
	if p.Calendar, err = calendar.Load(files); err != nil {
		return nil, err
	}
	p.Version, p.files = l.digest(), l.texts
	return p, nil
}

// loader reads one set of files.
type loader struct {
	files fs.FS
	src   *sources
	roots map[string][]*yaml.Node // by kind, in the order of reading
	texts map[string][]byte       // of each file, by name
}

func (l *loader) read(kind string) error {
	more, err := fs.Glob(l.files, kind+"-*.yaml")
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	for _, name := range slices.Concat([]string{kind + ".yaml"}, more) {
		root, err := l.parse(name, kind)
		if err != nil {
			return err
		}
		if root != nil {
			l.roots[kind] = append(l.roots[kind], root)
		}
	}
	return nil
}

func (l *loader) readHolidays() error {
	names, err := fs.Glob(l.files, "holidays-*.json")
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	for _, name := range names {
		root, err := l.parse(name, "holidays") // JSON is YAML
		if err != nil {
			return err
		}
		if root != nil {
			l.roots["holidays"] = append(l.roots["holidays"], root)
		}
	}
	return nil
}

// findStrangers refuses files whose name says nothing: a misspelt one would be
// ignored otherwise.
func (l *loader) findStrangers() error {
	for _, pattern := range []string{"*.yaml", "*.yml", "*.json"} {
		names, err := fs.Glob(l.files, pattern)
		if err != nil {
			return fmt.Errorf("policy: %w", err)
		}
		for _, name := range names {
			if !isPolicyFile(name) {
				l.src.problems = append(l.src.problems, Problem{Position{name, 1, 1}, CodeKey, "", "nobody reads a file of this name; there are " +
					strings.Join(kinds, ".yaml, ") + ".yaml, each also as NAME-yours.yaml, and holidays-YYYY.json"})
			}
		}
	}
	return nil
}

func isPolicyFile(name string) bool {
	if strings.HasPrefix(name, "holidays-") {
		return strings.HasSuffix(name, ".json")
	}
	return slices.ContainsFunc(kinds, func(kind string) bool {
		return name == kind+".yaml" || strings.HasPrefix(name, kind+"-") && strings.HasSuffix(name, ".yaml")
	})
}

// parse reads one file and checks its form; nil when it has none.
func (l *loader) parse(name, kind string) (*yaml.Node, error) {
	b, err := fs.ReadFile(l.files, name)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	l.texts[name] = b
	root := l.src.parse(name, b)
	if root == nil {
		return nil, nil
	}
	if isShipped(name, b) {
		return root, nil
	}
	before, whole := len(l.src.problems), root
	if slices.Contains(merging, kind) && len(l.roots[kind]) > 0 {
		whole = l.src.merged(l.laid(kind), root) // a file that is laid over others says only what it changes
	}
	if err := l.src.validate(kind, whole); err != nil {
		return nil, err
	}
	if len(l.src.problems) > before {
		return nil, nil
	}
	return root, nil
}

// isShipped is true of a file as it is shipped, whose form a test has checked: no start of the program takes that time again.
func isShipped(name string, b []byte) bool {
	shipped, err := fs.ReadFile(policies.FS, name)
	return err == nil && bytes.Equal(b, shipped)
}

// digest is of the names of the files and the digest of each.
func (l *loader) digest() string {
	all := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(l.texts)) {
		fmt.Fprintf(all, "%s %x\n", name, sha256.Sum256(l.texts[name]))
	}
	return hex.EncodeToString(all.Sum(nil))[:12]
}

// assemble puts the entries of all files together.
func (l *loader) assemble() *Policies {
	p := &Policies{
		suffixes: map[string]Suffix{}, reasons: map[string]Reason{}, src: l.src, roots: map[string]*yaml.Node{},
		groups: map[string]*yaml.Node{}, holidays: l.roots["holidays"],
	}
	for _, kind := range merging {
		p.roots[kind] = l.laid(kind)
	}
	l.decode(p.roots["limits"], &p.Limits)
	l.decode(p.roots["places"], &p.Places)
	for _, n := range l.entries("documents", "documents", "code") {
		d := Document{node: n}
		l.decode(n, &d)
		p.documents = append(p.documents, d)
	}
	for _, n := range l.entries("documents", "supporting", "code") {
		d := Paper{node: n}
		l.decode(n, &d)
		p.papers = append(p.papers, d)
	}
	for _, n := range l.entries("documents", "layouts", "code") {
		var d layout
		l.decode(n, &d)
		p.layouts = append(p.layouts, d)
	}
	for _, n := range l.entries("documents", "labels", "code") {
		var d label
		l.decode(n, &d)
		p.labels = append(p.labels, d)
	}
	reasons := l.entries("reasons", "reasons", "code")
	for _, n := range reasons {
		r := Reason{node: n}
		l.decode(n, &r)
		p.reasons[r.Code] = r
		for _, alias := range r.Aliases {
			p.reasons[alias] = r
		}
	}
	l.checkReasons(reasons)
	l.checkSources()
	l.assembleSuffixes(p)
	return p
}

// merging are the kinds whose files are laid over each other; of the others each entry is whole.
var merging = []string{"limits", "places"}

// laid is the first file of a kind with the others laid over it.
func (l *loader) laid(kind string) *yaml.Node {
	root := l.roots[kind][0]
	for _, over := range l.roots[kind][1:] {
		root = l.src.merged(root, over)
	}
	return root
}

// entries are the elements of a list, over all files of a kind: one of a later
// file takes the place of one of the same key. Twice in one file is a problem.
func (l *loader) entries(kind, list, key string) []*yaml.Node {
	var out []*yaml.Node
	at := map[string]int{}
	for _, root := range l.roots[kind] {
		seen := map[string]int{}
		for _, n := range items(value(root, list)) {
			k := value(n, key).Value
			if first, twice := seen[k]; twice {
				l.src.add(n, CodeKeyTwice, list, "%s stands in line %d already", k, first)
			}
			seen[k] = n.Line
			if i, known := at[k]; known {
				out[i] = n
				continue
			}
			at[k] = len(out)
			out = append(out, n)
		}
	}
	return out
}

// decode reads a node whose form was checked.
func (l *loader) decode(n *yaml.Node, into any) {
	if err := n.Decode(into); err != nil {
		l.src.add(n, CodeValue, nameOf(n), "%s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
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

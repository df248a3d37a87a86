package console

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
)

// policyPages say what the policy files decide, what changes from one set of them to
// another, and what came of the golden cases.
func (c *Console) policyPages() []page {
	return []page{
		{pattern: "GET /policies", show: c.explainPolicy},
		{pattern: "GET /policies/comparison", show: c.comparePolicies},
		{pattern: "GET /policies/versions", show: c.policyVersions},
		{pattern: "GET /policies/versions/{version}/files", show: c.policyFiles},
		{pattern: "GET /policies/cases", show: c.goldenCases},
	}
}

// explained is what the page of policies shows.
type explained struct {
	// version is whose rules are explained, among all that were in force; running the one in force.
	version, running string
	versions         []policy.Version
	question         policy.Question
	suffix           string
	paragraphs       []policy.Paragraph
	problems         policy.Problems
	wrong            []ui.Wrong
}

// explainPolicy says in words what a suffix demands, and where the rules stand: in force, or in
// another version that was.
func (c *Console) explainPolicy(v *visit) error {
	versions, err := c.PolicyVersions.All(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	x := explained{version: cmp.Or(q.Get("version"), c.Policies.Version), running: c.Policies.Version, versions: versions, suffix: strings.TrimPrefix(strings.TrimSpace(q.Get("suffix")), "."), question: policy.Question{
		Accreditation: policy.Accreditation(cmp.Or(q.Get("accreditation"), string(policy.Mainland))),
		Holder:        policy.HolderType(cmp.Or(q.Get("holder"), string(policy.Individual))),
		Residence:     strings.ToUpper(cmp.Or(q.Get("residence"), "CN")),
	}}
	policies, err := c.PolicyVersions.Load(v.ctx(), v.actor, x.version)
	if errors.As(err, &x.problems) {
		return v.show(policiesPage(x))
	}
	if err != nil {
		return err
	}
	if x.suffix == "" {
		return v.show(policiesPage(x))
	}
	x.question.Domain = "." + x.suffix
	if x.paragraphs, err = policies.Explain(v.Texts, x.question); err != nil {
		if x.wrong = v.wrongs(err); x.wrong == nil {
			return err
		}
		for i := range x.wrong {
			x.wrong[i].At = "suffix"
		}
		return v.render(statusOf[fault.From(err).Kind], policiesPage(x))
	}
	return v.show(policiesPage(x))
}

// setFolder are the policy files that the next start would read.
const setFolder = "folder"

// policySets are what can be compared beside the versions that were in force.
var policySets = []string{policy.SetShipped, policy.SetRunning, setFolder}

// policyComparison is what the page that compares two sets of policy files shows.
type policyComparison struct {
	from, to      string
	versions      []policy.Version
	running       string
	before, after string // versions
	changes       []policy.Change
	problems      policy.Problems
	rules         int
}

// comparePolicies shows what changes from one set of policy files to another: in words, and
// rule by rule. Files that nobody could start with are refused with what is wrong in them.
func (c *Console) comparePolicies(v *visit) error {
	versions, err := c.PolicyVersions.All(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	x := policyComparison{
		from: cmp.Or(q.Get("from"), policy.SetShipped), to: cmp.Or(q.Get("to"), policy.SetRunning), versions: versions,
		running: c.Policies.Version,
	}
	before, err := c.policySet(v, x.from)
	if err == nil {
		var after *policy.Policies
		if after, err = c.policySet(v, x.to); err == nil {
			x.before, x.after = before.Version, after.Version
			x.changes, err = policy.Compare(v.Texts, before, after)
		}
	}
	if err != nil && !errors.As(err, &x.problems) {
		return err
	}
	for _, change := range x.changes {
		x.rules += len(change.Rules)
	}
	return v.show(comparisonPage(x))
}

func (c *Console) policySet(v *visit, name string) (*policy.Policies, error) {
	if name == setFolder {
		return policy.Load(c.PolicyFiles)
	}
	return c.PolicyVersions.Load(v.ctx(), v.actor, name)
}

// policyVersions lists what was in force, and when.
func (c *Console) policyVersions(v *visit) error {
	all, err := c.PolicyVersions.All(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	return v.show(versionsPage(all, c.Policies.Version))
}

// policyFiles hands out the files of a version.
func (c *Console) policyFiles(v *visit) error {
	found, err := c.PolicyVersions.Find(v.ctx(), v.actor, v.r.PathValue("version"))
	if err != nil {
		return err
	}
	return v.file("policy-"+found.Digest+".zip", "application/zip", found.Files)
}

// goldenCase is a case that was asked.
type goldenCase struct {
	policy.Case
	// own says that it stands in the operator's folder, rather than being shipped.
	own   bool
	wrong policy.Problems
}

// goldenList is what the page of golden cases shows.
type goldenList struct {
	version string
	// counts are how many cases there are of an outcome, "" for all.
	counts      map[string]int
	show, words string
	rows        []goldenCase
	problems    policy.Problems
	pages       ui.Pages
	found       int
}

// goldenOnPage is how many golden cases a page shows.
const goldenOnPage = 25

// The outcomes of a golden case: a shipped one that comes out otherwise says what the
// operator's files change, one of their own that their files are wrong.
const (
	goldenAsWanted  = "as_wanted"
	goldenOtherwise = "otherwise"
	goldenFailed    = "failed"
)

func (g goldenCase) outcome() string {
	switch {
	case len(g.wrong) == 0:
		return goldenAsWanted
	case g.own:
		return goldenFailed
	}
	return goldenOtherwise
}

// goldenCases asks all golden cases of the policy in force.
func (c *Console) goldenCases(v *visit) error {
	if err := v.actor.Check(actor.PolicyRead); err != nil {
		return err
	}
	q := v.r.URL.Query()
	l := goldenList{version: c.Policies.Version, counts: map[string]int{}, show: q.Get("show"), words: strings.TrimSpace(q.Get("words"))}
	own, err := policy.LoadCases(c.PolicyFiles)
	if err != nil && !errors.As(err, &l.problems) {
		return err
	}
	shipped, err := policy.ShippedCases()
	if err != nil {
		return err
	}
	var all []goldenCase
	for i, x := range slices.Concat(own, shipped) {
		g := goldenCase{Case: x, own: i < len(own)}
		g.wrong, _ = c.Policies.Run(x)
		l.counts[""]++
		l.counts[g.outcome()]++
		if (l.show == "" || l.show == g.outcome()) && g.about(l.words) {
			all = append(all, g)
		}
	}
	slices.SortStableFunc(all, func(a, b goldenCase) int { return min(len(b.wrong), 1) - min(len(a.wrong), 1) })
	l.found = len(all)
	from, _ := strconv.Atoi(q.Get("after"))
	from = max(0, min(from, len(all)))
	until := min(from+goldenOnPage, len(all))
	l.rows = all[from:until]
	next := ""
	if until < len(all) {
		next = strconv.Itoa(until)
	}
	l.pages = v.pages("after", next)
	return v.show(goldenCasesPage(l))
}

// about reports whether the case is about the words.
func (g goldenCase) about(words string) bool {
	text := strings.ToLower(g.Name)
	for _, x := range g.Asks() {
		text += " " + strings.ToLower(x.Value)
	}
	return strings.Contains(text, strings.ToLower(words))
}

// filters are the ways to narrow the list.
func (l goldenList) filters(ctx context.Context) (out []ui.Tab) {
	for _, x := range []struct{ show, icon, tone string }{
		{"", "", ""},
		{goldenFailed, "circle-x", "bad"},
		{goldenOtherwise, "triangle-alert", "warn"},
		{goldenAsWanted, "circle-check", "ok"},
	} {
		q := url.Values{}
		for name, value := range map[string]string{"show": x.show, "words": l.words} {
			if value != "" {
				q.Set(name, value)
			}
		}
		out = append(out, ui.Tab{
			Path: "/policies/cases?" + q.Encode(), Text: ui.T(ctx, "golden."+cmp.Or(x.show, "all")),
			Count: ui.Count(l.counts[x.show]), Icon: x.icon, Tone: x.tone, Here: l.show == x.show,
		})
	}
	return out
}

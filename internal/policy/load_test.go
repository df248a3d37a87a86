package policy_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/policies"
)

// changed is the shipped set with one text replaced, which must be there.
func changed(t *testing.T, file, old, with string) fs.FS {
	t.Helper()
	b, err := fs.ReadFile(policies.FS, file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), old) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	return policy.Layered(policies.FS, fstest.MapFS{file: {Data: []byte(strings.Replace(string(b), old, with, 1))}})
}

// lineOf is the line of a file in which text first stands.
func lineOf(t *testing.T, files fs.FS, file, text string) int {
	t.Helper()
	b, err := fs.ReadFile(files, file)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(b), text)
	if !found {
		t.Fatalf("%s does not hold %q", file, text)
	}
	return strings.Count(before, "\n") + 1
}

// TestWhatIsWrongNamesItsLine: an operator's slip is told with file, line, code
// and words; nothing is ignored.
func TestWhatIsWrongNamesItsLine(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file, old, with string
		at              string // text of the line that is named
		code, says      string
	}{
		"a misspelt key": {"suffixes.yaml", "  - suffix: xin\n    a_label: xin\n    kind: gTLD", "  - suffix: xin\n    a_label: xin\n    kind: gTLD\n    mainlnd: {}",
			"mainlnd", policy.CodeKey, `is it "mainland"?`},
		"a key left out":                    {"suffixes.yaml", "    a_label: xin\n", "", "suffix: xin", policy.CodeMissing, "a_label"},
		"a key that stands twice":           {"suffixes.yaml", "    a_label: xin\n", "    a_label: xin\n    a_label: xin\n", "    a_label: xin\n    kind", policy.CodeKeyTwice, "stands in line"},
		"a value that is none":              {"limits.yaml", "verified: false", "verified: perhaps", "verified: perhaps", policy.CodeValue, "boolean"},
		"a word that nobody knows":          {"suffixes.yaml", "contacts: none, note", "contacts: never, note", "contacts: never", policy.CodeValue, "none, optional, required"},
		"a duration that is none":           {"limits.yaml", "duration: P3D", "duration: three days", "three days", policy.CodeValue, "form"},
		"a hold that is none":               {"suffixes.yaml", "create: P5D", "create: P5X", "create: P5X", policy.CodeValue, "form"},
		"a regime that is not there":        {"suffixes.yaml", "{regime: thin_overseas}", "{regime: thin_overses}", "thin_overses", policy.CodeReference, "thin_overseas"},
		"a regime that builds on itself":    {"suffixes.yaml", "    regime: approved\n", "    regime: approved_at_once\n", "    regime: approved_at_once\n", policy.CodeReference, "builds on itself"},
		"a label that is another's":         {"suffixes.yaml", "a_label: xn--czr694b", "a_label: xn--czr694c", "- suffix: 商标", policy.CodeConflict, "xn--czr694b"},
		"a suffix twice":                    {"suffixes.yaml", "a_label: net\n", "a_label: com\n", "- suffix: net", policy.CodeKeyTwice, "com"},
		"a paper that is not there":         {"suffixes.yaml", "{kind: government_body_proof}", "{kind: government_prof}", "{kind: government_prof}", policy.CodeReference, "government_prof"},
		"a group that is not there":         {"suffixes.yaml", "individual: [EEA]", "individual: [EEC]", "individual: [EEC]", policy.CodeReference, "EEC"},
		"a thin registry with contacts":     {"suffixes.yaml", "kind: thin\n      contacts: none", "kind: thin\n      contacts: required", "", policy.CodeConflict, "thin registry has no contacts"},
		"a limit upside down":               {"limits.yaml", "min_bytes: 56320\n    max_bytes: 5242879", "min_bytes: 56320\n    max_bytes: 5000", "", policy.CodeConflict, "min_bytes"},
		"a source that is not named":        {"limits.yaml", "sources: [AL-ENH]", "sources: [AL-EHN]", "AL-EHN", policy.CodeReference, "AL-EHN"},
		"texts with different parameters":   {"reasons.yaml", "文件大小为 {{.Size}}", "文件大小为 {{.Bytes}}", "文件大小为 {{.Bytes}}", policy.CodeConflict, "Bytes"},
		"a reason twice":                    {"reasons.yaml", "- code: file_too_large", "- code: file_too_small", "", policy.CodeKeyTwice, "file_too_small"},
		"a document without sides":          {"documents.yaml", "side: front, need: required, en: data page", "side: front, need: on_request, en: data page", "code: passport", policy.CodeConflict, "no side is required"},
		"a pattern that does not compile":   {"places.yaml", "'^[0-9]{6}$'", "'^[0-9{6}$'", "'^[0-9{6}$'", policy.CodeValue, "postal_pattern"},
		"a holiday that is no day":          {"holidays-2026.json", `"2026-02-15"`, `"2026-2-15"`, `"2026-2-15"`, policy.CodeValue, "form"},
		"a holiday that is too short":       {"holidays-2026.json", `"to": "2026-02-23"`, `"to": "2026-02-22"`, `"days": 9`, policy.CodeConflict, "not 9 days"},
		"a make-up day on a holiday":        {"holidays-2026.json", `"date": "2026-02-14"`, `"date": "2026-02-21"`, `"2026-02-21"`, policy.CodeConflict, "is a holiday"},
		"a make-up day of another weekday":  {"holidays-2026.json", `"date": "2026-02-14"`, `"date": "2026-03-01"`, "", policy.CodeConflict, "is a Sunday"},
		"an anchor, which hides what holds": {"limits.yaml", "formats: [JPEG, PNG]", "formats: &f [JPEG, PNG]", "&f", policy.CodeYAML, "anchors"},
		"no YAML":                           {"limits.yaml", "uploads:", "uploads: [", "", policy.CodeYAML, ""},
		"a tab":                             {"limits.yaml", "  common: {usual", "\tcommon: {usual", "", policy.CodeYAML, "cannot start any token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := changed(t, tt.file, tt.old, tt.with)
			_, err := policy.Load(files)
			var problems policy.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, want problems", err)
			}
			p := problems[0]
			if p.Code != tt.code || p.File != tt.file || !strings.Contains(p.String(), tt.says) {
				t.Errorf("got %s, want %s and %q", p, tt.code, tt.says)
			}
			if want := lineOf(t, files, tt.file, tt.at); tt.at != "" && p.Line != want && p.Line != want+1 {
				t.Errorf("%s is not line %d of the slip", p, want)
			}
		})
	}
}

// TestSlipInARegimeIsToldOnce: five suffixes rest on the regime.
func TestSlipInARegimeIsToldOnce(t *testing.T) {
	t.Parallel()
	_, err := policy.Load(changed(t, "suffixes.yaml", "kind: cnnic, contacts: required", "kind: cnnic, contacts: none"))
	var problems policy.Problems
	if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Path != "cn.mainland.driver" {
		t.Errorf("got %v, want one problem", err)
	}
}

// TestOperatorLaysFilesOver: one file of one's own is enough.
func TestOperatorLaysFilesOver(t *testing.T) {
	t.Parallel()
	own := fstest.MapFS{
		"suffixes-acme.yaml": {Data: []byte(`version: 1
suffixes:
  - suffix: acme
    a_label: acme
    kind: gTLD
    overseas: {regime: open_overseas, holders: {organization: []}}
  - suffix: com
    a_label: com
    kind: gTLD
    mainland: {regime: thin, hold: {create: P7D}}
  - suffix: bj.cn
    a_label: bj.cn
    kind: ccTLD_second_level
    mainland: {regime: cnnic, holders: {organization: []}}
`)},
		"limits-acme.yaml": {Data: []byte("version: 1\nprofiles: {per_account: {max: 7}}\nemail: {resend_after: {duration: PT2M}}\n")},
		"reasons-acme.yaml": {Data: []byte(`version: 1
reasons:
  - code: acme_members_only
    severity: error
    retryable: final
    points_at: {kind: account}
    title: {en: Members only, zh: 仅限会员}
    text: {en: Only members hold this name. Join first., zh: 仅会员可持有该域名，请先加入。}
`)},
	}
	p, err := policy.Load(policy.Layered(policies.FS, own))
	if err != nil {
		t.Fatal(err)
	}
	shipped := load(t)
	if p.Version == shipped.Version {
		t.Error("the version does not tell that something changed")
	}
	if r, err := p.Rule(policy.Overseas, "example.acme"); err != nil || r.MayHold(policy.Organization, "US") || !r.MayHold(policy.Individual, "US") {
		t.Errorf("the added suffix: %+v, %v", r.Holders, err)
	}
	if r, err := p.Rule(policy.Mainland, "example.com"); err != nil || r.Hold.Create.After.Hours() != 7*24 {
		t.Errorf(".com is held after %v, %v; want seven days", r.Hold.Create, err)
	}
	if _, err := p.Rule(policy.Overseas, "example.com"); err == nil {
		t.Error("an entry takes the other's place whole; overseas was left out")
	}
	if r, _ := p.Rule(policy.Mainland, "example.bj.cn"); r.MayHold(policy.Organization, "CN") {
		t.Error("an entry of its own wins over cn, which covers it")
	}
	if r, _ := p.Rule(policy.Mainland, "example.sh.cn"); !r.MayHold(policy.Organization, "CN") || r.Suffix != "sh.cn" {
		t.Errorf("sh.cn is covered by cn; got %s", r.Suffix)
	}
	if p.Limits.Profiles.PerAccount.Max != 7 || p.Limits.Review[policy.Common].Usual != 1 {
		t.Errorf("limits: %d profiles, review %v", p.Limits.Profiles.PerAccount.Max, p.Limits.Review)
	}
	if got, rest := p.Limits.ResendAfter(), p.Limits.LinkValid(); got != 2*time.Minute || rest != shipped.Limits.LinkValid() {
		t.Errorf("a link is mailed again after %v and valid for %v; a file says only what it changes", got, rest)
	}
	if r, known := p.Reason("acme_members_only"); !known || r.Retryable != "final" {
		t.Error("the added reason is not known")
	}
}

// TestOperatorsCasesAreTheirOwn: a case that decides otherwise names its line and
// that of the rule.
func TestOperatorsCasesAreTheirOwn(t *testing.T) {
	t.Parallel()
	own := fstest.MapFS{"cases/own.yaml": {Data: []byte(`version: 1
cases:
  - name: we give seven days
    when: {accreditation: mainland, domain: example.com}
    then:
      hold.create: P7D
      driver.kind: thin
`)}}
	cases, err := policy.LoadCases(own)
	if err != nil || len(cases) != 1 {
		t.Fatal(len(cases), err)
	}
	wrong, right := load(t).Run(cases[0])
	if len(wrong) != 1 || wrong[0].File != "cases/own.yaml" || wrong[0].Line != 6 || !strings.Contains(wrong[0].Text, "suffixes.yaml:") {
		t.Errorf("wrong: %v", wrong)
	}
	if len(right) != 1 {
		t.Errorf("right: %v", right)
	}
}

func TestMisspeltFilesAreNotIgnored(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"suffix-acme.yaml", "suffixes-acme.yml", "holidays-2027.yaml", "limits.json"} {
		_, err := policy.Load(policy.Layered(policies.FS, fstest.MapFS{name: {Data: []byte("version: 1\n")}}))
		var problems policy.Problems
		if !errors.As(err, &problems) || problems[0].File != name || problems[0].Code != policy.CodeKey {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzLoad lays any text over the shipped files: it is read, or refused with a
// place, and never brings the program down.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"version: 1\nsuffixes:\n  - {suffix: acme, a_label: acme, kind: gTLD, overseas: {regime: open_overseas}}\n",
		"version: 1\nregimes:\n  a: {regime: b}\n  b: {regime: a}\nsuffixes:\n  - {suffix: x, a_label: x, kind: gTLD, mainland: {regime: a}}\n",
		"version: 1\nsuffixes:\n  - {suffix: x, a_label: x, kind: gTLD, mainland: {regime: thin, qualification: same_as_mainland}}\n",
		"a: &x [*x]", "version: 1\nicann: {answer: [{from: '', within: P1D, no_answer: suspend}]}", "- - -", "{}", "version: 1\ngroups: {EEA: []}",
	} {
		f.Add(seed)
	}
	few := fewFiles(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := policy.Load(policy.Layered(few, fstest.MapFS{"suffixes-fuzz.yaml": {Data: []byte(text)}}))
		var problems policy.Problems
		if err != nil && !errors.As(err, &problems) {
			t.Fatalf("refused without a place: %v", err)
		}
		for _, problem := range problems {
			if problem.File == "" || problem.Line == 0 {
				t.Fatalf("%+v has no place", problem)
			}
		}
		if err == nil && len(p.Suffixes()) == 0 {
			t.Fatal("no suffixes are left")
		}
	})
}

// fewFiles is a small sound set, so that a fuzzer gets on.
func fewFiles(f *testing.F) fs.FS {
	f.Helper()
	limits, err := fs.ReadFile(policies.FS, "limits.yaml")
	if err != nil {
		f.Fatal(err)
	}
	small, _, _ := strings.Cut(string(limits), "# Enhanced verification")
	document := func(code, holder string) string {
		return "  - {code: " + code + ", name: {en: a, zh: 甲}, codes: {aliyun: A, cnnic_epp: A}, holder: " + holder +
			", residence: ['*'], rank: {other: 1}, sides: [{side: front, need: required, en: a, zh: 甲}], number: {type: free}, born_digital: false}\n"
	}
	out := fstest.MapFS{}
	for name, text := range map[string]string{
		"limits.yaml":    small,
		"documents.yaml": "version: 1\ndocuments:\n" + document("passport", "individual") + document("register", "organization"),
		"reasons.yaml":   "version: 1\nreasons: []\n",
		"places.yaml":    "version: 1\ndivisions: []\ncountries: []\n",
		"suffixes.yaml": "version: 1\nregimes:\n  thin:\n    verification: {duty: not_required}\n    driver: {kind: thin, contacts: none}\n" +
			"    naming: null\n    hold: {create: null}\n    holders: {individual: ['*'], organization: ['*']}\n    icp: {eligible: false}\n" +
			"suffixes:\n  - {suffix: com, a_label: com, kind: gTLD, mainland: {regime: thin}, overseas: {regime: thin}}\n",
		"holidays-2026.json": `{"country":"CN","year":2026,"time_zone":"Asia/Shanghai","holidays":[{"from":"2026-01-01","to":"2026-01-03"}]}`,
	} {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if _, err := policy.Load(out); err != nil {
		f.Fatal(err)
	}
	return out
}

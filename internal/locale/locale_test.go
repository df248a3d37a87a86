package locale_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/policies"
)

func load(t *testing.T) *locale.Texts {
	t.Helper()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

func params(s string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	t.Parallel()
	texts := load(t)
	han := regexp.MustCompile(`\p{Han}`)
	for _, id := range texts.IDs() {
		en, zh := texts.Source(locale.EN, id), texts.Source(locale.ZH, id)
		if !slices.Equal(params(en), params(zh)) {
			t.Errorf("%s: English takes %v, Chinese %v", id, params(en), params(zh))
		}
		if han.MatchString(strings.ReplaceAll(en, ".中国", "")) {
			t.Errorf("%s: the English text holds Chinese: %s", id, en)
		}
		if !han.MatchString(zh) {
			t.Errorf("%s: the Chinese text holds none: %s", id, zh)
		}
	}
}

// TestEveryFaultHasATextAndItsParameters reads the source: a fault whose code has
// no text would show a bare code to a registrant.
func TestEveryFaultHasATextAndItsParameters(t *testing.T) {
	t.Parallel()
	texts := load(t)
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if code, given, ok := faultCall(n); ok {
				seen++
				if !texts.Has(code) {
					t.Errorf("%s: the fault %s has no text", path, code)
				}
				for _, p := range given {
					if !slices.Contains(params(texts.Source(locale.EN, code)), p) && p != "Event" && p != "State" {
						t.Errorf("%s: the text of %s has no place for %s", path, code, p)
					}
				}
				return false
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 40 {
		t.Errorf("only %d faults were found in the source; has the form of the calls changed?", seen)
	}
}

// faultCall recognises fault.New(kind, "code") and fault.At(field, "code"), with
// any .With("Name", …) behind it.
func faultCall(n ast.Node) (code string, given []string, ok bool) {
	call, isCall := n.(*ast.CallExpr)
	if !isCall {
		return "", nil, false
	}
	sel, isSel := call.Fun.(*ast.SelectorExpr)
	if !isSel {
		return "", nil, false
	}
	if sel.Sel.Name == "With" || sel.Sel.Name == "Because" {
		code, given, ok = faultCall(sel.X)
		if ok && sel.Sel.Name == "With" {
			if lit, isLit := call.Args[0].(*ast.BasicLit); isLit {
				name, _ := strconv.Unquote(lit.Value)
				given = append(given, name)
			}
		}
		return code, given, ok
	}
	pkg, isIdent := sel.X.(*ast.Ident)
	if !isIdent || pkg.Name != "fault" || (sel.Sel.Name != "New" && sel.Sel.Name != "At") || len(call.Args) != 2 {
		return "", nil, false
	}
	lit, isLit := call.Args[1].(*ast.BasicLit)
	if !isLit {
		return "", nil, false
	}
	code, _ = strconv.Unquote(lit.Value)
	return code, nil, true
}

func TestOneIsNotSaidAsMany(t *testing.T) {
	t.Parallel()
	texts := load(t)
	for _, x := range []struct {
		id     string
		params map[string]string
		want   string
	}{
		{"review_documents_unopened", map[string]string{"Count": "1"}, "1 document has not been opened in this claim. Open it before the case passes."},
		{"review_documents_unopened", map[string]string{"Count": "2"}, "2 documents have not been opened in this claim. Open every one before the case passes."},
		{"data.kept.domain_live", map[string]string{"Count": "1", "Domains": "a.cn"}, "1 live name rests on it: a.cn. Delete it, transfer it away or give it another holder."},
		{"data.kept.domain_live", map[string]string{"Count": "2", "Domains": "a.cn, b.cn"}, "2 live names rest on it: a.cn, b.cn. Delete them, transfer them away or give them another holder."},
		{"data.kept.domain_live", map[string]string{"Count": "305", "Domains": "a.cn, b.cn", "More": "303"}, "305 live names rest on it: a.cn, b.cn and 303 more. Delete them, transfer them away or give them another holder."},
	} {
		if got := texts.Text(locale.EN, x.id, x.params); got != x.want {
			t.Errorf("%s of %s: %q, want %q", x.id, x.params["Count"], got, x.want)
		}
	}
}

// counts are the parameters that say how many there are of something.
var counts = []string{"All", "Asked", "Awaiting", "Blocks", "Cancelled", "Cases", "Cells", "Columns", "Count", "Days", "Failed", "Groups", "Held", "Hours", "Made", "Max", "Minutes", "More", "Most", "N", "Names", "Of",
	"Rows", "Rules", "Seconds", "Succeeded", "Total"}

// spoken are the texts that are not shown of one, because another says that, or whose
// parameter is a number of days in words.
var spoken = []string{"explain.days", "explain.business_days", "explain.document_age"}

var (
	one = regexp.MustCompile(`\b1 ([A-Za-z]+)(?: ([A-Za-z]+))?`)
	// singular are words with an s at their end that may stand behind one.
	singular = []string{"is", "has", "was", "does", "keeps", "rests", "waits", "goes", "gets", "fits", "needs", "belongs", "business", "news", "process", "address", "differs", "this"}
)

// TestNoCountedTextSaysOneAsMany has every English text count one of everything. A plural
// behind it is one that the text does not avoid.
func TestNoCountedTextSaysOneAsMany(t *testing.T) {
	t.Parallel()
	texts := load(t)
	seen := 0
	for _, id := range texts.IDs() {
		values, counted := map[string]string{}, false
		for _, p := range params(texts.Source(locale.EN, id)) {
			values[p] = "X"
			if slices.Contains(counts, p) {
				values[p], counted = "1", true
			}
		}
		if !counted || slices.Contains(spoken, id) {
			continue
		}
		seen++
		text := texts.Text(locale.EN, id, values)
		for _, m := range one.FindAllStringSubmatch(text, -1) {
			for _, word := range m[1:] {
				if slices.Contains([]string{"are", "have", "were"}, word) || strings.HasSuffix(word, "s") && !slices.Contains(singular, word) {
					t.Errorf("%s counts one as many: %q in %q", id, m[0], text)
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d texts count something; have the names of the parameters changed?", seen)
	}
}

func TestParametersThatAreCodesAreNamed(t *testing.T) {
	t.Parallel()
	texts := load(t)
	got := texts.Text(locale.ZH, "type_wrong_for_region", map[string]string{"Kind": "resident_id", "Region": "DE", "Kinds": "passport,foreign_permanent_resident_id"})
	for _, want := range []string{"居民身份证", "护照、外国人永久居留身份证"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not name %s", got, want)
		}
	}
	if got := texts.Text(locale.EN, "same_image_already_rejected", map[string]string{"Date": "2026-06-01", "Reason": "grayscale"}); !strings.Contains(got, "2026-06-01: The picture has no colour.") {
		t.Errorf("%q does not say why the picture was refused", got)
	}
	if got := texts.Text(locale.ZH, "side_not_there", map[string]string{"Side": "further-2"}); !strings.Contains(got, "补充材料 2") {
		t.Errorf("%q does not say which of the sides", got)
	}
	if got := texts.Text(locale.EN, "no_such_text", nil); got != "no_such_text" {
		t.Errorf("a missing text shows %q, want its id", got)
	}
}

func TestNamesAreShownAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	texts := load(t)
	for want, got := range map[string]string{
		"We do not register names like 面馆.餐厅. Choose another suffix.":                texts.Text(locale.EN, "suffix_unsupported", map[string]string{"Domain": "xn--vs5a45b.xn--imr513n"}),
		".中国 域名须使用“CNNIC 模板”，该模板为“通用模板”。":                                            texts.Text(locale.ZH, "profile_kind_mismatch", map[string]string{"Suffix": "xn--fiqs8s", "ProfileKind": "cnnic", "GotKind": "common"}),
		"上级域（中国）答复该域名不存在。":                                                           texts.Text(locale.ZH, "found.dns.not_in_zone", map[string]string{"Zone": "xn--fiqs8s"}),
		"We do not register names like xn--no-such-label.cn. Choose another suffix.": texts.Text(locale.EN, "suffix_unsupported", map[string]string{"Domain": "xn--no-such-label.cn"}),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestLanguageIsPickedFromTheHeader(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]locale.Lang{
		"": locale.EN, "zh-CN,zh;q=0.9,en;q=0.8": locale.ZH, "en-GB,zh": locale.EN, "fr, zh-TW;q=0.5": locale.ZH, "fr": locale.EN,
	} {
		if got := locale.Pick(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

package console

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/policies"
)

// sources are the templates and handlers, without what is generated or tests.
func sources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "assets":
			return fs.SkipDir
		}
		if d.IsDir() || strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") {
			return nil
		}
		b, err := os.ReadFile(path)
		out[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEveryWordOfAPageIsInTheCatalogue reads the source: an id without a text would be
// shown as it is.
func TestEveryWordOfAPageIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`(?:\bT\(ctx, |\.T\(|Text: +|done\([^\n]*, |announce\()"([a-z_]+(?:\.[a-zA-Z0-9_]+)*\.?)"( ?\+)?`)
	seen := 0
	for path, src := range sources(t) {
		if strings.HasSuffix(path, "gallery.templ") || path == "doc.go" {
			continue
		}
		for _, m := range used.FindAllStringSubmatch(src, -1) {
			id, begins := m[1], m[2] != ""
			if !strings.Contains(id, ".") && !begins {
				continue
			}
			seen++
			found := texts.Has(id)
			if begins {
				for _, known := range texts.IDs() {
					found = found || strings.HasPrefix(known, id)
				}
			}
			if !found {
				t.Errorf("%s: there is no text %s", path, id)
			}
		}
	}
	if seen < 150 {
		t.Errorf("only %d texts were found in the source; has the form of the calls changed?", seen)
	}
}

// TestEveryIconIsDrawn: an icon that was not built is an empty square.
func TestEveryIconIsDrawn(t *testing.T) {
	t.Parallel()
	all := sources(t)
	drawn := all["ui/icons.go"]
	used := regexp.MustCompile(`(?:Icon\(|IconAlone\(|Icon: +|Act\([^\n]*, |Post\([^\n]*, )"([a-z0-9]+(?:-[a-z0-9]+)*)"`)
	seen := 0
	for path, src := range all {
		for _, m := range used.FindAllStringSubmatch(src, -1) {
			if strings.HasPrefix(m[1], "btn-") {
				continue
			}
			seen++
			if !strings.Contains(drawn, `"`+m[1]+`":`) {
				t.Errorf("%s: the icon %s is not among those of assets/build.mjs", path, m[1])
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d icons were found in the source", seen)
	}
}

// TestAddressesToComeBackToAreOurs keeps sign-in from leading elsewhere.
func TestAddressesToComeBackToAreOurs(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"/profiles?state=failed": "/profiles?state=failed", "/": "/", "": "", "profiles": "", "//evil.example": "", `/\evil.example`: "",
		"https://evil.example/": "", "javascript:alert(1)": "", "/a%0d%0ab": "/a%0d%0ab", "/profiles#x": "/profiles",
	} {
		if got := local(typed); got != want {
			t.Errorf("%q leads to %q, want %q", typed, got, want)
		}
	}
}

// TestTheStylesheetIsBuiltForThesePages: a class that a template uses and the stylesheet
// does not have means that `make assets` was not run.
func TestTheStylesheetIsBuiltForThesePages(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	class := regexp.MustCompile(`class=(?:"([^"]*)"|\{([^}]*)\})`)
	literal := regexp.MustCompile(`"([^"]*)"`)
	escaped := regexp.MustCompile(`[^a-zA-Z0-9_-]`)
	seen := 0
	for path, src := range sources(t) {
		if !strings.HasSuffix(path, ".templ") {
			continue
		}
		for _, m := range class.FindAllStringSubmatch(src, -1) {
			words := m[1]
			for _, s := range literal.FindAllStringSubmatch(m[2], -1) {
				words += " " + s[1]
			}
			for _, word := range strings.Fields(words) {
				seen++
				if strings.Contains(string(css), "."+escaped.ReplaceAllString(word, `\$0`)) {
					continue
				}
				t.Errorf("%s: the stylesheet has no class %s", path, word)
			}
		}
	}
	if seen < 300 {
		t.Errorf("only %d classes were found in the templates", seen)
	}
}

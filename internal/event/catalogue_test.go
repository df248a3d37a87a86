package event_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/event"
)

var (
	appends = regexp.MustCompile(`event\.Append\(|event\.Type|\btyp\b|\btell\(|saveProfile\(`)
	literal = regexp.MustCompile(`"([a-z]+\.[a-z_]+)"`)
)

// ofStaff are the events that no account is told of, and what is no event in the lines that
// are read: acts in the audit record.
var ofStaff = []string{"review.opened", "review.passed", "review.failed"}

// TestEveryEventIsInTheCatalogue reads the source: what happens and is not in the
// catalogue can be chosen by nobody.
func TestEveryEventIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, k := range event.Catalogue {
		if known[string(k.Type)] || k.When == "" || k.Subject == "" {
			t.Errorf("%s is there twice, or says too little", k.Type)
		}
		known[string(k.Type)] = true
	}
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Base(path) == "catalogue.go" {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(src)) {
			if !appends.MatchString(line) {
				continue
			}
			for _, m := range literal.FindAllStringSubmatch(line, -1) {
				seen++
				if !known[m[1]] && !slices.Contains(ofStaff, m[1]) {
					t.Errorf("%s: %s is not in the catalogue", path, m[1])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 30 {
		t.Errorf("only %d events were found in the source; has the form of the calls changed?", seen)
	}
}

// TestDocumentationListsTheCatalogue holds the table of docs/webhooks.md.
func TestDocumentationListsTheCatalogue(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, k := range event.Catalogue {
		row := fmt.Sprintf("| `%s` | %s | `id` of the %s", k.Type, k.When, k.Subject)
		for _, m := range k.Members() {
			row += ", `" + m + "`"
		}
		want = append(want, row+" |")
	}
	var got []string
	for line := range strings.Lines(string(page)) {
		if strings.HasPrefix(line, "| `") && strings.Contains(line, "of the") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the table should be\n%s", strings.Join(want, "\n"))
	}
}

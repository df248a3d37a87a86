package main

import (
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/store/storetest"
)

func TestTourEndsWithDomainsThatAreNormal(t *testing.T) {
	for engine, args := range map[string]func(t *testing.T) []string{
		"sqlite":   func(*testing.T) []string { return nil },
		"postgres": func(t *testing.T) []string { return []string{"--database", storetest.PostgresURL(t)} },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := program(t, append([]string{"tour", "--json"}, args(t)...)...)
			if status != 0 {
				t.Fatalf("exit %d\n%s\n%s", status, stdout, stderr)
			}
			lines := tourLines(t, stdout)
			for _, l := range lines {
				if !l.OK {
					t.Errorf("step %d: %s", l.Step, l.Error)
				}
			}
			for i := range 9 {
				if !strings.Contains(stdout, `"step":`+string(rune('1'+i))) {
					t.Errorf("step %d is missing", i+1)
				}
			}
		})
	}
}

func TestTourNoticesWhatIsCutOff(t *testing.T) {
	for part, tt := range map[string]struct {
		step int
		says string
	}{
		"smtp":     {3, "not in the mail sink"},
		"reviewer": {5, "in_review"},
		"audit":    {6, "real name in_review"},
		"registry": {6, "registry_unreachable"},
	} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := program(t, "tour", "--json", "--without", part, "--patience", "3s")
			if status != 1 {
				t.Fatalf("exit %d, want 1\n%s\n%s", status, stdout, stderr)
			}
			lines := tourLines(t, stdout)
			last := lines[len(lines)-1]
			if last.OK || last.Step != tt.step || !strings.Contains(last.Error, tt.says) {
				t.Errorf("the last line is %+v, want step %d to fail and say %q", last, tt.step, tt.says)
			}
			if !strings.Contains(stderr, "without "+part) {
				t.Errorf("the error does not say what was cut off: %s", stderr)
			}
		})
	}
}

func TestTourRefusesAPictureThatIsNone(t *testing.T) {
	t.Parallel()
	status, _, stderr := program(t, "tour", "--document", "main_test.go")
	if status != 2 || !strings.Contains(stderr, "--document") {
		t.Errorf("exit %d: %s", status, stderr)
	}
}

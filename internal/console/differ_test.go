package console

import (
	"strings"
	"testing"
)

// TestDifferencesAreMarked: what stands on one side only is marked, to the character.
func TestDifferencesAreMarked(t *testing.T) {
	t.Parallel()
	show := func(runs []run) string {
		var out strings.Builder
		for _, r := range runs {
			if r.differ {
				out.WriteString("[" + r.text + "]")
			} else {
				out.WriteString(r.text)
			}
		}
		return out.String()
	}
	for _, x := range [][4]string{
		{"虚构路88弄6号1208室", "虚构路88弄6号1203室", "虚构路88弄6号120[8]室", "虚构路88弄6号120[3]室"},
		{"李思源", "李思远", "李思[源]", "李思[远]"},
		{"same", "same", "same", "same"},
		{"", "read", "", "[read]"},
		{"typed", "", "[typed]", ""},
		{"陕西省样张区", "样张区", "[陕西省]样张区", "样张区"},
	} {
		left, right := differences(x[0], x[1])
		if show(left) != x[2] || show(right) != x[3] {
			t.Errorf("%q and %q: %q and %q, want %q and %q", x[0], x[1], show(left), show(right), x[2], x[3])
		}
	}
}

package timeline

import (
	"testing"

	"github.com/verinym/verinym/internal/fault"
)

// FuzzMark: a mark is read as it was written, and anything else is refused by its code.
func FuzzMark(f *testing.F) {
	f.Add(mark{1, 2, 3}.String())
	f.Add("")
	f.Add("bm9uZQ")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := readMark(s)
		if err != nil {
			if fault.Code(err) != "cursor_invalid" {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if again, err := readMark(m.String()); err != nil || again != m {
			t.Errorf("%q: %+v is read again as %+v, %v", s, m, again, err)
		}
	})
}

package mrz_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/verinym/verinym/identifier/mrz"
)

func FuzzParse(f *testing.F) {
	for _, text := range []string{td1, td2, td3, long, strings.ToLower(td1), "P«", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := mrz.ParseAt(text, now)
		if err != nil {
			var e *mrz.Error
			if !errors.As(err, &e) || e.Code == "" {
				t.Fatalf("refused by %v", err)
			}
			return
		}
		again, err := mrz.ParseAt(d.Text, now)
		if err != nil || again != d {
			t.Fatalf("%q is read otherwise the second time: %v", d.Text, err)
		}
		if d.Number == "" || !d.Expiry.Exists() || d.Surname() == "" {
			t.Fatalf("incomplete: %+v", d)
		}
		d.NameMayBeCut()
	})
}

func FuzzRepair(f *testing.F) {
	f.Add(strings.Replace(td3, "UTO", "UT0", 1))
	f.Fuzz(func(t *testing.T, text string) {
		if r, ok := mrz.RepairAt(text, now); ok {
			if _, err := mrz.ParseAt(r.Text, now); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestAZoneAllocatesNothing(t *testing.T) {
	for _, text := range []string{td1, td2, td3} {
		if allocs := testing.AllocsPerRun(100, func() { mustParse(t, text) }); allocs != 0 {
			t.Errorf("%v allocations", allocs)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for name, text := range map[string]string{"td1": td1, "td2": td2, "td3": td3} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := mrz.ParseAt(text, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

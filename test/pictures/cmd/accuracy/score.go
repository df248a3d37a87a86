package main

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/verinym/verinym/screen"
)

// tally counts pictures of one defect and level.
type tally struct{ n, found, rejected int }

type scores struct {
	defects map[string]*[3]tally // by code: mild, clear, gross
	good    int
	warned  int
	reject  int
	sacred  int            // rejected although born digital, black and white, or saved again
	byCode  map[string]int // findings on good pictures, "error glare"
	wrong   []string

	median        float64 // of corner errors
	off, outlined int
}

// right are the codes that name a defect. An electronic certificate looks like a screenshot of itself, and its lack of
// colour is not held against it: one warning stands for both.
func right(j judged) []screen.Code {
	codes := []screen.Code{screen.Code(j.Defect)}
	if j.BornDigital && (j.Defect == "grayscale" || j.Defect == "screenshot") {
		codes = append(codes, screen.BornDigitalCopy)
	}
	return codes
}

func score(js []judged) scores {
	s := scores{defects: map[string]*[3]tally{}, byCode: map[string]int{}}
	var worst []string
	s.median, s.off, s.outlined, worst = outlines(js)
	for _, f := range worst {
		s.wrong = append(s.wrong, "outline off           "+f)
	}
	for _, j := range js {
		var said []string
		for _, f := range j.report.Findings {
			said = append(said, fmt.Sprintf("%s %s", f.Severity, f.Code))
		}
		line := fmt.Sprintf("%s: %s", j.File, strings.Join(said, ", "))
		if j.Defect == "" {
			s.good++
			for _, w := range said {
				s.byCode[w]++
			}
			switch j.report.Verdict {
			case screen.Reject:
				s.reject++
				if j.BornDigital && j.Source == "render" || j.BlackWhite || j.Resaved {
					s.sacred++
				}
				s.wrong = append(s.wrong, "rejected though good  "+line)
			case screen.Warned:
				s.warned++
				s.wrong = append(s.wrong, "warned though good    "+line)
			}
			continue
		}
		if s.defects[j.Defect] == nil {
			s.defects[j.Defect] = new([3]tally)
		}
		t := &s.defects[j.Defect][slices.Index([]string{"mild", "clear", "gross"}, j.Level)]
		t.n++
		if j.report.Verdict == screen.Reject {
			t.rejected++
		}
		found := slices.ContainsFunc(j.report.Findings, func(f screen.Finding) bool { return slices.Contains(right(j), f.Code) })
		if found {
			t.found++
		} else if j.Level != "mild" {
			s.wrong = append(s.wrong, "missed                "+line)
		}
	}
	return s
}

// recall is over clear and gross defects.
func (s scores) recall() (found, n int) {
	for _, d := range s.defects {
		for _, t := range d[1:] {
			found, n = found+t.found, n+t.n
		}
	}
	return
}

func (s scores) met() bool {
	found, n := s.recall()
	return found*100 >= 95*n && s.reject*100 <= 2*s.good && s.sacred == 0
}

func (s scores) print(half string, verbose bool) {
	fmt.Printf("\n%s half\n%-18s %12s %12s %12s   %s\n", half, "defect", "mild", "clear", "gross", "of clear and gross, under its own code")
	for _, code := range slices.Sorted(maps.Keys(s.defects)) {
		d := s.defects[code]
		cell := func(t tally) string {
			if t.n == 0 {
				return "–"
			}
			return fmt.Sprintf("%d/%d", t.found, t.n)
		}
		n, f := d[1].n+d[2].n, d[1].found+d[2].found
		fmt.Printf("%-18s %12s %12s %12s   %3d %%\n", code, cell(d[0]), cell(d[1]), cell(d[2]), 100*f/max(n, 1))
	}
	fmt.Printf("good pictures: %d, rejected %d, warned %d\n", s.good, s.reject, s.warned)
	for _, c := range slices.Sorted(maps.Keys(s.byCode)) {
		fmt.Printf("  %3d × %s\n", s.byCode[c], c)
	}
	fmt.Printf("outline of %d whole documents: corners off by %.1f ‰ of the longer side (median of the worst corner), %d by more than 25 ‰\n", s.outlined, s.median*1000, s.off)
	if verbose {
		slices.Sort(s.wrong)
		fmt.Println(strings.Join(s.wrong, "\n"))
	}
	found, n := s.recall()
	verdict := "met"
	if !s.met() {
		verdict = "NOT MET"
	}
	fmt.Printf("accuracy %s: %d of %d clear and gross defects (%.1f %%), %d of %d good rejected (%.1f %%), %d of them born digital, black and white or saved again: %s\n",
		half, found, n, 100*float64(found)/float64(max(n, 1)), s.reject, s.good, 100*float64(s.reject)/float64(max(s.good, 1)), s.sacred, verdict)
}

// writeMeasures writes the figures behind the findings, for choosing thresholds on the tuning half.
func writeMeasures(path string, js []judged) error {
	var b strings.Builder
	t := reflect.TypeFor[screen.Measures]()
	b.WriteString("file\thalf\tkind\tsource\tdefect\tlevel\tvariant\tverdict")
	for i := range t.NumField() {
		b.WriteString("\t" + t.Field(i).Name)
	}
	b.WriteString("\tfindings\n")
	for _, j := range js {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", j.File, j.Half, j.Kind, j.Source, j.Defect, j.Level, j.Variant, j.report.Verdict)
		v := reflect.ValueOf(j.report.Measures)
		for i := range t.NumField() {
			fmt.Fprintf(&b, "\t%v", v.Field(i).Interface())
		}
		var said []string
		for _, f := range j.report.Findings {
			said = append(said, string(f.Severity)[:1]+":"+string(f.Code))
		}
		b.WriteString("\t" + strings.Join(said, ",") + "\n")
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

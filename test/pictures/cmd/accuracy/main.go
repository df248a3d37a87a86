// Command accuracy makes the labelled set, screens it, and says how often screening was right.
//
//	accuracy [-half both] [-seed 1] [-dir DIR] [-v] [-measures FILE]
//
// With -dir the pictures are kept there, and used again if they are there already. It exits 1 when the validation half
// falls short of the goals: 95 % of clear and gross defects reported under the right code, at most 2 % of good pictures
// rejected, and none of the good ones that are born digital, black and white, or saved again.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/verinym/verinym/screen"
	"github.com/verinym/verinym/test/pictures"
)

func main() {
	half := flag.String("half", "both", "tuning, validation or both")
	seed := flag.Uint64("seed", 1, "another seed gives other pictures of the same recipes")
	dir := flag.String("dir", "", "where to keep the pictures; default is a temporary directory")
	verbose := flag.Bool("v", false, "name every picture that was judged wrongly")
	measures := flag.String("measures", "", "write the figures of every picture to this file, tab separated")
	flag.Parse()
	met, err := run(*half, *seed, *dir, *verbose, *measures)
	if err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(2)
	}
	if !met {
		os.Exit(1)
	}
}

func run(half string, seed uint64, dir string, verbose bool, measures string) (bool, error) {
	if dir == "" {
		tmp, err := os.MkdirTemp("", "verinym-accuracy-")
		if err != nil {
			return false, err
		}
		defer os.RemoveAll(tmp)
		dir = tmp
	}
	met := true
	var rows []judged
	for _, st := range []pictures.Style{pictures.StyleA, pictures.StyleB} {
		plan := pictures.Plan(st, seed)
		name := plan[0].Half()
		if half != "both" && half != name {
			continue
		}
		at := filepath.Join(dir, fmt.Sprintf("%s-%d", name, seed))
		truth, err := pictures.ReadTruth(at)
		if err != nil {
			if err := pictures.FontsReady(); err != nil {
				return false, err
			}
			if missing := pictures.Missing(); len(missing) > 0 {
				fmt.Fprintf(os.Stderr, "some pictures are left out, because these programs are not installed: %v\n", missing)
			}
			fmt.Fprintf(os.Stderr, "making %d pictures of the %s half\n", len(plan), name)
			if err := pictures.Write(at, plan, nil); err != nil {
				return false, err
			}
			if truth, err = pictures.ReadTruth(at); err != nil {
				return false, err
			}
		}
		js, err := screenAll(at, truth)
		if err != nil {
			return false, err
		}
		rows = append(rows, js...)
		s := score(js)
		s.print(name, verbose)
		if name == "validation" {
			met = s.met()
		}
	}
	if measures != "" {
		return met, writeMeasures(measures, rows)
	}
	return met, nil
}

// judged is one picture and what screening said.
type judged struct {
	pictures.Truth
	report screen.Report
}

func screenAll(dir string, truth []pictures.Truth) ([]judged, error) {
	out := make([]judged, len(truth))
	errs := make([]error, len(truth))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				out[i].Truth = truth[i]
				out[i].report, errs[i] = screenOne(filepath.Join(dir, filepath.FromSlash(truth[i].File)), truth[i])
			}
		})
	}
	for i := range truth {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func screenOne(path string, t pictures.Truth) (screen.Report, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return screen.Report{}, err
	}
	p := screen.General
	p.MaxBytes = 20 << 20 // how large a drawn picture comes out as PNG is not what is tested here
	p.BornDigital = t.BornDigital
	return screen.Screen(context.Background(), bytes.NewReader(b), int64(len(b)), screen.Options{Name: filepath.Base(path), Kind: t.Kind, Side: t.Side, Policy: p})
}

// Command reading measures how much of a set of pictures whose texts are known is read.
//
//	reading [-engine PATH|tesseract] [-half tuning|validation] [-per N] [-v] DIR
//
// DIR is what `pictures set` wrote. For every kind of document it prints how many of its names, numbers and days were confirmed,
// and how many were read as something else; pictures are read as uploads are, from their outline on. -per bounds the pictures
// of a kind and side.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/policies"
	"github.com/verinym/verinym/test/pictures"
)

func main() {
	engine := flag.String("engine", "", "path of an engine, or tesseract")
	half := flag.String("half", "", "tuning or validation; both when empty")
	per := flag.Int("per", 1000, "at most so many pictures of a kind and side")
	verbose := flag.Bool("v", false, "say what was read otherwise")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*engine, flag.Arg(0), *half, *per, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// fields of the truth and what they are called in reports.
var fields = []struct {
	truth string
	field reading.Field
	head  string
}{
	{"name", reading.Name, "name"}, {"number", reading.Number, "number"}, {"mrz", reading.MRZ, "MRZ"},
	{"issued_on", reading.IssuedOn, "issued"}, {"valid_from", reading.ValidFrom, "from"}, {"valid_to", reading.ValidTo, "until"},
	{"qr", reading.QR, "QR"},
}

// tally counts one field of one kind: confirmed, read otherwise, of these with confidence enough to be offered, of how many.
type tally struct{ right, wrong, sure, of int }

// kind counts one side of one kind of document.
type kind struct {
	name   string
	n      int
	fields [7]tally
	took   time.Duration
}

func run(name, dir, half string, per int, verbose bool) error {
	ctx := context.Background()
	engine, err := ocr.Find(ctx, name, ocr.Limits{})
	if err != nil {
		return err
	}
	defer engine.Close()
	p, err := policy.Load(policies.FS)
	if err != nil {
		return err
	}
	truths, err := pictures.ReadTruth(dir)
	if err != nil {
		return err
	}
	r := &reading.Reader{Jail: jail.Here(reading.Inside()), Engine: engine, Now: time.Now}
	var kinds []*kind
	for _, t := range truths {
		form, ok := p.Form(t.Kind)
		if !ok || t.Defect != "" || half != "" && t.Half != half {
			continue
		}
		k := find(&kinds, t.Kind+" "+t.Side)
		if k.n == per {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(t.File)))
		if err != nil {
			return err
		}
		began := time.Now()
		page, err := r.Page(ctx, t.Kind, t.Side, form, jail.Bytes(b))
		if err != nil {
			return fmt.Errorf("%s: %w", t.File, err)
		}
		k.n++
		k.took += time.Since(began)
		k.count(form, page, t, verbose)
	}
	report(engine.Name(), kinds)
	return nil
}

func find(kinds *[]*kind, name string) *kind {
	if i := slices.IndexFunc(*kinds, func(k *kind) bool { return k.name == name }); i >= 0 {
		return (*kinds)[i]
	}
	*kinds = append(*kinds, &kind{name: name})
	return (*kinds)[len(*kinds)-1]
}

// count compares a page with the truth, as what a registrant typed is compared. Its QR code is counted by itself: a number that
// it stands in for is not read.
func (k *kind) count(form reading.Form, page reading.Page, t pictures.Truth, verbose bool) {
	now := time.Now()
	code := form.Read(now, page).Values[reading.QR]
	page.QR = nil
	read := form.Read(now, page)
	for i, f := range fields {
		want := t.Text[f.truth]
		if want == "" || !slices.Contains(form.Shows[t.Side], f.field) {
			continue
		}
		k.fields[i].of++
		got := read.Values[f.field].Text
		if f.field == reading.QR {
			got = code.Text
		}
		right := got == want
		if f.field != reading.MRZ && f.field != reading.QR {
			right = len(named(form.Compare(reading.Typed{f.field: want}, read, now, page), f.field)) == 0
		}
		switch {
		case right:
			k.fields[i].right++
		case got != "":
			k.fields[i].wrong++
			if _, offered := read.Prefill()[f.field]; offered {
				k.fields[i].sure++
			}
		}
		if !right && verbose {
			fmt.Printf("%s: %s is %q, read %q\n", t.File, f.head, want, got)
			for _, l := range page.Lines {
				fmt.Printf("    %.2f %s\n", l.Confidence, l.Text)
			}
		}
	}
}

func named(us []reading.Unconfirmed, field reading.Field) []reading.Unconfirmed {
	return slices.DeleteFunc(us, func(u reading.Unconfirmed) bool { return u.Field != field || u.Code != reading.CodeUnconfirmed })
}

func report(engine string, kinds []*kind) {
	fmt.Printf("| %s | pictures |", engine)
	for _, f := range fields {
		fmt.Printf(" %s |", f.head)
	}
	fmt.Printf(" s |\n|---|---|%s---|\n", strings.Repeat("---|", len(fields)))
	all := &kind{name: "all"}
	for _, k := range kinds {
		k.print()
		all.n += k.n
		all.took += k.took
		for i, c := range k.fields {
			a := &all.fields[i]
			a.right, a.wrong, a.sure, a.of = a.right+c.right, a.wrong+c.wrong, a.sure+c.sure, a.of+c.of
		}
	}
	all.print()
}

// print writes a row: confirmed / all, and in brackets how many were read as something else and, of these, how many would be
// offered to fill a form in.
func (k *kind) print() {
	fmt.Printf("| %s | %d |", k.name, k.n)
	for _, c := range k.fields {
		switch {
		case c.of == 0:
			fmt.Print(" – |")
		case c.wrong > 0:
			fmt.Printf(" %d/%d (%d, %d) |", c.right, c.of, c.wrong, c.sure)
		default:
			fmt.Printf(" %d/%d |", c.right, c.of)
		}
	}
	fmt.Printf(" %.1f |\n", k.took.Seconds()/float64(max(k.n, 1)))
}

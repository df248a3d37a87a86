package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"github.com/verinym/verinym/client"
)

// printJSON prints v as one line of JSON.
func printJSON(v any) error {
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// printed is how an answer is printed.
type printed struct {
	JSON bool   `help:"Print JSON."`
	Lang string `help:"en or zh." enum:"en,zh" default:"en"`
}

func (p printed) words(w client.Words) string {
	if p.Lang == "zh" {
		return w.ZH
	}
	return w.EN
}

// explain shows a refusal in the reader's language.
func (p printed) explain(err error) error {
	var e *client.Error
	if !errors.As(err, &e) {
		return err
	}
	text := p.words(e.Text)
	if text == "" {
		text = e.Text.EN // of a proxy, which speaks one language
	}
	text += " (" + e.Code + ")"
	for _, x := range e.Errors {
		text += fmt.Sprintf("\n  %s: %s (%s)", cmp.Or(x.Field, "-"), p.words(x.Text), x.Code)
	}
	return exit{1, errors.New(text)}
}

// tableFile is where a table goes, as CSV.
type tableFile struct {
	Out string `short:"o" help:"The file to write; an existing file is not replaced. Default: standard output."`
}

// write writes a table of rows, which it tells the number of, and of what they are.
func (t tableFile) write(what string, rows func(*csv.Writer) (int, error)) (err error) {
	to := os.Stdout
	if t.Out != "" {
		if to, err = os.OpenFile(t.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err != nil {
			return usage("%v", err)
		}
		defer func() { err = errors.Join(err, to.Close()) }()
		if _, err := to.WriteString("\ufeff"); err != nil { // spreadsheets take it for another encoding without
			return err
		}
	}
	out := csv.NewWriter(to)
	n, err := rows(out)
	out.Flush()
	if err := errors.Join(err, out.Error()); err != nil || t.Out == "" {
		return err
	}
	_, err = fmt.Printf("%d %s are in %s\n", n, what, t.Out)
	return err
}

// counted is a number of things that one word names, and another where there are more.
func counted[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(int64(n), 10) + " " + many
}

// plain is a text of others' for a terminal: characters that would steer it, or turn
// the direction of reading, are written as references.
func plain(s string) string {
	if !strings.ContainsFunc(s, steers) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if steers(r) {
			fmt.Fprintf(&b, "&#x%X;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func steers(r rune) bool {
	return r != '\n' && r != '\t' && r != '\r' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// bar shows on a terminal how far a long command has come; nil shows nothing.
type bar struct {
	w     io.Writer
	total int
}

// few is how many things are done before anybody wonders.
const few = 5

// newBar is nil unless a person watches: standard error is a terminal, standard
// output goes to no pipe, and there is much to do.
func newBar(total int, wanted bool) *bar {
	out, err := os.Stdout.Stat()
	if !wanted || total < few || err != nil || out.Mode()&os.ModeNamedPipe != 0 || !isTerminal(os.Stderr) {
		return nil
	}
	return &bar{os.Stderr, total}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

const barWidth = 30

// show draws the bar: done of total, and what comes next.
func (b *bar) show(done int, next string) {
	if b == nil {
		return
	}
	full := barWidth * done / b.total
	const most = 40
	if r := []rune(next); len(r) > most {
		next = "…" + string(r[len(r)-most+1:])
	}
	fmt.Fprintf(b.w, "\r\x1b[K[%s%s] %d/%d %s", strings.Repeat("█", full), strings.Repeat("░", barWidth-full), done, b.total, next)
}

// clear takes the bar away, so that an answer can be printed.
func (b *bar) clear() {
	if b != nil {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}

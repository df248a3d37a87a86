package portfolio

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"github.com/verinym/verinym/internal/spreadsheet"
)

// Verdict is what is known of one of a name's two reviews.
type Verdict string

// The verdicts. Unknown is what nobody has said.
const (
	Unknown  Verdict = ""
	Missing  Verdict = "not_completed"
	InReview Verdict = "in_review"
	Passed   Verdict = "verified"
	Failed   Verdict = "failed"
)

// Name is a registered name with what is known of it.
type Name struct {
	Name             string // A-labels, lower case
	Created, Expires time.Time
	// Due is when the registry wants the verdicts, where it has said so.
	Due      time.Time
	Statuses []string // as EPP spells them
	// Naming is the review of the label, RealName that of the holder.
	Naming, RealName Verdict
}

// Has reports whether the name has an EPP status.
func (n Name) Has(status string) bool {
	return slices.ContainsFunc(n.Statuses, func(s string) bool { return strings.EqualFold(s, status) })
}

// columns are those of a dump, each with other spellings that exports have.
var columns = map[string][]string{
	"name":      {"name", "domain", "domain_name", "domain name", "域名"},
	"created":   {"created", "created_at", "registered", "registered_at", "creation date", "注册时间", "注册日期"},
	"expires":   {"expires", "expires_at", "expiry", "expiration date", "到期时间", "到期日期"},
	"due":       {"due", "due_at"},
	"statuses":  {"statuses", "status", "epp_statuses", "域名状态"},
	"naming":    {"naming", "naming_state"},
	"real_name": {"real_name", "real_name_state", "verification", "实名认证状态"},
}

// columnNames lists the columns of a dump. The first is needed.
func columnNames() []string {
	return []string{"name", "created", "expires", "due", "statuses", "naming", "real_name"}
}

// wrongShown is how many lines that cannot be read are told at once.
const wrongShown = 20

// ReadCSV reads a dump: the first row names the columns, a column that nobody knows is left
// alone; a file that begins with a domain name is a list of names, one a line. Cells end with
// commas, or with semicolons or tabs where the first row does. A day without a time is one in
// zone. A name that stands there again counts as it stood first. An error names the lines.
func ReadCSV(text string, zone *time.Location) ([]Name, error) {
	in := spreadsheet.Reader(text)
	first, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; its first row names the columns: " + strings.Join(columnNames(), ", "))
	}
	if err != nil {
		return nil, err
	}
	d := dump{zone: zone, seen: map[string]bool{}}
	switch d.at = columnsOf(first); {
	case slices.Contains(slices.Collect(maps.Values(d.at)), "name"):
	case strings.ContainsAny(first[0], ".。"):
		d.at = map[int]string{0: "name"}
		d.add(1, first)
	default:
		return nil, errors.New(`no column is called "name"; the columns are ` + strings.Join(columnNames(), ", "))
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			if err := d.problem(); err != nil {
				return nil, err
			}
			return d.names, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := in.FieldPos(0)
		d.add(line, cells)
	}
}

// columnsOf says which columns a first row names, by their places.
func columnsOf(header []string) map[int]string {
	at := map[int]string{}
	for i, h := range header {
		for column, spellings := range columns {
			if slices.Contains(spellings, strings.ToLower(strings.TrimSpace(h))) {
				at[i] = column
			}
		}
	}
	return at
}

// dump is what has been read of a file.
type dump struct {
	at    map[int]string
	zone  *time.Location
	names []Name
	seen  map[string]bool
	wrong []error
}

func (d *dump) add(line int, cells []string) {
	n, err := newName(d.at, cells, d.zone)
	switch {
	case err != nil:
		d.wrong = append(d.wrong, fmt.Errorf("line %d: %w", line, err))
	case n.Name != "" && !d.seen[n.Name]:
		d.seen[n.Name] = true
		d.names = append(d.names, n)
	}
}

// problem tells of the lines that cannot be read, nil when there are none.
func (d *dump) problem() error {
	if more := len(d.wrong) - wrongShown; more > 0 {
		return errors.Join(append(d.wrong[:wrongShown:wrongShown], fmt.Errorf("and %d lines more", more))...)
	}
	return errors.Join(d.wrong...)
}

func newName(at map[int]string, cells []string, zone *time.Location) (n Name, err error) {
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		switch column := at[i]; column {
		case "name":
			if n.Name, err = idna.Lookup.ToASCII(strings.TrimSuffix(strings.ToLower(cell), ".")); err != nil {
				return n, fmt.Errorf("%q is no domain name", cell)
			}
		case "created":
			n.Created, err = readTime(cell, zone)
		case "expires":
			n.Expires, err = readTime(cell, zone)
		case "due":
			n.Due, err = readTime(cell, zone)
		case "statuses":
			n.Statuses = strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(" ,;|", r) })
		case "naming":
			n.Naming, err = readVerdict(cell)
		case "real_name":
			n.RealName, err = readVerdict(cell)
		}
		if err != nil {
			return n, fmt.Errorf("%s: %w", at[i], err)
		}
	}
	return n, nil
}

// layouts are the ways in which exports write a time; those without an offset are in the
// zone of the dump.
var layouts = []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006/01/02 15:04:05", "2006/1/2", "2006/01/02"}

func readTime(cell string, zone *time.Location) (time.Time, error) {
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, cell, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date; write 2026-03-31 or 2026-03-31T12:00:00Z", cell)
}

// verdictWords are the words for verdicts that dumps have, those of Alibaba Cloud among them.
var verdictWords = map[string]Verdict{
	"verified": Passed, "succeed": Passed, "success": Passed, "passed": Passed, "已实名认证": Passed, "实名认证成功": Passed,
	"in_review": InReview, "auditing": InReview, "pending": InReview, "审核中": InReview,
	"failed": Failed, "rejected": Failed, "实名认证失败": Failed,
	"not_completed": Missing, "nonaudit": Missing, "none": Missing, "unverified": Missing, "未实名认证": Missing,
	"unknown": Unknown, "": Unknown,
}

func readVerdict(cell string) (Verdict, error) {
	v, ok := verdictWords[strings.ToLower(cell)]
	if !ok {
		return "", fmt.Errorf("%q is none of verified, in_review, failed, not_completed, unknown", cell)
	}
	return v, nil
}

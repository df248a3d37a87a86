package portfolio

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"
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

// Columns lists the columns of a dump. The first is needed.
func Columns() []string {
	return []string{"name", "created", "expires", "due", "statuses", "naming", "real_name"}
}

// ReadCSV reads a dump: the first row names the columns, a column that nobody knows is
// left alone. A day without a time is one in zone. An error names the line.
func ReadCSV(text string, zone *time.Location) ([]Name, error) {
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if err != nil {
		return nil, errors.New("the file is empty; its first row names the columns: " + strings.Join(Columns(), ", "))
	}
	at := map[int]string{}
	for i, h := range header {
		for column, spellings := range columns {
			if slices.Contains(spellings, strings.ToLower(strings.TrimSpace(h))) {
				at[i] = column
			}
		}
	}
	if !slices.Contains(slices.Collect(maps.Values(at)), "name") {
		return nil, errors.New(`no column is called "name"; the columns are ` + strings.Join(Columns(), ", "))
	}
	var out []Name
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := in.FieldPos(0)
		n, err := newName(at, cells, zone)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if n.Name != "" {
			out = append(out, n)
		}
	}
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

package console

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/form"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/spreadsheet"
)

// importsPath is where lists of names stand that are to be imported.
const importsPath = "/imports"

// importPages are those of names that the registries have already, for staff.
func (c *Console) importPages() []page {
	return []page{
		{pattern: "GET /imports", show: func(v *visit) error { return c.showImports(v, nil) }},
		{pattern: "POST /imports", show: c.sendImport, upload: true},
		{pattern: "GET /imports/{id}", show: c.importList},
		{pattern: "POST /imports/{id}/check", show: c.moveImport(c.Domains.CheckListAgain, "done.import_checked_again")},
		{pattern: "POST /imports/{id}/start", show: c.moveImport(c.Domains.ImportListed, "done.import_started")},
		{pattern: "POST /imports/{id}/cancel", show: c.moveImport(c.Domains.CancelImportList, "done.import_cancelled")},
		{pattern: "GET /imports/{id}/report.csv", show: c.importReport},
	}
}

const (
	// importsOnPage is how many lists a page has, namesOnPage how many of their names.
	importsOnPage = 25
	namesOnPage   = 50
	// importMax is how large a file may be, in bytes: more than the longest list of names.
	importMax = 4 << 20
)

// importsView is what the page of all lists shows, with the form for one more.
type importsView struct {
	rows                   []domain.ImportList
	pages                  ui.Pages
	account, accreditation string
	wrong                  []ui.Wrong
}

func (c *Console) showImports(v *visit, refused error) error {
	x := importsView{account: v.value("account"), accreditation: v.value("accreditation")}
	status, err := v.correctable(&x.wrong, refused)
	if err != nil {
		return err
	}
	found, next, err := c.Domains.ImportLists(v.ctx(), v.actor, v.r.URL.Query().Get("after"), importsOnPage)
	if err != nil {
		return err
	}
	x.rows, x.pages = found, v.pages("after", next)
	return v.render(status, importsPage(x))
}

// sendImport takes a file of names.
func (c *Console) sendImport(v *visit) error {
	if err := v.actor.Check(actor.DomainImport); err != nil {
		return err
	}
	name, names, err := v.readNames()
	if err == nil {
		err = v.once("", func(ctx context.Context) (string, error) {
			l, err := c.Domains.ListImport(ctx, v.actor, name, names)
			return importPath(l), err
		})
	}
	if err != nil {
		return c.showImports(v, err)
	}
	return nil
}

// readNames reads the form of a new list with its file.
func (v *visit) readNames() (fileName string, out []domain.Wanted, err error) {
	fileName, text, err := v.readSheet()
	if err != nil {
		return "", nil, err
	}
	names, err := spreadsheet.Names(text, spreadsheet.Name{Account: strings.TrimSpace(v.value("account")), Accreditation: v.value("accreditation")})
	if err != nil {
		return "", nil, unreadable(err)
	}
	for _, n := range names {
		out = append(out, domain.Wanted{Line: n.Line, Column: n.Column, Name: n.Domain, Account: n.Account, Accreditation: policy.Accreditation(n.Accreditation)})
	}
	return fileName, out, nil
}

// readSheet reads a form with a file for spreadsheets, which counts as what was typed.
func (v *visit) readSheet() (fileName, text string, err error) {
	_ = http.NewResponseController(v.w).SetReadDeadline(time.Now().Add(formTime))
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, importMax)
	if err := v.r.ParseMultipartForm(importMax); err != nil {
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			v.skip()
			return "", "", fault.New(fault.TooLarge, "body_too_large").With("Max", document.HumanBytes(importMax))
		}
		return "", "", fault.New(fault.Invalid, "body_invalid").With("Words", "multipart/form-data")
	}
	for field, values := range v.r.PostForm {
		for _, s := range append(values, field) {
			if err := form.NotText(s); err != nil {
				return "", "", fault.New(fault.Invalid, "body_invalid").With("Words", err.Error())
			}
		}
	}
	file, head, err := v.r.FormFile("file")
	if err != nil {
		return "", "", fault.At("file", "field_required").With("Field", "file")
	}
	defer file.Close()
	if text, err = textIn(file); err != nil {
		return "", "", err
	}
	v.r.PostForm.Set("file", text)
	return head.Filename, text, nil
}

func textIn(file io.Reader) (string, error) {
	text, err := spreadsheet.Text(file)
	if err != nil {
		return "", unreadable(err)
	}
	if form.NotText(text) != nil {
		return "", unreadable(&spreadsheet.Error{Problem: spreadsheet.NotText})
	}
	return text, nil
}

// unreadable says in words why a file cannot be read, and where.
func unreadable(err error) error {
	var e *spreadsheet.Error
	if !errors.As(err, &e) {
		return fault.At("file", "upload_broken").Because(err)
	}
	return fault.At("file", "sheet_"+string(e.Problem)).With("Line", strconv.Itoa(e.Line)).With("Column", strconv.Itoa(e.Column)).With("Words", e.Word).With("Max", document.HumanBytes(spreadsheet.Max))
}

func importPath(l domain.ImportList) string { return importsPath + "/" + l.PublicID }

// importView is what the page of one list shows.
type importView struct {
	domain.ImportList
	counts map[domain.ImportRowState]int
	shown  domain.ImportRowState
	rows   []domain.ImportRow
	pages  ui.Pages
	by     string
}

func (c *Console) importList(v *visit) error {
	l, err := c.Domains.FindImportList(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	x := importView{ImportList: l, shown: domain.ImportRowState(q.Get("state"))}
	if x.counts, err = c.Domains.CountRows(v.ctx(), l); err != nil {
		return err
	}
	from, _ := strconv.Atoi(q.Get("from"))
	if x.rows, err = c.Domains.ImportRows(v.ctx(), l, x.shown, from, namesOnPage+1); err != nil {
		return err
	}
	next := ""
	if len(x.rows) > namesOnPage {
		next = strconv.Itoa(x.rows[namesOnPage].Position)
		x.rows = x.rows[:namesOnPage]
	}
	x.pages = v.pages("from", next)
	names, err := c.Accounts.Names(v.ctx(), v.actor, l.Author)
	if err != nil {
		return err
	}
	x.by = names[l.Author]
	return v.show(importPage(x))
}

// alive reports whether the list goes on by itself, so that its page looks again.
func (x importView) alive() bool {
	return x.State == domain.ImportChecking || x.State == domain.ImportListRunning
}

// shares are how far the list is.
func (x importView) shares(ctx context.Context) (out []ui.Share) {
	for _, s := range []struct {
		state domain.ImportRowState
		tone  string
	}{{domain.RowImported, "ok"}, {domain.RowFound, "ok"}, {domain.RowRefused, "bad"}, {domain.RowImporting, "run"}, {domain.RowWaiting, "idle"}} {
		if n := x.counts[s.state]; n > 0 {
			out = append(out, ui.Share{N: n, Tone: s.tone, Text: ui.T(ctx, "imports.are_"+string(s.state))})
		}
	}
	return out
}

// dealtWith is how much of what the list is about now is done, in percent.
func (x importView) dealtWith() int {
	open := x.counts[domain.RowWaiting]
	if x.State == domain.ImportListRunning {
		open = x.counts[domain.RowFound] + x.counts[domain.RowImporting]
	}
	return (x.Total - open) * 100 / max(x.Total, 1)
}

// tabs narrow the names.
func (x importView) tabs(ctx context.Context) []ui.Tab {
	out := []ui.Tab{{Path: importPath(x.ImportList) + "#names", Text: ui.T(ctx, "task.all"), Count: ui.Count(x.Total), Here: x.shown == ""}}
	for _, s := range []domain.ImportRowState{domain.RowRefused, domain.RowFound, domain.RowImporting, domain.RowImported} {
		if n := x.counts[s]; n > 0 || x.shown == s {
			out = append(out, ui.Tab{Path: importPath(x.ImportList) + "?state=" + string(s) + "#names", Text: ui.Word(ctx, "import_row", string(s)), Count: ui.Count(n), Here: x.shown == s})
		}
	}
	return out
}

// moveImport carries out one of the moves of a list. One that has come too late finds out
// on its page.
func (c *Console) moveImport(move func(context.Context, actor.Actor, string) (domain.ImportList, error), done string) func(*visit) error {
	return func(v *visit) error {
		page := importsPath + "/" + v.r.PathValue("id")
		_, err := move(v.ctx(), v.actor, v.r.PathValue("id"))
		if fault.Code(err) == "import_list_state" {
			return v.done(page, "done.import_moved_on")
		}
		if err != nil {
			return err
		}
		return v.done(page, done)
	}
}

// importReport writes what became of each name, for a spreadsheet.
func (c *Console) importReport(v *visit) error {
	l, err := c.Domains.FindImportList(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	head := []string{v.T("imports.line"), v.T("domains.name"), v.T("imports.account"), v.T("imports.accreditation"), v.T("task.result"), v.T("task.code"), v.T("task.reason"), v.T("imports.registrant"), v.T("domains.at_registry"), v.T("domain.expires_on")}
	return v.table(l.PublicID, head, func(add func(...string)) error {
		for from := 0; ; {
			rows, err := c.Domains.ImportRows(v.ctx(), l, "", from, 1000)
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, r := range rows {
				words := ""
				if r.Reason != "" {
					words = reasonText(v.ctx(), r.Reason, r.Params)
				}
				add(strconv.Itoa(r.Line), domain.Display(r.Name), r.Account, string(r.Accreditation), ui.Word(v.ctx(), "import_row", string(r.State)), r.Reason, words, r.Registrant, strings.Join(r.Statuses, " "), v.stamp(r.ExpiresAt.Time))
			}
			from = rows[len(rows)-1].Position + 1
		}
	})
}

// where says where a name stands in its file.
func where(ctx context.Context, r domain.ImportRow) string {
	return ui.T(ctx, "imports.where", "Line", strconv.Itoa(r.Line))
}

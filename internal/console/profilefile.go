package console

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/idempotency"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/spreadsheet"
	"github.com/verinym/verinym/internal/vault"
)

// profileFilesPath is where files of profiles are sent.
const profileFilesPath = "/profile-imports"

// profileFilePages are those of files of profiles, which come in and go out.
func (c *Console) profileFilePages() []page {
	return []page{
		{pattern: "GET /profiles.csv", show: c.exportProfiles},
		{pattern: "GET /profile-imports", show: func(v *visit) error { return c.showProfileFiles(v, nil) }},
		{pattern: "POST /profile-imports", show: c.sendProfileFile, upload: true},
		{pattern: "GET /profile-imports/example.csv", show: c.exampleOfProfiles},
		{pattern: "GET /profile-imports/{id}", show: c.profileFile},
		{pattern: "POST /profile-imports/{id}/start", show: c.importProfileFile},
		{pattern: "GET /profile-imports/{id}/refused.csv", show: c.refusedProfiles},
	}
}

const (
	// profileRowsMax is how many rows a file may have: a request that makes so many takes
	// half a minute on a slow machine. The command line takes files of any length.
	profileRowsMax = 5000
	// profilesAtOnce is how many are made in one unit of work.
	profilesAtOnce = 100
)

// profileFile is a file that somebody has sent, with what would become of each row or, once
// they are imported, has.
type profileFile struct {
	Name, Text string
	SentAt     time.Time
	// ImportedAt is zero before that.
	ImportedAt time.Time
	// Rows are in the order of the file.
	Rows []fileRow
}

// fileRow is what becomes of a row: a profile, one that is there already, or what is wrong.
type fileRow struct {
	// Profile is its id; "" of one that is not made yet.
	Profile  string     `json:",omitempty"`
	Existing bool       `json:",omitempty"`
	Wrong    []rowFault `json:",omitempty"`
}

// rowFault is one thing that is wrong with a row.
type rowFault struct {
	Code   string
	Field  string       `json:",omitempty"`
	Params fault.Params `json:",omitempty"`
}

// fileRowState is what a row is listed under.
type fileRowState string

const (
	rowRefused  fileRowState = "refused"
	rowFresh    fileRowState = "fresh"
	rowCreated  fileRowState = "created"
	rowExisting fileRowState = "existing"
)

func (f profileFile) state(r fileRow) fileRowState {
	switch {
	case len(r.Wrong) > 0:
		return rowRefused
	case r.Existing:
		return rowExisting
	case f.ImportedAt.IsZero():
		return rowFresh
	}
	return rowCreated
}

// exportProfiles writes all profiles that a filter of the list finds, in its order.
func (c *Console) exportProfiles(v *visit) error {
	f := profileFilter(v.r.URL.Query())
	found, next, err := c.Profiles.List(v.ctx(), v.actor, f, "", exportedAtOnce)
	if err != nil {
		return err
	}
	return v.table("profiles-"+v.Now.In(v.Zone).Format(time.DateOnly), spreadsheet.ExportedColumns, func(add func(...string)) error {
		for {
			for _, p := range found {
				values, cells := exported(p), make([]string, len(spreadsheet.ExportedColumns))
				for i, column := range spreadsheet.ExportedColumns {
					cells[i] = values[column]
				}
				add(cells...)
			}
			if next == "" {
				return nil
			}
			if found, next, err = c.Profiles.List(v.ctx(), v.actor, f, next, exportedAtOnce); err != nil {
				return err
			}
		}
	})
}

// exported are the cells of a profile, by column; its number is masked.
func exported(p profile.View) map[string]string {
	out := stored(profileRow{View: p})
	out["residence"], out["phone"], out["document_number"] = p.Current.Fields.Residence, p.Current.Fields.Phone, p.Current.NumberMask
	out["id"], out["state"], out["email_state"], out["version"] = p.PublicID, string(p.Current.State), string(p.Email), strconv.Itoa(p.Current.Number)
	out["accreditation"], out["kind"], out["holder_type"] = string(p.Accreditation), string(p.Kind), string(p.HolderType)
	out["long_term"], out["default"] = strconv.FormatBool(p.Current.Fields.LongTerm), strconv.FormatBool(p.IsDefault)
	return out
}

// profileFilesView is what the page shows on which a file is sent.
type profileFilesView struct {
	documents []policy.Document
	wrong     []ui.Wrong
}

func (c *Console) showProfileFiles(v *visit, refused error) error {
	if err := v.actor.Check(actor.ProfileWrite); err != nil {
		return err
	}
	x := profileFilesView{documents: slices.Concat(c.Policies.DocumentsOf(policy.Individual), c.Policies.DocumentsOf(policy.Organization))}
	status, err := v.correctable(&x.wrong, refused)
	if err != nil {
		return err
	}
	return v.render(status, profileFilesPage(x))
}

// exampleOfProfiles is a file to begin with. Its people and numbers are made up.
func (c *Console) exampleOfProfiles(v *visit) error {
	rows := []map[string]string{
		{
			"accreditation": "mainland", "kind": "common", "holder_type": "individual", "name_zh": "李思远",
			"name_en": "Li Siyuan", "country": "CN", "province_zh": "陕西省", "city_zh": "西安市", "address_zh": "样张区虚构路18号",
			"postal_code": "710000", "phone": "13800138000", "email": "li@registrant.example",
			"document_kind": "resident_id", "document_number": "990000199003071171", "valid_from": "2019-05-21",
			"valid_to": "2039-05-20",
		},
		{
			"accreditation": "mainland", "kind": "cnnic", "holder_type": "organization", "name_zh": "王若溪",
			"organization_zh": "西安样本科技有限公司", "country": "CN", "province_zh": "陕西省", "city_zh": "西安市",
			"address_zh":  "样张区虚构路20号",
			"postal_code": "710000", "phone": "029-87654321", "email": "office@registrant.example",
			"document_kind": "uscc_certificate", "document_number": "91990000YYYYN8QY5R", "issued_on": "2020-03-01",
			"long_term": "true",
		},
	}
	return v.table("profiles-example", spreadsheet.ProfileColumns, func(add func(...string)) error {
		for _, row := range rows {
			cells := make([]string, len(spreadsheet.ProfileColumns))
			for i, column := range spreadsheet.ProfileColumns {
				cells[i] = row[column]
			}
			add(cells...)
		}
		return nil
	})
}

// sendProfileFile takes a file and says what would become of its rows.
func (c *Console) sendProfileFile(v *visit) error {
	if err := v.actor.Check(actor.ProfileWrite); err != nil {
		return err
	}
	name, text, err := v.readSheet()
	if err == nil {
		err = c.checkProfileFile(v, name, text)
	}
	if err != nil {
		return c.showProfileFiles(v, err)
	}
	return v.redirect(profileFilesPath + "/" + url.PathEscape(v.value("once")))
}

func (c *Console) checkProfileFile(v *visit, name, text string) error {
	sheet, err := profileSheet(text)
	if err != nil {
		return err
	}
	if v.value("once") == "" {
		return fault.New(fault.Invalid, "body_invalid").With("Words", "once")
	}
	return v.keep("profile file", v.value("once"), text, func(ctx context.Context) (profileFile, error) {
		rows, err := c.tryProfiles(ctx, v.actor, sheet)
		return profileFile{Name: name, Text: text, SentAt: v.Now, Rows: rows}, err
	})
}

// profileSheet reads the rows of a file.
func profileSheet(text string) (spreadsheet.ProfileSheet, error) {
	sheet, err := spreadsheet.Profiles(text)
	switch {
	case err != nil:
		return sheet, unreadable(err)
	case len(sheet.Rows) > profileRowsMax:
		return sheet, fault.At("file", "profile_file_rows").With("Rows", ui.Count(len(sheet.Rows))).With("Max", ui.Count(profileRowsMax))
	}
	return sheet, nil
}

// tryProfiles says what would become of the rows of a file.
func (c *Console) tryProfiles(ctx context.Context, a actor.Actor, sheet spreadsheet.ProfileSheet) ([]fileRow, error) {
	out, made := make([]fileRow, len(sheet.Rows)), 0
	var fresh []int
	for i, r := range sheet.Rows {
		if out[i].Wrong = unreadableRow(sheet.Columns, r); len(r.Wrong) == 0 && r.As == 0 {
			fresh = append(fresh, i)
		}
	}
	for part := range slices.Chunk(fresh, profilesAtOnce) {
		tried, err := c.Profiles.TryMany(ctx, a, profilesOf(sheet, part), made)
		if err != nil {
			return nil, err
		}
		for n, i := range part {
			if out[i] = rowOf(tried[n]); len(out[i].Wrong) == 0 && !out[i].Existing {
				made++
			}
		}
	}
	again(sheet, out)
	return out, nil
}

// makeProfiles makes those of a file that were found right.
func (c *Console) makeProfiles(ctx context.Context, a actor.Actor, sheet spreadsheet.ProfileSheet, f profileFile) ([]fileRow, error) {
	out := slices.Clone(f.Rows)
	var fresh []int
	for i, r := range out {
		if f.state(r) == rowFresh {
			fresh = append(fresh, i)
		}
	}
	for part := range slices.Chunk(fresh, profilesAtOnce) {
		made, err := c.Profiles.CreateMany(ctx, a, profilesOf(sheet, part))
		if err != nil {
			return nil, err
		}
		for n, i := range part {
			out[i] = rowOf(made[n])
		}
	}
	again(sheet, out)
	return out, nil
}

// again says of rows that stand there again what became of the first: it is there already,
// or refused.
func again(sheet spreadsheet.ProfileSheet, rows []fileRow) {
	first := map[int]int{}
	for i, r := range sheet.Rows {
		first[r.Line] = i
		if r.As != 0 {
			rows[i] = rows[first[r.As]]
			rows[i].Existing = len(rows[i].Wrong) == 0
		}
	}
}

func profilesOf(sheet spreadsheet.ProfileSheet, rows []int) (out []profile.Row) {
	for _, i := range rows {
		r, d := sheet.Rows[i], profile.Draft{Fields: map[string]*string{}}
		for _, name := range spreadsheet.ProfileFields {
			if value, there := r.Values[name]; there {
				d.Fields[name] = &value
			}
		}
		yes := true
		if r.Flags["long_term"] {
			d.LongTerm = &yes
		}
		if r.Flags["default"] {
			d.Default = &yes
		}
		d.Incomplete = r.Flags["incomplete"]
		out = append(out, profile.Row{
			Accreditation: policy.Accreditation(r.Values["accreditation"]), Kind: policy.ProfileKind(r.Values["kind"]),
			HolderType: policy.HolderType(r.Values["holder_type"]), Draft: d,
		})
	}
	return out
}

func rowOf(o profile.Outcome) fileRow {
	out := fileRow{Profile: o.PublicID, Existing: o.Existing}
	if o.Err == nil {
		return out
	}
	details := o.Err.Details
	if len(details) == 0 {
		details = []*fault.Error{o.Err}
	}
	for _, d := range details {
		out.Wrong = append(out.Wrong, rowFault{Code: d.Code, Field: d.Field, Params: d.Params})
	}
	return out
}

// unreadableRow says why a row cannot be read.
func unreadableRow(columns []string, r spreadsheet.ProfileRow) (out []rowFault) {
	for _, e := range r.Wrong {
		if e.Problem == spreadsheet.TooManyCells {
			out = append(out, rowFault{Code: "too_many_cells", Params: fault.Params{"Cells": strconv.Itoa(len(r.Cells)), "Columns": strconv.Itoa(len(columns))}})
			continue
		}
		out = append(out, rowFault{Code: "flag_unknown", Field: columns[e.Column-1]}) // without what stands there: a row that has slipped may have a number in it
	}
	return out
}

// importProfileFile makes the profiles of a file, once. It goes on when nobody waits for the
// page any more, which says afterwards what became of them.
func (c *Console) importProfileFile(v *visit) error {
	id := v.r.PathValue("id")
	f, sheet, err := c.findProfileFile(v)
	if err != nil {
		return err
	}
	at := profileFilesPath + "/" + url.PathEscape(id)
	if !f.ImportedAt.IsZero() {
		return v.redirect(at)
	}
	err = v.keep("profile import", id, "", func(ctx context.Context) (profileFile, error) {
		rows, err := c.makeProfiles(context.WithoutCancel(ctx), v.actor, sheet, f)
		return profileFile{ImportedAt: c.Store.Now(), Rows: rows}, err
	})
	if err != nil {
		return err
	}
	return v.done(at, "done.profiles_imported")
}

// findProfileFile returns a file that the actor has sent, with what has become of it. It is
// forgotten after a day. Fault: profile_file_gone.
func (c *Console) findProfileFile(v *visit) (f profileFile, sheet spreadsheet.ProfileSheet, err error) {
	if err := v.actor.Check(actor.ProfileWrite); err != nil {
		return f, sheet, err
	}
	id := v.r.PathValue("id")
	there, err := v.kept("profile file", id, &f)
	if err == nil && !there {
		err = fault.New(fault.NotFound, "profile_file_gone")
	}
	if err != nil {
		return f, sheet, err
	}
	var done profileFile
	if there, err = v.kept("profile import", id, &done); err != nil {
		return f, sheet, err
	}
	if there {
		f.ImportedAt, f.Rows = done.ImportedAt, done.Rows
	}
	sheet, err = profileSheet(f.Text)
	return f, sheet, err
}

// place is where what is kept of a file is sealed for: whoever has sent it.
func (v *visit) place(what, id string) vault.Place {
	return vault.Place{Table: "idempotency", Row: v.actor.ID + " " + id, Field: what}
}

// keep carries out what a form asks for, once, and keeps what came of it for a day, sealed,
// for whoever has sent it. content tells the form from another with the same id.
func (v *visit) keep(what, id, content string, do func(context.Context) (profileFile, error)) error {
	place := v.place(what, id)
	sum, err := v.c.Vault.Hash("idempotency", place.Row+"\n"+content)
	if err != nil {
		return err
	}
	var failed error
	once := idempotency.Request{Account: v.actor.Account, Key: what + " " + place.Row, Fingerprint: sum}
	_, err = idempotency.Once(v.ctx(), v.c.Store, once, func(ctx context.Context) *idempotency.Answer {
		var f profileFile
		if f, failed = do(ctx); failed != nil {
			return nil
		}
		var sealed []byte
		if sealed, failed = json.Marshal(f); failed == nil {
			sealed, failed = v.c.Vault.Seal(place, sealed)
		}
		if failed != nil {
			return nil
		}
		return &idempotency.Answer{Status: http.StatusOK, Body: sealed}
	})
	switch {
	case failed != nil:
		return failed
	case fault.Code(err) == "idempotency_answer_lost":
		return fault.New(fault.Conflict, "profile_import_cut_off")
	case err != nil:
		return sentAlready(err)
	}
	return nil
}

// kept reads what is kept, and reports whether anything is.
func (v *visit) kept(what, id string, f *profileFile) (bool, error) {
	place := v.place(what, id)
	known, err := idempotency.Known(v.ctx(), v.c.Store, v.actor.Account, what+" "+place.Row)
	if err != nil || known == nil {
		return false, err
	}
	clear, err := v.c.Vault.Reveal(place, known.Body)
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(clear, f)
}

// profileFileView is what the page of one file shows.
type profileFileView struct {
	profileFile
	path   string
	counts map[fileRowState]int
	shown  fileRowState
	rows   []shownRow
	pages  ui.Pages
}

// shownRow is a row with what the page says of it.
type shownRow struct {
	fileRow
	state    fileRowState
	line, as int
	name     string
}

func (c *Console) profileFile(v *visit) error {
	f, sheet, err := c.findProfileFile(v)
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	x := profileFileView{profileFile: f, path: v.r.URL.Path, counts: map[fileRowState]int{}, shown: fileRowState(q.Get("state"))}
	for _, r := range f.Rows {
		x.counts[f.state(r)]++
	}
	if x.counts[x.shown] == 0 { // what there is to do something about comes first
		x.shown = x.states()[0]
	}
	from, _ := strconv.Atoi(q.Get("from"))
	next := ""
	for i, r := range f.Rows {
		if i < from || f.state(r) != x.shown {
			continue
		}
		if len(x.rows) == namesOnPage {
			next = strconv.Itoa(i)
			break
		}
		in := sheet.Rows[i]
		x.rows = append(x.rows, shownRow{fileRow: r, state: x.shown, line: in.Line, as: in.As, name: calledIn(in)})
	}
	x.pages = v.pages("from", next)
	return v.show(profileFilePage(x))
}

// calledIn is the holder's name as a row has it, "" when it has none.
func calledIn(r spreadsheet.ProfileRow) string {
	return cmp.Or(r.Values["organization_zh"], r.Values["organization_en"], r.Values["name_zh"], r.Values["name_en"])
}

// states are those that rows of the file are in.
func (x profileFileView) states() (out []fileRowState) {
	for _, s := range []fileRowState{rowRefused, rowFresh, rowCreated, rowExisting} {
		if x.counts[s] > 0 {
			out = append(out, s)
		}
	}
	return out
}

// tabs narrow the rows.
func (x profileFileView) tabs(ctx context.Context) (out []ui.Tab) {
	for _, s := range x.states() {
		out = append(out, ui.Tab{
			Path: x.path + "?state=" + string(s) + "#rows", Text: ui.Word(ctx, "profile_row", string(s)),
			Count: ui.Count(x.counts[s]), Here: x.shown == s,
		})
	}
	return out
}

// shares are how many rows there are of each sort.
func (x profileFileView) shares(ctx context.Context) (out []ui.Share) {
	tones := map[fileRowState]string{rowRefused: "bad", rowFresh: "ok", rowCreated: "ok", rowExisting: "idle"}
	for _, s := range []fileRowState{rowFresh, rowCreated, rowExisting, rowRefused} {
		if n := x.counts[s]; n > 0 {
			out = append(out, ui.Share{N: n, Tone: tones[s], Text: ui.T(ctx, "profile_file.are_"+string(s))})
		}
	}
	return out
}

// stage is how far the file is.
func (x profileFileView) stage() string {
	if x.ImportedAt.IsZero() {
		return "checked"
	}
	return "imported"
}

// refusedProfiles writes the rows that were refused, each with the reason, so that they can
// be mended there and sent again.
func (c *Console) refusedProfiles(v *visit) error {
	f, sheet, err := c.findProfileFile(v)
	if err != nil {
		return err
	}
	kept := func(cells []string) (out []string) {
		for i, cell := range cells {
			if i >= len(sheet.Columns) || !slices.Contains(spreadsheet.ReportColumns, sheet.Columns[i]) {
				out = append(out, cell)
			}
		}
		return out
	}
	columns := kept(sheet.Columns)
	return v.table("profiles-refused", slices.Concat(spreadsheet.ReportColumns, columns), func(add func(...string)) error {
		for i, r := range f.Rows {
			if f.state(r) != rowRefused {
				continue
			}
			var reasons []string
			for _, p := range r.Wrong {
				reasons = append(reasons, strings.TrimPrefix(p.Field+": "+p.words(v.ctx()), ": "))
			}
			cells := kept(sheet.Rows[i].Cells)
			cells = append(cells, make([]string, max(0, len(columns)-len(cells)))...)
			add(slices.Concat([]string{strconv.Itoa(sheet.Rows[i].Line), strings.Join(reasons, " ")}, cells)...)
		}
		return nil
	})
}

// words say what is wrong and what to do, in the reader's language.
func (p rowFault) words(ctx context.Context) string { return reasonText(ctx, p.Code, p.Params) }

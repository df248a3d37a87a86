package console

import (
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/spreadsheet"
)

// table answers with rows for a spreadsheet, as they come: there may be many. What fails
// after the first has gone can only be logged.
func (v *visit) table(name string, head []string, rows func(add func(cells ...string)) error) error {
	h := v.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	v.w.WriteHeader(http.StatusOK)
	_, _ = v.w.Write([]byte("\ufeff")) // spreadsheets take it for another encoding without
	out := csv.NewWriter(v.w)
	_ = out.Write(head)
	err := rows(func(cells ...string) {
		for i := range cells {
			cells[i] = spreadsheet.Safe(cells[i])
		}
		_ = out.Write(cells)
	})
	if err != nil {
		v.c.log.ErrorContext(v.ctx(), "a table ends early", "path", v.r.URL.Path, "error", err)
	}
	out.Flush()
	return nil
}

// exportedAtOnce is how many names are read together for a table.
const exportedAtOnce = 500

// exportDomains writes all names that a filter of the list finds, in its order.
func (c *Console) exportDomains(v *visit) error {
	f := filterOf(v.r.URL.Query())
	found, next, err := c.Domains.List(v.ctx(), v.actor, f, "", exportedAtOnce)
	if err != nil {
		return err
	}
	head := []string{
		v.T("domains.name"), v.T("domain.as_sent"), v.T("domains.verification"), v.T("domain.naming"),
		v.T("domain.real_name"), v.T("domains.sync"), v.T("domains.at_registry"),
		v.T("domains.hold_date"), v.T("domains.profile"), v.T("domain.profile_number"), v.T("domain.registered_on"), v.T("domain.expires_on"),
	}
	return v.table("domains-"+v.Now.In(v.Zone).Format(time.DateOnly), head, func(add func(...string)) error {
		for {
			rows, err := c.domainRows(v, found)
			if err != nil {
				return err
			}
			for _, r := range rows {
				add(r.display(), r.Name, ui.Word(v.ctx(), "domain", string(r.Verification())), ui.Word(v.ctx(), "domain", string(r.NamingState)), ui.Word(v.ctx(), "domain", string(r.HolderState)), ui.Word(v.ctx(), "sync", r.sync()),
					strings.Join(r.Statuses, " "), v.stamp(r.holdAt), r.holder.Name, r.holder.Profile, v.stamp(r.RegisteredAt.Time), v.stamp(r.ExpiresAt.Time))
			}
			if next == "" {
				return nil
			}
			if found, next, err = c.Domains.List(v.ctx(), v.actor, f, next, exportedAtOnce); err != nil {
				return err
			}
		}
	})
}

// stamp is a moment as spreadsheets take it, in the zone of the page; "" for none.
func (v *visit) stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(v.Zone).Format("2006-01-02 15:04")
}

package console

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/store"
)

// auditView is what the page of the audit log shows.
type auditView struct {
	filter audit.Filter
	// from and until are days, as they were typed.
	from, until string
	// account is whose people acted, by its public id as it was typed.
	account string
	wrong   []ui.Wrong
	entries []audit.Entry
	names   map[string]string
	pages   ui.Pages
	// report is of the chain, nil where nobody asked to have it walked.
	report *audit.Report
}

// entriesOnPage is how many entries a page of the audit log has.
const entriesOnPage = 50

func (c *Console) auditLog(v *visit) (err error) {
	q := v.r.URL.Query()
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	x := auditView{
		from: q.Get("from"), until: q.Get("until"),
		filter: audit.Filter{Subject: strings.TrimSpace(q.Get("subject")), Actor: strings.TrimSpace(q.Get("actor")), Action: strings.TrimSpace(q.Get("action")), Before: before},
	}
	if day, err := time.ParseInLocation(time.DateOnly, x.from, v.Zone); err == nil {
		x.filter.From = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, x.until, v.Zone); err == nil {
		x.filter.Until = day.AddDate(0, 0, 1)
	}
	status := http.StatusOK
	if x.account = strings.TrimSpace(q.Get("account")); x.account != "" {
		acc, err := c.Accounts.Find(v.ctx(), v.actor, x.account)
		if status, err = v.sought(&x.wrong, err, "account"); err != nil {
			return err
		}
		if x.filter.Account = acc.ID; acc.ID == 0 {
			x.filter.Account = -1 // nobody's
		}
	}
	if x.entries, err = audit.Search(v.ctx(), c.Store, v.actor, x.filter, entriesOnPage+1); err != nil {
		return err
	}
	var next string
	if len(x.entries) > entriesOnPage {
		x.entries = x.entries[:entriesOnPage]
		next = strconv.FormatInt(x.entries[entriesOnPage-1].ID, 10)
	}
	x.pages = v.pages("before", next)
	if x.names, err = c.namesIn(v, x.entries); err != nil {
		return err
	}
	if q.Get("chain") == "check" {
		r, err := audit.Verify(v.ctx(), c.Store)
		if err != nil {
			return err
		}
		x.report = &r
	}
	return v.render(status, auditPage(x))
}

// head is the hash of the last sealed entry, as people keep it elsewhere.
func (x auditView) head() string { return hex.EncodeToString(x.report.Head) }

// namesIn are the names in the entries: of who acted, and of people, API keys and accounts that an
// entry is about or mentions.
func (c *Console) namesIn(v *visit, entries []audit.Entry) (map[string]string, error) {
	var ids []string
	add := func(id string) {
		switch store.IDPrefix(id) {
		case "per", "key", "acc":
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	for _, e := range entries {
		add(e.Actor)
		add(e.Subject)
		for _, value := range e.Detail {
			add(value)
		}
	}
	return c.Accounts.Names(v.ctx(), v.actor, ids...)
}

// shortID is the beginning of a public id, by which people tell it from others on a page.
func shortID(id string) string {
	kind := store.IDPrefix(id)
	if kind == "" {
		return id
	}
	return id[:len(kind)+1+idShown] + "…"
}

// idShown is how many letters of a public id are shown after its kind.
const idShown = 8

// colon stands between a field and its value.
func colon(ctx context.Context) string {
	if ui.On(ctx).Lang == locale.ZH {
		return "："
	}
	return ": "
}

// auditActor is who did what, by name where there is one.
func auditActor(ctx context.Context, names map[string]string, id, me string) string {
	if name, ok := strings.CutPrefix(id, "authority:"); ok {
		return authority(ctx, name)
	}
	if text := "audit_actor." + id; ui.On(ctx).Texts.Has(text) {
		return ui.T(ctx, text)
	}
	return named(ctx, names, id, me)
}

// acts are what entries can say that was done, by machine name.
func acts(ctx context.Context) (out []string) {
	for _, id := range ui.On(ctx).Texts.IDs() {
		if act, ok := strings.CutPrefix(id, "act."); ok {
			out = append(out, act)
		}
	}
	slices.Sort(out)
	return out
}

// auditAbout is what an entry is about: the name of a person, an API key or an account, what kind
// of thing it is otherwise, and "" where only its id or name is known.
func auditAbout(ctx context.Context, names map[string]string, id string) string {
	if names[id] != "" {
		return names[id]
	}
	if text := "audit_about." + store.IDPrefix(id); ui.On(ctx).Texts.Has(text) {
		return ui.T(ctx, text)
	}
	return ""
}

// inWords is a text of the catalogue, the machine name where there is none.
func inWords(ctx context.Context, prefix, name string) string {
	if ui.On(ctx).Texts.Has(prefix + name) {
		return ui.T(ctx, prefix+name)
	}
	return name
}

// codesOf are the texts in which the codes of a detail are said.
var codesOf = map[string]string{"authority": "authority.", "cause": "hold.", "kind": "kind.", "role": "role.", "roles": "role."}

// auditValue is a detail of an entry as people say it: a name, a date, a code of the catalogue, or
// as it was written.
func auditValue(ctx context.Context, names map[string]string, key, value string) string {
	switch key {
	case "until", "since":
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return ui.Moment(ctx, at)
		}
	case "due":
		if _, err := time.Parse(time.DateOnly, value); err == nil {
			return ui.ISODay(ctx, value)
		}
	case "side":
		return sideText(ctx, value)
	case "roles":
		var roles []string
		for _, r := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' }) {
			roles = append(roles, inWords(ctx, codesOf[key], r))
		}
		return strings.Join(roles, ", ")
	}
	if names[value] != "" {
		return names[value]
	}
	if prefix := codesOf[key]; prefix != "" && ui.On(ctx).Texts.Has(prefix+value) {
		return ui.T(ctx, prefix+value)
	}
	return inWords(ctx, "audit_value.", value)
}

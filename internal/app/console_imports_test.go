package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
)

// until looks at a page again until it says some words.
func (p opened) until(t *testing.T, b *browser, words string) opened {
	t.Helper()
	soon(t, words, func() (bool, error) {
		p = b.get(p.path)
		return strings.Contains(p.words(), words), nil
	})
	return p
}

// TestAnOperatorImportsAListOfNames: without JavaScript. Each name is looked up first, then
// those that were found are imported, and the report says what became of each.
func TestAnOperatorImportsAListOfNames(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.elsewhere(t, "old-holder", "赵未名", "990000197001010018", "old-one.cn", "old-two.cn")
	b, account := s.signedIn(t, "operator@registrar.example"), s.accounts["registrant"]
	file := []byte("domain,account\nold-one.cn," + account + "\nnowhere.cn,\nOld-Two.cn,\n")
	form := func(more ...string) []string {
		filled, fields := b.get("/imports").fill("/imports"), []string{}
		for name := range filled {
			if name == "once" {
				fields = append(fields, name, filled.Get(name))
			}
		}
		return append(append(fields, "accreditation", "mainland"), more...)
	}
	b.get("/imports").wants(http.StatusOK, "No lists yet", "Look up names")
	b.upload("/imports", "names.csv", file, form()...).wants(http.StatusUnprocessableEntity, "Line 3: no account given.")
	b.upload("/imports", "names.csv", []byte("\xff\xff"), form("account", account)...).wants(http.StatusUnprocessableEntity, "neither UTF-8 nor GB 18030")
	b.upload("/imports", "names.csv", make([]byte, 5<<20), form("account", account)...).wants(http.StatusRequestEntityTooLarge, "larger than 4 MB")

	sent := form("account", account)
	p := b.upload("/imports", "names.csv", file, sent...)
	if again := b.upload("/imports", "names.csv", file, sent...); again.path != p.path {
		t.Errorf("sent twice, the list is at %s and at %s", p.path, again.path)
	}
	b.upload("/imports", "names.csv", []byte("other.cn"), sent...).wants(http.StatusConflict)
	p = p.until(t, b, "Nothing is imported yet. Submitted by Ola Operator").until(t, b, "Import 2 names")
	p.wants(http.StatusOK, "Can be imported", "Registrant old-holder", "Line 3", "The registry does not know nowhere.cn", "import_not_at_registry")
	me := client.New(s.URL()).As(s.keys["registrant"])
	if _, err := me.Domain(t.Context(), "old-one.cn"); err == nil {
		t.Error("looking a name up has imported it")
	}
	b.get(p.path+"?state=refused").wants(http.StatusOK, "nowhere.cn")
	b.post(p.path+"/check", url.Values{}).wants(http.StatusOK, "The refused names are being looked up again.")
	p = p.until(t, b, "Import 2 names")
	b.post(p.path+"/start", url.Values{}).wants(http.StatusOK, "The import has started.")
	b.post(p.path+"/start", url.Values{}).wants(http.StatusOK, "The list had already changed.")
	p = p.until(t, b, "Imported by Ola Operator")
	for _, name := range []string{"old-one.cn", "old-two.cn"} {
		if d, err := me.Domain(t.Context(), name); err != nil || d.Registrant != "old-holder" {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	report := b.get(p.path + "/report.csv").text
	for _, line := range []string{"2,old-one.cn," + account + ",mainland,Imported,,,old-holder,", "3,nowhere.cn," + account + ",mainland,Refused,import_not_at_registry,", "4,old-two.cn," + account + ",mainland,Imported,"} {
		if !strings.Contains(report, "\n"+line) {
			t.Errorf("the report lacks %q:\n%s", line, report)
		}
	}
	b.get("/imports").wants(http.StatusOK, "names.csv", "Ended")
	own := s.signedIn(t, li)
	own.get(p.path).wants(http.StatusForbidden)
	own.upload("/imports", "names.csv", file, "account", account).wants(http.StatusForbidden)
	b.get("/imports/iml_none").wants(http.StatusNotFound)
}

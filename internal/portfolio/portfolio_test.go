package portfolio_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/portfolio"
)

// now is a Monday at noon in Beijing.
var now = time.Date(2026, 6, 1, 4, 0, 0, 0, time.UTC)

func day(ago int) time.Time { return now.AddDate(0, 0, -ago) }

// A name of the mainland is held when five days have passed without its verdict.
func TestWhereANameStands(t *testing.T) {
	t.Parallel()
	a := portfolio.Auditor{Policies: policytest.Shipped(), Accreditation: policy.Mainland, Now: now}
	for name, tt := range map[string]struct {
		name    portfolio.Name
		outcome portfolio.Outcome
		code    string
		hold    time.Time
	}{
		"held without its verdict":       {portfolio.Name{Name: "a.cn", Created: day(40), Statuses: []string{"serverhold"}, RealName: portfolio.Missing}, portfolio.Held, "portfolio_held_unverified", time.Time{}},
		"held although verified":         {portfolio.Name{Name: "a.cn", Created: day(40), Statuses: []string{epp.ServerHold}, RealName: portfolio.Passed}, portfolio.Held, "portfolio_held_unknown", time.Time{}},
		"held, nobody says why":          {portfolio.Name{Name: "a.cn", Created: day(40), Statuses: []string{epp.ServerHold}}, portfolio.Held, "portfolio_held_unknown", time.Time{}},
		"held by its registrar":          {portfolio.Name{Name: "a.cn", Statuses: []string{epp.ClientHold}, RealName: portfolio.Passed}, portfolio.Held, "portfolio_held_by_registrar", time.Time{}},
		"late":                           {portfolio.Name{Name: "a.cn", Created: day(6), RealName: portfolio.InReview}, portfolio.Overdue, "portfolio_overdue", day(1)},
		"on the very day":                {portfolio.Name{Name: "a.cn", Created: day(5), RealName: portfolio.Missing}, portfolio.Overdue, "portfolio_overdue", now},
		"not begun":                      {portfolio.Name{Name: "a.cn", Created: day(1), RealName: portfolio.Missing}, portfolio.Due, "portfolio_due_not_completed", day(-4)},
		"in review":                      {portfolio.Name{Name: "a.com", Created: day(1), RealName: portfolio.InReview}, portfolio.Due, "portfolio_due_in_review", day(-4)},
		"failed":                         {portfolio.Name{Name: "a.cn", Created: day(1), RealName: portfolio.Failed}, portfolio.Due, "portfolio_due_failed", day(-4)},
		"holder passed, label failed":    {portfolio.Name{Name: "a.cn", Created: day(1), RealName: portfolio.Passed, Naming: portfolio.Failed}, portfolio.Due, "portfolio_due_failed", day(-4)},
		"the registry's own date counts": {portfolio.Name{Name: "a.cn", Created: day(40), Due: day(-2), RealName: portfolio.Missing}, portfolio.Due, "portfolio_due_not_completed", day(-2)},
		"nobody says, and there is time": {portfolio.Name{Name: "a.cn", Created: day(1)}, portfolio.Unclear, "portfolio_unknown_due", day(-4)},
		"nobody says, long ago":          {portfolio.Name{Name: "a.cn", Created: day(400)}, portfolio.Unclear, "portfolio_unknown_past", time.Time{}},
		"nobody says anything":           {portfolio.Name{Name: "a.cn"}, portfolio.Unclear, "portfolio_undated", time.Time{}},
		"verified":                       {portfolio.Name{Name: "a.cn", RealName: portfolio.Passed}, portfolio.Safe, "portfolio_verified", time.Time{}},
		"expired":                        {portfolio.Name{Name: "a.cn", Expires: now, Statuses: []string{epp.ServerHold}}, portfolio.Expired, "portfolio_expired", time.Time{}},
		"a suffix of nobody's":           {portfolio.Name{Name: "a.xyzzy"}, portfolio.Unsupported, "suffix_unsupported", time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := a.Judge(tt.name)
			if got.Outcome != tt.outcome || got.Why.Code != tt.code || !got.HoldAt.Equal(tt.hold) {
				t.Errorf("%s %s, held %s; want %s %s %s", got.Outcome, got.Why.Code, got.HoldAt, tt.outcome, tt.code, tt.hold)
			}
		})
	}
	overseas := portfolio.Auditor{Policies: a.Policies, Accreditation: policy.Overseas, Now: now}
	if got := overseas.Judge(portfolio.Name{Name: "a.com", Created: day(400)}); got.Outcome != portfolio.Safe || got.Why.Code != "portfolio_not_required" {
		t.Errorf("a .com held from overseas: %s %s", got.Outcome, got.Why.Code)
	}
}

func TestDumpIsReadAsItsExporterWroteIt(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 8*3600)
	got, err := portfolio.ReadCSV("域名,注册时间,到期日期,域名状态,实名认证状态,备注\n我爱你.中国,2026-05-31 09:30:00,2027/5/31,ok;serverHold,审核中,x\n\nB.CN.,2026-05-31T00:00:00Z,,,SUCCEED\n", zone)
	if err != nil || len(got) != 2 {
		t.Fatalf("%d names, %v", len(got), err)
	}
	first, second := got[0], got[1]
	if first.Name != "xn--6qq986b3xl.xn--fiqs8s" || !first.Created.Equal(time.Date(2026, 5, 31, 1, 30, 0, 0, time.UTC)) || !first.Expires.Equal(time.Date(2027, 5, 30, 16, 0, 0, 0, time.UTC)) ||
		!first.Has(epp.ServerHold) || !first.Has("OK") || first.RealName != portfolio.InReview {
		t.Errorf("the first is %+v", first)
	}
	if second.Name != "b.cn" || second.RealName != portfolio.Passed || !second.Expires.IsZero() {
		t.Errorf("the second is %+v", second)
	}
	for what, tt := range map[string]struct {
		text string
		want []string
	}{
		"semicolons, as some spreadsheets write": {"域名;域名状态\nb.cn;\"ok;serverHold\"\n我爱你.中国;ok\n", []string{"b.cn", "xn--6qq986b3xl.xn--fiqs8s"}},
		"tabs":                                   {"domain\tcreated\r\nb.cn\t2026-05-31\r\n", []string{"b.cn"}},
		"a list":                                 {"b.cn\n我爱你。中国\n\nc.com\n", []string{"b.cn", "xn--6qq986b3xl.xn--fiqs8s", "c.com"}},
		"a name that stands there twice":         {"name,created\nb.cn,2026-05-31\nc.cn,\nB.CN.,2026-05-01\n", []string{"b.cn", "c.cn"}},
	} {
		got, err := portfolio.ReadCSV(tt.text, zone)
		var names []string
		for _, n := range got {
			names = append(names, n.Name)
		}
		if err != nil || !slices.Equal(names, tt.want) {
			t.Errorf("%s: %q, %v, want %q", what, names, err, tt.want)
		}
	}
	many := "name\n" + strings.Repeat("b c.cn\n", 25)
	if _, err := portfolio.ReadCSV(many, zone); err == nil || strings.Count(err.Error(), "is no domain name") != 20 || !strings.HasSuffix(err.Error(), "and 5 lines more") {
		t.Errorf("many lines that cannot be read: %v", err)
	}
	for text, want := range map[string]string{
		"":                             "first row",
		"created\n2026-01-01\n":        `no column is called "name"`,
		"name,created\na.cn,31.5.26\n": "line 2: created: \"31.5.26\" is no date",
		"name,real_name\na.cn,maybe\n": "line 2: real_name: \"maybe\" is none of",
		"name\na.cn\nb c.cn\n":         "line 3: \"b c.cn\" is no domain name",
		"name\n\"a.cn\n":               "quote",
		"name\nb c.cn\nb.cn\n=1+1\n":   "line 2: \"b c.cn\" is no domain name\nline 4: \"=1+1\" is no domain name",
	} {
		if _, err := portfolio.ReadCSV(text, zone); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// The registry is asked, and nothing there changes.
func TestRegistryIsAskedAndLeftAlone(t *testing.T) {
	t.Parallel()
	conf := sandbox.DefaultConfig()
	conf.Clock = sandbox.NewFrozenClock(now)
	conf.Registrars = []sandbox.Registrar{{ClientID: "our-registrar", Password: "our-password"}}
	conf.Seed.Contacts = []sandbox.SeedContact{{ClientID: "our-registrar", Identity: cnnic.Contact{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: "990000199003071171"},
		Contact: contact.Create{ID: "old-1", Email: "old@registrant.example", Voice: contact.Phone{Number: "+86.13800138000"}, AuthInfo: &epp.AuthInfo{PW: "contact-pw"},
			Postal: []contact.PostalInfo{{Type: contact.Loc, Name: "李思远", Addr: contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", CC: "CN"}}}}}}
	conf.Seed.Domains = []sandbox.SeedDomain{{ClientID: "our-registrar", Domain: domain.Create{Name: "ours.cn", Registrant: "old-1", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}}}
	server, err := sandbox.Start(context.WithoutCancel(t.Context()), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	conn, err := epp.Dial(t.Context(), server.Addr(), epp.Options{TLS: server.TLS(), ClientID: "our-registrar", Password: "our-password"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	n, found, err := portfolio.Ask(t.Context(), conn, portfolio.Name{Name: "ours.cn"})
	if err != nil || !found || n.Created.IsZero() || n.RealName != portfolio.Missing || n.Due.IsZero() {
		t.Fatalf("%+v, found %t, %v", n, found, err)
	}
	a := portfolio.Auditor{Policies: policytest.Shipped(), Accreditation: policy.Mainland, Now: now}
	if got := a.Judge(n); got.Outcome != portfolio.Due || !got.HoldAt.Equal(n.Due) {
		t.Errorf("it is %s, held %s; the registry says %s", got.Outcome, got.HoldAt, n.Due)
	}
	if _, found, err := portfolio.Ask(t.Context(), conn, portfolio.Name{Name: "nobodys.cn"}); err != nil || found {
		t.Errorf("a name that is not there: found %t, %v", found, err)
	}
	for _, r := range server.Log() {
		if r.Verb != "info" && r.Verb != "login" {
			t.Errorf("the registry was sent %s", r.Verb)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("name,created\na.cn,2026-01-01\n")
	f.Add("域名,状态\n\"a\"\"b\",\n")
	f.Fuzz(func(t *testing.T, text string) {
		names, err := portfolio.ReadCSV(text, time.UTC)
		for _, n := range names {
			if err != nil || n.Name == "" {
				t.Errorf("%+v beside %v", n, err)
			}
		}
	})
}

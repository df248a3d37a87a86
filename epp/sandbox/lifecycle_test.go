package sandbox_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/secdns"
)

// com alters the zone com.
func com(alter func(*sandbox.Zone)) func(*sandbox.Config) {
	return func(c *sandbox.Config) { alter(&c.Zones[2]) }
}

func (w *world) com(name string) {
	w.Helper()
	w.do(epp.CodeOK, domain.Create{Name: name, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}, NS: domain.NameServers{Objects: []string{"ns1.example.net"}}})
}

// periods are the grace periods of a domain, "" for one that is in none.
func (w *world) periods(name string) string {
	w.Helper()
	e := w.do(epp.CodeOK, domain.Info{Name: name}).Extension(rgp.NS)
	if e == nil {
		return ""
	}
	data, err := rgp.ParseData(e)
	if err != nil {
		w.Fatal(err)
	}
	list := ""
	for _, s := range data.Statuses {
		list += s.Value + " "
	}
	return list[:len(list)-1]
}

func restoreReport() *rgp.RestoreReport {
	return &rgp.RestoreReport{
		PreData: "before", PostData: "after", DelTime: start, ResTime: start, ResReason: "a mistake", Statements: [2]string{"not for us", "all true"},
	}
}

func TestDeletedDomainIsRestored(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.com("life.com")
	if got := w.periods("life.com"); got != rgp.AddPeriod {
		t.Errorf("when it is new: %q", got)
	}
	w.do(epp.CodeStatus, domain.Update{Name: "life.com"}, rgp.Update{Op: rgp.Request})
	w.server.Advance(5 * day)
	if got := w.periods("life.com"); got != "" {
		t.Errorf("after the add grace period: %q", got)
	}
	w.do(epp.CodePending, domain.Delete{Name: "life.com"})
	if got := w.periods("life.com"); got != rgp.RedemptionPeriod || w.statuses("life.com") != epp.PendingDelete {
		t.Errorf("deleted: %q %q", got, w.statuses("life.com"))
	}
	w.do(epp.CodeExists, domain.Create{Name: "life.com", AuthInfo: &epp.AuthInfo{}})
	w.do(epp.CodeStatus, domain.Update{Name: "life.com", Add: status(epp.ClientHold)})
	w.do(epp.CodeStatus, domain.Delete{Name: "life.com"})
	w.do(epp.CodePolicy, domain.Update{Name: "life.com", Add: status(epp.ClientHold)}, rgp.Update{Op: rgp.Request})
	w.do(epp.CodeStatus, domain.Update{Name: "life.com"}, rgp.Update{Op: rgp.Report, Report: restoreReport()})

	response := w.do(epp.CodeOK, domain.Update{Name: "life.com"}, rgp.Update{Op: rgp.Request})
	if data, err := rgp.ParseData(response.Extension(rgp.NS)); err != nil || !data.Restored || !data.Has(rgp.PendingRestore) {
		t.Errorf("restored: %+v, %v", data, err)
	}
	w.do(epp.CodeMissing, domain.Update{Name: "life.com"}, rgp.Update{Op: rgp.Report})
	w.do(epp.CodeOK, domain.Update{Name: "life.com"}, rgp.Update{Op: rgp.Report, Report: restoreReport()})
	if got := w.periods("life.com"); got != "" || w.statuses("life.com") != epp.StatusOK {
		t.Errorf("after the report: %q %q", got, w.statuses("life.com"))
	}
	w.server.Advance(60 * day)
	w.do(epp.CodeOK, domain.Info{Name: "life.com"})
}

func TestDomainGoesWhenNobodyRestoresIt(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.com("gone.com")
	w.server.Advance(5 * day)
	w.do(epp.CodePending, domain.Delete{Name: "gone.com"})
	w.server.Advance(29 * day)
	w.do(epp.CodeOK, domain.Update{Name: "gone.com"}, rgp.Update{Op: rgp.Request})
	w.server.Advance(7 * day) // and no report
	if got := w.periods("gone.com"); got != rgp.RedemptionPeriod {
		t.Errorf("without a report: %q", got)
	}
	w.server.Advance(30 * day)
	if got := w.periods("gone.com"); got != rgp.PendingDelete {
		t.Errorf("after the redemption period: %q", got)
	}
	w.do(epp.CodeStatus, domain.Update{Name: "gone.com"}, rgp.Update{Op: rgp.Request})
	w.server.Advance(5 * day)
	w.expect("gone.com: before autoPurge redemption period over, notApplicable")
	w.do(epp.CodeNotExists, domain.Info{Name: "gone.com"})
	w.com("gone.com")
}

func TestRegistrationEnds(t *testing.T) {
	t.Parallel()
	w := open(t, com(func(z *sandbox.Zone) { z.AutoRenew = false }))
	w.com("ends.com")
	w.do(epp.CodeOK, domain.Create{Name: "goes-on.net", AuthInfo: &epp.AuthInfo{}})
	w.server.Advance(365 * day)
	if got := w.periods("ends.com"); got != rgp.RedemptionPeriod {
		t.Errorf("ends.com: %q", got)
	}
	info, _ := w.info("goes-on.net")
	if got := w.periods("goes-on.net"); got != rgp.AutoRenewPeriod || !info.ExDate.Equal(start.AddDate(2, 0, 0)) {
		t.Errorf("goes-on.net: %q until %v", got, info.ExDate)
	}
	w.expect(
		"ends.com: before autoDelete expired, notApplicable",
		"goes-on.net: after autoRenew expired, notApplicable",
	)
}

func TestPendingCreatesAndRenewals(t *testing.T) {
	t.Parallel()
	w := open(t, com(func(z *sandbox.Zone) { z.AsyncCreates, z.AsyncRenewals, z.NamingDelay = true, true, naming }))
	for _, name := range []string{"good.com", "fail.com"} {
		w.do(epp.CodePending, domain.Create{Name: name, AuthInfo: &epp.AuthInfo{}, NS: domain.NameServers{Objects: []string{"ns1.example.net"}}})
		if got := w.statuses(name); got != epp.PendingCreate {
			t.Errorf("%s is %s", name, got)
		}
	}
	w.do(epp.CodeStatus, domain.Delete{Name: "good.com"})
	w.server.Advance(naming)
	if got := w.statuses("good.com"); got != epp.StatusOK {
		t.Errorf("good.com is %s", got)
	}
	w.do(epp.CodeNotExists, domain.Info{Name: "fail.com"})
	w.do(epp.CodePending, domain.Renew{Name: "good.com", CurExpDate: start.AddDate(1, 0, 0), Period: domain.Years(1)})
	if got := w.statuses("good.com"); got != epp.PendingRenew {
		t.Errorf("good.com is %s", got)
	}
	w.server.Advance(naming)
	if info, _ := w.info("good.com"); !info.ExDate.Equal(start.AddDate(2, 0, 0)) {
		t.Errorf("good.com expires %v", info.ExDate)
	}
	if news := w.news(); len(news) != 3 {
		t.Errorf("%q", news)
	}
}

// A registry lock, and the other statuses that only the registry sets.
func TestRegistryStatusesProhibit(t *testing.T) {
	t.Parallel()
	commands := map[string]epp.Body{
		epp.ServerUpdateProhibited: domain.Update{Name: "locked.com", Add: status(epp.ClientHold)},
		epp.ServerDeleteProhibited: domain.Delete{Name: "locked.com"},
		epp.ServerRenewProhibited:  domain.Renew{Name: "locked.com", CurExpDate: start.AddDate(1, 0, 0)},
		epp.PendingUpdate:          domain.Update{Name: "locked.com", Add: status(epp.ClientHold)},
	}
	w := open(t, nil)
	w.com("locked.com")
	for s, command := range commands {
		if err := w.server.SetStatus("domain", "locked.com", s, true); err != nil {
			t.Fatal(err)
		}
		if got := w.statuses("locked.com"); got != s {
			t.Errorf("statuses %s", got)
		}
		w.do(epp.CodeStatus, command)
		if err := w.server.SetStatus("domain", "locked.com", s, false); err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range [][3]string{{"domain", "locked.com", epp.ClientHold}, {"domain", "nothing.com", epp.PendingUpdate}, {"planet", "x", epp.PendingUpdate}} {
		if err := w.server.SetStatus(bad[0], bad[1], bad[2], true); err == nil {
			t.Errorf("%v was set", bad)
		}
	}
}

func TestSigningDataComesAndGoes(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	ds := func(tag int) secdns.DS {
		return secdns.DS{KeyTag: tag, Alg: 8, DigestType: 2, Digest: "49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC1234"}
	}
	w.do(epp.CodeOK, domain.Create{Name: "signed.com", AuthInfo: &epp.AuthInfo{}}, secdns.Create{MaxSigLife: 604800, Records: secdns.Records{DS: []secdns.DS{ds(1)}}})
	update := func(u secdns.Update) { w.do(epp.CodeOK, domain.Update{Name: "signed.com"}, u) }
	tags := func() (list []int) {
		e := w.do(epp.CodeOK, domain.Info{Name: "signed.com"}).Extension(secdns.NS)
		if e == nil {
			return nil
		}
		info, err := secdns.ParseInfo(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range info.DS {
			list = append(list, d.KeyTag)
		}
		return list
	}
	update(secdns.Update{Add: secdns.Records{DS: []secdns.DS{ds(2), ds(1)}}})
	if got := tags(); len(got) != 2 {
		t.Errorf("after adding: %v", got)
	}
	update(secdns.Update{Rem: secdns.Records{DS: []secdns.DS{ds(1)}}, Add: secdns.Records{DS: []secdns.DS{ds(3)}}})
	if got := tags(); len(got) != 2 || got[0] != 2 || got[1] != 3 {
		t.Errorf("after removing: %v", got)
	}
	update(secdns.Update{RemoveAll: true})
	if got := tags(); got != nil {
		t.Errorf("after removing all: %v", got)
	}
}

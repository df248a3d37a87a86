package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/sandbox"
)

// books are a registrar's entries, each as "command object amount".
func (w *world) books(client string) string {
	var lines []string
	for _, e := range w.server.Ledger(client) {
		lines = append(lines, fmt.Sprint(e.Command, " ", e.Object, " ", e.Amount))
	}
	return strings.Join(lines, "\n")
}

func TestCommandsAreBilled(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.Registrars[0].Balance, c.Registrars[1].Balance = 200000, 0 })
	w.do(epp.CodeOK, domain.Create{Name: "kept.com", Period: domain.Years(2), AuthInfo: &epp.AuthInfo{PW: "domain-pw"}})
	w.do(epp.CodeOK, domain.Create{Name: "regretted.com", AuthInfo: &epp.AuthInfo{}})
	w.do(epp.CodeOK, domain.Delete{Name: "regretted.com"})
	w.do(epp.CodeOK, domain.Renew{Name: "kept.com", CurExpDate: start.AddDate(2, 0, 0), Period: domain.Years(2)})
	w.do(epp.CodeExists, domain.Create{Name: "kept.com", AuthInfo: &epp.AuthInfo{}})
	w.server.Advance(5 * day)
	w.do(epp.CodePending, domain.Delete{Name: "kept.com"})
	w.do(epp.CodeOK, domain.Update{Name: "kept.com"}, rgp.Update{Op: rgp.Request, Report: restoreReport()})
	gaining := w.dial("gaining", nil)
	w.doOn(gaining, epp.CodePending, transfer(epp.TransferOpRequest, "kept.com"))
	w.do(epp.CodeOK, transfer(epp.TransferOpApprove, "kept.com"))

	want := `create kept.com -12000
create regretted.com -6000
refund regretted.com 6000
renew kept.com -12000
restore kept.com -60000`
	if got := w.books("verinym"); got != want {
		t.Errorf("verinym's books:\n%s\nwant:\n%s", got, want)
	}
	if got := w.books("gaining"); got != "transfer kept.com -6000" {
		t.Errorf("gaining's books: %s", got)
	}
	if balance, limited := w.server.Balance("verinym"); balance != 200000-84000 || !limited {
		t.Errorf("balance %d, limited %t", balance, limited)
	}
	if _, limited := w.server.Balance("gaining"); limited {
		t.Error("gaining has no limit")
	}
}

func TestEmptyPurseBuysNothing(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.Registrars[0].Balance = 10000 })
	w.com("first.com")
	w.do(epp.CodeBilling, domain.Create{Name: "second.com", AuthInfo: &epp.AuthInfo{}})
	w.do(epp.CodeNotExists, domain.Info{Name: "second.com"})
	w.do(epp.CodeBilling, domain.Renew{Name: "first.com", CurExpDate: start.AddDate(1, 0, 0)})
	w.do(epp.CodeOK, domain.Update{Name: "first.com", Add: status(epp.ClientHold)})
	pay := func(amount int64) {
		t.Helper()
		if err := w.server.Pay("verinym", amount); err != nil {
			t.Fatal(err)
		}
	}
	pay(1999)
	w.do(epp.CodeBilling, domain.Create{Name: "second.com", AuthInfo: &epp.AuthInfo{}})
	pay(1)
	w.com("second.com")
	if balance, _ := w.server.Balance("verinym"); balance != 0 {
		t.Errorf("balance %d", balance)
	}
	if err := w.server.Pay("nobody", 1); err == nil {
		t.Error("nobody was paid")
	}
}

// What the losing registrar paid is not refunded to the gaining one.
func TestRefundsGoToWhoPaid(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.com("moved.com")
	gaining := w.dial("gaining", nil)
	w.doOn(gaining, epp.CodePending, transfer(epp.TransferOpRequest, "moved.com"))
	w.do(epp.CodeOK, transfer(epp.TransferOpApprove, "moved.com"))
	if got := w.server.Ledger("gaining"); len(got) != 1 {
		t.Errorf("after the transfer: %+v", got)
	}
	w.doOn(gaining, epp.CodePending, domain.Delete{Name: "moved.com"})
	if got := w.books("gaining"); got != "transfer moved.com -6000\nrefund moved.com 6000" {
		t.Errorf("after the deletion:\n%s", got)
	}
	if got := w.books("verinym"); got != "create moved.com -6000" {
		t.Errorf("verinym's books: %s", got)
	}
}

func TestPricesAreTold(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.Registrars[0].Balance = 100000 })
	response := w.do(epp.CodeOK, domain.Check{Names: []string{"new.com", "new.org"}},
		fee.Check{Commands: []fee.Command{{Name: fee.Create, Years: 2}, {Name: fee.Restore}, {Name: "custom"}}})
	data, err := fee.ParseCheckData(response.Extension(fee.NS))
	if err != nil {
		t.Fatal(err)
	}
	prices := data.Objects[0].Commands
	if data.Currency != "CNY" || prices[0].Amounts[0].Value != "120.00" || prices[0].Amounts[0].GracePeriod != "P5D" ||
		prices[1].Amounts[0].Value != "600.00" || prices[2].Reason == "" || data.Objects[1].Available {
		t.Errorf("%+v", data)
	}
	w.do(epp.CodeRange, domain.Check{Names: []string{"new.com"}}, fee.Check{Currency: "USD", Commands: []fee.Command{{Name: fee.Create}}})

	created := w.do(epp.CodeOK, domain.Create{Name: "new.com", AuthInfo: &epp.AuthInfo{}})
	cost, err := fee.ParseData(created.Extension(fee.NS))
	if err != nil || cost.Amounts[0].Value != "60.00" || cost.Balance != "940.00" {
		t.Errorf("%+v, %v", cost, err)
	}
	plain := w.dial("verinym", func(o *epp.Options) { o.Extensions = []string{} })
	if quiet := w.doOn(plain, epp.CodeOK, domain.Create{Name: "other.com", AuthInfo: &epp.AuthInfo{}}); len(quiet.Extensions) != 0 {
		t.Errorf("not asked for: %s", quiet.Raw)
	}
}

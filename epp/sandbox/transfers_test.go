package sandbox_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/sandbox"
)

// transfers is a registry with verinym's moving.com, which gaining wants.
type transfers struct {
	*world
	losing, gaining *epp.Conn
}

func transferring(t *testing.T, change func(*sandbox.Config)) *transfers {
	t.Helper()
	w := open(t, change)
	w.do(epp.CodeOK, domain.Create{Name: "moving.com", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}})
	w.do(epp.CodeOK, host.Create{Name: "ns1.moving.com"})
	return &transfers{w, w.conn, w.dial("gaining", nil)}
}

func transfer(op, name string) domain.Transfer {
	t := domain.Transfer{Op: op, Name: name}
	if op == epp.TransferOpRequest {
		t.AuthInfo, t.Period = &epp.AuthInfo{PW: "domain-pw"}, domain.Years(1)
	}
	return t
}

// told takes the oldest message about a transfer and returns its status.
func (w *transfers) told(conn *epp.Conn) string {
	w.Helper()
	response := w.doOn(conn, epp.CodeMessage, epp.Poll{})
	w.doOn(conn, epp.CodeOK, epp.Ack{ID: response.Queue.ID})
	if response.Data.Is(contact.NS, "trnData") {
		data, err := contact.ParseTransferData(response.Data)
		if err != nil {
			w.Fatal(err)
		}
		return data.Status
	}
	data, err := domain.ParseTransferData(response.Data)
	if err != nil {
		w.Fatal(err)
	}
	return data.Status
}

func TestTransferEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		end       func(*transfers)
		status    string
		sponsor   string
		told      func(*transfers) *epp.Conn // who hears of the end
		toldToo   bool                       // the other one as well
		expiresIn int
	}{
		"approved": {
			func(w *transfers) {
				w.doOn(w.losing, epp.CodeOK, transfer(epp.TransferOpApprove, "moving.com"))
			}, epp.TransferClientApproved, "gaining",
			func(w *transfers) *epp.Conn { return w.gaining }, false, 2,
		},
		"rejected": {
			func(w *transfers) { w.doOn(w.losing, epp.CodeOK, transfer(epp.TransferOpReject, "moving.com")) }, epp.TransferClientRejected, "verinym",
			func(w *transfers) *epp.Conn { return w.gaining }, false, 1,
		},
		"cancelled": {
			func(w *transfers) {
				w.doOn(w.gaining, epp.CodeOK, transfer(epp.TransferOpCancel, "moving.com"))
			}, epp.TransferClientCancelled, "verinym",
			func(w *transfers) *epp.Conn { return w.losing }, false, 1,
		},
		"nobody acted": {
			func(w *transfers) { w.server.Advance(5 * day) }, epp.TransferServerApproved, "gaining",
			func(w *transfers) *epp.Conn { return w.gaining }, true, 2,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := transferring(t, nil)
			response := w.doOn(w.gaining, epp.CodePending, transfer(epp.TransferOpRequest, "moving.com"))
			data, err := domain.ParseTransferData(response.Data)
			if err != nil || data.Status != epp.TransferPending || data.ReID != "gaining" || data.AcID != "verinym" || !data.ExDate.Equal(start.AddDate(2, 0, 0)) {
				t.Errorf("requested: %+v, %v", data, err)
			}
			if got := w.told(w.losing); got != epp.TransferPending {
				t.Errorf("the losing registrar heard %s", got)
			}
			tt.end(w)
			if got := w.told(tt.told(w)); got != tt.status {
				t.Errorf("one registrar heard %s", got)
			}
			if tt.toldToo {
				if got := w.told(w.losing); got != tt.status {
					t.Errorf("the other registrar heard %s", got)
				}
			}
			w.doOn(w.losing, epp.CodeNoMessages, epp.Poll{})
			w.doOn(w.gaining, epp.CodeNoMessages, epp.Poll{})
			info, err := domain.ParseInfoData(w.doOn(w.gaining, epp.CodeOK, domain.Info{Name: "moving.com", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}).Data)
			if err != nil || info.ClID != tt.sponsor || info.Has(epp.PendingTransfer) || !info.ExDate.Equal(start.AddDate(tt.expiresIn, 0, 0)) {
				t.Errorf("%+v, %v", info, err)
			}
			if h := w.host("ns1.moving.com"); h.ClID != tt.sponsor {
				t.Errorf("the host below is %s's", h.ClID)
			}
			data, err = domain.ParseTransferData(w.doOn(w.losing, epp.CodeOK, transfer(epp.TransferOpQuery, "moving.com")).Data)
			if err != nil || data.Status != tt.status {
				t.Errorf("asked afterwards: %+v, %v", data, err)
			}
			w.doOn(w.losing, epp.CodeNotPendingTransfer, transfer(epp.TransferOpApprove, "moving.com"))
		})
	}
}

func TestTransfersAreRefused(t *testing.T) {
	t.Parallel()
	w := transferring(t, func(c *sandbox.Config) {
		c.Registrars = append(c.Registrars, sandbox.Registrar{ClientID: "third", Password: "third-pw"})
	})
	third := w.dial("third", nil)
	wrong := transfer(epp.TransferOpRequest, "moving.com")
	wrong.AuthInfo = &epp.AuthInfo{PW: "wrong"}
	before := []struct {
		name string
		conn *epp.Conn
		code int
		body epp.Body
	}{
		{"one's own", w.losing, epp.CodeNotTransferable, transfer(epp.TransferOpRequest, "moving.com")},
		{"wrong password", w.gaining, epp.CodeAuthInfo, wrong},
		{"of nothing", w.gaining, epp.CodeNotExists, transfer(epp.TransferOpRequest, "nothing.com")},
		{"approval of none", w.losing, epp.CodeNotPendingTransfer, transfer(epp.TransferOpApprove, "moving.com")},
		{"query of none", w.losing, epp.CodeNotPendingTransfer, transfer(epp.TransferOpQuery, "moving.com")},
	}
	for _, tt := range before {
		t.Run(tt.name, func(t *testing.T) { w.doOn(tt.conn, tt.code, tt.body) })
	}
	w.doOn(w.gaining, epp.CodePending, transfer(epp.TransferOpRequest, "moving.com"))
	for _, tt := range []struct {
		name string
		conn *epp.Conn
		code int
		body epp.Body
	}{
		{"a second request", third, epp.CodePendingTransfer, transfer(epp.TransferOpRequest, "moving.com")},
		{"a stranger's approval", third, epp.CodeAuthorization, transfer(epp.TransferOpApprove, "moving.com")},
		{"the gaining one's approval", w.gaining, epp.CodeAuthorization, transfer(epp.TransferOpApprove, "moving.com")},
		{"the losing one's cancellation", w.losing, epp.CodeAuthorization, transfer(epp.TransferOpCancel, "moving.com")},
		{"a stranger's query", third, epp.CodeAuthorization, transfer(epp.TransferOpQuery, "moving.com")},
		{"an op that nobody knows", w.losing, epp.CodeSyntax, transfer("grab", "moving.com")},
		{"an update meanwhile", w.losing, epp.CodePendingTransfer, domain.Update{Name: "moving.com", Add: status(epp.ClientHold)}},
		{"a deletion meanwhile", w.losing, epp.CodePendingTransfer, domain.Delete{Name: "moving.com"}},
		{"a renewal meanwhile", w.losing, epp.CodePendingTransfer, domain.Renew{Name: "moving.com", CurExpDate: start.AddDate(1, 0, 0)}},
	} {
		t.Run(tt.name, func(t *testing.T) { w.doOn(tt.conn, tt.code, tt.body) })
	}
}

func TestLockedDomainsStay(t *testing.T) {
	t.Parallel()
	w := transferring(t, func(c *sandbox.Config) {
		for i := range c.Zones {
			c.Zones[i].TransferLock = 60 * day
		}
	})
	w.doOn(w.gaining, epp.CodeNotTransferable, transfer(epp.TransferOpRequest, "moving.com"))
	w.server.Advance(60 * day)
	w.do(epp.CodeOK, domain.Update{Name: "moving.com", Add: status(epp.ClientTransferProhibited)})
	w.doOn(w.gaining, epp.CodeStatus, transfer(epp.TransferOpRequest, "moving.com"))
	w.do(epp.CodeOK, domain.Update{Name: "moving.com", Rem: status(epp.ClientTransferProhibited)})
	if err := w.server.SetStatus("domain", "moving.com", epp.ServerTransferProhibited, true); err != nil {
		t.Fatal(err)
	}
	w.doOn(w.gaining, epp.CodeStatus, transfer(epp.TransferOpRequest, "moving.com"))
	if err := w.server.SetStatus("domain", "moving.com", epp.ServerTransferProhibited, false); err != nil {
		t.Fatal(err)
	}
	w.doOn(w.gaining, epp.CodePending, transfer(epp.TransferOpRequest, "moving.com"))
}

// The registry reviews the name again, and a name that it refuses stays.
func TestTransferOfARefusedNameFails(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{"fail": epp.TransferServerCancelled, "good": epp.TransferPending} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w := transferring(t, cn(func(z *sandbox.Zone) { z.DeleteOnNamingFailure, z.HoldAfter = false, 100*day }))
			w.person("holder-1", "张三")
			w.register(label+".cn", "holder-1")
			w.server.Advance(naming)
			w.news()
			w.doOn(w.gaining, epp.CodePending, transfer(epp.TransferOpRequest, label+".cn"))
			w.server.Advance(naming)
			data, err := domain.ParseTransferData(w.doOn(w.gaining, epp.CodeOK, transfer(epp.TransferOpQuery, label+".cn")).Data)
			if err != nil || data.Status != want {
				t.Errorf("%+v, %v", data, err)
			}
		})
	}
}

func TestHeldDomainOfAVerifyingZoneStays(t *testing.T) {
	t.Parallel()
	w := transferring(t, nil)
	w.person("holder-1", "张三")
	w.register("held.cn", "holder-1")
	w.server.Advance(hold)
	w.doOn(w.gaining, epp.CodeStatus, transfer(epp.TransferOpRequest, "held.cn"))
}

func TestContactsAreTransferred(t *testing.T) {
	t.Parallel()
	for _, op := range []string{epp.TransferOpApprove, epp.TransferOpReject, ""} {
		t.Run(fmt.Sprintf("op %q", op), func(t *testing.T) {
			t.Parallel()
			w := transferring(t, nil)
			w.person("holder-1", "张三")
			request := contact.Transfer{Op: epp.TransferOpRequest, ID: "holder-1", AuthInfo: &epp.AuthInfo{PW: "contact-pw"}}
			w.doOn(w.losing, epp.CodeNotTransferable, request)
			w.doOn(w.gaining, epp.CodeAuthInfo, contact.Transfer{Op: epp.TransferOpRequest, ID: "holder-1", AuthInfo: &epp.AuthInfo{PW: "wrong"}})
			w.doOn(w.gaining, epp.CodePending, request)
			w.doOn(w.losing, epp.CodePendingTransfer, contact.Update{ID: "holder-1", Chg: contact.Change{Email: "a@b.cn"}})
			w.doOn(w.losing, epp.CodePendingTransfer, contact.Delete{ID: "holder-1"})
			if got := w.told(w.losing); got != epp.TransferPending {
				t.Errorf("the losing registrar heard %s", got)
			}
			info, err := contact.ParseInfoData(w.do(epp.CodeOK, contact.Info{ID: "holder-1"}).Data)
			if err != nil || !info.Has(epp.PendingTransfer) {
				t.Errorf("%+v, %v", info, err)
			}
			sponsor, trDate := "gaining", start
			switch op {
			case "":
				w.server.Advance(5 * day)
				trDate = start.Add(5 * day)
			case epp.TransferOpReject:
				sponsor, trDate = "verinym", time.Time{}
				fallthrough
			default:
				w.doOn(w.losing, epp.CodeOK, contact.Transfer{Op: op, ID: "holder-1"})
			}
			w.told(w.gaining)
			info, err = contact.ParseInfoData(w.do(epp.CodeOK, contact.Info{ID: "holder-1", AuthInfo: &epp.AuthInfo{PW: "contact-pw"}}).Data)
			if err != nil || info.ClID != sponsor || !info.TrDate.Equal(trDate) {
				t.Errorf("%+v, %v", info, err)
			}
		})
	}
}

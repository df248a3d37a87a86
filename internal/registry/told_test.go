package registry_test

import (
	"crypto/tls"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// The interface for documents stands behind a gateway with a certificate and a list of
// addresses of its own. Until ours is on it nothing is held against the documents, and an
// operator is told.
func TestGatewayBeforeTheDocumentsDoesNotKnowUs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		var listed atomic.Bool
		var behind atomic.Pointer[httputil.ReverseProxy]
		gateway := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !listed.Load() {
				http.Error(w, "<html>403 Forbidden</html>", http.StatusForbidden)
				return
			}
			behind.Load().ServeHTTP(w, r)
		}))
		t.Cleanup(gateway.Close)
		var audit string
		w := open(t, s, c, setting{account: func(a *registry.Account) {
			audit, a.AuditURL = a.AuditURL, gateway.URL
			a.ServerName = "localhost" // of the EPP server alone: the gateway's certificate lacks it
			a.CAPEM = append(slices.Clone(a.CAPEM), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: gateway.Certificate().Raw})...)
		}})
		target, err := url.Parse(audit)
		if err != nil {
			t.Fatal(err)
		}
		proxy := httputil.NewSingleHostReverseProxy(target)
		proxy.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: w.server.TLS().RootCAs}}
		behind.Store(proxy)

		id := w.contactFor("pv_li", "李思远")
		w.run(w.desk)
		w.wait("an operator to be told", 10*time.Second, func() bool { return slices.Equal(w.findings(), []string{"documents_away "}) })
		if n := w.received("evidence", ""); n != 0 {
			t.Errorf("%d documents came through a gateway that lets none through", n)
		}
		listed.Store(true)
		w.wait("the documents to be sent", 10*time.Second, func() bool { return w.state("evidence:"+id) == registry.Done })
		w.until("the finding to close", func() bool { return len(w.findings()) == 0 })
	})
}

// What is wrong with the password is put right in its file, without a restart: the sessions
// and the documents take it.
func TestAnotherPasswordInItsFileIsTaken(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		file := t.TempDir() + "/password"
		write(t, file, "old-pw\n")
		w := open(t, s, c, setting{account: func(a *registry.Account) { a.Password, a.PasswordFile = "old-pw", file }})
		w.contactFor("pv_li", "李思远")
		w.run(w.desk)
		w.until("the refusal", func() bool { return slices.Equal(w.findings(), []string{"credentials_refused "}) })
		logins := w.received("login", "")
		write(t, file, "")
		write(t, file, ourPassword+"\n")
		w.until("all to be done", w.ended) // no hour has passed
		w.allDone()
		w.until("the finding to close", func() bool { return len(w.findings()) == 0 })
		if logins > 3 {
			t.Errorf("%d logins with the wrong password", logins)
		}
	})
}

// What an empty purse has stopped is told, until the registry lets us buy again, even when the
// process that was told so is no more.
func TestOperatorsHearOfAnEmptyPurse(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		id := w.contactFor("pv_li", "李思远")
		if err := w.server.SetFaults(sandbox.Fault{Verb: "create", Object: "domain", Kind: sandbox.FaultCode, Code: 2104}); err != nil {
			t.Fatal(err)
		}
		w.create("new.cn", id)
		first := w.run(w.desk)
		w.until("the finding", func() bool { return slices.Equal(w.findings(), []string{"balance_used_up "}) })
		first.stop()
		w.server.ClearFaults()
		w.run(w.process("another"))
		w.wait("the name to be bought", 10*time.Second, func() bool { return w.state("domain:new.cn") == registry.Done })
		w.until("the finding to close", func() bool { return len(w.findings()) == 0 })
	})
}

// The oldest message of the queue is no XML: it cannot be acknowledged, and all behind it wait.
func TestOperatorsHearOfAQueueThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{})
	if err := w.server.SetFaults(sandbox.Fault{Verb: "poll", Kind: sandbox.FaultGarbage}); err != nil {
		t.Fatal(err)
	}
	w.contactFor("pv_li", "李思远")
	w.run(w.desk)
	w.wait("the finding", time.Second, func() bool { return slices.Equal(w.findings(), []string{"queue_unread "}) })
	w.allDone()
	w.server.ClearFaults()
	w.until("the finding to close", func() bool { return len(w.findings()) == 0 })
}

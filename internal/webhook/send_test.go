package webhook_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/webhook"
)

func TestAddressInsideTheNetworkIsNotDialled(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	o := newOffice(t, s, webhook.Config{Plain: true, Owner: "node-1"})
	_, port, _ := strings.Cut(strings.TrimPrefix(o.URL, "http://"), ":")
	inside := "http://localhost:" + port + "/" // a name: found out when it is dialled
	e, _, err := o.Create(t.Context(), o.li, webhook.Wish{URL: &inside})
	if err != nil {
		t.Fatal(err)
	}
	d, err := o.Test(t.Context(), o.li, e.PublicID)
	if err != nil {
		t.Fatal(err)
	}
	o.send()
	_, tries, err := o.FindDelivery(t.Context(), o.li, d.PublicID)
	if err != nil || len(tries) != 1 || tries[0].Failure != "address_forbidden" || len(o.got()) != 0 {
		t.Errorf("tried: %+v, %v", tries, err)
	}
}

func TestRedirectIsNotFollowedAndUntrustedCertificateNotBelieved(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	o := newOffice(t, s, loopback)
	o.answers(http.StatusFound)
	moved, _ := o.endpoint(o.li)
	secure := httptest.NewTLSServer(o.listener)
	defer secure.Close()
	untrusted, _, err := o.Create(t.Context(), o.li, webhook.Wish{URL: &secure.URL})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []webhook.Endpoint{moved, untrusted} {
		if _, err := o.Test(t.Context(), o.li, e.PublicID); err != nil {
			t.Fatal(err)
		}
	}
	o.send()
	for e, want := range map[webhook.State]webhook.Attempt{webhook.State(moved.PublicID): {Status: 302}, webhook.State(untrusted.PublicID): {Failure: "tls_failed"}} {
		log, err := o.Log(t.Context(), o.li, string(e), "", "", 1)
		if err != nil {
			t.Fatal(err)
		}
		_, tries, err := o.FindDelivery(t.Context(), o.li, log[0].PublicID)
		if err != nil || len(tries) != 1 || tries[0].Status != want.Status || tries[0].Failure != want.Failure {
			t.Errorf("tried: %+v, %v; want %+v", tries, err, want)
		}
	}
	if calls := o.got(); len(calls) != 1 || calls[0].path != "/per_li" {
		t.Errorf("arrived: %+v", calls)
	}
}

func TestDeliveryOfAProcessThatDiedIsSentByAnother(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, _ := o.endpoint(o.li)
		if _, err := o.Test(t.Context(), o.li, e.PublicID); err != nil {
			t.Fatal(err)
		}
		claimed := func(until int64) {
			err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.NewRaw("UPDATE webhook_delivery SET state = 'sending', owner = 'dead', lease_until = ?", until).Exec(ctx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		claimed(time.Now().Add(time.Hour).UnixMicro())
		o.send()
		if n := len(o.got()); n != 0 {
			t.Errorf("what another process sends is sent %d times", n)
		}
		if _, err := o.ReplayOne(t.Context(), o.li, o.log(o.li, e)[0].PublicID); fault.Code(err) != "webhook_delivery_state" {
			t.Errorf("replayed while it is sent: %v", err)
		}
		claimed(time.Now().Add(-time.Second).UnixMicro())
		o.send()
		if n := len(o.got()); n != 1 {
			t.Errorf("sent %d times, want once", n)
		}
	})
}

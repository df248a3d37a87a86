package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/client"
)

// TestTheDefaultProfileIsChosenFirst: wherever a profile is wanted, until somebody chooses another.
func TestTheDefaultProfileIsChosenFirst(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, me := s.signedIn(t, li), client.New(s.URL()).As(s.keys["registrant"])
	first, second := s.verifiedProfile(t, me, "cnnic"), s.verifiedProfile(t, me, "cnnic", "name_zh", "王若溪", "document_number", "990000198711242467", "email", "wang@registrant.example")
	pages := []string{"/orders/new?domain=tea.cn", "/transfers/new", "/associations/new"}
	for _, want := range []string{first, second} {
		status, body, _ := s.json(t, "registrant", "PATCH", "/api/v1/profiles/"+want, `{"default":true}`)
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		for _, page := range pages {
			got := b.get(page).field("profile")
			if _, chosen := got["checked"]; !chosen || got["value"] != want {
				t.Errorf("%s chooses %s, want %s", page, got["value"], want)
			}
		}
	}
}

// TestANameIsOrderedWithoutJavaScript: it is checked, its holder chosen among those who
// may hold it, and it is known before the payment whether it is verified in time.
func TestANameIsOrderedWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	b.get("/orders").wants(http.StatusOK, "No orders yet")
	b.get("/orders/new").wants(http.StatusOK, "Including the suffix")
	b.get("/orders/new?domain=tea.cn").wants(http.StatusOK, "tea.cn is available", "None of your profiles can hold this name yet")
	b.get("/orders/new?domain=+").wants(http.StatusUnprocessableEntity, "Please enter the domain name.")
	b.get("/orders/new?domain=tea..cn").wants(http.StatusUnprocessableEntity, "One thing to correct")
	b.get("/orders/new?domain=tea.nowhere").wants(http.StatusUnprocessableEntity, "tea.nowhere")

	profile, draft := s.verifiedProfile(t, me, "cnnic"), s.profile(t)
	p := b.get("/orders/new?domain=" + url.QueryEscape("茶.cn"))
	p.wants(http.StatusOK, "Who holds 茶.cn?", "It has not been submitted yet", "These cannot be used", "Will it be verified in time?", "Suspended if not verified")
	if strings.Contains(p.text, `value="`+draft+`"`) || !strings.Contains(p.text, `value="`+profile+`"`) {
		t.Error("the draft can be chosen, or the verified profile cannot")
	}
	form := p.fill("/orders/new", "years", "2")
	p = b.post("/orders/new", form)
	p.wants(http.StatusConflict, "One thing to correct", "the account itself must be verified")
	if !strings.Contains(p.text, `<option value="2" selected>`) {
		t.Error("the years that were chosen are forgotten")
	}
	if _, err := office.AssertIdentity(t.Context(), s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	form = p.fill("/orders/new", "years", "2") // which stands beside the form
	if form.Get("profile") != profile {
		t.Errorf("what was chosen became %v", form)
	}
	first, second := b.post("/orders/new", form), b.post("/orders/new", form)
	first.wants(http.StatusOK, "The order is placed", "Awaiting payment", "not on this page", "2 years", "until it expires")
	if first.path != second.path {
		t.Errorf("two clicks lead to %s and %s", first.path, second.path)
	}
	order := first.path
	placed, err := me.Order(t.Context(), strings.TrimPrefix(order, "/orders/"))
	if err != nil {
		t.Fatal(err)
	}
	verdict, err := time.Parse(time.DateOnly, placed.VerdictDay)
	if err != nil {
		t.Fatal(err)
	}
	first.wants(http.StatusOK, "The registry's result is expected "+verdict.Format("Mon 2 Jan"))
	if _, err := office.ConfirmPayment(t.Context(), strings.TrimPrefix(order, "/orders/")); err != nil {
		t.Fatal(err)
	}
	soon(t, "the name to be registered", func() (bool, error) {
		return strings.Contains(b.get(order).words(), "The name is registered"), nil
	})
	b.get("/orders").wants(http.StatusOK, "茶.cn", "Completed", "1 order on this page")
	b.get("/orders/new?domain="+url.QueryEscape("茶.cn")).wants(http.StatusOK, "is already in your account")

	p = b.get("/orders/new?domain=served.cn")
	if !strings.Contains(p.text, `<details class="mt-4"><summary`) {
		t.Error("the name servers are not folded away")
	}
	p = b.post("/orders/new", p.fill("/orders/new", "name_servers", "ns1.dns.example，ns1.served.cn"))
	p.wants(http.StatusUnprocessableEntity, "One thing to correct", "ns1.served.cn stands under served.cn itself")
	if !strings.Contains(p.text, `<details class="mt-4" open>`) || !strings.Contains(p.text, "ns1.dns.example，ns1.served.cn</textarea>") {
		t.Error("the name servers that were typed are folded away, or forgotten")
	}
	p = b.post("/orders/new", p.fill("/orders/new", "name_servers", "NS2.dns.example\r\nns1.dns.example\r\n"))
	p.wants(http.StatusOK, "The order is placed", "Name servers", "ns2.dns.example, ns1.dns.example")
	if _, err := office.ConfirmPayment(t.Context(), strings.TrimPrefix(p.path, "/orders/")); err != nil {
		t.Fatal(err)
	}
	soon(t, "the name servers to be at the registry", func() (bool, error) {
		d, err := me.Domain(t.Context(), "served.cn")
		return slices.Equal(d.NameServers, []string{"ns1.dns.example", "ns2.dns.example"}), err
	})
	b.get("/domains/served.cn").wants(http.StatusOK, "ns1.dns.example, ns2.dns.example", "The registry was told of the name server ns2.dns.example, which it did not have, and has it now")

	p = b.get("/orders/new?domain=cup.cn")
	p = b.post("/orders/new", p.fill("/orders/new"))
	p = b.post(p.path+"/cancel", p.fill(p.path+"/cancel"))
	p.wants(http.StatusOK, "The order is cancelled", "This order was cancelled")

	other := s.signedIn(t, chen)
	other.get(order).wants(http.StatusNotFound)
	if p := other.post(p.path+"/cancel", url.Values{}); p.status != http.StatusNotFound {
		t.Errorf("another account cancels it: %d", p.status)
	}
	other.get("/orders").wants(http.StatusOK, "No orders yet")
}

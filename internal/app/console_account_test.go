package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

// TestAnAccountKeepsItsKeysWithoutJavaScript: a key is shown once, works, and does not
// any more when it is revoked.
func TestAnAccountKeepsItsKeysWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	b.get("/account").wants(http.StatusOK, "Li Siyuan", "The account is not verified yet", "李思远", "li@registrant.example", "Registrant")
	if _, err := client.New(s.URL()).As(s.keys["operator"]).AssertIdentity(t.Context(), s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	b.get("/account").wants(http.StatusOK, "The account is verified", "customer register")

	p := b.get("/account/keys")
	p.wants(http.StatusOK, "sample")
	b.post("/account/keys", p.fill("/account/keys")).wants(http.StatusUnprocessableEntity, "One thing to correct")
	form := p.fill("/account/keys", "name", "billing")
	p = b.post("/account/keys", form)
	p.wants(http.StatusOK, "Your new key", "billing")
	secret := regexp.MustCompile(`vk_[0-9A-Za-z_-]{20,}`).FindString(p.text)
	if _, err := client.New(s.URL()).As(secret).Profiles(t.Context()); err != nil || secret == "" {
		t.Fatalf("the key %q does not work: %v", secret, err)
	}
	if again := b.post("/account/keys", form); strings.Contains(again.text, secret) || strings.Count(again.text, ">billing<") != 1 {
		t.Error("a second click shows the key again, or makes another")
	}
	if p = b.get("/account/keys"); strings.Contains(p.text, secret) {
		t.Error("the key is shown twice")
	}
	revoke := regexp.MustCompile(`/account/keys/key_[0-9a-z]+/revoke`).FindString(p.text) // the newest stands first
	other := s.signedIn(t, chen)
	if p := other.post(revoke, url.Values{}); p.status != http.StatusNotFound {
		t.Errorf("another account revokes it: %d", p.status)
	}
	b.post(revoke, p.fill(revoke)).wants(http.StatusOK, "The key is revoked")
	if _, err := client.New(s.URL()).As(secret).Profiles(t.Context()); err == nil {
		t.Error("a revoked key works")
	}
	s.signedIn(t, rui).get("/account/keys").wants(http.StatusForbidden)
}

// TestAWebhookIsSetUpWithoutJavaScript: made with its secret, tested, its delivery read
// and sent again, its secret rotated, paused and deleted.
func TestAWebhookIsSetUpWithoutJavaScript(t *testing.T) {
	t.Parallel()
	heard := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		heard <- r.Header.Get("webhook-id")
		_, _ = w.Write([]byte("thank you"))
	}))
	defer receiver.Close()
	s := startWith(t, func(c *app.Config) { c.Webhooks = app.Webhooks{Plain: true, Allow: []string{"127.0.0.0/8"}} })
	b := s.signedIn(t, li)
	p := b.get("/webhooks")
	p.wants(http.StatusOK, "No webhooks yet")
	p = b.post("/webhooks", p.fill("/webhooks", "url", "ftp://nowhere", "description", "to <billing>"))
	p.wants(http.StatusUnprocessableEntity, "One thing to correct")
	if f := p.field("description"); f["value"] != "to <billing>" {
		t.Errorf("the description that was typed became %v", f)
	}
	p = b.post("/webhooks", p.fill("/webhooks", "url", receiver.URL+"/hook"))
	p.wants(http.StatusOK, "shown only once", "Enabled", "to <billing>")
	at := p.path
	secret := regexp.MustCompile(`whsec_[0-9A-Za-z+/=]+`).FindString(p.text)
	if p = b.get(at); secret == "" || strings.Contains(p.text, secret) {
		t.Errorf("the secret %q is shown twice, or not at all", secret)
	}

	p = b.post(at+"/test", p.fill(at+"/test"))
	p.wants(http.StatusOK, "webhook.test", "What is sent")
	delivery, id := p.path, <-heard
	soon(t, "the delivery", func() (bool, error) {
		p = b.get(delivery)
		return strings.Contains(p.words(), "Delivered"), nil
	})
	p.wants(http.StatusOK, "Answered 200: thank you", id)
	p = b.post(delivery+"/replay", p.fill(delivery+"/replay"))
	p.wants(http.StatusOK, "The delivery is being sent again")
	if again := <-heard; again != id {
		t.Errorf("sent again as %s, not as %s", again, id)
	}
	b.get(at).wants(http.StatusOK, "webhook.test", "1 delivery on this page")
	b.get(at+"?state=failed").wants(http.StatusOK, "No deliveries here.")

	p = b.get(at)
	p = b.post(at+"/secret", p.fill(at+"/secret"))
	if rotated := regexp.MustCompile(`whsec_[0-9A-Za-z+/=]+`).FindString(p.text); rotated == "" || rotated == secret {
		t.Errorf("rotated to %q", rotated)
	}
	p.wants(http.StatusOK, "The previous secret also signs, until")
	p = b.post(at, p.fill(at, "description", "to the shop", "events", "domain.registered"))
	p.wants(http.StatusOK, "The webhook is saved", "to the shop")
	b.get("/webhooks").wants(http.StatusOK, "1 type")
	p = b.post(at+"/enabled", p.fill(at+"/enabled"))
	p.wants(http.StatusOK, "The webhook is paused")

	other := s.signedIn(t, chen)
	for _, path := range []string{at, delivery} {
		other.get(path).wants(http.StatusNotFound)
	}
	if p := other.post(at+"/delete", url.Values{}); p.status != http.StatusNotFound {
		t.Errorf("another account deletes it: %d", p.status)
	}
	b.post(at+"/delete", p.fill(at+"/delete")).wants(http.StatusOK, "The webhook is deleted", "No webhooks yet")
}

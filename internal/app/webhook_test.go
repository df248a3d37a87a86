package app_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

// A registrar's own system hears of what happens to a profile, misses something while it
// is away, and has it sent again: over the interface, with a real web server.
func TestRegistrarsSystemHearsWhatHappens(t *testing.T) {
	t.Parallel()
	status := make(chan int, 100)
	heard := make(chan string, 100)
	system := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		select {
		case code := <-status:
			w.WriteHeader(code)
		default:
			var e struct{ Type string }
			_ = json.Unmarshal(b, &e)
			heard <- e.Type
		}
	}))
	defer system.Close()
	s := startWith(t, func(c *app.Config) { c.Webhooks = app.Webhooks{Plain: true, Allow: []string{"127.0.0.0/8"}} })
	ctx := t.Context()
	me, other := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["other"])
	w, err := me.CreateWebhook(ctx, system.URL, "registration system")
	if err != nil || w.Secret == "" || w.State != "enabled" || len(w.Events) != 0 {
		t.Fatalf("%+v, %v", w, err)
	}
	if read, err := me.Webhook(ctx, w.ID); err != nil || read.Secret != "" || read.URL != system.URL {
		t.Errorf("read again: %+v, %v", read, err)
	}
	if _, err := other.Webhook(ctx, w.ID); err == nil {
		t.Error("another account reads it")
	}
	office := client.New(s.URL()).As(s.keys["operator"])
	if wide, err := office.CreateRegistrarWebhook(ctx, system.URL+"/registrar", "all accounts", "webhook.disabled"); err != nil || !wide.AllAccounts {
		t.Errorf("of the registrar: %+v, %v", wide, err)
	}
	if _, err := me.CreateRegistrarWebhook(ctx, system.URL, "all accounts"); err == nil {
		t.Error("a registrant hears of every account")
	}
	s.verifiedProfile(t, me, "common")
	var types []string
	for !slices.Contains(types, "profile.verified") {
		types = append(types, <-heard)
	}
	for _, want := range []string{"profile.created", "email.verified", "profile.submitted"} {
		if !slices.Contains(types, want) {
			t.Errorf("it heard %v, and not %s", types, want)
		}
	}
	if w, err = me.ChangeWebhook(ctx, w.ID, client.WebhookChange{Events: &[]string{"order.failed"}}); err != nil || !slices.Equal(w.Events, []string{"order.failed"}) {
		t.Fatalf("%+v, %v", w, err)
	}
	status <- http.StatusGone
	d, err := me.TestWebhook(ctx, w.ID)
	if err != nil {
		t.Fatal(err)
	}
	soon(t, "the webhook to be disabled", func() (bool, error) {
		w, err = me.Webhook(ctx, w.ID)
		return w.State == "disabled" && w.DisabledFor == "gone", err
	})
	soon(t, "the message of it", func() (bool, error) {
		_, body, _ := s.json(t, "registrant", "GET", "/api/v1/messages", "")
		var page struct {
			Items []struct{ Type, Subject string }
		}
		err := json.Unmarshal(body, &page)
		return len(page.Items) > 0 && page.Items[0].Type == "webhook.disabled" && page.Items[0].Subject == w.ID, err
	})
	on := true
	if _, err := me.ChangeWebhook(ctx, w.ID, client.WebhookChange{Enabled: &on}); err != nil {
		t.Fatal(err)
	}
	delivered := func() (bool, error) {
		d, err = me.WebhookDelivery(ctx, d.ID)
		return d.State == "delivered", err
	}
	soon(t, "the delivery", delivered)
	if _, err := me.ReplayWebhookDelivery(ctx, d.ID); err != nil {
		t.Fatal(err)
	}
	soon(t, "the replay", delivered)
	if len(d.Attempts) != 3 || d.Attempts[0].Status != http.StatusGone || d.Attempts[1].Status != http.StatusOK {
		t.Errorf("its attempts are %+v", d.Attempts)
	}
	if log, _, err := me.WebhookDeliveries(ctx, w.ID, "delivered", ""); err != nil || len(log) < 5 || log[0].ID != d.ID {
		t.Errorf("the log is %+v, %v", log, err)
	}
	if fresh, err := me.RotateWebhookSecret(ctx, w.ID, false); err != nil || fresh.Secret == w.Secret || fresh.OldSecretUntil == nil {
		t.Errorf("rotated: %+v, %v", fresh, err)
	}
	if n, err := me.ReplayFailedWebhooks(ctx, w.ID, d.CreatedAt); err != nil || n != 0 {
		t.Errorf("replayed %d, %v", n, err)
	}
	if err := me.DeleteWebhook(ctx, w.ID); err != nil {
		t.Fatal(err)
	}
	if all, err := me.Webhooks(ctx); err != nil || len(all) != 0 {
		t.Errorf("deleted, there are %+v, %v", all, err)
	}
}

func TestAddressThatIsNoneEndsTheStart(t *testing.T) {
	t.Parallel()
	for setting, change := range map[string]func(*app.Config){
		"webhooks.allow": func(c *app.Config) { c.Webhooks.Allow = []string{"10.0.0.1"} },
		"dns.allow":      func(c *app.Config) { c.DNS.Roots, c.DNS.Allow = []string{"127.0.0.1"}, []string{"10.0.0.1"} },
		"dns.roots":      func(c *app.Config) { c.DNS.Roots = []string{"a.root-servers.net"} },
		"rdap.allow": func(c *app.Config) {
			c.RDAP.Servers, c.RDAP.Allow = map[string]string{"example": "https://rdap.example/"}, []string{"10.0.0.1"}
		},
		"dns.resolvers": func(c *app.Config) { c.DNS.Roots, c.DNS.Resolvers = []string{"127.0.0.1"}, []string{"10.0.0.1"} },
	} {
		c := app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"}}
		change(&c)
		a, err := app.Start(t.Context(), c, "test", slog.New(slog.DiscardHandler))
		if err == nil {
			a.Stop()
		}
		if err == nil || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

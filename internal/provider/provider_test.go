package provider_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestProviderIsAskedAndAnswers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		o.subject.pictures[1] = "the picture"
		opened := o.submit(1)
		o.mustAsk()
		if got, want := o.bureau.requests(), []string{"PUT " + opened.PublicID}; !slices.Equal(got, want) {
			t.Fatalf("the bureau was asked %v, want %v", got, want)
		}
		b := o.bureau.body
		if b["case"] != opened.PublicID || b["attempt"] != 1.0 || b["kind"] != "profile_version" || b["fields"].(map[string]any)["document_number"] != "990000199003071171" ||
			b["verdict_url"] != "https://verify.example/api/v1/authorities/bureau/verdicts" || b["dossier_url"] != "https://verify.example/api/v1/authorities/bureau/cases/"+opened.PublicID {
			t.Errorf("it was put %v", b)
		}
		doc := b["documents"].([]any)[0].(map[string]any)
		if doc["kind"] != "resident_id" || doc["side"] != "front" || doc["sha256"] != "0102" || doc["bytes"] != 11.0 {
			t.Errorf("its document is %v", doc)
		}
		if n := o.count("audit_entry WHERE action = 'review.disclose' AND actor = 'authority:bureau' AND subject = ?", opened.PublicID); n != 1 {
			t.Errorf("%d entries of the disclosure", n)
		}
		c.Advance(time.Hour - time.Second)
		o.mustAsk()
		if n := len(o.bureau.requests()); n != 1 {
			t.Errorf("asked %d times within the hour", n)
		}
		o.bureau.says(opened.PublicID, `{"case":"`+opened.PublicID+`","verdict":"approve"}`)
		c.Advance(time.Hour)
		o.mustAsk()
		if got := o.state(opened); got != review.Passed || !slices.Equal(o.subject.told, []string{"1 passed"}) {
			t.Errorf("the case is %s, its subject was told %v", got, o.subject.told)
		}
		c.Advance(time.Hour)
		o.mustAsk()
		if n := len(o.bureau.requests()); n != 2 {
			t.Errorf("asked %d times, about a decided case too", n)
		}
		if n := o.count("provider_case WHERE state = 'closed' AND reference = 'B-1'"); n != 1 {
			t.Errorf("%d closed cases with the bureau's own number", n)
		}
	})
}

func TestProvidersReasonsArePutInOurWords(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	opened := o.submit(1)
	o.bureau.says(opened.PublicID, `{"verdict":"decline","reasons":[{"code":"glare","points_at":"front"},{"code":"FileSizeLessThanMinLimit"},{"words":"证件号码位数不正确"},{"code":"X-99","words":"the moon is full"}]}`)
	o.mustAsk()
	if got := o.state(opened); got != review.Failed {
		t.Fatalf("the case is %s", got)
	}
	var got []string
	for _, r := range o.subject.reasons {
		got = append(got, strings.Join([]string{r.Code, r.PointsName, r.Raw}, "|"))
	}
	want := []string{"glare|front|glare", "file_too_small||FileSizeLessThanMinLimit", "number_length|document_number|证件号码位数不正确", "authority_rejected_other||the moon is full"}
	if !slices.Equal(got, want) {
		t.Errorf("the reasons are\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestProviderMayAskForMore(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	for i, tt := range []struct{ more, code, points string }{
		{`{"side":"back"}`, "back_required", "back"},
		{`{"document":"the household register","words":"as the name has changed"}`, "more_documents_required", ""},
	} {
		opened := o.submit(int64(i + 1))
		o.bureau.says(opened.PublicID, `{"verdict":"more","more":`+tt.more+`}`)
		o.mustAsk()
		if got := o.state(opened); got != review.Returned {
			t.Errorf("%s: the case is %s", tt.more, got)
		}
		if r := o.subject.reasons[i]; r.Code != tt.code || r.PointsName != tt.points || i == 1 && (r.Note != "as the name has changed" || r.Params["Documents"] != "the household register") {
			t.Errorf("%s: the reason is %+v", tt.more, r)
		}
	}
}

func TestAddressesInsideAreNotCalled(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	inside, err := provider.New(provider.Shared{Store: s, Policies: policytest.Shipped(), Reviews: o.reviews, Plain: true}, []provider.Config{{Name: "inside", URL: o.bureau.URL, Secrets: []string{secret}}})
	if err != nil || inside == nil {
		t.Fatal(err)
	}
	o.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := o.reviews.Submit(ctx, tx, registrant, review.Submission{Account: registrant.Account, Kind: review.ProfileVersion, Subject: 1, Authority: "inside"})
		return err
	})
	if err := o.ask(); err == nil || !strings.Contains(err.Error(), "address_forbidden") {
		t.Errorf("the operator reads %v", err)
	}
}

func TestConfigurationThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	good := provider.Config{Name: "bureau", URL: "https://bureau.example/cases", Secrets: []string{secret}}
	for name, tt := range map[string]struct {
		change func(*provider.Config)
		want   string
	}{
		"good":                   {func(*provider.Config) {}, ""},
		"without a name":         {func(c *provider.Config) { c.Name = "" }, "name"},
		"with a name for a path": {func(c *provider.Config) { c.Name = "a/b" }, "name"},
		"called as another is":   {func(c *provider.Config) { c.Name = review.Desk }, "already"},
		"without an address":     {func(c *provider.Config) { c.URL = "" }, "url"},
		"in clear":               {func(c *provider.Config) { c.URL = "http://bureau.example" }, "https"},
		"with a password":        {func(c *provider.Config) { c.URL = "https://a:b@bureau.example" }, "url"},
		"without a secret":       {func(c *provider.Config) { c.Secrets = nil }, "secrets"},
		"with a short secret":    {func(c *provider.Config) { c.Secrets = []string{"whsec_AAEC"} }, "secrets"},
		"with three secrets":     {func(c *provider.Config) { c.Secrets = []string{secret, secret, secret} }, "secrets"},
		"in unknown words":       {func(c *provider.Config) { c.Phrases = "martian" }, "martian"},
	} {
		c := good
		tt.change(&c)
		_, err := provider.New(provider.Shared{Store: s, Policies: policytest.Shipped(), Reviews: review.New(s, policytest.Shipped())}, []provider.Config{c})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

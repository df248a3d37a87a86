package app_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

func wantCode(t *testing.T, what, code string, err error) {
	t.Helper()
	var e *client.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	} else if e.Text.EN == "" || e.Text.ZH == "" {
		t.Errorf("%s: the texts are %+v", what, e.Text)
	}
}

// A customer orders a name, learns that the account itself has to be verified first, and
// asks the desk, which refuses once and passes it then.
func TestDeskVerifiesAnAccountBeforeANameIsRegistered(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	me, other, desk, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["other"]), client.New(s.URL()).As(s.keys["reviewer"]), client.New(s.URL()).As(s.keys["operator"])
	profile := s.verifiedProfile(t, me, "cnnic")
	_, err := me.PlaceOrder(ctx, "account-first.cn", profile, 1)
	wantCode(t, "an order", "account_unverified", err)
	_, err = other.VerifyAccount(ctx, profile)
	wantCode(t, "with another's profile", "profile_not_found", err)
	acc, err := me.VerifyAccount(ctx, profile)
	if err != nil || acc.IdentityState != "unverified" || !acc.Required || acc.Verification == nil || acc.Verification.State != "open" || acc.Verification.ExpectedDay == "" {
		t.Fatalf("%+v, %v", acc, err)
	}
	_, err = me.VerifyAccount(ctx, profile)
	wantCode(t, "asked again", "review_open", err)

	decide := func(pass bool, reasons ...client.GivenReason) {
		t.Helper()
		c, err := desk.ClaimReview(ctx, acc.Verification.ID)
		if err != nil || c.Kind != "account_identity" {
			t.Fatalf("%+v, %v", c, err)
		}
		read, err := desk.Review(ctx, c.ID)
		if err != nil || read.Profile == nil || read.Profile.Field("document_number") != "990000199003071171" || len(read.Unopened) != 1 {
			t.Fatalf("the desk reads %+v, %v", read, err)
		}
		if _, err := desk.OpenDocument(ctx, read.Unopened[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := desk.DecideReview(ctx, c.ID, pass, reasons...); err != nil {
			t.Fatal(err)
		}
	}
	decide(false, client.GivenReason{Code: "identity_not_owner"})
	if acc, err = me.Account(ctx); err != nil || acc.IdentityState != "unverified" || acc.Verification.State != "failed" || len(acc.Verification.Reasons) != 1 || acc.Verification.Reasons[0].Code != "identity_not_owner" {
		t.Errorf("refused: %+v, %v", acc, err)
	}
	if p, err := me.Profile(ctx, profile); err != nil || p.State != "verified" {
		t.Errorf("the profile is %s, %v", p.State, err)
	}
	if acc, err = me.VerifyAccount(ctx, profile); err != nil {
		t.Fatal(err)
	}
	decide(true)
	if acc, err = me.Account(ctx); err != nil || acc.IdentityState != "verified" || acc.IdentitySource != "desk" {
		t.Errorf("passed: %+v, %v", acc, err)
	}
	_, err = me.VerifyAccount(ctx, profile)
	wantCode(t, "verified already", "account_verified_already", err)
	if _, err := me.PlaceOrder(ctx, "account-first.cn", profile, 1); err != nil {
		t.Error(err)
	}
	if acc, err := other.Account(ctx); err != nil || acc.IdentityState != "unverified" || acc.Verification != nil {
		t.Errorf("the other account is %+v, %v", acc, err)
	}
	if _, err := office.Assert(ctx, s.accounts["other"], client.Assertion{Verified: true, Source: "crm", Evidence: strings.Repeat("x", 2001)}); err == nil {
		t.Error("evidence without end")
	}
	status, body, _ := s.json(t, "operator", "PUT", "/api/v1/accounts/"+s.accounts["other"]+"/identity", `{"verified":true,"source":"crm","evidence":"contract 4711"}`)
	var told struct {
		Evidence string `json:"identity_evidence"`
	}
	if err := json.Unmarshal(body, &told); err != nil || status != 200 || told.Evidence != "contract 4711" {
		t.Errorf("asserted: %d %s", status, body)
	}
	if _, body, _ = s.json(t, "other", "GET", "/api/v1/account", ""); strings.Contains(string(body), "4711") {
		t.Errorf("the customer reads %s", body)
	}
	var types []string
	soon(t, "the messages", func() (bool, error) {
		_, body, _ := s.json(t, "registrant", "GET", "/api/v1/messages", "")
		var page struct{ Items []struct{ Type string } }
		err := json.Unmarshal(body, &page)
		types = nil
		for _, m := range page.Items {
			if strings.HasPrefix(m.Type, "account.") {
				types = append(types, m.Type)
			}
		}
		return len(types) >= 4, err
	})
	slices.Reverse(types)
	if want := []string{"account.submitted", "account.failed", "account.submitted", "account.verified"}; !slices.Equal(types, want) {
		t.Errorf("the customer has the messages %v, want %v", types, want)
	}
}

func TestAccountIsNotAskedForWherePolicyDoesNotWantIt(t *testing.T) {
	t.Parallel()
	policies := t.TempDir()
	if err := os.WriteFile(filepath.Join(policies, "limits-acme.yaml"), []byte("version: 1\naccount:\n  verified_before: {steps: []}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startWith(t, func(c *app.Config) { c.PolicyDir = policies })
	ctx := t.Context()
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	o, err := me.PlaceOrder(ctx, "no-account.cn", s.verifiedProfile(t, me, "cnnic"), 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := office.ConfirmPayment(ctx, o.ID); err != nil {
		t.Fatal(err)
	}
	d, err := me.Diagnose(ctx, "no-account.cn")
	if err != nil || len(d.Steps) == 0 || d.Steps[0].Name != "account" || d.Steps[0].State != "not_needed" {
		t.Errorf("%+v, %v", d, err)
	}
	if acc, err := me.Account(ctx); err != nil || acc.Required {
		t.Errorf("%+v, %v", acc, err)
	}
	_, err = me.RequestTransfer(ctx, "elsewhere.cn", "none", "x", 1)
	wantCode(t, "a transfer", "profile_not_found", err)
}

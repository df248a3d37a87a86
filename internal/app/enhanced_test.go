package app_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/test/pictures/samples"
)

// A name is abused. Its registrant is asked for enhanced verification and lets the time
// pass: the name is held. They upload everything after all, the desk passes it, and the
// name is released, though not from a hold that somebody else has placed meanwhile.
func TestAbusedNameIsVerifiedAgainHeldAndReleased(t *testing.T) {
	t.Parallel()
	policies := t.TempDir()
	limits := `version: 1
enhanced_verification:
  answer_within: PT3S
  hold: {on_expiry: abuse, on_failure: abuse}
`
	if err := os.WriteFile(filepath.Join(policies, "limits-acme.yaml"), []byte(limits), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startWith(t, func(c *app.Config) { c.PolicyDir = policies })
	ctx := t.Context()
	me, office, desk := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"]), client.New(s.URL()).As(s.keys["reviewer"])
	if _, err := office.AssertIdentity(ctx, s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	o, err := me.PlaceOrder(ctx, "held-again.cn", s.verifiedProfile(t, me, "cnnic"), 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := office.ConfirmPayment(ctx, o.ID); err != nil {
		t.Fatal(err)
	}
	status := func(want string) {
		t.Helper()
		soon(t, "the name to be "+want, func() (bool, error) {
			d, err := me.Domain(ctx, "held-again.cn")
			return d.Status == want, err
		})
	}
	status("normal")
	v, err := office.OpenEnhanced(ctx, client.EnhancedOpening{Domain: "held-again.cn", Cause: "abuse report 12", Note: "Please show who you are."})
	if err != nil || v.State != "asked" || v.Domain != "held-again.cn" || len(v.Wanted) != 7 || v.Wanted[2].Name.ZH != "手持证件照片" {
		t.Fatalf("%+v, %v", v, err)
	}
	if mine, err := me.EnhancedVerification(ctx, v.ID); err != nil || mine.Cause != "" || mine.Note != "Please show who you are." || mine.DueAt.IsZero() {
		t.Errorf("the registrant reads %+v, %v", mine, err)
	}
	status("client_hold")
	if mine, err := me.EnhancedVerification(ctx, v.ID); err != nil || mine.State != "expired" {
		t.Errorf("the registrant reads %+v, %v", mine, err)
	}
	if _, err := office.PlaceHold(ctx, "held-again.cn", "operator", "ticket 7"); err != nil {
		t.Fatal(err)
	}
	for _, w := range v.Wanted {
		if w.Kind == "icp_screenshot" || w.Kind == "overseas_hosting_undertaking" {
			continue // one of three is enough
		}
		picture := samples.Li
		if w.Kind != "resident_id" {
			picture = samples.Wang
		}
		if _, err := me.UploadEnhanced(ctx, v.ID, client.Picture{Kind: w.Kind, Side: w.Side, Name: "a.jpg", Content: bytes.NewReader(picture), AskPerson: true}); err != nil {
			t.Fatalf("%s: %v", w.Kind, err)
		}
	}
	if v, err = me.SubmitEnhanced(ctx, v.ID); err != nil || v.State != "in_review" || v.Review == nil || v.Review.ExpectedDay == "" {
		t.Fatalf("%+v, %v", v, err)
	}
	c, err := desk.ClaimReview(ctx, v.Review.ID)
	if err != nil || c.Kind != "enhanced_verification" {
		t.Fatalf("%+v, %v", c, err)
	}
	read, err := desk.Review(ctx, c.ID)
	if err != nil || read.Enhanced == nil || len(read.Enhanced.Documents) != 5 || len(read.Unopened) != 5 || read.Enhanced.Cause != "abuse report 12" {
		t.Fatalf("the desk reads %+v, %v", read, err)
	}
	for _, id := range read.Unopened {
		if _, err := desk.OpenDocument(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := desk.DecideReview(ctx, c.ID, true); err != nil {
		t.Fatal(err)
	}
	soon(t, "its hold to be lifted", func() (bool, error) {
		holds, err := office.Holds(ctx, "held-again.cn")
		return len(holds) == 2 && holds[0].Cause == "abuse" && holds[0].LiftedAt != nil && holds[1].LiftedAt == nil, err
	})
	if _, err := office.LiftHold(ctx, "held-again.cn", "operator", "settled"); err != nil {
		t.Fatal(err)
	}
	status("normal")
	var types []string
	soon(t, "the messages", func() (bool, error) {
		_, body, _ := s.json(t, "registrant", "GET", "/api/v1/messages", "")
		var page struct{ Items []struct{ Type string } }
		err := json.Unmarshal(body, &page)
		types = nil
		for _, m := range page.Items {
			if strings.HasPrefix(m.Type, "enhanced.") {
				types = append(types, m.Type)
			}
		}
		return len(types) >= 4, err
	})
	slices.Reverse(types)
	if want := []string{"enhanced.opened", "enhanced.expired", "enhanced.submitted", "enhanced.passed"}; !slices.Equal(types, want) {
		t.Errorf("the registrant has the messages %v, want %v", types, want)
	}
}

// TestNamesThatComeLaterAreHeldLikeTheOthers: what is associated with a profile after its
// enhanced verification has expired comes under it too, and what a person lifts stays so.
func TestNamesThatComeLaterAreHeldLikeTheOthers(t *testing.T) {
	t.Parallel()
	policies := t.TempDir()
	limits := `version: 1
enhanced_verification:
  answer_within: PT1S
  hold: {on_expiry: abuse, on_failure: abuse}
`
	if err := os.WriteFile(filepath.Join(policies, "limits-acme.yaml"), []byte(limits), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startWith(t, func(c *app.Config) { c.PolicyDir = policies })
	ctx := t.Context()
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	if _, err := office.AssertIdentity(ctx, s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	profile := s.verifiedProfile(t, me, "cnnic")
	register := func(name string) {
		t.Helper()
		o, err := me.PlaceOrder(ctx, name, profile, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := office.ConfirmPayment(ctx, o.ID); err != nil {
			t.Fatal(err)
		}
	}
	held := func(name string) bool {
		t.Helper()
		d, err := me.Domain(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		return d.Status == "client_hold"
	}
	register("first.cn")
	if _, err := office.OpenEnhanced(ctx, client.EnhancedOpening{Profile: profile, Cause: "abuse report 13"}); err != nil {
		t.Fatal(err)
	}
	soon(t, "the first name to be held", func() (bool, error) { return held("first.cn"), nil })
	if _, err := office.LiftHold(ctx, "first.cn", "abuse", "a mistake"); err != nil {
		t.Fatal(err)
	}
	register("second.cn")
	soon(t, "the second name to be held", func() (bool, error) { return held("second.cn"), nil })
	if held("first.cn") {
		t.Error("what a person has lifted is held again")
	}
}

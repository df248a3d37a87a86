package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/test/pictures/samples"
)

// makeSampleData fills a fresh demonstration through its own API: both accounts
// verified, for the first registrant a verified CNNIC and a common profile, one
// in review at the desk, one failed, a draft whose address waits to be confirmed,
// and three domains; for the second a draft.
func makeSampleData(ctx context.Context, a *app.App, people []app.SampleAccount) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	c := client.New(a.URL())
	office := c.As(who(people, "operator").APIKey)
	var registrants []*client.Client
	for _, p := range people {
		if p.Role != "registrant" {
			continue
		}
		if _, err := office.AssertIdentity(ctx, p.Account, true, "demonstration"); err != nil {
			return err
		}
		me := c.As(p.APIKey)
		if err := confirmEmail(ctx, a, me, p.Email); err != nil {
			return err
		}
		registrants = append(registrants, me)
	}
	li, chen := registrants[0], registrants[1]
	mail := people[0].Email
	verified := map[string]client.Profile{}
	for _, x := range []struct{ key, kind, name, number, authority string }{
		{"cnnic", "cnnic", liName, liNumber, "sandbox"}, {"common", "common", liName, liNumber, "sandbox"},
		{"desk", "cnnic", wangName, wangNumber, "desk"}, {"failed", "cnnic", wangName + "FAIL-name_mismatch", wangNumber, "sandbox"},
	} {
		p, err := submitted(ctx, li, x.kind, x.name, x.number, mail, x.authority)
		if err != nil {
			return fmt.Errorf("%s profile: %w", x.key, err)
		}
		verified[x.key] = p
	}
	for key, want := range map[string]string{"cnnic": "verified", "common": "verified", "failed": "failed"} {
		if err := waitFor(ctx, func() (bool, error) {
			p, err := li.Profile(ctx, verified[key].ID)
			return p.State == want, err
		}); err != nil {
			return fmt.Errorf("%s profile: %w", key, err)
		}
	}
	draft := client.Fields{"incomplete": true, "organization_zh": "样本·茶社有限公司", "name_zh": wangName, "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "email": "ops@registrant.example"}
	if _, err := li.CreateProfile(ctx, client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "organization", Fields: draft}); err != nil {
		return err
	}
	if _, err := li.RequestEmailVerification(ctx, "ops@registrant.example"); err != nil {
		return err
	}
	if _, err := chen.CreateProfile(ctx, client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "individual", Fields: chineseFields("陈一帆", "", people[1].Email)}); err != nil {
		return err
	}
	for name, p := range map[string]string{"hello-verinym.cn": verified["cnnic"].ID, "hello-verinym.com": verified["common"].ID, "hello-verinym.网址": verified["common"].ID} {
		o, err := li.PlaceOrder(ctx, name, p, 1)
		if err != nil {
			return err
		}
		if _, err := office.ConfirmPayment(ctx, o.ID); err != nil {
			return err
		}
	}
	return nil
}

// submitted makes a profile, uploads its document and submits it.
func submitted(ctx context.Context, c *client.Client, kind, name, number, mail, authority string) (client.Profile, error) {
	p, err := c.CreateProfile(ctx, client.NewProfile{Accreditation: "mainland", Kind: kind, HolderType: "individual", Fields: chineseFields(name, number, mail)})
	if err != nil {
		return p, err
	}
	picture := samples.Li
	if number == wangNumber {
		picture = samples.Wang
	}
	if _, err := c.UploadDocument(ctx, p.ID, client.Picture{Name: "id.jpg", Content: bytes.NewReader(picture)}); err != nil {
		return p, err
	}
	return c.SubmitProfile(ctx, p.ID, authority)
}

// confirmEmail has the link mailed, finds it in the sink and posts its page.
func confirmEmail(ctx context.Context, a *app.App, c *client.Client, address string) error {
	asked, err := c.RequestEmailVerification(ctx, address)
	if err != nil {
		return err
	}
	return waitFor(ctx, func() (bool, error) {
		for _, m := range a.Sink().Messages() {
			if m.To == address && len(m.Links) > 0 {
				if _, err := fetch(ctx, http.MethodPost, m.Links[0]); err != nil {
					return false, err
				}
				now, err := c.EmailVerification(ctx, asked.ID)
				return now.State == "verified", err
			}
		}
		return false, nil
	})
}

func waitFor(ctx context.Context, ok func() (bool, error)) error {
	for {
		done, err := ok()
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"net/http"
	"time"

	"golang.org/x/net/idna"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/test/pictures/samples"
)

// makeSampleData fills a fresh demonstration through its own API: both accounts
// verified, for the first registrant a verified CNNIC and a common profile, one
// in review at the desk, one failed, a draft whose address waits to be confirmed, an enhanced verification,
// new domains, one of which stays in review and one fails, others that were there before, and an order that waits for its
// payment; for the second a draft.
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
	for _, x := range []struct {
		key string
		sample
	}{
		{"cnnic", sample{kind: "cnnic", name: liName, number: liNumber, mail: mail, authority: "sandbox"}},
		{"common", sample{kind: "common", name: liName, number: liNumber, mail: mail, authority: "sandbox"}},
		{"desk", sample{kind: "cnnic", name: wangName, number: wangNumber, mail: mail, authority: "desk"}},
		{"failed", sample{kind: "cnnic", name: wangName + "FAIL-name_mismatch", number: wangNumber, mail: mail, authority: "sandbox"}},
	} {
		p, err := submit(ctx, li, x.sample)
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
	draft := client.Fields{
		"incomplete": true, "organization_zh": "样本·茶社有限公司", "name_zh": wangName, "country": "CN", "province_zh": "浙江",
		"city_zh": "杭州市", "email": "ops@registrant.example",
	}
	if _, err := li.CreateProfile(ctx, client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "organization", Fields: draft}); err != nil {
		return err
	}
	if _, err := li.RequestEmailVerification(ctx, "ops@registrant.example"); err != nil {
		return err
	}
	if _, err := chen.CreateProfile(ctx, client.NewProfile{
		Accreditation: "mainland", Kind: "cnnic", HolderType: "individual",
		Fields: chineseFields("陈一帆", "", people[1].Email),
	}); err != nil {
		return err
	}
	desk := c.As(who(people, "reviewer").APIKey)
	if err := deskWork(ctx, a, desk, office, li, chen, people); err != nil {
		return fmt.Errorf("cases of the desk: %w", err)
	}
	if err := bothSides(ctx, desk, li, verified["desk"]); err != nil {
		return fmt.Errorf("a case with two sides: %w", err)
	}
	more := client.EnhancedOpening{
		Profile: verified["common"].ID, Cause: "Spot check of the registry, letter 2026-118.",
		Note: "The registry wants to see more than your card.",
	}
	if _, err := office.OpenEnhanced(ctx, more); err != nil {
		return fmt.Errorf("enhanced verification: %w", err)
	}
	for name, p := range map[string]string{
		"hello-verinym.cn": verified["cnnic"].ID, "hello-verinym.com": verified["common"].ID,
		"hello-verinym.网址": verified["common"].ID,
		"hello-pending.cn": verified["cnnic"].ID, "hello-fail.com": verified["common"].ID,
	} {
		o, err := li.PlaceOrder(ctx, name, p, 1)
		if err != nil {
			return err
		}
		if _, err := office.ConfirmPayment(ctx, o.ID); err != nil {
			return err
		}
	}
	if _, err := li.PlaceOrder(ctx, "specimen-teahouse.cn", verified["cnnic"].ID, 1); err != nil {
		return err
	}
	if err := olderDomains(ctx, a, office, li, people[0].Account, verified["cnnic"].ID); err != nil {
		return fmt.Errorf("domains that were there before: %w", err)
	}
	return nil
}

// olderDomains takes names into an account that were registered before there was a
// verinym. A task submits some of them: of its names one is refused because another
// holds it, and one because there is no such name. One name is on hold for abuse.
func olderDomains(ctx context.Context, a *app.App, office, li *client.Client, account, profile string) error {
	own := []string{
		"specimen-garden.cn", "yangben-shop.cn", "样本茶社.cn", "a-very-long-specimen-name-that-must-not-break-the-row.cn",
		"specimen-tea.cn", "specimen-cup.cn", "specimen-held.cn",
	}
	const others = "specimen-works.cn"
	eyes, err := a.DialSandbox(ctx)
	if err != nil {
		return err
	}
	defer eyes.Close()
	for _, name := range own { // each has a contact of its own: a verdict is the contact's
		if err := registerAtSandbox(ctx, eyes, liName, liNumber, ascii(name)); err != nil {
			return err
		}
	}
	if err := registerAtSandbox(ctx, eyes, strangerName, strangerNumber, others); err != nil {
		return err
	}
	all := append(own, others)
	if _, err := office.ImportDomains(ctx, account, "mainland", all...); err != nil {
		return err
	}
	for _, name := range all {
		if err := waitFor(ctx, func() (bool, error) {
			d, err := li.Domain(ctx, name)
			return d.Registrant != "" && d.Status != "importing", err
		}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if _, err := office.PlaceHold(ctx, "specimen-held.cn", "abuse", "report 4711"); err != nil {
		return err
	}
	var t client.Task
	return waitFor(ctx, func() (bool, error) { // the holder of a contact is asked for in the background
		preview, err := li.PreviewSubmission(ctx, profile, "specimen-tea.cn")
		if err != nil || len(preview) != 1 || preview[0].Code == "holder_not_known_yet" {
			return false, err
		}
		t, err = li.SubmitVerification(ctx, profile, "specimen-tea.cn", "specimen-cup.cn", others, "specimen-nobody.cn")
		return t.ID != "", err
	})
}

// ascii is a name as registries take it.
func ascii(name string) string {
	if a, err := idna.Lookup.ToASCII(name); err == nil {
		return a
	}
	return name
}

// deskWork gives the review desk something to do: a picture without colour that a person
// is asked about, a card that another account has sent too, a case for a lead, an urgent
// one, one that is overdue, and a second attempt after a refusal.
func deskWork(ctx context.Context, a *app.App, desk, office, li, chen *client.Client, people []app.SampleAccount) error {
	gray, err := withoutColour(samples.Li)
	if err != nil {
		return err
	}
	mail, other := people[0].Email, people[1].Email
	contested := sample{
		kind: "common", name: misspelt, number: liNumber, mail: mail, authority: "desk",
		picture: client.Picture{Content: bytes.NewReader(gray), AskPerson: true, Note: "My card was copied without colour."},
	}
	if _, err := submit(ctx, li, contested); err != nil {
		return err
	}
	lead, err := submit(ctx, chen, sample{kind: "cnnic", name: liName, number: liNumber, mail: other, authority: "desk"})
	if err != nil {
		return err
	}
	if _, err := desk.ClaimReview(ctx, lead.Review.ID); err != nil {
		return err
	}
	if _, err := desk.EscalateReview(ctx, lead.Review.ID, "The same card in two accounts."); err != nil {
		return err
	}
	urgent, err := submit(ctx, chen, sample{kind: "common", name: wangName, number: wangNumber, mail: other, authority: "desk"})
	if err != nil {
		return err
	}
	if _, err := office.PrioritiseReview(ctx, urgent.Review.ID, 5); err != nil {
		return err
	}
	late, err := submit(ctx, chen, sample{kind: "common", name: liName, number: liNumber, mail: other, authority: "desk"})
	if err != nil {
		return err
	}
	if err := a.AgeSampleCase(ctx, late.Review.ID, 14*24*time.Hour); err != nil {
		return err
	}
	again, err := submit(ctx, li, sample{kind: "common", name: wangName, number: wangNumber, mail: mail, authority: "desk"})
	if err != nil {
		return err
	}
	if _, err := desk.ClaimReview(ctx, again.Review.ID); err != nil {
		return err
	}
	if _, err := desk.DecideReview(ctx, again.Review.ID, false, client.GivenReason{Code: "address_mismatch", StaffNote: "The card says building 2."}); err != nil {
		return err
	}
	if _, err := li.EditProfile(ctx, again.ID, client.Fields{"address_zh": "样张区虚构路18号院2号楼501室"}); err != nil {
		return err
	}
	_, err = li.SubmitProfile(ctx, again.ID, "desk")
	return err
}

// bothSides has a reviewer ask for the other side of a card, and the registrant send it.
func bothSides(ctx context.Context, desk, li *client.Client, p client.Profile) error {
	if _, err := desk.ClaimReview(ctx, p.Review.ID); err != nil {
		return err
	}
	if _, err := desk.AskMore(ctx, p.Review.ID, "back", "", "The term of the card stands there."); err != nil {
		return err
	}
	if _, err := li.UploadDocument(ctx, p.ID, client.Picture{Name: "id-back.jpg", Side: "back", Content: bytes.NewReader(samples.WangBack)}); err != nil {
		return err
	}
	_, err := li.SubmitProfile(ctx, p.ID, "desk")
	return err
}

// withoutColour is a picture in shades of grey.
func withoutColour(picture []byte) ([]byte, error) {
	img, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	gray := image.NewGray(img.Bounds())
	draw.Draw(gray, gray.Rect, img, img.Bounds().Min, draw.Src)
	var out bytes.Buffer
	err = jpeg.Encode(&out, gray, &jpeg.Options{Quality: 92})
	return out.Bytes(), err
}

// sample is the profile of somebody invented, to be submitted to an authority.
type sample struct {
	kind, name, number, mail string
	authority                string
	// picture is the sample card with the number where it is left out.
	picture client.Picture
}

// submit makes a profile, uploads its picture and submits it.
func submit(ctx context.Context, c *client.Client, x sample) (client.Profile, error) {
	p, err := c.CreateProfile(ctx, client.NewProfile{
		Accreditation: "mainland", Kind: x.kind, HolderType: "individual", Fields: chineseFields(x.name, x.number, x.mail),
	})
	if err != nil {
		return p, err
	}
	if x.picture.Content == nil {
		card := samples.Li
		if x.number == wangNumber {
			card = samples.Wang
		}
		x.picture.Content = bytes.NewReader(card)
	}
	x.picture.Name = "id.jpg"
	if _, err := c.UploadDocument(ctx, p.ID, x.picture); err != nil {
		return p, err
	}
	return c.SubmitProfile(ctx, p.ID, x.authority)
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

package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
)

// TestAnswerIsAskedForAgainWithoutAProfile: the profile that a name rests on is deleted
// while its registrant has to answer by mail; the page of the name sends the link.
func TestAnswerIsAskedForAgainWithoutAProfile(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	if _, err := office.AssertIdentity(ctx, s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	const address = "tea@registrant.example"
	profile := s.verifiedProfile(t, me, "common", "email", address)
	o, err := me.PlaceOrder(ctx, "answering.com", profile, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := office.ConfirmPayment(ctx, o.ID); err != nil {
		t.Fatal(err)
	}
	soon(t, "the domain to be normal", func() (bool, error) {
		d, err := me.Domain(ctx, "answering.com")
		return d.Status == "normal", err
	})
	links := func() (out []string) {
		for _, m := range s.Sink().Messages() {
			if m.To == address && len(m.Links) > 0 && strings.Contains(m.Links[0], "/email/confirm/") {
				out = append(out, strings.TrimPrefix(m.Links[0], s.URL()))
			}
		}
		return out
	}
	b := s.signedIn(t, li)
	const page = "/domains/answering.com"
	if p := b.get(page); strings.Contains(p.text, page+"/email") {
		t.Error("a link is offered that nobody waits for")
	}
	if _, err := office.ReportInaccuracy(ctx, "answering.com", "a letter"); err != nil {
		t.Fatal(err)
	}
	if p := b.get(page); strings.Contains(p.text, page+"/email") || !strings.Contains(p.text, "/profiles/"+profile) {
		t.Error("the link is not left to the page of the profile")
	}
	if err := me.DeleteProfile(ctx, profile); err != nil {
		t.Fatal(err)
	}
	p := b.get(page)
	p.wants(http.StatusOK, "Normal, but we are waiting for your answer", address, "Send verification e-mail")
	before := len(links())
	s.exec(t, "UPDATE email_address SET sent_at = sent_at - 3600000000 WHERE address = ?", address)
	b.post(page+"/email", p.fill(page+"/email")).wants(http.StatusOK, "The link is sent.")
	p = b.get(page)
	b.post(page+"/email", p.fill(page+"/email")).wants(http.StatusOK, "The link was sent a moment ago")
	soon(t, "the new link", func() (bool, error) { return len(links()) > before, nil })
	link := links()[0]
	b.post(link, b.get(link).fill("")).wants(http.StatusOK)
	soon(t, "the answer to count", func() (bool, error) {
		d, err := me.Domain(ctx, "answering.com")
		return d.Answer == nil, err
	})
}

// TestRegistrantAgreesBehindTheMailedLink: without JavaScript and without an account; that
// the page is opened changes nothing.
func TestRegistrantAgreesBehindTheMailedLink(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	mine := s.verifiedProfile(t, me, "common")
	his := s.verifiedProfile(t, me, "common", "name_zh", "王若溪", "document_number", "990000198711242467", "email", "wang@registrant.example")
	if _, err := office.AssertIdentity(ctx, s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	o, err := me.PlaceOrder(ctx, "changing.com", mine, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := office.ConfirmPayment(ctx, o.ID); err != nil {
		t.Fatal(err)
	}
	soon(t, "the domain to be normal", func() (bool, error) {
		d, err := me.Domain(ctx, "changing.com")
		return d.Status == "normal", err
	})
	task, err := me.ChangeHolder(ctx, his, "changing.com")
	if err != nil {
		t.Fatal(err)
	}
	links := map[string]string{}
	soon(t, "the mails that ask", func() (bool, error) {
		for _, m := range s.Sink().Messages() {
			if len(m.Links) > 0 && strings.Contains(m.Links[0], "/holder-change/") {
				links[m.To] = strings.TrimPrefix(m.Links[0], s.URL())
			}
		}
		return len(links) == 2, nil
	})
	signedIn := s.signedIn(t, li)
	signedIn.get("/associations/"+task.ID).wants(http.StatusOK, "Who must agree", "Awaiting answer", "Send the mail again")
	signedIn.get("/domains/changing.com").wants(http.StatusOK, "Who must agree", "Transfer lock", "After registration")

	b := s.browser(t) // nobody is signed in
	for _, link := range links {
		for range 2 {
			b.get(link).wants(http.StatusOK, "Do you agree to the change of holder?", "changing.com", "王若溪", "for 60 days")
		}
	}
	words, err := me.Consents(ctx, task.ID)
	if err != nil || len(words) != 2 || words[0].State != "awaited" || words[0].Role != "prior_registrant" || words[1].State != "awaited" {
		t.Fatalf("after the pages were opened: %+v, %v", words, err)
	}
	for _, link := range links {
		form := b.get(link).fill("", "answer", "agree")
		b.post(link, form).wants(http.StatusOK, "You have agreed")
		b.post(link, form).wants(http.StatusNotFound, "This link is not valid")
	}
	soon(t, "the holder to change", func() (bool, error) {
		task, err := me.Task(ctx, task.ID, 0)
		return task.Succeeded == 1, err
	})
	d, err := me.Domain(ctx, "changing.com")
	if err != nil || len(d.TransferLocks) != 2 || d.TransferLocks[0].Cause != "holder_change" {
		t.Errorf("after the change: %+v, %v", d.TransferLocks, err)
	}
	signedIn.get("/domains/changing.com/timeline").wants(http.StatusOK, "agreed to the change of holder", "The registry recorded a new holder")
}

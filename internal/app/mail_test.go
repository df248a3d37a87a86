package app_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

// A link goes out; its mail server sends it back to the address that names it, and an alias
// passes that on: over the interface, with real SMTP.
func TestMailThatComesBackIsPassedOn(t *testing.T) {
	t.Parallel()
	s := startWith(t, func(c *app.Config) { c.Mail.Bounces = "bounces@registrar.example" })
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	asked, err := me.RequestEmailVerification(t.Context(), "li@registrant.example")
	if err != nil {
		t.Fatal(err)
	}
	for len(s.Sink().Messages()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	tag, _, _ := strings.Cut(strings.TrimPrefix(s.Sink().Messages()[0].From, "bounces+"), "@")
	raw, err := os.ReadFile("../dsn/testdata/hard.eml")
	if err != nil {
		t.Fatal(err)
	}
	var refused *client.Error
	if _, err := office.TakeReturnedMail(t.Context(), strings.NewReader(string(raw))); !errors.As(err, &refused) || refused.Code != "bounce_unknown" {
		t.Errorf("a report about a mail of somebody else's: %v", err)
	}
	about := strings.ReplaceAll(string(raw), "0h4m2vabcdefghjkmnpqrstvwx", tag)
	if _, err := me.TakeReturnedMail(t.Context(), strings.NewReader(about)); !errors.As(err, &refused) || refused.Code != "forbidden" {
		t.Errorf("passed on by a registrant: %v", err)
	}
	got, err := office.TakeReturnedMail(t.Context(), strings.NewReader(about))
	if err != nil || got.As != "hard" || got.Doubted != 1 || got.Address != "li@registrant.example" {
		t.Errorf("%+v, %v", got, err)
	}
	if a, err := me.EmailVerification(t.Context(), asked.ID); err != nil || a.State != "bounced" {
		t.Errorf("%+v, %v", a, err)
	}
}

// Whoever has signed in chooses what they are mailed; a key has nobody to mail.
func TestMemberChoosesMails(t *testing.T) {
	t.Parallel()
	s := start(t)
	var refused *client.Error
	if _, err := client.New(s.URL()).As(s.keys["registrant"]).MailSettings(t.Context()); !errors.As(err, &refused) || refused.Code != "mail_settings_none" {
		t.Errorf("of a key: %v", err)
	}
	person := `{"email":"mei@member.example","name":"Mei","password":"long enough for it","roles":["registrant"]}`
	if status, body, _ := s.request(t, "admin", "POST", "/api/v1/accounts/"+s.accounts["registrant"]+"/people", "application/json", strings.NewReader(person)); status >= 300 {
		t.Fatalf("%d %s", status, body)
	}
	signedIn, err := client.New(s.URL()).SignIn(t.Context(), "mei@member.example", "long enough for it")
	if err != nil {
		t.Fatal(err)
	}
	mei := client.New(s.URL()).As(signedIn.Token)
	zh, off := "zh", []string{"orders"}
	got, err := mei.ChangeMailSettings(t.Context(), client.MailSettingsChange{Lang: &zh, Off: &off})
	if err != nil || got.Lang != "zh" {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err = mei.MailSettings(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, topic := range got.Topics {
		if topic.On != (topic.Topic != "orders") || topic.Required != (topic.Topic == "deadlines") || topic.Text.ZH == "" {
			t.Errorf("%+v", topic)
		}
	}
	off = []string{"deadlines"}
	if _, err := mei.ChangeMailSettings(t.Context(), client.MailSettingsChange{Off: &off}); !errors.As(err, &refused) || refused.Code != "mail_topic_required" || refused.Field != "off" {
		t.Errorf("what rules ask for was switched off: %v", err)
	}
	if _, err := mei.RequestEmailVerification(t.Context(), "mei@member.example"); err != nil {
		t.Fatal(err)
	}
	for len(s.Sink().Messages()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	link := s.Sink().Messages()[0].Links[0]
	if status, _, _ := s.request(t, "nobody", "POST", strings.TrimPrefix(link, s.URL()), "application/x-www-form-urlencoded", nil); status != 200 {
		t.Fatalf("confirming: %d", status)
	}
	for {
		messages, err := mei.Messages(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(messages) > 0 {
			if m := messages[0]; m.Type != "email.verified" || !strings.Contains(m.Text.EN, "mei@member.example is confirmed") || m.Heading.ZH != "邮箱已验证" {
				t.Errorf("the message is %+v", m)
			}
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

package app_test

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

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
	soon(t, "the mail", func() (bool, error) { return len(s.Sink().Messages()) > 0, nil })
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

// A member switches topics off and on in the browser. What rules ask for has no box, and stays
// on whatever is posted; mail that came back is resumed.
func TestMemberChoosesMailsInTheConsole(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	const at = "/account/mail"
	off := func() string {
		return s.value(t, "SELECT coalesce((SELECT lang || topics_off FROM mail_setting), 'nothing')")
	}
	p := b.get(at)
	p.wants(http.StatusOK, "Mail settings", li, "always mailed", "because ICANN and the registries require it")
	if p.field("topic.deadlines") != nil {
		t.Error("what rules ask for has a box")
	}
	for _, step := range []struct {
		switched []string
		want     string
	}{
		{[]string{"topic.orders", "topic.account"}, `zh["account","orders"]`}, {[]string{"topic.deadlines"}, `zh[]`}, {nil, `zh[]`},
		{[]string{"topic.domains", "topic.profiles", "topic.orders", "topic.tasks", "topic.account"}, `zh["account","domains","orders","profiles","tasks"]`},
	} {
		form := p.fill(at, "lang", "zh", "topic.domains", "true", "topic.profiles", "true", "topic.orders", "true", "topic.tasks", "true", "topic.account", "true")
		for _, name := range step.switched {
			form.Del(name)
		}
		b.post(at, form).wants(http.StatusOK, "we mail you what you chose")
		if got := off(); got != step.want {
			t.Errorf("without %v: %s, want %s", step.switched, got, step.want)
		}
	}
	p = b.get(at)
	if _, on := p.field("topic.orders")["checked"]; on {
		t.Error("what is off is shown as on")
	}
	b.post(at, p.fill(at, "lang", "de")).wants(http.StatusUnprocessableEntity)
	if strings.Contains(p.text, at+"/resumption") {
		t.Error("mail is to be resumed that never came back")
	}
	s.exec(t, "UPDATE mail_setting SET returned_at = 1780000000000000")
	p = b.get(at)
	p.wants(http.StatusOK, "only mandatory mails have been sent")
	b.post(at+"/resumption", p.fill(at+"/resumption")).wants(http.StatusOK, "we mail you what you chose")
	if n := s.count(t, "mail_setting WHERE returned_at IS NOT NULL"); n != 0 {
		t.Error("it is not mailed again")
	}
	desk := s.signedIn(t, rui)
	desk.get(at).wants(http.StatusForbidden)
	desk.post(at, url.Values{}).wants(http.StatusForbidden)
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
	soon(t, "the mail", func() (bool, error) { return len(s.Sink().Messages()) > 0, nil })
	link := s.Sink().Messages()[0].Links[0]
	if status, _, _ := s.request(t, "nobody", "POST", strings.TrimPrefix(link, s.URL()), "application/x-www-form-urlencoded", nil); status != 200 {
		t.Fatalf("confirming: %d", status)
	}
	var messages []client.Message
	soon(t, "the message", func() (there bool, err error) {
		messages, err = mei.Messages(t.Context())
		return len(messages) > 0, err
	})
	if m := messages[0]; m.Type != "email.verified" || !strings.Contains(m.Text.EN, "mei@member.example is confirmed") || m.Heading.ZH != "邮箱已验证" {
		t.Errorf("the message is %+v", m)
	}
}

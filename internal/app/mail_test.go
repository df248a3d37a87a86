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

package signature_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/signature"
)

const (
	first  = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	second = "whsec_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="
)

var sent = time.Unix(1780279200, 0)

const body = `{"type":"webhook.test"}`

// The values were computed with another program:
//
//	printf 'msg_1.1780279200.{"type":"webhook.test"}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | base64
func TestSignatureIsTheOneOfTheSpecification(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	if err := signature.Sign(h, []string{first, second}, "msg_1", sent, []byte(body)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"webhook-id": "msg_1", "webhook-timestamp": "1780279200",
		"webhook-signature": "v1,sM39fb15r/vVoYjFWz1tCz1/crJYLeonHrmUNZou47Q= v1,ENAQdLBr/P92tbUT61mh/zEBd8Rm6+z3HgsnZZyg1Qw=",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if err := signature.Sign(http.Header{}, []string{"whsec_no base64"}, "msg_1", time.Unix(0, 0), nil); err == nil {
		t.Error("a broken secret signs")
	}
	if a, b := signature.NewSecret(), signature.NewSecret(); a == b || !strings.HasPrefix(a, "whsec_") || len(a) != len(first) {
		t.Errorf("secrets %s and %s", a, b)
	}
}

func TestOnlyWhatASecretHasSignedNowIsBelieved(t *testing.T) {
	t.Parallel()
	type message struct {
		h       http.Header
		body    string
		secrets []string
		now     time.Time
	}
	for name, tt := range map[string]struct {
		change func(m *message)
		want   error
	}{
		"as it was sent":              {func(*message) {}, nil},
		"under the older secret":      {func(m *message) { m.secrets = []string{second, first} }, nil},
		"five minutes late":           {func(m *message) { m.now = sent.Add(5 * time.Minute) }, nil},
		"five minutes early":          {func(m *message) { m.now = sent.Add(-5 * time.Minute) }, nil},
		"later than that":             {func(m *message) { m.now = sent.Add(5*time.Minute + time.Second) }, signature.ErrTime},
		"earlier than that":           {func(m *message) { m.now = sent.Add(-5*time.Minute - time.Second) }, signature.ErrTime},
		"without a time":              {func(m *message) { m.h.Del("webhook-timestamp") }, signature.ErrTime},
		"with another body":           {func(m *message) { m.body = body + " " }, signature.ErrForged},
		"under another id":            {func(m *message) { m.h.Set("webhook-id", "msg_2") }, signature.ErrForged},
		"with another time":           {func(m *message) { m.h.Set("webhook-timestamp", strconv.FormatInt(sent.Unix()+1, 10)) }, signature.ErrForged},
		"under another secret":        {func(m *message) { m.secrets = []string{second} }, signature.ErrForged},
		"under no secret":             {func(m *message) { m.secrets = nil }, signature.ErrForged},
		"without a signature":         {func(m *message) { m.h.Del("webhook-signature") }, signature.ErrForged},
		"with another scheme":         {func(m *message) { m.h.Set("webhook-signature", "v1a"+m.h.Get("webhook-signature")[2:]) }, signature.ErrForged},
		"among signatures of others":  {func(m *message) { m.h.Set("webhook-signature", "v1,AAAA v2,x "+m.h.Get("webhook-signature")) }, nil},
		"with a piece of a signature": {func(m *message) { m.h.Set("webhook-signature", m.h.Get("webhook-signature")[:20]) }, signature.ErrForged},
	} {
		m := message{h: http.Header{}, body: body, secrets: []string{first}, now: sent}
		if err := signature.Sign(m.h, []string{first}, "msg_1", sent, []byte(body)); err != nil {
			t.Fatal(err)
		}
		tt.change(&m)
		id, err := signature.Verify(m.h, m.secrets, m.now, []byte(m.body))
		if !errors.Is(err, tt.want) || err == nil && id != "msg_1" || err != nil && id != "" {
			t.Errorf("%s: %q, %v, want %v", name, id, err, tt.want)
		}
	}
	h := http.Header{}
	if err := signature.Sign(h, []string{first}, "", sent, []byte(body)); err != nil {
		t.Fatal(err)
	}
	if _, err := signature.Verify(h, []string{first}, sent, []byte(body)); !errors.Is(err, signature.ErrForged) {
		t.Errorf("a message without an id: %v", err)
	}
}

func TestShortAndBrokenSecretsAreRefused(t *testing.T) {
	t.Parallel()
	for secret, good := range map[string]bool{first: true, strings.TrimPrefix(first, "whsec_"): true, "whsec_AAEC": false, "whsec_no base64": false, "": false} {
		if err := signature.CheckSecret(secret); (err == nil) != good {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

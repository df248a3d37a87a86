package webhook

import (
	"strings"
	"testing"
	"time"
)

// The values were computed with another program:
//
//	printf 'msg_1.1780279200.{"type":"webhook.test"}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | base64
func TestSignatureIsTheOneOfTheSpecification(t *testing.T) {
	t.Parallel()
	secrets := []string{"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "whsec_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="}
	got, err := signature(secrets, "msg_1", time.Unix(1780279200, 0), `{"type":"webhook.test"}`)
	if err != nil {
		t.Fatal(err)
	}
	if want := "v1,sM39fb15r/vVoYjFWz1tCz1/crJYLeonHrmUNZou47Q= v1,ENAQdLBr/P92tbUT61mh/zEBd8Rm6+z3HgsnZZyg1Qw="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := signature([]string{"whsec_no base64"}, "msg_1", time.Unix(0, 0), ""); err == nil {
		t.Error("a broken secret signs")
	}
	if a, b := newSecret(), newSecret(); a == b || !strings.HasPrefix(a, "whsec_") || len(a) != len(secrets[0]) {
		t.Errorf("secrets %s and %s", a, b)
	}
}

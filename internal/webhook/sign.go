package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// secretPrefix stands in front of a symmetric secret (Standard Webhooks 1.0, "Signature scheme").
const secretPrefix = "whsec_"

// newSecret returns a secret as its owner sees it: 32 random bytes in base64 behind the prefix.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// signature returns the value of webhook-signature: one "v1,<base64>" for each secret, of
// HMAC-SHA256 over "id.timestamp.body" with the timestamp in seconds since 1970.
func signature(secrets []string, id string, at time.Time, body string) (string, error) {
	out := make([]string, len(secrets))
	for i, s := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, secretPrefix))
		if err != nil {
			return "", fmt.Errorf("webhook: secret: %w", err)
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%d.%s", id, at.Unix(), body)
		out[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(out, " "), nil
}

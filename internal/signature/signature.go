// Package signature signs and verifies messages as Standard Webhooks 1.0 says.
//
// A message is an id, a time and a body; its signature is of all three, so that
// nobody alters it and nobody sends it again much later. Whoever receives messages
// remembers their ids as long as a timestamp is accepted, and longer where a
// repetition would do harm: that is not done here.
package signature

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// secretPrefix stands in front of a symmetric secret (Standard Webhooks 1.0, "Signature scheme").
const secretPrefix = "whsec_"

// scheme stands in front of a symmetric signature.
const scheme = "v1,"

// Tolerance is how far a timestamp may be from now, either way.
const Tolerance = 5 * time.Minute

// shortestSecret is how many bytes a secret has at least ("Signature scheme": 24 to 64).
const shortestSecret = 24

// The headers of a signed message.
const (
	headerID        = "webhook-id"
	headerTime      = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// What Verify says.
var (
	// ErrForged: no signature of the message is of one of the secrets.
	ErrForged = errors.New("signature: none of the signatures is right")
	// ErrTime: the timestamp is none, or too far away.
	ErrTime = errors.New("signature: the timestamp is not of this moment")
)

// NewSecret returns a secret as its owner sees it: 32 random bytes in base64 behind the prefix.
func NewSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// CheckSecret says what is wrong with a secret that somebody has typed.
func CheckSecret(s string) error {
	key, err := keyOf(s)
	if err == nil && len(key) < shortestSecret {
		err = fmt.Errorf("signature: a secret has at least %d bytes, this one %d", shortestSecret, len(key))
	}
	return err
}

func keyOf(secret string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return nil, fmt.Errorf("signature: secret: %w", err)
	}
	return key, nil
}

func sum(secret, id string, seconds int64, body []byte) (string, error) {
	key, err := keyOf(secret)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.", id, seconds)
	mac.Write(body)
	return scheme + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// Sign puts the id, the time and the signatures of a message into its headers: one
// "v1,<base64>" for each secret, of HMAC-SHA256 over "id.timestamp.body" with the
// timestamp in seconds since 1970.
func Sign(h http.Header, secrets []string, id string, at time.Time, body []byte) error {
	out := make([]string, len(secrets))
	for i, s := range secrets {
		var err error
		if out[i], err = sum(s, id, at.Unix(), body); err != nil {
			return err
		}
	}
	h.Set(headerID, id)
	h.Set(headerTime, strconv.FormatInt(at.Unix(), 10))
	h.Set(headerSignature, strings.Join(out, " "))
	return nil
}

// Verify checks a message against secrets, any of which may have signed it, and returns
// its id. Errors: ErrTime, ErrForged.
func Verify(h http.Header, secrets []string, now time.Time, body []byte) (id string, err error) {
	id = h.Get(headerID)
	seconds, err := strconv.ParseInt(h.Get(headerTime), 10, 64)
	if err != nil {
		return "", ErrTime
	}
	if d := now.Sub(time.Unix(seconds, 0)); d > Tolerance || d < -Tolerance {
		return "", ErrTime
	}
	right := false
	for _, secret := range secrets {
		want, err := sum(secret, id, seconds, body)
		if err != nil {
			return "", err
		}
		for _, got := range strings.Fields(h.Get(headerSignature)) {
			right = hmac.Equal([]byte(got), []byte(want)) || right // as long for a wrong one as for a right one
		}
	}
	if !right || id == "" {
		return "", ErrForged
	}
	return id, nil
}

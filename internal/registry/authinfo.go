package registry

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
)

// authInfoHas are the kinds of characters of which registries want one each in an object's
// password, Verisign's among them.
var authInfoHas = []string{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789", "-_"}

// NewAuthInfo makes the password of an object, which nobody has to remember (RFC 9154). It
// has 16 characters, the most that old registries take.
func NewAuthInfo() string {
	for {
		var b [12]byte
		_, _ = rand.Read(b[:])
		s := base64.RawURLEncoding.EncodeToString(b[:])
		if strings.Trim(s, "-_") == s && hasEach(s, authInfoHas) {
			return s
		}
	}
}

func hasEach(s string, kinds []string) bool {
	for _, k := range kinds {
		if !strings.ContainsAny(s, k) {
			return false
		}
	}
	return true
}

package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/verinym/verinym/internal/fault"
)

// Passwords are the cost parameters of argon2id (RFC 9106). Memory is in KiB.
type Passwords struct {
	Time, Memory uint32
	Threads      uint8
}

func (p Passwords) orDefault() Passwords {
	if p.Time == 0 {
		return Passwords{Time: 2, Memory: 19 * 1024, Threads: 1}
	}
	return p
}

var b64 = base64.RawStdEncoding

// hash returns the password's argon2id hash in PHC string form.
func (p Passwords) hash(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	sum := argon2.IDKey([]byte(password), salt, p.Time, p.Memory, p.Threads, 32)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Time, p.Threads, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

// matches reports whether password is the one behind a PHC string.
func matches(phc, password string) bool {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var p Passwords
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.Memory, &p.Time, &p.Threads); err != nil {
		return false
	}
	salt, err1 := b64.DecodeString(parts[4])
	want, err2 := b64.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, p.Time, p.Memory, p.Threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// bounds of a password, in characters.
const (
	passwordMin = 10
	passwordMax = 1000
)

// checkPassword says what is wrong with a new password, nil for nothing.
func checkPassword(field, password string) *fault.Error {
	switch n := utf8.RuneCountInString(password); {
	case n < passwordMin:
		return fault.At(field, "password_too_short")
	case n > passwordMax:
		return fault.At(field, "field_too_long").With("Field", field).With("Max", strconv.Itoa(passwordMax))
	}
	return nil
}

// token returns a new secret with its prefix, and the hash that the row keeps.
// The secret has 256 random bits, so a plain hash is enough.
func token(prefix string) (secret string, hash []byte) {
	var b [32]byte
	_, _ = rand.Read(b[:])
	secret = prefix + base64.RawURLEncoding.EncodeToString(b[:])
	return secret, tokenHash(secret)
}

func tokenHash(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

package openid

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/fault"
)

// Rules say what claims mean here. A claim is named by its path: "groups", or
// "realm_access.roles" for one inside another.
type Rules struct {
	// RoleClaim names the claim that roles come from, a text or a list of texts; Roles are
	// ours by the values of it.
	RoleClaim string
	Roles     map[string][]string
	// DefaultRoles are of those whom no value gives any.
	DefaultRoles []string
	// CustomerClaim names the customer that somebody belongs to, sub (each is one of their
	// own) when empty; CustomerNameClaim what that customer is called, name when empty.
	CustomerClaim, CustomerNameClaim string
	// VerifiedClaim says that the customer's identity is verified, by one of VerifiedValues
	// ("true" when empty). Any other value takes that back; no claim says nothing.
	VerifiedClaim  string
	VerifiedValues []string
}

// Identity is who a provider says that somebody is.
type Identity struct {
	Issuer, Subject string
	Email           string
	// EmailVerified: the provider knows that it is theirs.
	EmailVerified bool
	Name          string
	// AuthenticatedAt is when the provider asked them last, zero when it does not say.
	AuthenticatedAt time.Time
	Roles           []string
	// Customer is the key of their customer, "" when the provider names none or several, as
	// it may for staff; CustomerName is what it is called.
	Customer, CustomerName string
	// Verified says whether the customer's identity is verified, nil when nothing is said.
	Verified *bool
}

// claims are those of an ID token.
type claims map[string]any

func (r Rules) identity(issuer string, c claims) (Identity, error) {
	who := Identity{
		Issuer: issuer, Subject: c.text("sub"), Email: c.text("email"), EmailVerified: c.text("email_verified") == "true",
		Name:            cmp.Or(c.text("name"), c.text("email")),
		AuthenticatedAt: c.time("auth_time"), Customer: c.text(r.customerClaim()),
		CustomerName: cmp.Or(c.text(cmp.Or(r.CustomerNameClaim, "name")), c.text("name"), c.text("email")),
	}
	for _, value := range c.texts(r.RoleClaim) {
		for _, role := range r.Roles[value] {
			if !slices.Contains(who.Roles, role) {
				who.Roles = append(who.Roles, role)
			}
		}
	}
	if len(who.Roles) == 0 {
		who.Roles = slices.Clone(r.DefaultRoles)
	}
	if said := c.texts(r.VerifiedClaim); len(said) > 0 {
		values := r.VerifiedValues
		if len(values) == 0 {
			values = []string{"true"}
		}
		verified := slices.ContainsFunc(said, func(s string) bool { return slices.Contains(values, s) })
		who.Verified = &verified
	}
	if who.Email == "" {
		return who, missing("email")
	}
	return who, nil
}

func (r Rules) customerClaim() string { return cmp.Or(r.CustomerClaim, "sub") }

func missing(claim string) error {
	return fault.New(fault.Forbidden, "sign_in_claim_missing").With("Claim", claim)
}

// at is the value at a path, nil for none. A name with dots in it, as a URL, comes first.
func (c claims) at(path string) any {
	if v, ok := c[path]; ok || path == "" {
		return v
	}
	first, rest, nested := strings.Cut(path, ".")
	inner, ok := c[first].(map[string]any)
	if !nested || !ok {
		return nil
	}
	return claims(inner).at(rest)
}

// texts are the values at a path: numbers and truths are texts, too, and a list is many.
func (c claims) texts(path string) (out []string) {
	values, list := c.at(path).([]any)
	if !list {
		values = []any{c.at(path)}
	}
	for _, v := range values {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case bool:
			out = append(out, strconv.FormatBool(v))
		case float64:
			out = append(out, strconv.FormatFloat(v, 'f', -1, 64))
		}
	}
	return out
}

func (c claims) text(path string) string {
	if all := c.texts(path); len(all) == 1 {
		return strings.TrimSpace(all[0])
	}
	return ""
}

// time is a NumericDate (RFC 7519 2), zero for none.
func (c claims) time(path string) time.Time {
	seconds, ok := c.at(path).(float64)
	if !ok {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}

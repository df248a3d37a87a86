package app

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/console"
	"github.com/verinym/verinym/internal/openid"
)

// SignIn says how people sign in beside a password.
type SignIn struct {
	Provider SignInProvider `koanf:"provider"`
}

// SignInProvider is an OpenID Connect provider of the registrar's (docs/operation.md).
type SignInProvider struct {
	// Name is what people call it; Issuer is its address. Without an issuer there is none.
	Name   string `koanf:"name"`
	Issuer string `koanf:"issuer"`
	// ClientID and the secret in SecretFile are ours there.
	ClientID   string   `koanf:"client_id"`
	SecretFile string   `koanf:"client_secret_file"`
	Scopes     []string `koanf:"scopes"`
	// RoleClaim names the claim that roles come from, Roles what its values give.
	RoleClaim    string      `koanf:"role_claim"`
	Roles        []ClaimRole `koanf:"roles"`
	DefaultRoles []string    `koanf:"default_roles"`
	// StaffAccount is the account of people with other roles than registrant.
	StaffAccount string `koanf:"staff_account"`
	// CustomerClaim names the customer that somebody belongs to, CustomerNameClaim what it is called.
	CustomerClaim     string `koanf:"customer_claim"`
	CustomerNameClaim string `koanf:"customer_name_claim"`
	// VerifiedClaim says that the customer's identity is verified, by one of VerifiedValues.
	VerifiedClaim  string   `koanf:"verified_claim"`
	VerifiedValues []string `koanf:"verified_values"`
	// LinkEmail lets people who have a password here sign in at the provider too.
	LinkEmail bool `koanf:"link_email"`
	// Plain allows http://, for development.
	Plain bool `koanf:"plain"`
}

// ClaimRole gives roles by a value of a claim.
type ClaimRole struct {
	Value string   `koanf:"value"`
	Roles []string `koanf:"roles"`
}

// outside makes what people sign in at, nil where there is none.
func (s SignInProvider) outside(publicURL string, now func() time.Time) (*account.Outside, error) {
	if s.Issuer == "" {
		return nil, nil
	}
	given := append([]ClaimRole{{Roles: s.DefaultRoles}}, s.Roles...)
	byValue, staff := map[string][]string{}, false
	for _, g := range given {
		if err := account.CheckRoles(rolesOf(g.Roles)...); err != nil {
			return nil, fmt.Errorf("sign_in.provider.roles: %w", err)
		}
		for _, r := range g.Roles {
			staff = staff || r != "registrant"
		}
		if g.Value != "" {
			byValue[g.Value] = append(byValue[g.Value], g.Roles...)
		}
	}
	switch {
	case staff && s.StaffAccount == "":
		return nil, errors.New("sign_in.provider.staff_account is needed: it says which account people with other roles than registrant belong to")
	case s.RoleClaim == "" && len(s.Roles) > 0:
		return nil, errors.New("sign_in.provider.role_claim is needed: roles are given by its values")
	case s.RoleClaim == "" && len(s.DefaultRoles) == 0:
		return nil, errors.New("sign_in.provider: nobody would have a role; give roles with role_claim, or default_roles")
	}
	secret, err := os.ReadFile(s.SecretFile)
	if err != nil {
		return nil, fmt.Errorf("sign_in.provider.client_secret_file: %w", err)
	}
	p, err := openid.New(openid.Config{
		Name: s.Name, Issuer: s.Issuer, ClientID: s.ClientID, ClientSecret: strings.TrimSpace(string(secret)),
		RedirectURL: publicURL + console.BackPath, Scopes: s.Scopes, Plain: s.Plain, Now: now,
		Rules: openid.Rules{RoleClaim: s.RoleClaim, Roles: byValue, DefaultRoles: s.DefaultRoles, CustomerClaim: s.CustomerClaim, CustomerNameClaim: s.CustomerNameClaim, VerifiedClaim: s.VerifiedClaim, VerifiedValues: s.VerifiedValues},
	})
	if err != nil {
		return nil, err
	}
	return &account.Outside{Provider: p, Staff: s.StaffAccount, Link: s.LinkEmail}, nil
}

// Package actor says who acts, and what each role may do.
//
// Every call of a noun takes an Actor. Rows that belong to an account are always
// read with the account of the actor, never with one from the request. The one
// permission table stands here; edges hold no rules of their own.
package actor

import (
	"slices"
	"strconv"
	"time"

	"github.com/verinym/verinym/internal/fault"
)

// Role is what a person is to the registrar.
type Role string

// The roles, after the people of the requirements.
const (
	Registrant Role = "registrant"
	Reviewer   Role = "reviewer"
	// Lead is a reviewer who also hands out the work of others.
	Lead     Role = "lead"
	Operator Role = "operator"
	Admin    Role = "admin"
	// MailServer is a program that passes on mail which came back, and does nothing else.
	MailServer Role = "mail_server"
	// System is verinym itself, at work on a job or a deadline.
	System Role = "system"
)

// Actor is who makes a call: a person, an API key or the system.
type Actor struct {
	// ID is the public id of the person or key, "system" for the system.
	ID string
	// Account is the row id of the account that the actor works for; 0 for the system.
	Account int64
	Roles   []Role
	// Scopes narrows an API key; empty means no narrowing.
	Scopes []string
	// Session is the key of the session that a person acts in, nil for an API key.
	Session []byte
	// ProvedAt is when the person last proved in it who they are.
	ProvedAt time.Time
}

// ProofFor is how long a proof of who somebody is counts for what is dangerous.
const ProofFor = 10 * time.Minute

// CheckProved returns nil when the actor has proved lately who they are: by signing in, or
// by doing again what they sign in with. Otherwise the fault is "proof_required", for an API
// key, which can prove nothing, "session_required".
func (a Actor) CheckProved(now time.Time) error {
	switch {
	case a.Session == nil:
		return fault.New(fault.Forbidden, "session_required")
	case a.ProvedAt.IsZero() || now.Sub(a.ProvedAt) >= ProofFor:
		return fault.New(fault.Forbidden, "proof_required").With("Minutes", strconv.Itoa(int(ProofFor/time.Minute)))
	}
	return nil
}

// Verinym is the system itself.
var Verinym = Actor{ID: "system", Roles: []Role{System}}

// Has reports whether the actor has the role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// Permission names something that a noun guards.
type Permission string

// The permissions. A name is noun.verb.
const (
	ProfileRead     Permission = "profile.read"
	ProfileWrite    Permission = "profile.write"
	ProfileReveal   Permission = "profile.reveal_number"
	DocumentWrite   Permission = "document.write"
	EmailVerify     Permission = "email.verify"
	EmailReport     Permission = "email.report"
	EmailReceive    Permission = "email.receive"
	OrderWrite      Permission = "order.write"
	OrderPay        Permission = "order.pay"
	DomainRead      Permission = "domain.read"
	DomainAssociate Permission = "domain.associate"
	DomainImport    Permission = "domain.import"
	DomainHold      Permission = "domain.hold"
	ReviewRead      Permission = "review.read"
	ReviewDecide    Permission = "review.decide"
	ReviewLead      Permission = "review.lead"
	EnhancedOpen    Permission = "enhanced.open"
	AccountRead     Permission = "account.read"
	AccountAssert   Permission = "account.assert_identity"
	AccountCreate   Permission = "account.create"
	PolicyRead      Permission = "policy.read"
	RegistryRead    Permission = "registry.read"
	RegistryManage  Permission = "registry.manage"
	AuditRead       Permission = "audit.read"
	WebhookManage   Permission = "webhook.manage"
	InspectionTake  Permission = "inspection.take"
	// WebhookManageEverywhere is for endpoints that hear of every account.
	WebhookManageEverywhere Permission = "webhook.manage_everywhere"
	KeyManage               Permission = "key.manage"
	JobManage               Permission = "job.manage"
	MailManage              Permission = "mail.manage"
	// AuthorityManage is for pausing authorities, and for the calls that were made to them.
	AuthorityManage Permission = "authority.manage"
	// AccountManage is for roles and suspensions in any account.
	AccountManage Permission = "account.manage"
	// DataRequest is for asking what is kept of oneself, DataManage for deciding about that.
	DataRequest Permission = "data.request"
	DataManage  Permission = "data.manage"
)

// table is the one permission table. The system may do everything.
var table = map[Role][]Permission{
	Registrant: {ProfileRead, ProfileWrite, ProfileReveal, DocumentWrite, EmailVerify, OrderWrite, DomainRead, DomainAssociate, AccountRead, WebhookManage, KeyManage, DataRequest},
	Reviewer:   {ReviewRead, ReviewDecide, PolicyRead},
	Lead:       {ReviewRead, ReviewDecide, ReviewLead, PolicyRead},
	Operator: {
		ReviewRead, ReviewLead, EnhancedOpen, DomainImport, DomainRead, DomainHold, OrderPay, AccountAssert, AccountRead,
		PolicyRead, RegistryRead, RegistryManage, AuditRead, EmailReport, EmailReceive, WebhookManageEverywhere,
		InspectionTake, JobManage, MailManage, AuthorityManage,
	},
	MailServer: {EmailReceive},
	Admin:      {ReviewRead, ReviewLead, AccountCreate, AccountAssert, AccountRead, AuditRead, PolicyRead, RegistryRead, InspectionTake, JobManage, MailManage, AccountManage, DataManage},
}

// May reports whether one of the actor's roles grants p and its scopes, if any,
// include it.
func (a Actor) May(p Permission) bool {
	if a.Has(System) {
		return true
	}
	if len(a.Scopes) > 0 && !slices.Contains(a.Scopes, string(p)) {
		return false
	}
	for _, r := range a.Roles {
		if slices.Contains(table[r], p) {
			return true
		}
	}
	return false
}

// Check returns nil when the actor may p, and the fault "forbidden" otherwise.
func (a Actor) Check(p Permission) error {
	if a.May(p) {
		return nil
	}
	return fault.New(fault.Forbidden, "forbidden").With("Permission", string(p))
}

package domain

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/net/idna"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/delegation"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/rdap"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/status"
	"github.com/verinym/verinym/internal/store"
)

// Domain is a name that an account holds through us.
type Domain struct {
	bun.BaseModel `bun:"table:domain"`

	ID            int64 `bun:",pk,autoincrement"`
	PublicID      string
	AccountID     int64
	Name          string
	Suffix        string
	Accreditation policy.Accreditation
	Registry      string
	State         State
	ProfileID     int64
	VersionID     int64
	// NextVersionID is the version that a change of holder is about to bring, NextLock how
	// long transfers are refused afterwards, in microseconds.
	NextVersionID int64
	NextLock      int64
	Registrant    string
	HolderFold    string
	NumberHash    []byte `bun:",nullzero"`
	NamingState   Verdict
	NamingReason  string
	NamingWords   string
	HolderState   Verdict
	HolderReason  string
	HolderWords   string
	// QualificationState is of what the suffix asks for beside the holder's identity,
	// QualificationDueAt when the time for it ends that policy gives a new holder.
	QualificationState Verdict
	QualificationDueAt store.Time `bun:",type:bigint"`
	SyncState          string
	Statuses           []string `bun:",type:text"`
	// Grace are the registry's grace periods (RFC 3915) that it is in.
	Grace []string `bun:",type:text"`
	// StatusWords is what was said of why it has a status, by the status.
	StatusWords map[string]StatusWord `bun:",type:text"`
	// NameServers are those that the registry has for it.
	NameServers  []string `bun:",type:text"`
	Compliance   string
	DueAt        store.Time `bun:",type:bigint"`
	RegisteredAt store.Time `bun:",type:bigint"`
	ExpiresAt    store.Time `bun:",type:bigint"`
	InfoAt       store.Time `bun:",type:bigint"`
	// DoubtedAt is since when the registry may have carried out a change whose answer was
	// lost, zero when there is none: until it was asked, nobody knows how the domain is.
	DoubtedAt store.Time `bun:",type:bigint"`
	// TransferredAt is when it came from another registrar, HolderChangedAt when it last got
	// another holder, after which transfers are refused to LockedUntil.
	TransferredAt   store.Time `bun:",type:bigint"`
	HolderChangedAt store.Time `bun:",type:bigint"`
	LockedUntil     store.Time `bun:",type:bigint"`
	CreatedAt       store.Time `bun:",type:bigint"`
	UpdatedAt       store.Time `bun:",type:bigint"`
	AskedAt         int64
	RowVersion      int64

	// Holds are the open causes of clientHold, where a domain is read to be shown.
	Holds []Hold `bun:"-"`
	// Answer is what the registrant still owes, likewise; nil for nothing.
	Answer *Answer `bun:"-"`
}

// Sync states: queued, told, refused.
const (
	SyncQueued = "queued"
	SyncDone   = "synced"
	SyncFailed = "failed"
)

// Config is whom domains call, and what they need to know of the installation.
type Config struct {
	Store      *store.Store
	Policies   *policy.Policies
	Accounts   *account.Accounts
	Profiles   *profile.Profiles
	Registries *registry.Registries
	Reviews    *review.Reviews
	Emails     *emailcheck.Checks

	// NamingAuthority reviews labels before creation where the registry does not.
	NamingAuthority string
	// UnpaidFor is how long an order may wait for its payment; seven days when zero.
	UnpaidFor time.Duration
	// StaleAfter is how long nothing may be heard of a domain before its registry is
	// asked; a day when zero.
	StaleAfter time.Duration
	// DNS finds out how a name is delegated; nil where nobody is to be asked.
	DNS *delegation.Checker
	// RDAP asks registries what they publish; nil where nobody is to be asked.
	RDAP *rdap.Client
	// Qualifications are what some suffixes ask for beside an identity; nil where nobody is
	// asked.
	Qualifications *qualification.Qualifications
	// Courier mails the questions about changes of holder.
	Courier Courier
	// Owner names this process.
	Owner string
	Log   *slog.Logger
}

// All owns domains, orders and association tasks.
type All struct {
	store      *store.Store
	policies   *policy.Policies
	accounts   *account.Accounts
	profiles   *profile.Profiles
	registries *registry.Registries
	reviews    *review.Reviews
	emails     *emailcheck.Checks
	config     Config
	wake       func()
	lookUps    quota
	dnsLooks   quota
	paces      paces
}

// New returns the domains of a store and registers them as a subject of naming reviews, and as
// what runs until an address answers.
func New(c Config) *All {
	if c.UnpaidFor <= 0 {
		c.UnpaidFor = 7 * 24 * time.Hour
	}
	if c.StaleAfter <= 0 {
		c.StaleAfter = 24 * time.Hour
	}
	all := &All{
		store: c.Store, policies: c.Policies, accounts: c.Accounts, profiles: c.Profiles,
		registries: c.Registries, reviews: c.Reviews, emails: c.Emails, config: c, wake: func() {},
	}
	all.reviews.Register(review.DomainName, all)
	all.emails.SetClocks(all)
	if c.Qualifications != nil {
		c.Qualifications.SetListener(all)
	}
	return all
}

// OnTask has f called when there is something new for WorkTasks.
func (all *All) OnTask(f func()) { all.wake = f }

var _ profile.Grounds = (*All)(nil)

// RestsOn implements profile.Grounds.
func (all *All) RestsOn(ctx context.Context, tx *store.Tx, version int64) (bool, error) {
	var n int
	err := tx.NewRaw("SELECT count(*) FROM domain WHERE (version_id = ?0 OR next_version_id = ?0) AND state NOT IN (?1, ?2, ?3)", version, Deleted, Unfulfilled, Transferred).Scan(ctx, &n)
	return n > 0, wrap("rests on", err)
}

// Normalize checks a domain name and returns its A-label form in lower case.
// Labels have 1 to 63 letters, digits and hyphens, no hyphen first or last, none
// at places three and four; a name in Chinese is typed in Chinese, full stop
// included. Fault: domain_name_invalid.
func Normalize(typed string) (string, error) {
	if ascii := asciiName(typed); ascii != "" {
		return ascii, nil
	}
	return "", fault.At("domain", "domain_name_invalid").With("Typed", typed)
}

// asciiName is a name in A-labels and lower case, "" for what is none.
func asciiName(typed string) string {
	if len(typed) > longestTyped {
		return ""
	}
	ascii, err := idna.Lookup.ToASCII(strings.ToLower(strings.TrimSpace(typed)))
	if ascii = strings.TrimSuffix(ascii, "."); err != nil || !validName(ascii) {
		return ""
	}
	return ascii
}

func validName(ascii string) bool {
	if len(ascii) > 253 || !strings.Contains(ascii, ".") {
		return false
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if !validLabel(label) {
			return false
		}
	}
	return true
}

// longestTyped is how many bytes of typing are looked at: more than any name has in
// any script.
const longestTyped = 1024

func validLabel(l string) bool {
	if len(l) < 1 || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
		return false
	}
	if len(l) > 3 && l[2:4] == "--" && !strings.HasPrefix(l, "xn--") {
		return false
	}
	return !strings.ContainsFunc(l, func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })
}

// Display returns a name as people write it.
func Display(name string) string {
	if u, err := idna.Display.ToUnicode(name); err == nil {
		return u
	}
	return name
}

// Verification combines the two verdicts: what has failed comes before what nobody
// has submitted, and that before what is in review; verified only when both are in.
func (d Domain) Verification() Verdict {
	for _, v := range []Verdict{Failed, NotCompleted, InReview, NotPossible} {
		if d.NamingState == v || d.HolderState == v {
			return v
		}
	}
	if d.HolderState == NotRequired && d.NamingState == NotRequired {
		return NotRequired
	}
	return Verified
}

// Has reports whether the registry shows an EPP status.
func (d Domain) Has(status string) bool { return slices.Contains(d.Statuses, status) }

// fresh is how old the registry's answer may be for a domain to count as Normal.
const fresh = 36 * time.Hour

// Status is a domain's standing in one word, the gravest first.
type Status string

// The words for a domain's standing.
const (
	StatusRegistering Status = "registering"
	StatusImporting   Status = "importing"
	StatusUnfulfilled Status = "registration_failed"
	StatusDeleted     Status = "deleted"
	StatusTransferred Status = "transferred"
	StatusExpired     Status = "expired"
	StatusClientHold  Status = "client_hold"
	StatusServerHold  Status = "server_hold"
	StatusFailed      Status = "identity_verification_failed"
	StatusNotDone     Status = "identity_verification_not_completed"
	StatusInReview    Status = "identity_verification_in_review"
	// What the suffix asks for beside an identity.
	StatusUnqualified  Status = "qualification_not_completed"
	StatusQualifying   Status = "qualification_in_review"
	StatusNotQualified Status = "qualification_failed"
	StatusPending      Status = "pending"
	StatusUnknown      Status = "unknown"
	StatusNormal       Status = "normal"
)

// Status derives a domain's standing at t. Normal means: not expired, no hold,
// nothing pending, every required verdict in, papers accepted where the suffix asks for any, and the registry's answer fresh,
// with no change sent since of which it is not known whether it was carried out.
func (d Domain) Status(t time.Time) Status {
	switch {
	case d.State == Registering:
		return StatusRegistering
	case d.State == Importing:
		return StatusImporting
	case d.State == Unfulfilled:
		return StatusUnfulfilled
	case d.State == Deleted:
		return StatusDeleted
	case d.State == Transferred:
		return StatusTransferred
	case !d.ExpiresAt.IsZero() && !t.Before(d.ExpiresAt.Time):
		return StatusExpired
	case d.Has(epp.ClientHold):
		return StatusClientHold
	}
	if bug.Seeded(bug.NormalWithoutNaming) {
		d.NamingState = Verified
	}
	switch d.Verification() {
	case Failed:
		return StatusFailed
	case NotCompleted, NotPossible:
		return StatusNotDone
	case InReview:
		return StatusInReview
	}
	switch d.QualificationState {
	case Failed:
		return StatusNotQualified
	case NotCompleted:
		return StatusUnqualified
	case InReview:
		return StatusQualifying
	}
	switch {
	case d.Has(epp.ServerHold):
		return StatusServerHold
	case slices.ContainsFunc(d.Statuses, status.SpoilsNormal), slices.ContainsFunc(d.Grace, status.SpoilsNormal):
		return StatusPending
	case d.InfoAt.IsZero() || t.Sub(d.InfoAt.Time) > fresh || !d.DoubtedAt.IsZero():
		return StatusUnknown
	}
	return StatusNormal
}

// Get returns a domain of the actor's account by name. Faults:
// domain_name_invalid, domain_not_found.
func (all *All) Get(ctx context.Context, a actor.Actor, typed string) (Domain, error) {
	if err := a.Check(actor.DomainRead); err != nil {
		return Domain{}, err
	}
	name, err := Normalize(typed)
	if err != nil {
		return Domain{}, err
	}
	q := all.store.R.NewSelect().Where("name = ?", name).OrderExpr("id DESC").Limit(1)
	if !a.Has(actor.Operator) && !a.Has(actor.System) && !bug.Seeded(bug.OthersNames) {
		q = q.Where("account_id = ?", a.Account)
	}
	var d Domain
	err = q.Model(&d).Scan(ctx)
	if store.IsNotFound(err) {
		return d, fault.New(fault.NotFound, "domain_not_found").With("Domain", Display(name))
	}
	if err != nil {
		return d, wrap("get", err)
	}
	shown := []Domain{d}
	err = all.showMore(ctx, shown)
	return shown[0], wrap("get", err)
}

// AtTheRegistry is what the registry itself has of a domain, at the moment it was asked.
type AtTheRegistry struct {
	Registrant string
	Sponsor    string
	Statuses   []string
	ExpiresAt  time.Time
}

// AskRegistry reads a domain of the actor's account from the registry at once.
func (all *All) AskRegistry(ctx context.Context, a actor.Actor, typed string) (out AtTheRegistry, err error) {
	d, err := all.Get(ctx, a, typed)
	if err != nil {
		return out, err
	}
	info, _, err := all.registries.Now(ctx, d.Registry, d.Name)
	if err != nil {
		return out, err
	}
	out = AtTheRegistry{Registrant: info.Registrant, Sponsor: info.ClID, ExpiresAt: info.ExDate}
	for _, s := range info.Statuses {
		out.Statuses = append(out.Statuses, s.Value)
	}
	return out, nil
}

func (all *All) rule(acc policy.Accreditation, name string) (policy.Rule, string, error) {
	rule, err := all.policies.Rule(acc, name)
	if err != nil {
		return rule, "", err
	}
	registryName, err := all.registries.For(rule.Suffix)
	return rule, registryName, err
}

// driver is how the registry of a domain is dealt with. Where policy has no rule for
// the suffix any more, the registry account alone says so.
func (all *All) driver(d Domain) registry.Driver {
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil {
		rule = policy.Rule{}
	}
	return all.registries.Driver(d.Registry, rule)
}

func newDomain(tx *store.Tx, account int64, name, registryName string, rule policy.Rule) Domain {
	d := Domain{
		PublicID: store.NewID("dom"), AccountID: account, Name: name, Suffix: rule.Suffix, Accreditation: rule.Accreditation, Registry: registryName,
		NamingState: NotRequired, HolderState: NotRequired, QualificationState: NotRequired, Statuses: []string{},
		Grace: []string{}, StatusWords: map[string]StatusWord{}, NameServers: []string{}, CreatedAt: store.At(tx.Now()),
		UpdatedAt: store.At(tx.Now()), RowVersion: 1,
	}
	if rule.Qualification != nil {
		d.QualificationState = NotCompleted
	}
	switch {
	case rule.Verification.Duty == "not_possible":
		d.NamingState, d.HolderState = NotPossible, NotPossible
	case rule.Required():
		d.HolderState = NotCompleted
		if rule.NamingRequired() {
			d.NamingState = NotCompleted
		}
	}
	return d
}

func insert(ctx context.Context, tx *store.Tx, d *Domain) error {
	_, err := tx.NewInsert().Model(d).Exec(ctx)
	if store.IsUnique(err) {
		return exists(d.Name)
	}
	return err
}

// exists refuses a name that is in somebody's account.
func exists(name string) error {
	return fault.New(fault.Conflict, "domain_exists").With("Domain", Display(name))
}

// announce tells the account of a domain of its own.
func announce(ctx context.Context, tx *store.Tx, d Domain) error {
	return event.Append(ctx, tx, d.AccountID, "domain.created", d.PublicID, map[string]string{"Domain": Display(d.Name)})
}

func save(ctx context.Context, tx *store.Tx, d *Domain) error {
	d.UpdatedAt = store.At(tx.Now())
	d.RowVersion++
	return store.One(tx.NewUpdate().Model(d).WherePK().Where("row_version = ?", d.RowVersion-1).Exec(ctx))
}

// edit is a domain with how it was read. Lists and maps are replaced, never changed in
// their place: the two share them.
type edit struct {
	was Domain
	is  *Domain
}

// saveAll is save of many. It writes the columns in which one of them has changed: an
// index over others need not be touched.
func saveAll(ctx context.Context, tx *store.Tx, all []edit) error {
	rows := make([]*Domain, len(all))
	changed := map[string]bool{}
	for i, e := range all {
		e.is.UpdatedAt = store.At(tx.Now())
		e.is.RowVersion++
		rows[i] = e.is
		for _, column := range store.Changed(tx, &e.was, e.is) {
			changed[column] = true
		}
	}
	met, err := store.UpdateEach(ctx, tx, rows, slices.Sorted(maps.Keys(changed)), "present.row_version = wanted.row_version - 1")
	if err == nil && len(met) < len(all) {
		err = store.ErrStale
	}
	return err
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("domain: %s: %w", op, err)
}

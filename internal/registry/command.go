package registry

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// State is where a command stands.
type State string

// The states of a command.
const (
	Blocked   State = "blocked"
	Ready     State = "ready"
	Inflight  State = "inflight"
	Doubt     State = "doubt"
	Waiting   State = "waiting"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Event moves a command from state to state.
type Event string

// The events of a command.
const (
	Unblock  Event = "unblock"
	Claim    Event = "claim"
	Succeed  Event = "succeed"
	Pend     Event = "pend"
	Refuse   Event = "refuse"
	Retry    Event = "retry"
	Lose     Event = "lose"
	CancelIt Event = "cancel"
)

// Table is the state table of a command. Lose is an answer that did not come:
// only <info> leads out of doubt.
var Table = state.Table[State, Event]{
	Noun: "registry_command",
	Moves: map[State]map[Event]State{
		Blocked:  {Unblock: Ready, Refuse: Failed, CancelIt: Cancelled},
		Ready:    {Claim: Inflight, CancelIt: Cancelled},
		Inflight: {Succeed: Done, Pend: Waiting, Refuse: Failed, Retry: Ready, Lose: Doubt},
		Doubt:    {Succeed: Done, Pend: Waiting, Refuse: Failed, Retry: Ready},
		Waiting:  {Succeed: Done, Refuse: Failed, Lose: Doubt},
		Done:     {}, Failed: {}, Cancelled: {},
	},
}

// Kind is what a command does.
type Kind string

// The kinds of command.
const (
	ContactCreate    Kind = "contact_create"
	ContactInfo      Kind = "contact_info"
	ContactUpdate    Kind = "contact_update"
	Evidence         Kind = "evidence"
	DomainCreate     Kind = "domain_create"
	DomainInfo       Kind = "domain_info"
	DomainRegistrant Kind = "domain_registrant"
	DomainCodes      Kind = "domain_codes"
	NameCode         Kind = "name_code"

	DomainTransferRequest Kind = "domain_transfer_request"
	DomainTransferQuery   Kind = "domain_transfer_query"
	DomainTransferCancel  Kind = "domain_transfer_cancel"
	DomainTransferReject  Kind = "domain_transfer_reject"

	DomainHold    Kind = "domain_hold"
	DomainRelease Kind = "domain_release"

	HolderCode Kind = "holder_code"

	HostCreate Kind = "host_create"
)

// ChangesDomain reports whether a command changes a domain that is the account's: while its
// answer is lost nobody knows how the domain is.
func (k Kind) ChangesDomain() bool {
	switch k {
	case DomainRegistrant, DomainCodes, DomainHold, DomainRelease:
		return true
	}
	return false
}

// Told is the condition of commands that a timeline tells of: they have ended, and did
// more than ask.
const Told = "done_at IS NOT NULL AND kind NOT IN ('domain_info', 'contact_info', 'domain_transfer_query')"

// costs reports whether a registry charges for a kind of command.
func (k Kind) costs() bool { return k == DomainCreate || k == DomainTransferRequest }

// EPP is what a kind is called in EPP, "" where it goes over another channel.
func (k Kind) EPP() string {
	switch k {
	case ContactCreate:
		return "contact:create"
	case ContactInfo:
		return "contact:info"
	case ContactUpdate:
		return "contact:update"
	case DomainCreate:
		return "domain:create"
	case DomainInfo:
		return "domain:info"
	case DomainRegistrant, DomainCodes, DomainHold, DomainRelease:
		return "domain:update"
	case DomainTransferRequest, DomainTransferQuery, DomainTransferCancel, DomainTransferReject:
		return "domain:transfer"
	case NameCode, HolderCode:
		return "nv:create"
	case HostCreate:
		return "host:create"
	}
	return ""
}

// The lanes: a command of a lower lane goes first.
const (
	Interactive = 0
	Bulk        = 10
	Sweep       = 20
)

// Payload is what a command carries. It names holders by reference: no document
// number stands in it.
type Payload struct {
	Contact   string `json:"contact,omitempty"`
	HolderRef string `json:"holder_ref,omitempty"`
	Domain    string `json:"domain,omitempty"`
	Years     int    `json:"years,omitempty"`
	// Registrant is the contact that a domain shall have.
	Registrant string `json:"registrant,omitempty"`
	HolderType string `json:"holder_type,omitempty"`
	// NameServers are those that a name is registered with, Host is one that the registry
	// has no object of.
	NameServers []string `json:"name_servers,omitempty"`
	Host        string   `json:"host,omitempty"`
	// Code is what a provider is asked for, Codes are those that go with a command.
	Code  *CodeRef  `json:"code,omitempty"`
	Codes []CodeRef `json:"codes,omitempty"`
	// Seal names the row for the vault.
	Seal string `json:"seal,omitempty"`
}

// Command is one row of the outbox to a registry.
type Command struct {
	bun.BaseModel `bun:"table:registry_command"`

	ID         int64 `bun:",pk,autoincrement"`
	Registry   string
	Object     string
	Via        string
	Kind       Kind
	Lane       int
	Requires   string
	Subject    string
	Payload    Payload
	Secret     []byte `bun:",nullzero"`
	State      State
	Attempt    int
	Cltrid     string
	Owner      string
	Fence      int64
	LeaseUntil int64
	NotBefore  int64
	SentAt     store.Time
	Svtrid     string
	ResultCode int
	Result     map[string]string `bun:",type:text"`
	Failures   int
	CreatedAt  store.Time
	DoneAt     store.Time `bun:",type:bigint"`
}

// Words are what a registrant may be told of a refusal: the registry's own.
func (c Command) Words() string {
	r := Result{Message: c.Result["message"]}
	for i := 1; c.Result[reasonKey(i)] != ""; i++ {
		r.Reasons = append(r.Reasons, c.Result[reasonKey(i)])
	}
	return r.Words()
}

// reasonKey is where a command's result has its reasons, from 1 on.
func reasonKey(i int) string { return fmt.Sprintf("reason_%d", i) }

// order is a command about to be written.
type order struct {
	kind     Kind
	object   string
	lane     int
	requires string
	subject  string
	payload  Payload
	secret   string
}

// enqueue writes a command for the account called registry.
func (r *Registries) enqueue(ctx context.Context, tx *store.Tx, registry string, o order) error {
	l := r.accounts[registry]
	if l == nil {
		return notConfigured(registry)
	}
	c := &Command{
		Registry: l.Name, Object: o.object, Via: "epp", Kind: o.kind, Lane: o.lane, Requires: o.requires, Subject: o.subject, Payload: o.payload,
		State: Ready, Result: map[string]string{}, CreatedAt: store.At(tx.Now()),
	}
	if o.kind == Evidence {
		c.Via = "audit"
	}
	if o.requires != "" {
		ready, err := r.contactReady(ctx, tx, l.Name, o.requires)
		if err != nil {
			return err
		}
		if !ready {
			c.State = Blocked
		}
	}
	if o.secret != "" {
		c.Payload.Seal = store.NewID("cmd")
		var err error
		if c.Secret, err = r.vault.Seal(secretPlace(c.Payload.Seal), []byte(o.secret)); err != nil {
			return err
		}
	}
	store.Gather(tx, outbox{}, c, insertCommands)
	wake := l.wakePump
	if o.lane == Interactive {
		wake = l.wakeUrgent
	}
	tx.OnCommit(func() { poke(wake); poke(l.wakeAudit) })
	return nil
}

// outbox is where the commands of a unit of work are gathered.
type outbox struct{}

func insertCommands(ctx context.Context, tx *store.Tx, all []*Command) error {
	if err := store.InsertEach(ctx, tx, all, ""); err != nil {
		return fmt.Errorf("registry: enqueue: %w", err)
	}
	return nil
}

func notConfigured(registry string) error {
	return fmt.Errorf("registry %s is not configured", registry)
}

func secretPlace(seal string) vault.Place {
	return vault.Place{Table: "registry_command", Row: seal, Field: "secret"}
}

// Registration is a name to be registered.
type Registration struct {
	Name  string
	Years int
	// Registrant is the id of a contact from Contact, "" at a registry without contacts.
	Registrant string
	HolderType string
	// AuthInfo is the transfer password.
	AuthInfo string
	// Codes go with the name, where the registry wants some.
	Codes []CodeRef
	// NameServers serve the name, A-labels in lower case. NewHosts are those of them that
	// the registry had no host object of.
	NameServers, NewHosts []string
	// Subject comes back in the Result.
	Subject string
}

// CreateDomain orders the registration of a name. Host objects that it wants are commands of
// the same object, the name, and so come before it. One that is refused keeps nothing from
// going on: the registry refuses the name then, if it has no such host.
func (r *Registries) CreateDomain(ctx context.Context, tx *store.Tx, registry string, n Registration) error {
	for _, host := range n.NewHosts {
		err := r.enqueue(ctx, tx, registry, order{
			kind: HostCreate, object: "domain:" + n.Name, requires: n.Registrant, subject: n.Subject, payload: Payload{Domain: n.Name, Host: host},
		})
		if err != nil {
			return err
		}
	}
	return r.enqueue(ctx, tx, registry, order{
		kind: DomainCreate, object: "domain:" + n.Name, requires: n.Registrant, subject: n.Subject, secret: n.AuthInfo,
		payload: Payload{Domain: n.Name, Years: n.Years, Registrant: n.Registrant, HolderType: n.HolderType, NameServers: n.NameServers, Codes: n.Codes},
	})
}

// ChangeRegistrant orders a domain's registrant to become another contact.
func (r *Registries) ChangeRegistrant(ctx context.Context, tx *store.Tx, registry, name, registrant, subject string, lane int) error {
	return r.enqueue(ctx, tx, registry, order{
		kind: DomainRegistrant, object: "domain:" + name, lane: lane, requires: registrant, subject: subject,
		payload: Payload{Domain: name, Registrant: registrant},
	})
}

// Refresh orders an <info> of a domain.
func (r *Registries) Refresh(ctx context.Context, tx *store.Tx, registry, name, subject string, lane int) error {
	return r.enqueue(ctx, tx, registry, order{
		kind: DomainInfo, object: "domain:" + name, lane: lane, subject: subject, payload: Payload{Domain: name},
	})
}

// Refreshed says that a message has just brought what a sweep would ask for: an <info> of
// the domain that waits behind everything else is not needed any more.
func (r *Registries) Refreshed(tx *store.Tx, registry, name string) {
	type key struct{ registry string }
	store.Gather(tx, key{registry}, "domain:"+name, func(ctx context.Context, tx *store.Tx, objects []string) error {
		if err := tx.Flush(ctx, outbox{}); err != nil {
			return err
		}
		_, err := tx.NewRaw("UPDATE registry_command SET state = ?, done_at = ? WHERE registry = ? AND object IN (?) AND kind = ? AND lane = ? AND state = ?",
			Cancelled, store.At(tx.Now()), registry, bun.List(objects), DomainInfo, Sweep, Ready).Exec(ctx)
		return err
	})
}

// Withdraw takes back commands of a kind about domains that are not sent yet. Those that
// the registry has, or may have, it notes in sent.
func (r *Registries) Withdraw(ctx context.Context, tx *store.Tx, registry string, kind Kind, names []string, sent map[string]bool) error {
	if err := tx.Flush(ctx, outbox{}); err != nil {
		return err
	}
	objects := make([]string, len(names))
	for i, n := range names {
		objects[i] = "domain:" + n
	}
	_, err := tx.NewRaw("UPDATE registry_command SET state = ?, done_at = ? WHERE registry = ? AND object IN (?) AND kind = ? AND state IN (?, ?)",
		Cancelled, store.At(tx.Now()), registry, bun.List(objects), kind, Blocked, Ready).Exec(ctx)
	if err != nil {
		return fmt.Errorf("registry: withdraw: %w", err)
	}
	var open []string
	err = tx.NewRaw("SELECT object FROM registry_command WHERE registry = ? AND object IN (?) AND kind = ? AND state IN (?, ?, ?)",
		registry, bun.List(objects), kind, Inflight, Doubt, Waiting).Scan(ctx, &open)
	for _, o := range open {
		sent[strings.TrimPrefix(o, "domain:")] = true
	}
	return err
}

// underWay reports whether a command of one of the kinds is open for an object.
func underWay(ctx context.Context, tx *store.Tx, registry, object string, kinds ...Kind) (bool, error) {
	if err := tx.Flush(ctx, outbox{}); err != nil {
		return false, err
	}
	var open int
	err := tx.NewRaw(`SELECT count(*) FROM registry_command WHERE registry = ? AND object = ? AND kind IN (?)
		AND state IN ('blocked', 'ready', 'inflight', 'doubt', 'waiting')`, registry, object, bun.List(kinds)).Scan(ctx, &open)
	if err != nil {
		return false, fmt.Errorf("registry: %s: %w", object, err)
	}
	return open > 0, nil
}

// RefreshUnlessAsked orders an <info> of a domain behind everything else, unless one is
// on its way.
func (r *Registries) RefreshUnlessAsked(ctx context.Context, tx *store.Tx, registry, name, subject string) error {
	if asked, err := underWay(ctx, tx, registry, "domain:"+name, DomainInfo); err != nil || asked {
		return err
	}
	return r.Refresh(ctx, tx, registry, name, subject, Sweep)
}

// LookUpContact orders an <info> of a contact, unless one is on its way.
func (r *Registries) LookUpContact(ctx context.Context, tx *store.Tx, registry, contact, subject string) error {
	if asked, err := underWay(ctx, tx, registry, "contact:"+contact, ContactInfo); err != nil || asked {
		return err
	}
	return r.enqueue(ctx, tx, registry, order{
		kind: ContactInfo, object: "contact:" + contact, subject: subject, payload: Payload{Contact: contact},
	})
}

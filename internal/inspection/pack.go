package inspection

import (
	"encoding/json"
	"time"

	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
)

// Pack is everything that is on record about a domain or a profile. Numbers of documents
// are masked and pictures are there by their digests: who has the original can compare.
// Times are UTC.
type Pack struct {
	Form    int       `json:"form"`
	MadeAt  time.Time `json:"made_at"`
	MadeBy  string    `json:"made_by"`
	Policy  string    `json:"policy_version"`
	Account Account   `json:"account"`
	// Domain is nil in the pack of a profile.
	Domain    *Domain    `json:"domain,omitempty"`
	Versions  []Version  `json:"identity"`
	Reviews   []Review   `json:"decisions"`
	Holds     []Hold     `json:"holds"`
	Mails     []Mail     `json:"mails"`
	Bounces   []Bounce   `json:"bounces"`
	Orders    []Order    `json:"orders"`
	Tasks     []Task     `json:"associations"`
	Transfers []Transfer `json:"transfers"`
	Answers   []Answer   `json:"answers"`
	Consents  []Consent  `json:"consents"`
	Papers    []Papers   `json:"qualifications"`
	Enhanced  []Enhanced `json:"enhanced_verifications"`
	Events    []Event    `json:"events"`
	Audit     []Entry    `json:"audit"`
	// Head is the end of the audit chain when the pack was made.
	Head ChainEnd `json:"audit_chain_head"`
}

// Account is the customer, and whether their own identity is verified.
type Account struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	IdentityState  string     `json:"identity_state"`
	IdentitySource string     `json:"identity_source"`
	IdentityAt     *time.Time `json:"identity_at,omitempty"`
}

// Domain is a name as its registry has it and as it stands with us.
type Domain struct {
	ID           string     `json:"id"`
	Name         string     `json:"name"`
	Registry     string     `json:"registry"`
	State        string     `json:"state"`
	Statuses     []string   `json:"epp_statuses"`
	Grace        []string   `json:"grace_periods"`
	Compliance   string     `json:"registry_compliance,omitempty"`
	NameServers  []string   `json:"name_servers"`
	Registrant   string     `json:"registrant,omitempty"`
	Naming       Verdict    `json:"naming"`
	RealName     Verdict    `json:"real_name"`
	RegisteredAt *time.Time `json:"registered_at,omitempty"`
	ExpiresAt    *time.Time `json:"expires_at,omitempty"`
	DueAt        *time.Time `json:"verdict_due_at,omitempty"`
	InfoAt       *time.Time `json:"registry_asked_at,omitempty"`
}

// Verdict is where one of the two verdicts of a domain stands.
type Verdict struct {
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
	Words  string `json:"words,omitempty"`
}

// Version is a holder as they were at a time.
type Version struct {
	Profile     string         `json:"profile"`
	ID          string         `json:"version"`
	Number      int            `json:"number"`
	HolderType  string         `json:"holder_type"`
	Kind        string         `json:"kind"`
	State       string         `json:"state"`
	Fields      profile.Fields `json:"fields"`
	NumberMask  string         `json:"document_number_masked"`
	CreatedAt   *time.Time     `json:"created_at"`
	SubmittedAt *time.Time     `json:"submitted_at,omitempty"`
	DecidedAt   *time.Time     `json:"decided_at,omitempty"`
	Documents   []Document     `json:"documents"`

	row int64
}

// Document is one picture of an identity document.
type Document struct {
	ID         string             `json:"id"`
	Kind       string             `json:"kind"`
	Side       string             `json:"side"`
	Format     string             `json:"format"`
	Bytes      int64              `json:"bytes"`
	SHA256     string             `json:"sha256"`
	CopySHA256 string             `json:"registry_copy_sha256,omitempty"`
	Verdict    string             `json:"screening"`
	Findings   []document.Finding `json:"findings"`
	TakenAt    *time.Time         `json:"taken_at"`
	ErasedAt   *time.Time         `json:"erased_at,omitempty"`
}

// Review is one case, about a version of a profile or about the name, and what came of it.
type Review struct {
	ID          string     `json:"id"`
	About       string     `json:"about"`
	Authority   string     `json:"authority"`
	State       string     `json:"state"`
	Attempt     int        `json:"attempt"`
	SubmittedBy string     `json:"submitted_by"`
	SubmittedAt *time.Time `json:"submitted_at"`
	DecidedBy   string     `json:"decided_by,omitempty"`
	FirstBy     string     `json:"first_approved_by,omitempty"`
	DecidedAt   *time.Time `json:"decided_at,omitempty"`
	ReversedBy  string     `json:"reversed_by,omitempty"`
	ReversedAt  *time.Time `json:"reversed_at,omitempty"`
	Policy      string     `json:"policy_version"`
	Reasons     []Reason   `json:"reasons"`
}

// Reason is why a case failed. What a reviewer noted for their colleagues is not in it.
type Reason struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
	Note   string            `json:"note,omitempty"`
	Raw    string            `json:"authoritys_words,omitempty"`
}

// Hold is one cause of clientHold.
type Hold struct {
	Cause     string     `json:"cause"`
	Author    string     `json:"author"`
	Evidence  string     `json:"evidence"`
	PlacedAt  *time.Time `json:"placed_at"`
	LiftedAt  *time.Time `json:"lifted_at,omitempty"`
	LiftedBy  string     `json:"lifted_by,omitempty"`
	LiftedWhy string     `json:"lifted_why,omitempty"`
}

// Mail is a link that was sent to an address, and when it was answered.
type Mail struct {
	Address    string     `json:"address"`
	State      string     `json:"address_state"`
	SentAt     *time.Time `json:"sent_at"`
	ExpiresAt  *time.Time `json:"valid_to"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
}

// Bounce is mail that came back.
type Bounce struct {
	Address string     `json:"address"`
	Hard    bool       `json:"hard"`
	Status  string     `json:"status"`
	Words   string     `json:"words"`
	At      *time.Time `json:"at"`
}

// Order is the wish for the domain.
type Order struct {
	ID        string     `json:"id"`
	State     string     `json:"state"`
	Failure   string     `json:"failure,omitempty"`
	CreatedAt *time.Time `json:"created_at"`
	PaidAt    *time.Time `json:"paid_at,omitempty"`
}

// Task is a submission of the domain, or a change of its holder.
type Task struct {
	ID        string       `json:"id"`
	Operation string       `json:"operation"`
	Version   string       `json:"version"`
	State     string       `json:"state"`
	Reason    string       `json:"reason,omitempty"`
	Params    fault.Params `json:"params,omitempty"`
	CreatedAt *time.Time   `json:"created_at"`
	EndedAt   *time.Time   `json:"ended_at,omitempty"`
}

// Transfer is the wish to have the domain with us.
type Transfer struct {
	ID        string     `json:"id"`
	State     string     `json:"state"`
	Reason    string     `json:"reason,omitempty"`
	CreatedAt *time.Time `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

// Answer is one time that ICANN's rule asked for the registrant's answer, and what came of it.
type Answer struct {
	ID       string     `json:"id"`
	Party    string     `json:"party"`
	Cause    string     `json:"cause"`
	Address  string     `json:"address"`
	State    string     `json:"state"`
	AskedAt  *time.Time `json:"asked_at"`
	DueAt    *time.Time `json:"due_at"`
	EndedAt  *time.Time `json:"ended_at,omitempty"`
	Means    string     `json:"means,omitempty"`
	Author   string     `json:"author,omitempty"`
	Evidence string     `json:"evidence,omitempty"`
}

// Consent is the word of one party to a change of holder.
type Consent struct {
	ID       string     `json:"id"`
	Task     string     `json:"association"`
	Role     string     `json:"role"`
	Address  string     `json:"address"`
	State    string     `json:"state"`
	AskedAt  *time.Time `json:"asked_at"`
	MailedAt *time.Time `json:"mailed_at,omitempty"`
	DueAt    *time.Time `json:"due_at"`
	EndedAt  *time.Time `json:"ended_at,omitempty"`
	Means    string     `json:"means,omitempty"`
	Author   string     `json:"author,omitempty"`
	Evidence string     `json:"evidence,omitempty"`
}

// Papers are what a suffix asks for beside an identity.
type Papers struct {
	ID          string     `json:"id"`
	Holder      string     `json:"holder"`
	Pattern     string     `json:"pattern,omitempty"`
	State       string     `json:"state"`
	DueAt       *time.Time `json:"due_at,omitempty"`
	OpenedAt    *time.Time `json:"opened_at"`
	SubmittedAt *time.Time `json:"submitted_at,omitempty"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	Documents   []Document `json:"documents"`

	row int64
}

// Enhanced is an enhanced verification of the domain or profile.
type Enhanced struct {
	ID          string     `json:"id"`
	About       string     `json:"about"`
	State       string     `json:"state"`
	Cause       string     `json:"cause"`
	Note        string     `json:"note,omitempty"`
	OpenedBy    string     `json:"opened_by"`
	OpenedAt    *time.Time `json:"opened_at"`
	DueAt       *time.Time `json:"due_at"`
	SubmittedAt *time.Time `json:"submitted_at,omitempty"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	Documents   []Document `json:"documents"`

	row int64
}

// Event is what the account was told.
type Event struct {
	At      *time.Time        `json:"at"`
	Type    string            `json:"type"`
	Subject string            `json:"subject"`
	Data    map[string]string `json:"data,omitempty"`
}

// Entry is an entry of the audit record; Seq is 0 while it is not sealed into the chain.
type Entry struct {
	Seq     int64             `json:"seq"`
	At      *time.Time        `json:"at"`
	Actor   string            `json:"actor"`
	Action  string            `json:"action"`
	Subject string            `json:"subject"`
	Detail  map[string]string `json:"detail,omitempty"`
	Prev    string            `json:"prev,omitempty"`
	Hash    string            `json:"hash,omitempty"`
}

// ChainEnd is where the audit chain ends.
type ChainEnd struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// text is a pack as it stands in the file.
func (p *Pack) text() ([]byte, error) { return json.MarshalIndent(p, "", "  ") }

// at is a time of a row, nil for none.
func at(t store.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

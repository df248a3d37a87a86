package client

import "time"

// Choice is a profile offered for a name.
type Choice struct {
	Profile string `json:"profile"`
	Holder  string `json:"holder"`
	Default bool   `json:"default"` // of its type; those come first
	Fits    bool   `json:"fits"`
	Code    string `json:"code"`
	Reason  *Words `json:"reason"`
}

// Order is the wish for a new domain.
type Order struct {
	ID     string `json:"id"`
	Domain string `json:"domain"`
	Years  int    `json:"years"`
	State  string `json:"state"`
	// NameServers are those that the name is registered with.
	NameServers []string `json:"name_servers"`
	Failure     string   `json:"failure"`
	// RefusedServer is, with the failure name_server_refused, the one that the registry did
	// not accept.
	RefusedServer string     `json:"refused_server"`
	VerdictAt     *time.Time `json:"verdict_at"`
	// VerdictDay is the business day that ends then.
	VerdictDay string `json:"verdict_day"`
	// VerdictDays are the business days that VerdictAt allows for, VerdictCases the verdicts
	// of the registry that they were measured from; 0 where they are policy's figure.
	VerdictDays  int        `json:"verdict_days"`
	VerdictCases int        `json:"verdict_cases"`
	HoldAt       *time.Time `json:"hold_at"`
	SafeBy       *time.Time `json:"safe_by"`
	AnswerBy     *time.Time `json:"answer_by"`
	PayBy        *time.Time `json:"pay_by"`
}

// Domain is a name that an account holds.
type Domain struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Status       string   `json:"status"`
	StatusText   Words    `json:"status_text"`
	Verification string   `json:"verification"`
	Naming       string   `json:"naming_verdict"`
	RealName     string   `json:"real_name_verdict"`
	Sync         string   `json:"sync_state"`
	Statuses     []string `json:"epp_statuses"`
	// TransferLocks say why transfers to another registrar are refused, and until when.
	TransferLocks []Lock     `json:"transfer_locks"`
	Explained     []StatusOf `json:"statuses"`
	NameServers   []string   `json:"name_servers"`
	Registrant    string     `json:"registrant"`
	DueAt         *time.Time `json:"due_at"`
	ExpiresAt     *time.Time `json:"expires_at"`
	Holds         []Hold     `json:"holds"`
	Answer        *Answer    `json:"answer"`
}

// Status is what a status of a domain name means.
type Status struct {
	Code         string  `json:"code"`
	Axis         string  `json:"axis"`
	Meaning      Words   `json:"meaning"`
	SetBy        []Party `json:"set_by"`
	LiftedBy     []Party `json:"lifted_by"`
	SpoilsNormal bool    `json:"spoils_normal"`
	Remedy       Words   `json:"remedy"`
}

// Party sets or lifts a status.
type Party struct {
	Code string `json:"code"`
	Text Words  `json:"text"`
}

// StatusOf is a status that a domain has. Verdict is "naming" or "real_name" for a status
// of verification.
type StatusOf struct {
	Status
	Verdict string       `json:"verdict"`
	Cause   *StatusCause `json:"cause"`
}

// StatusCause is why a domain has a status; one that is not known says whom to ask.
type StatusCause struct {
	Known bool       `json:"known"`
	Code  string     `json:"code"`
	Text  Words      `json:"text"`
	Since *time.Time `json:"since"`
}

// RegistryView is what the registry itself says.
type RegistryView struct {
	Registrant string   `json:"registrant"`
	Sponsor    string   `json:"sponsor"`
	Statuses   []string `json:"statuses"`
}

// Diagnosis explains why a domain works or does not.
type Diagnosis struct {
	Domain     string `json:"domain"`
	Status     string `json:"status"`
	StatusText Words  `json:"status_text"`
	Steps      []Step `json:"steps"`
}

// Step is one answer of a diagnosis.
type Step struct {
	Name     string `json:"name"`
	Question Words  `json:"question"`
	State    string `json:"state"`
	Evidence string `json:"evidence"`
	Found    *Words `json:"found"`
	// Facts and Details are what the evidence rests on.
	Facts    map[string]string `json:"facts"`
	Details  []Words           `json:"details"`
	Code     string            `json:"code"`
	Reason   *Words            `json:"reason"`
	Said     string            `json:"said"`
	Action   string            `json:"action"`
	Next     *Words            `json:"next"`
	Deadline *time.Time        `json:"deadline"`
}

// RegistrationData is what is known of any domain name.
type RegistrationData struct {
	Domain     string     `json:"domain"`
	Registered bool       `json:"registered"`
	Source     string     `json:"source"` // rdap, registry or records
	SourceText Words      `json:"source_text"`
	At         *time.Time `json:"at"`
	Server     string     `json:"server"`
	// Code and Missed are why public registration data was not to be had.
	Code         string           `json:"code"`
	Missed       *Words           `json:"missed"`
	Statuses     []LookedUpStatus `json:"statuses"`
	Registrar    string           `json:"registrar"`
	RegistrarID  string           `json:"registrar_id"`
	NameServers  []string         `json:"name_servers"`
	Signed       *bool            `json:"signed"`
	RegisteredAt *time.Time       `json:"registered_at"`
	ChangedAt    *time.Time       `json:"changed_at"`
	ExpiresAt    *time.Time       `json:"expires_at"`
}

// LookedUpStatus is a status of a name that was looked up; one that EPP does not know is
// not explained.
type LookedUpStatus struct {
	Code      string  `json:"code"`
	Explained *Status `json:"explained"`
}

// What an Association may do: the present holder stays and is verified, or another becomes
// the holder.
const (
	SubmitVerification = "submit_verification"
	ChangeHolder       = "change_holder"
)

// Association is what a task is asked for with.
type Association struct {
	Operation string   `json:"operation"`
	Profile   string   `json:"profile"`
	Domains   []string `json:"domains"`
	// WhenVerified has a task wait for a profile that is in review.
	WhenVerified bool `json:"when_verified,omitempty"`
	// Consent says, for a change of holder, that prior and new holder agree; TransferLock
	// whether transfers to another registrar are refused afterwards: "declined", "wanted", or
	// "" for as the rules of the suffix say.
	Consent      bool   `json:"consent,omitempty"`
	TransferLock string `json:"transfer_lock,omitempty"`
}

// Task associates a profile with domains.
type Task struct {
	ID        string     `json:"id"`
	Operation string     `json:"operation"`
	State     string     `json:"state"`
	Total     int        `json:"total"`
	Succeeded int        `json:"succeeded"`
	Failed    int        `json:"failed"`
	Cancelled int        `json:"cancelled"`
	Items     []TaskItem `json:"items"`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at"`
}

// Consent is the word of one party to the changes of holder of a task.
type Consent struct {
	ID      string    `json:"id"`
	Role    string    `json:"role"`
	Address string    `json:"address"`
	State   string    `json:"state"`
	DueAt   time.Time `json:"due_at"`
	Means   string    `json:"means"`
}

// Lock is a time within which transfers to another registrar are refused.
type Lock struct {
	Cause string    `json:"cause"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// TaskItem is one domain of a task.
type TaskItem struct {
	Domain string `json:"domain"`
	State  string `json:"state"`
	// Sent says that a queued one is with the registry, which has not answered yet.
	Sent   bool   `json:"sent"`
	Code   string `json:"code"`
	Reason *Words `json:"reason"`
	// VerdictAt is when its verdict is expected, HoldAt when it is held without; in a preview.
	VerdictAt  *time.Time `json:"verdict_at"`
	VerdictDay string     `json:"verdict_day"`
	HoldAt     *time.Time `json:"hold_at"`
}

// Imported is what became of a domain that was imported.
type Imported struct {
	Domain string  `json:"domain"`
	Result *Domain `json:"result"`
	Error  *Entry  `json:"error"`
	// Found is what the registry has of it, when that was only tried.
	Found *Prospect `json:"found"`
}

// Prospect is a domain as the registry has it, before it is imported.
type Prospect struct {
	Registry   string     `json:"registry"`
	Registrant string     `json:"registrant"`
	Statuses   []string   `json:"epp_statuses"`
	ExpiresAt  *time.Time `json:"expires_at"`
	DueAt      *time.Time `json:"due_at"`
}

// Import is the last attempt to take a domain into an account.
type Import struct {
	Domain string `json:"domain"`
	State  string `json:"state"`
	Code   string `json:"code"`
	Reason *Words `json:"reason"`
}

// WantedName is a name of a list that is to be imported; Account and Accreditation where they
// are others than those of the list.
type WantedName struct {
	Domain        string `json:"domain"`
	Account       string `json:"account,omitempty"`
	Accreditation string `json:"accreditation,omitempty"`
	Line          int    `json:"line,omitempty"`
	Column        int    `json:"column,omitempty"`
}

// ImportList is a list of names that are looked up before they are imported.
type ImportList struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"`
	Total int    `json:"total"`
	// Rows is how many names are in each state, where one list is read.
	Rows      map[string]int `json:"rows"`
	CreatedAt time.Time      `json:"created_at"`
	EndedAt   *time.Time     `json:"ended_at"`
}

// ImportRow is one name of a list.
type ImportRow struct {
	Position      int       `json:"position"`
	Line          int       `json:"line"`
	Domain        string    `json:"domain"`
	Account       string    `json:"account"`
	Accreditation string    `json:"accreditation"`
	State         string    `json:"state"`
	Code          string    `json:"code"`
	Reason        *Words    `json:"reason"`
	Found         *Prospect `json:"found"`
}

// AuditReport is whether the audit chain is whole.
type AuditReport struct {
	OK       bool   `json:"ok"`
	Sealed   int64  `json:"sealed"`
	Unsealed int64  `json:"unsealed"`
	BrokenAt int64  `json:"broken_at"`
	Head     string `json:"head"`
	// Redacted are the entries out of which a person's data were taken.
	Redacted int64 `json:"redacted"`
}

// Transfer is the wish for a domain that another registrar has.
type Transfer struct {
	ID        string     `json:"id"`
	Domain    string     `json:"domain"`
	State     string     `json:"state"`
	Years     int        `json:"years"`
	Code      string     `json:"code"`
	Reason    *Words     `json:"reason"`
	ActBy     *time.Time `json:"act_by"`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at"`
}

// Hold is one cause of a domain's clientHold. Who placed it and on what evidence is
// shown to staff.
type Hold struct {
	Cause     string     `json:"cause"`
	Text      Words      `json:"text"`
	PlacedAt  time.Time  `json:"placed_at"`
	LiftedAt  *time.Time `json:"lifted_at"`
	Author    string     `json:"author"`
	Evidence  string     `json:"evidence"`
	LiftedBy  string     `json:"lifted_by"`
	LiftedWhy string     `json:"lifted_why"`
}

// Answer is one time that a registrant, or the holder of the account, was asked to answer.
// Who ended it and on what evidence is shown to staff.
type Answer struct {
	ID       string     `json:"id"`
	Party    string     `json:"party"`
	Address  string     `json:"address"`
	Cause    string     `json:"cause"`
	State    string     `json:"state"`
	BeganAt  time.Time  `json:"began_at"`
	DueAt    time.Time  `json:"due_at"`
	EndedAt  *time.Time `json:"ended_at"`
	Means    string     `json:"means"`
	Author   string     `json:"author"`
	Evidence string     `json:"evidence"`
}

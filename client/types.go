package client

import "time"

// Session is what signing in gives.
type Session struct {
	Token     string    `json:"token"`
	ExpiresAt time.Time `json:"expires_at"`
	Person    string    `json:"person"`
	Name      string    `json:"name"`
	Account   string    `json:"account"`
	Roles     []string  `json:"roles"`
}

// Account is a customer's account.
type Account struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	IdentityState  string `json:"identity_state"`
	IdentitySource string `json:"identity_source"`
	// Required says whether the account has to be verified at all; Verification is the
	// latest that the desk was asked for.
	Required     bool    `json:"identity_required"`
	Verification *Review `json:"verification"`
}

// Fields are what a registrant types; nil leaves a field as it is.
type Fields map[string]any

// NewProfile is a profile to be made.
type NewProfile struct {
	Accreditation string // mainland, overseas
	Kind          string // common, cnnic
	HolderType    string // individual, organization
	Fields        Fields
}

// Batch says what became of many profiles.
type Batch struct {
	Created  int        `json:"created"`
	Existing int        `json:"existing"`
	Refused  int        `json:"refused"`
	Rows     []BatchRow `json:"rows"`
}

// BatchRow is what became of one of many profiles.
type BatchRow struct {
	ID       string  `json:"id"`
	Existing bool    `json:"existing"`
	Problems []Entry `json:"problems"`
}

// Profile is a registrant profile.
type Profile struct {
	ID            string `json:"id"`
	Accreditation string `json:"accreditation"`
	Kind          string `json:"kind"`
	HolderType    string `json:"holder_type"`
	Default       bool   `json:"default"`
	State         string `json:"state"`
	Status        Words  `json:"status"`
	Version       int    `json:"version"`
	RowVersion    int64  `json:"row_version"`
	EmailState    string `json:"email_state"`
	// VerificationRequired: names are held with it only after a review has verified it.
	VerificationRequired bool           `json:"verification_required"`
	Fields               map[string]any `json:"fields"`
	Documents            []Document     `json:"documents"`
	Review               *Review        `json:"review"`
}

// Field returns a field's text, "" when it has none.
func (p Profile) Field(name string) string {
	s, _ := p.Fields[name].(string)
	return s
}

// Document is one side of an identity document.
type Document struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	Side     string    `json:"side"`
	Format   string    `json:"format"`
	Bytes    int64     `json:"bytes"`
	SHA256   string    `json:"sha256"`
	Verdict  string    `json:"verdict"`
	Findings []Finding `json:"findings"`
	// Contested: a person was asked to look, and Note says why.
	Contested bool   `json:"contested"`
	Note      string `json:"note"`
}

// Touched are the domains that an edit of a profile touches, and how each follows.
type Touched struct {
	HolderFields []string `json:"holder_fields"`
	DetailFields []string `json:"detail_fields"`
	NewVersion   bool     `json:"new_version"`
	NeedsReview  bool     `json:"needs_review"`
	Ways         []Follow `json:"ways"`
}

// Follow are domains that follow their profile in one way.
type Follow struct {
	Way     string   `json:"way"`
	Total   int      `json:"total"`
	Domains []string `json:"domains"`
}

// Preflight is what stands between a profile and its verification.
type Preflight struct {
	Ready    bool     `json:"ready"`
	Findings []Remark `json:"findings"`
}

// Remark is one thing that a review would refuse (error) or ask about (warn).
type Remark struct {
	Code     string            `json:"code"`
	Severity string            `json:"severity"`
	Field    string            `json:"field"`
	Side     string            `json:"side"`
	Title    Words             `json:"title"`
	Text     Words             `json:"text"`
	Params   map[string]string `json:"params"`
}

// Finding is what screening says about a picture.
type Finding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Text     Words  `json:"text"`
	Field    string `json:"field"` // of the profile, where reading the picture could not confirm it
	Region   []int  `json:"region"`
}

// Offer is what the pictures of a profile's document say, for its form. The number is in clear.
type Offer struct {
	Fields   map[string]string `json:"fields"` // by the names that the fields of a profile have
	LongTerm bool              `json:"long_term"`
	Unread   []string          `json:"unread"` // sides that are still to be read; ask again
	Off      bool              `json:"off"`    // pictures are not read there
}

// Review is where a review stands.
type Review struct {
	ID          string    `json:"id"`
	State       string    `json:"state"`
	Authority   string    `json:"authority"`
	Attempt     int       `json:"attempt"`
	SubmittedAt time.Time `json:"submitted_at"`
	ExpectedAt  time.Time `json:"expected_at"`
	ExpectedDay string    `json:"expected_day"`
	Reasons     []Reason  `json:"reasons"`
}

// Reason is why a review failed.
type Reason struct {
	Code      string `json:"code"`
	Severity  string `json:"severity"`
	Retryable string `json:"retryable"`
	PointsAt  string `json:"points_at"`
	Field     string `json:"field"`
	Title     Words  `json:"title"`
	Text      Words  `json:"text"`
	Note      string `json:"note"`
}

// Timeline is what has happened, the newest first, and what is expected next, the earliest
// first.
type Timeline struct {
	Expected []Expected  `json:"expected"`
	Items    []Happening `json:"items"`
	Next     string      `json:"next"`
}

// Expected is something that has not happened yet.
type Expected struct {
	Code    string    `json:"code"`
	At      time.Time `json:"at"`
	Overdue bool      `json:"overdue"`
	Text    Words     `json:"text"`
}

// Happening is something that has happened.
type Happening struct {
	At      time.Time `json:"at"`
	Type    string    `json:"type"`
	Text    Words     `json:"text"`
	Code    string    `json:"code"`
	Reason  *Words    `json:"reason"`
	Reasons []Reason  `json:"reasons"`
	Said    string    `json:"said"`
}

// Case is a review as the desk sees it.
type Case struct {
	Review
	Kind       string `json:"kind"`
	Title      string `json:"title"`
	ClaimedBy  string `json:"claimed_by"`
	Suffix     string `json:"suffix"`
	Priority   int    `json:"priority"`
	Overdue    bool   `json:"overdue"`
	AssignedTo string `json:"assigned_to"`
	StaffNote  string `json:"staff_note"`
	// Flags say why the case wants special care; they are not for the registrant.
	Flags   []string `json:"flags"`
	FirstBy string   `json:"first_approval_by"`
	// Rule is that of the policy by which the case came out so. ReferredBy is the authority
	// that it was meant for before policy gave it to the desk.
	Rule       string `json:"rule"`
	ReferredBy string `json:"referred_by"`
	// Provider is how it stands at the outside provider that it was put to, nil for none.
	Provider *ProviderCase `json:"provider_case"`
	// Unopened documents have to be opened before the case may pass.
	Unopened []string `json:"unopened_documents"`
	// Profile or Enhanced is what was submitted.
	Profile  *Profile  `json:"profile"`
	Enhanced *Enhanced `json:"enhanced_verification"`
	// Qualification is what was submitted, of a name that asks for papers.
	Qualification *Qualification `json:"qualification"`
}

// ProviderCase is how a case stands at an outside provider.
type ProviderCase struct {
	Authority   string     `json:"authority"`
	State       string     `json:"state"`
	Reference   string     `json:"reference"`
	SentAt      *time.Time `json:"sent_at"`
	ExpectedAt  *time.Time `json:"expected_at"`
	NextAt      *time.Time `json:"next_request_at"`
	Attempts    int        `json:"attempts"`
	Failures    int        `json:"failures"`
	LastFailure string     `json:"last_failure"`
}

// ReviewStatistics is what was decided in a time, and what is left.
type ReviewStatistics struct {
	From       time.Time `json:"from"`
	To         time.Time `json:"to"`
	Open       int       `json:"open"`
	Overdue    int       `json:"overdue"`
	OldestAge  int64     `json:"oldest_age_seconds"`
	ByKind     []Pace    `json:"by_kind"`
	ByReviewer []Pace    `json:"by_reviewer"`
	Reasons    []struct {
		Code  string `json:"code"`
		Title Words  `json:"title"`
		Count int    `json:"count"`
	} `json:"reasons"`
}

// Pace is how many cases were decided and how long it took from their submission.
type Pace struct {
	Name     string `json:"name"`
	Passed   int    `json:"passed"`
	Failed   int    `json:"failed"`
	Returned int    `json:"returned"`
	Median   int64  `json:"median_seconds"`
	P90      int64  `json:"p90_seconds"`
}

// CatalogueReason is a canonical reason with what other registrars say for it.
type CatalogueReason struct {
	Code      string   `json:"code"`
	Severity  string   `json:"severity"`
	Retryable string   `json:"retryable"`
	PointsAt  string   `json:"points_at"`
	Field     string   `json:"field"`
	Params    []string `json:"params"`
	Title     Words    `json:"title"`
	Published []struct {
		Registrar string `json:"registrar"`
		Code      string `json:"code"`
		Phrase    string `json:"phrase"`
		Source    string `json:"source"`
		Primary   bool   `json:"primary"`
	} `json:"published"`
}

// CaseOutcome is what became of one of many cases.
type CaseOutcome struct {
	ID     string `json:"id"`
	Result *Case  `json:"result"`
	Error  *Entry `json:"error"`
}

// GivenReason is a reason that a reviewer gives.
type GivenReason struct {
	Code      string            `json:"code"`
	Field     string            `json:"field,omitempty"`
	Params    map[string]string `json:"params,omitempty"`
	Note      string            `json:"note,omitempty"`
	StaffNote string            `json:"staff_note,omitempty"`
}

// EmailAddress is where the verification of an address stands.
type EmailAddress struct {
	ID      string `json:"id"`
	Address string `json:"address"`
	State   string `json:"state"`
}

// Choice is a profile offered for a name.
type Choice struct {
	Profile string `json:"profile"`
	Holder  string `json:"holder"`
	Fits    bool   `json:"fits"`
	Code    string `json:"code"`
	Reason  *Words `json:"reason"`
}

// Order is the wish for a new domain.
type Order struct {
	ID        string     `json:"id"`
	Domain    string     `json:"domain"`
	State     string     `json:"state"`
	Failure   string     `json:"failure"`
	VerdictAt *time.Time `json:"verdict_at"`
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
	Details  []string          `json:"details"`
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
	Code   string `json:"code"`
	Reason *Words `json:"reason"`
	// VerdictAt is when its verdict is expected, HoldAt when it is held without; in a preview.
	VerdictAt *time.Time `json:"verdict_at"`
	HoldAt    *time.Time `json:"hold_at"`
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

// page is a list answer.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// RegistryFinding is what an operator should know of a registry account.
type RegistryFinding struct {
	ID       string     `json:"id"`
	Registry string     `json:"registry"`
	Code     string     `json:"code"`
	Text     Words      `json:"text"`
	Subject  string     `json:"subject"`
	Times    int        `json:"times"`
	FirstAt  time.Time  `json:"first_at"`
	LastAt   time.Time  `json:"last_at"`
	ClosedAt *time.Time `json:"closed_at"`
	ClosedBy string     `json:"closed_by"`
}

// RegistryMessage is a message of a registry as it came.
type RegistryMessage struct {
	Registry   string    `json:"registry"`
	ID         string    `json:"id"`
	State      string    `json:"state"`
	ReceivedAt time.Time `json:"received_at"`
	Raw        string    `json:"raw"`
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

// ReturnedMail is what a mail that came back has done. As is hard, soft or complaint, ""
// when it says that all is well; Doubted is how many accounts have the address, and not
// verified any more.
type ReturnedMail struct {
	Address string `json:"address"`
	As      string `json:"as"`
	Doubted int    `json:"doubted"`
}

// MailSettings is what a member is mailed. Lang is "en", "zh" or "" for both.
type MailSettings struct {
	Lang       string      `json:"lang"`
	Topics     []MailTopic `json:"topics"`
	ReturnedAt *time.Time  `json:"returned_at"`
}

// MailTopic is a topic of mails; one that is required cannot be switched off.
type MailTopic struct {
	Topic    string `json:"topic"`
	Text     Words  `json:"text"`
	On       bool   `json:"on"`
	Required bool   `json:"required"`
}

// MailSettingsChange is what to set; nil leaves a part as it is. Resume mails again to
// somebody whose mail came back.
type MailSettingsChange struct {
	Lang   *string   `json:"lang,omitempty"`
	Off    *[]string `json:"off,omitempty"`
	Resume bool      `json:"resume,omitempty"`
}

// Message is an internal message to the account.
type Message struct {
	ID      string            `json:"id"`
	Type    string            `json:"type"`
	Subject string            `json:"subject"`
	Heading Words             `json:"heading"`
	Text    Words             `json:"text"`
	Data    map[string]string `json:"data"`
	At      time.Time         `json:"at"`
}

package client

import "time"

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

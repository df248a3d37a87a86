package client

import (
	"time"
)

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
	ICP                  Filing         `json:"icp"`
	Fields               map[string]any `json:"fields"`
	Documents            []Document     `json:"documents"`
	// Sides must be there before submission.
	Sides  []string `json:"sides_wanted"`
	Review *Review  `json:"review"`
}

// Filing is what is known of ICP filings for names held with a profile.
type Filing struct {
	State string `json:"state"` // not_eligible, eligible_when_verified or eligible
	Text  Words  `json:"text"`
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

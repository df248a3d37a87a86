package policy

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
	"go.yaml.in/yaml/v3"
)

// Limits are the numbers of limits.yaml.
type Limits struct {
	Profiles struct {
		PerAccount struct{ Max int } `yaml:"per_account"`
	}
	Kinds map[ProfileKind]map[Accreditation]Profile
	// Account says what an account's own identity verification comes before.
	Account struct {
		VerifiedBefore struct{ Steps []string } `yaml:"verified_before"`
	}
	Email struct {
		LinkValid   struct{ Duration Duration } `yaml:"link_valid"`
		SentPerDay  struct{ Max int }           `yaml:"sent_per_day"`
		ResendAfter struct{ Duration Duration } `yaml:"resend_after"`
		// RecipientPerDay is how many links one recipient is mailed in a day, over all accounts.
		RecipientPerDay struct{ Max int } `yaml:"recipient_per_day"`
		// VerifiedBefore lists what needs a verified address: submission, use.
		VerifiedBefore   struct{ Steps []string } `yaml:"verified_before"`
		NewGTLDAddresses struct {
			Severity string
			Older    []string
		} `yaml:"new_gtld_addresses"`
	}
	Documents struct {
		AcceptedAfterIssue struct{ Duration Duration } `yaml:"accepted_after_issue"`
		ExpiringSoon       struct{ Duration Duration } `yaml:"expiring_soon"`
	}
	// Bodies are the kinds of organisation that a suffix may be kept for.
	Bodies map[string]Body
	// DefenceBodies are words in the names of bodies that are verified elsewhere.
	DefenceBodies struct {
		Severity string
		Words    []string
	} `yaml:"defence_bodies"`
	Numbers struct {
		Warnings []NumberWarning
	}
	Uploads map[ProfileKind]Upload
	Review  map[ProfileKind]ReviewTime
	// Forecast is what the forecast of a registry's verdict rests on; the zero value
	// measures nothing.
	Forecast struct {
		Percentile int
		Window     Duration
		AtLeast    int `yaml:"at_least"`
	}
	// SecondReviewer says which cases of the desk two reviewers approve: all of a kind, or
	// those with a flag.
	SecondReviewer struct {
		Kinds, Flags []string
	} `yaml:"second_reviewer"`
	// Decisions say what comes of a review: the first rule that holds.
	Decisions struct{ Rules []DecisionRule }
	Enhanced  Enhanced `yaml:"enhanced_verification"`
	// ICP says how long after a holder was verified the filing system knows of it.
	ICP struct {
		ReachesFilingSystem struct{ Duration Duration } `yaml:"reaches_filing_system"`
	}
	// Retention is how long pictures are kept that nothing rests on.
	Retention struct {
		Draft      struct{ Duration Duration }
		Refused    struct{ Duration Duration }
		Superseded struct{ Duration Duration }
		// Registration is how long registration data are kept after the last name that
		// rested on a profile has ended.
		Registration struct{ Duration Duration }
	}
	DataRequests DataRequests `yaml:"data_requests"`
}

// ReachesFilingSystem is how long after a holder was verified the filing system for ICP
// knows of it.
func (l Limits) ReachesFilingSystem() time.Duration {
	return time.Duration(l.ICP.ReachesFilingSystem.Duration)
}

// Body is a kind of organisation, known by how its social credit code begins.
type Body struct {
	USCC []string
}

// MayBe reports whether an organisation with this document number may be such a body: it
// is one by its social credit code, or its number does not tell.
func (b Body) MayBe(number string) bool {
	return len(number) != 18 || slices.ContainsFunc(b.USCC, func(p string) bool { return strings.HasPrefix(number, p) })
}

// What an account's own identity verification may come before.
const (
	BeforeRegistration = "registration"
	BeforeTransferIn   = "transfer_in"
)

// AccountFirst reports whether an account has to be verified before a step.
func (l Limits) AccountFirst(step string) bool {
	return slices.Contains(l.Account.VerifiedBefore.Steps, step)
}

// What an address has to answer before.
const (
	BeforeSubmission = "submission"
	BeforeUse        = "use"
)

// AddressFirst reports whether the address of a profile has to have answered before a
// step.
func (l Limits) AddressFirst(step string) bool {
	return slices.Contains(l.Email.VerifiedBefore.Steps, step)
}

// KeepDraft is how long pictures of a profile that is not submitted are kept, from
// its last change.
func (l Limits) KeepDraft() time.Duration { return time.Duration(l.Retention.Draft.Duration) }

// KeepRefused is how long pictures are kept whose submission was refused or taken
// back, from then.
func (l Limits) KeepRefused() time.Duration { return time.Duration(l.Retention.Refused.Duration) }

// KeepSuperseded is how long pictures of a verified version are kept after a newer
// one has taken its place and no domain rests on it any more.
func (l Limits) KeepSuperseded() time.Duration {
	return time.Duration(l.Retention.Superseded.Duration)
}

// KeepRegistration is how long registration data are kept after a name has ended.
func (l Limits) KeepRegistration() time.Duration {
	return time.Duration(l.Retention.Registration.Duration)
}

// DataRequests is what holds for people who ask what is kept of them, or to have it erased.
type DataRequests struct {
	// AnswerWithin: months, or business days where they are not 0.
	AnswerWithin struct {
		Months       int
		BusinessDays int `yaml:"business_days"`
	} `yaml:"answer_within"`
	// ExportOpen is how long a file can be fetched, Reconsider how long an erasure waits.
	ExportOpen struct{ Duration Duration } `yaml:"export_open"`
	Reconsider struct{ Duration Duration }
	// SecondAdmin names what an admin erases only with another one: account, profile.
	SecondAdmin struct{ Of []string } `yaml:"second_admin"`
}

// Profile is what a kind of profile is under an accreditation.
type Profile struct {
	Languages []string // zh, en
	// Verified: it has to be before it holds a name.
	Verified bool
}

// NumberWarning is a fault that a number of these kinds (identifier.Kind) may
// have and a reviewer look past.
type NumberWarning struct {
	Code                string
	Kinds               []string
	ReviewerMayOverride bool `yaml:"reviewer_may_override"`
}

// AcceptedFrom is the first day (2006-01-02) on which a document issued on a day
// is accepted; ok is false when issued is no day.
func (l Limits) AcceptedFrom(issued string) (from string, ok bool) {
	day, err := time.Parse(time.DateOnly, issued)
	return day.Add(time.Duration(l.Documents.AcceptedAfterIssue.Duration)).Format(time.DateOnly), err == nil
}

// ExpiringSoon reports whether a document that is valid to a day (2006-01-02) ends
// soon after today.
func (l Limits) ExpiringSoon(validTo string, today time.Time) bool {
	return validTo != "" && validTo < today.Add(time.Duration(l.Documents.ExpiringSoon.Duration)).Format(time.DateOnly)
}

// NewGTLD returns the top-level label of a mail address when it is one that policy
// advises against: a new gTLD.
func (l Limits) NewGTLD(address string) (label string, advised bool) {
	rule := l.Email.NewGTLDAddresses
	label = strings.ToLower(address[strings.LastIndexByte(address, '.')+1:])
	return label, rule.Severity == "warn" && len(label) > 2 && !slices.Contains(rule.Older, label)
}

// Enhanced is what enhanced verification asks for, and within which time.
type Enhanced struct {
	Suffixes     []string
	AnswerWithin Duration `yaml:"answer_within"`
	Upload       Upload
	// Sides: "all" sides of the identity document, or the "required" ones.
	Sides  string
	Papers []string
	OneOf  []string `yaml:"one_of"`
	// Hold is the cause of the clientHold that is put when the time is over (OnExpiry) or
	// the verification fails (OnFailure); "" for none.
	Hold struct {
		OnExpiry  string `yaml:"on_expiry"`
		OnFailure string `yaml:"on_failure"`
	}
}

// For reports whether there is enhanced verification for names under a suffix.
func (e Enhanced) For(suffix string) bool { return slices.Contains(e.Suffixes, suffix) }

// LinkValid is how long a mailed link works.
func (l Limits) LinkValid() time.Duration { return time.Duration(l.Email.LinkValid.Duration) }

// ResendAfter is how long a registrant waits before a link is mailed again.
func (l Limits) ResendAfter() time.Duration { return time.Duration(l.Email.ResendAfter.Duration) }

// Upload says which pictures may be uploaded; sizes in bytes.
type Upload struct {
	Formats      []string
	MinBytes     int64 `yaml:"min_bytes"`
	MaxBytes     int64 `yaml:"max_bytes"`
	RegistryCopy *struct {
		Format   string
		MinBytes int64 `yaml:"min_bytes"`
		MaxBytes int64 `yaml:"max_bytes"`
	} `yaml:"registry_copy"`
}

// ReviewTime is how long a review takes, in business days.
type ReviewTime struct {
	Usual  int
	AtMost int `yaml:"at_most"`
}

// Check returns the code of what is wrong with a picture's format or size (bytes);
// "" when nothing is.
func (u Upload) Check(format string, size int64) string {
	switch {
	case !slices.Contains(u.Formats, format):
		return "format_unsupported"
	case size < u.MinBytes:
		return "file_too_small"
	case size > u.MaxBytes:
		return "file_too_large"
	}
	return ""
}

// ICANN is what ICANN asks of its registrars, for suffixes with the e-mail rule.
type ICANN struct {
	Answers []ICANNAnswer `yaml:"answer"`
	Changes []ICANNChange `yaml:"change_of_registrant"`

	node *yaml.Node
}

// ICANNAnswer is the rule that a registrant answers affirmatively, from a day on. A change of
// any MaterialData is a material change; SameData is what has to be the same for an
// earlier answer to count for a registration or a transfer in.
type ICANNAnswer struct {
	From          string
	Within        Duration
	After         []string
	Reminders     []Duration `yaml:"reminders_before_end"`
	MaterialData  []string   `yaml:"material_data"`
	SameData      []string   `yaml:"same_data"`
	NoAnswer      string     `yaml:"no_answer"`
	AccountHolder string     `yaml:"account_holder"`
	DataReminder  Duration   `yaml:"data_reminder_every"`
}

// ICANNChange is the rule for a change of registrant, from a day on.
type ICANNChange struct {
	From              string
	ConfirmedBy       []string `yaml:"confirmed_by"`
	DesignatedAgent   bool     `yaml:"designated_agent"`
	EmailAloneCounts  bool     `yaml:"email_alone_counts"`
	TransferLock      Duration `yaml:"transfer_lock"`
	LockMayBeDeclined bool     `yaml:"lock_may_be_declined"`
	// Within is how long the parties may take to confirm, Reminders when before the end they
	// are asked again.
	Within    Duration   `yaml:"answer_within"`
	Reminders []Duration `yaml:"reminders_before_end"`
}

// ConfirmedByParty reports whether a change is confirmed by one of the parties.
func (c ICANNChange) ConfirmedByParty(party string) bool {
	return slices.Contains(c.ConfirmedBy, party)
}

// The parties that confirm a change of registrant.
const (
	PriorRegistrant = "prior_registrant"
	NewRegistrant   = "new_registrant"
)

// Answer is the rule in force on a day (2006-01-02): the last that began by then.
func (i ICANN) Answer(day string) (rule ICANNAnswer, ok bool) {
	for _, r := range i.Answers {
		if r.From <= day && r.From >= rule.From {
			rule, ok = r, true
		}
	}
	return rule, ok
}

// Change is the rule in force on a day.
func (i ICANN) Change(day string) (rule ICANNChange, ok bool) {
	for _, r := range i.Changes {
		if r.From <= day && r.From >= rule.From {
			rule, ok = r, true
		}
	}
	return rule, ok
}

// Reason is a canonical reason code without its texts.
type Reason struct {
	Code      string
	Severity  string
	Retryable string
	PointsAt  struct {
		Kind string
		Name string
	} `yaml:"points_at"`
	// FoundBy are those who may find it: preflight, screening, ocr, desk, authority, registry.
	FoundBy []string `yaml:"found_by"`
	Params  []string
	Aliases []string
	// Phrases are how other registrars say it.
	Phrases []Published

	node *yaml.Node
}

// Reason returns the reason called code. A retired name (alias) finds it too.
func (p *Policies) Reason(code string) (Reason, bool) {
	r, ok := p.reasons[code]
	return r, ok
}

// Document is a kind of identity document.
type Document struct {
	Code  string
	Name  Words
	Codes struct {
		Aliyun string
		CNNIC  string `yaml:"cnnic_epp"`
	}
	Holder    string
	Residence []string
	NotIn     []string `yaml:"not_in"`
	Rank      map[string]int
	Sides     []struct {
		Side string
		Need string
		EN   string
		ZH   string
	}
	Number struct {
		Type     string
		Optional bool
		None     string
		// Older numbers that are accepted beside the present one.
		Older []string
	}
	MustShow []string `yaml:"must_show"`
	// Ask lists the dates that have to be typed before submission: issued_on, valid_to.
	Ask []string
	// Has is what such a document carries beside name and number.
	Has struct {
		IssueDate bool `yaml:"issue_date"`
		Expiry    bool
		MRZ       bool
		QR        bool
	}
	BornDigital bool   `yaml:"born_digital"`
	Accepted    string `yaml:"accepted"`

	node *yaml.Node
}

// Paper is a supporting paper: not an identity document, but asked for beside one.
type Paper struct {
	Code   string
	Name   Words
	For    []string // suffixes, or enhanced_verification
	Seal   bool
	Signed bool
	// Photo: a photo of a scene, never born digital.
	Photo bool

	node *yaml.Node
}

// Paper returns the supporting paper called code.
func (p *Policies) Paper(code string) (Paper, bool) {
	i := slices.IndexFunc(p.papers, func(d Paper) bool { return d.Code == code })
	if i < 0 {
		return Paper{}, false
	}
	return p.papers[i], true
}

// Document returns the document kind called code.
func (p *Policies) Document(code string) (Document, bool) {
	i := slices.IndexFunc(p.documents, func(d Document) bool { return d.Code == code })
	if i < 0 {
		return Document{}, false
	}
	return p.documents[i], true
}

// DocumentsFor lists the kinds that a holder may show, the preferred first.
func (p *Policies) DocumentsFor(t HolderType, residence string) []Document {
	var out []Document
	for _, d := range p.documents {
		if d.Fits(t, residence) {
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b Document) int { return a.rank(residence) - b.rank(residence) })
	return out
}

// Fits reports whether a holder of this type and residence may show the document.
func (d Document) Fits(t HolderType, residence string) bool {
	return d.Holder == string(t) && d.Accepted == "" && d.belongsTo(residence)
}

// InChinese reports whether the document shows its holder's name in Chinese for
// certain: it is one of the mainland only.
func (d Document) InChinese() bool { return len(d.Residence) == 1 && d.Residence[0] == "CN" }

// belongsTo reports whether people or bodies of a residence have such a document.
func (d Document) belongsTo(residence string) bool {
	return slices.Contains(d.Residence, residence) || slices.Contains(d.Residence, "*") && !slices.Contains(d.NotIn, residence)
}

func (d Document) rank(residence string) int {
	if r, ok := d.Rank[residence]; ok {
		return r
	}
	other, ok := d.Rank["other"]
	if !ok {
		return 99
	}
	// Mainland, Hong Kong, Macao and Taiwan have documents of their own; what
	// everybody may show comes after those.
	if slices.Contains([]string{"CN", "HK", "MO", "TW"}, residence) {
		return 50 + other
	}
	return other
}

// RequiredSides lists the sides that must be uploaded before submission.
func (d Document) RequiredSides() []string {
	var out []string
	for _, s := range d.Sides {
		if s.Need == "required" {
			out = append(out, s.Side)
		}
	}
	return out
}

// HasSide reports whether the document has a side of this name.
func (d Document) HasSide(side string) bool {
	for _, s := range d.Sides {
		if s.Side == side {
			return true
		}
	}
	return false
}

// Places are divisions of China and countries, for forms and English names.
type Places struct {
	Divisions []struct {
		ZH     string `yaml:"zh"`
		ZHFull string `yaml:"zh_full"`
		EN     string `yaml:"en"`
		// Code is of GB/T 2260; Postal the two digits that postal codes begin with.
		Code   string   `yaml:"code"`
		Postal []string `yaml:"postal"`
	}
	Countries []placeCountry
}

type placeCountry struct {
	ISO           string `yaml:"iso"`
	EN            string `yaml:"en"`
	ZH            string `yaml:"zh"`
	CallingCode   string `yaml:"calling_code"`
	PostalCode    string `yaml:"postal_code"`
	PostalPattern string `yaml:"postal_pattern"`
}

// PostalFits reports whether a postal code may belong to a Chinese province, as far
// as is known.
func (p Places) PostalFits(province, postal string) bool {
	for _, d := range p.Divisions {
		if (province == d.ZH || province == d.ZHFull) && len(d.Postal) > 0 && len(postal) == 6 {
			return slices.Contains(d.Postal, postal[:2])
		}
	}
	return true
}

// ProvinceOf returns the Chinese name of the province in whose register a social
// credit code stands (GB 32100: third to eighth character), "" when it is not one
// of a province.
func (p Places) ProvinceOf(uscc string) string {
	for _, d := range p.Divisions {
		if len(uscc) == 18 && len(d.Code) == 6 && uscc[2:4] == d.Code[:2] {
			return d.ZH
		}
	}
	return ""
}

// IsProvince reports whether zh names the province called province, in its short or
// full form.
func (p Places) IsProvince(zh, province string) bool {
	for _, d := range p.Divisions {
		if d.ZH == province {
			return zh == d.ZH || zh == d.ZHFull
		}
	}
	return false
}

// Province returns the English form of a Chinese province name, "" when unknown.
func (p Places) Province(zh string) string {
	for _, d := range p.Divisions {
		if zh == d.ZH || zh == d.ZHFull {
			return d.EN
		}
	}
	return ""
}

// CallingCode returns the telephone code of a country, "" when unknown.
func (p Places) CallingCode(iso string) string {
	for _, c := range p.Countries {
		if strings.EqualFold(c.ISO, iso) {
			return c.CallingCode
		}
	}
	return callingCode(iso)
}

// callingCode is the telephone code of a country that places.yaml does not know.
func callingCode(iso string) string {
	if code := phonenumbers.GetCountryCodeForRegion(strings.ToUpper(iso)); code > 0 {
		return strconv.Itoa(code)
	}
	return ""
}

// PostalPattern returns the pattern that a country's postal codes match and
// whether one must be given; "" when unknown.
func (p Places) PostalPattern(iso string) (pattern string, required bool) {
	for _, c := range p.Countries {
		if strings.EqualFold(c.ISO, iso) {
			return c.PostalPattern, c.PostalCode == "required"
		}
	}
	return "", false
}

// DocumentCodes lists the documents and supporting papers, in the order of the
// files.
func (p *Policies) DocumentCodes() []string {
	var out []string
	for _, d := range p.documents {
		out = append(out, d.Code)
	}
	for _, d := range p.papers {
		out = append(out, d.Code)
	}
	return out
}

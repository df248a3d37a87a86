package policy

import (
	"slices"
	"strings"
	"time"

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
		ImportLists  struct{ Duration Duration } `yaml:"import_lists"`
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

// KeepImportLists is how long lists of names that were imported are kept after their end, or
// after they were sent where nobody has wanted them imported; zero for always.
func (l Limits) KeepImportLists() time.Duration {
	return time.Duration(l.Retention.ImportLists.Duration)
}

// DataRequests is what holds for people who ask what is kept of them, or to have it erased.
type DataRequests struct {
	// AnswerWithin: months, or business days where they are not 0.
	AnswerWithin struct {
		Months       int
		BusinessDays int `yaml:"business_days"`
	} `yaml:"answer_within"`
	// ExtendedTo: months from the receipt, where the time to answer is extended.
	ExtendedTo struct{ Months int } `yaml:"extended_to"`
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

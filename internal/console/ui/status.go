package ui

import "context"

// Status is how a status is shown: never by colour alone.
type Status struct {
	Icon string
	// Tone is ok, run, warn, bad, or "" for nothing to do yet; "plain" beside it
	// leaves the border out.
	Tone string
	// Text is the id of the word, Word the word itself where it is a code that is
	// the same in every language.
	Text, Word string
}

// statuses is the one vocabulary: what (a noun or axis) and machine name to how it
// is shown. Nothing else may print a status.
var statuses = map[string]Status{
	"profile.unverified": {Icon: "circle-dashed", Text: "chip.unverified"},
	"profile.in_review":  {Icon: "clock-3", Tone: "run", Text: "chip.in_review"},
	"profile.verified":   {Icon: "circle-check", Tone: "ok", Text: "chip.verified"},
	"profile.failed":     {Icon: "circle-x", Tone: "bad", Text: "chip.failed"},

	"domain.not_completed": {Icon: "circle-dashed", Tone: "warn", Text: "chip.domain_not_completed"},
	"domain.in_review":     {Icon: "clock-3", Tone: "run", Text: "chip.in_review"},
	"domain.verified":      {Icon: "circle-check", Tone: "ok", Text: "chip.domain_verified"},
	"domain.failed":        {Icon: "circle-x", Tone: "bad", Text: "chip.domain_failed"},
	"domain.not_required":  {Icon: "circle-minus", Text: "chip.domain_not_required"},
	"domain.not_possible":  {Icon: "ban", Text: "chip.domain_not_possible"},

	"registry.normal":     {Icon: "circle-check", Tone: "ok", Text: "status.normal"},
	"registry.resolves":   {Icon: "globe", Text: "chip.resolves"},
	"registry.serverHold": {Icon: "lock", Tone: "bad", Word: "serverHold"},
	"registry.clientHold": {Icon: "lock", Tone: "bad", Word: "clientHold"},
	"registry.pending":    {Icon: "loader-circle", Tone: "run", Text: "chip.pending"},

	"sync.synced":  {Icon: "check", Tone: "ok plain", Text: "chip.sync_synced"},
	"sync.waiting": {Icon: "arrow-left-right", Tone: "run plain", Text: "chip.sync_waiting"},
	"sync.doubt":   {Icon: "circle-help", Tone: "warn plain", Text: "chip.sync_doubt"},
	"sync.none":    {Icon: "minus", Tone: "plain", Text: "chip.sync_none"},

	"case.open":      {Icon: "inbox", Text: "chip.case_open"},
	"case.claimed":   {Icon: "user", Tone: "run", Text: "chip.case_claimed"},
	"case.waiting":   {Icon: "clock-3", Tone: "run", Text: "chip.case_waiting"},
	"case.passed":    {Icon: "circle-check", Tone: "ok", Text: "chip.case_passed"},
	"case.failed":    {Icon: "circle-x", Tone: "bad", Text: "chip.case_failed"},
	"case.returned":  {Icon: "undo-2", Tone: "warn", Text: "chip.case_returned"},
	"case.reversed":  {Icon: "history", Tone: "bad", Text: "chip.case_reversed"},
	"case.cancelled": {Icon: "circle-minus", Text: "chip.case_cancelled"},

	"account.working": {Icon: "circle-check", Tone: "ok", Text: "chip.account_working"},
	"account.doubt":   {Icon: "circle-help", Tone: "warn", Text: "chip.account_doubt"},
	"account.stopped": {Icon: "octagon-x", Tone: "bad", Text: "chip.account_stopped"},

	"flag.contested":               {Icon: "user", Tone: "run plain", Text: "chip.flag_contested"},
	"flag.escalated":               {Icon: "flag", Tone: "warn plain", Text: "chip.flag_escalated"},
	"flag.picture_elsewhere":       {Icon: "image", Tone: "warn plain", Text: "chip.flag_picture_elsewhere"},
	"flag.picture_rejected_before": {Icon: "history", Tone: "bad plain", Text: "chip.flag_picture_rejected_before"},
	"flag.number_elsewhere":        {Icon: "users", Tone: "warn plain", Text: "chip.flag_number_elsewhere"},

	"email.verified":   {Icon: "mail-check", Tone: "ok plain", Text: "chip.email_verified"},
	"email.pending":    {Icon: "mail", Tone: "run plain", Text: "chip.email_pending"},
	"email.unverified": {Icon: "mail-warning", Tone: "warn plain", Text: "chip.email_unverified"},
	"email.bounced":    {Icon: "mail-warning", Tone: "bad plain", Text: "chip.email_bounced"},
}

func (s Status) word(ctx context.Context) string {
	if s.Word != "" {
		return s.Word
	}
	return T(ctx, s.Text)
}

// status looks a status up; one that is not in the table shows its machine name, so
// that it is missed by nobody.
func status(of, name string) Status {
	if s, ok := statuses[of+"."+name]; ok {
		return s
	}
	return Status{Icon: "circle-help", Word: name}
}

// Statuses lists the machine names that the table has for a noun or axis.
func Statuses(of string) (out []string) {
	for _, name := range vocabulary {
		if _, ok := statuses[of+"."+name]; ok {
			out = append(out, name)
		}
	}
	return out
}

// vocabulary is the order in which statuses are listed.
var vocabulary = []string{"unverified", "not_completed", "pending", "open", "claimed", "waiting", "passed", "in_review", "verified", "failed", "bounced", "not_required", "not_possible",
	"normal", "resolves", "serverHold", "clientHold", "synced", "working", "doubt", "none", "stopped",
	"returned", "reversed", "cancelled", "contested", "escalated", "picture_elsewhere", "picture_rejected_before", "number_elsewhere"}

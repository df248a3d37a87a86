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

	"qualification.not_completed": {Icon: "circle-dashed", Tone: "warn", Text: "chip.qualification_not_completed"},
	"qualification.in_review":     {Icon: "clock-3", Tone: "run", Text: "chip.in_review"},
	"qualification.verified":      {Icon: "circle-check", Tone: "ok", Text: "chip.qualification_verified"},
	"qualification.failed":        {Icon: "circle-x", Tone: "bad", Text: "chip.qualification_failed"},

	"papers.not_completed": {Icon: "circle-dashed", Tone: "warn", Text: "chip.papers_not_completed"},
	"papers.in_review":     {Icon: "clock-3", Tone: "run", Text: "chip.papers_in_review"},
	"papers.failed":        {Icon: "circle-x", Tone: "bad", Text: "chip.papers_failed"},

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
	"registry.inactive":   {Icon: "wifi-off", Tone: "warn", Text: "chip.inactive"},
	"registry.unknown":    {Icon: "circle-help", Text: "chip.not_read"},

	"registry.registering":         {Icon: "loader-circle", Tone: "run", Text: "status.registering"},
	"registry.importing":           {Icon: "loader-circle", Tone: "run", Text: "status.importing"},
	"registry.registration_failed": {Icon: "circle-x", Tone: "bad", Text: "status.registration_failed"},
	"registry.expired":             {Icon: "timer", Tone: "bad", Text: "status.expired"},
	"registry.deleted":             {Icon: "trash-2", Text: "status.deleted"},
	"registry.transferred":         {Icon: "arrow-right", Text: "status.transferred"},

	"sync.synced":  {Icon: "check", Tone: "ok plain", Text: "chip.sync_synced"},
	"sync.waiting": {Icon: "arrow-left-right", Tone: "run plain", Text: "chip.sync_waiting"},
	"sync.doubt":   {Icon: "circle-help", Tone: "warn plain", Text: "chip.sync_doubt"},
	"sync.none":    {Icon: "minus", Tone: "plain", Text: "chip.sync_none"},
	"sync.failed":  {Icon: "circle-x", Tone: "bad plain", Text: "chip.sync_failed"},

	"task.waiting":    {Icon: "clock-3", Tone: "run", Text: "chip.task_waiting"},
	"task.running":    {Icon: "loader-circle", Tone: "run", Text: "chip.task_running"},
	"task.paused":     {Icon: "pause", Tone: "warn", Text: "chip.task_paused"},
	"task.cancelling": {Icon: "loader-circle", Tone: "run", Text: "chip.task_cancelling"},
	"task.finished":   {Icon: "circle-check", Tone: "ok", Text: "chip.task_finished"},
	"task.cancelled":  {Icon: "circle-minus", Text: "chip.order_cancelled"},

	"consent.awaited":  {Icon: "clock", Tone: "run", Text: "chip.consent_awaited"},
	"consent.given":    {Icon: "circle-check", Tone: "ok", Text: "chip.consent_given"},
	"consent.declined": {Icon: "circle-x", Tone: "bad", Text: "chip.consent_declined"},
	"consent.expired":  {Icon: "circle-x", Tone: "bad", Text: "chip.consent_expired"},
	"consent.dropped":  {Icon: "circle-dashed", Text: "chip.consent_dropped"},
	"item.queued":      {Icon: "circle-dashed", Text: "chip.item_queued"},
	"item.sent":        {Icon: "arrow-left-right", Tone: "run", Text: "chip.item_sent"},
	"item.at_registry": {Icon: "arrow-left-right", Tone: "run", Text: "chip.item_at_registry"},
	"item.succeeded":   {Icon: "circle-check", Tone: "ok", Text: "chip.domain_verified"},
	"item.failed":      {Icon: "circle-x", Tone: "bad", Text: "chip.item_failed"},
	"item.cancelled":   {Icon: "circle-minus", Text: "chip.order_cancelled"},

	"order.awaiting_payment": {Icon: "receipt", Tone: "warn", Text: "chip.order_awaiting_payment"},
	"order.naming_review":    {Icon: "clock-3", Tone: "run", Text: "chip.order_naming_review"},
	"order.registering":      {Icon: "loader-circle", Tone: "run", Text: "chip.order_registering"},
	"order.completed":        {Icon: "circle-check", Tone: "ok", Text: "chip.order_completed"},
	"order.failed":           {Icon: "circle-x", Tone: "bad", Text: "chip.order_failed"},
	"order.cancelled":        {Icon: "circle-minus", Text: "chip.order_cancelled"},
	"order.expired":          {Icon: "timer", Text: "chip.order_expired"},

	"transfer.requesting": {Icon: "loader-circle", Tone: "run", Text: "chip.transfer_requesting"},
	"transfer.pending":    {Icon: "clock-3", Tone: "run", Text: "chip.transfer_pending"},
	"transfer.cancelling": {Icon: "loader-circle", Tone: "run", Text: "chip.transfer_cancelling"},
	"transfer.completed":  {Icon: "circle-check", Tone: "ok", Text: "chip.order_completed"},
	"transfer.failed":     {Icon: "circle-x", Tone: "bad", Text: "chip.order_failed"},
	"transfer.cancelled":  {Icon: "circle-minus", Text: "chip.order_cancelled"},

	"webhook.enabled":  {Icon: "circle-check", Tone: "ok", Text: "chip.webhook_enabled"},
	"webhook.disabled": {Icon: "pause", Tone: "warn", Text: "chip.webhook_disabled"},

	"delivery.waiting":   {Icon: "clock-3", Tone: "run", Text: "chip.delivery_waiting"},
	"delivery.sending":   {Icon: "loader-circle", Tone: "run", Text: "chip.delivery_sending"},
	"delivery.delivered": {Icon: "circle-check", Tone: "ok", Text: "chip.delivery_delivered"},
	"delivery.failed":    {Icon: "circle-x", Tone: "bad", Text: "chip.delivery_failed"},

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
	"account.paused":  {Icon: "pause", Tone: "warn", Text: "chip.account_paused"},
	"account.stopped": {Icon: "octagon-x", Tone: "bad", Text: "chip.account_stopped"},

	"enhanced.asked":     {Icon: "upload", Tone: "warn", Text: "chip.enhanced_asked"},
	"enhanced.in_review": {Icon: "clock-3", Tone: "run", Text: "chip.in_review"},
	"enhanced.passed":    {Icon: "circle-check", Tone: "ok", Text: "chip.enhanced_passed"},
	"enhanced.failed":    {Icon: "circle-x", Tone: "bad", Text: "chip.enhanced_failed"},
	"enhanced.expired":   {Icon: "timer", Tone: "bad", Text: "chip.enhanced_expired"},
	"enhanced.cancelled": {Icon: "circle-minus", Text: "chip.case_cancelled"},

	"data.open":      {Icon: "inbox", Tone: "run", Text: "chip.data_open"},
	"data.endorsed":  {Icon: "users", Tone: "warn", Text: "chip.data_endorsed"},
	"data.under_way": {Icon: "loader-circle", Tone: "run", Text: "chip.data_under_way"},
	"data.deferred":  {Icon: "clock", Tone: "warn", Text: "chip.data_deferred"},
	"data.ready":     {Icon: "download", Tone: "ok", Text: "chip.data_ready"},
	"data.completed": {Icon: "circle-check", Tone: "ok", Text: "chip.data_completed"},
	"data.refused":   {Icon: "circle-x", Tone: "bad", Text: "chip.data_refused"},
	"data.withdrawn": {Icon: "undo-2", Text: "chip.data_withdrawn"},
	"data.expired":   {Icon: "circle-minus", Text: "chip.data_expired"},

	"import_list.checking":  {Icon: "loader-circle", Tone: "run", Text: "chip.import_checking"},
	"import_list.checked":   {Icon: "check", Tone: "warn", Text: "chip.import_checked"},
	"import_list.running":   {Icon: "loader-circle", Tone: "run", Text: "chip.import_running"},
	"import_list.cancelled": {Icon: "ban", Text: "chip.import_cancelled"},
	"import_list.ended":     {Icon: "circle-check", Tone: "ok", Text: "chip.import_ended"},
	"import_row.waiting":    {Icon: "circle-dashed", Text: "chip.import_waiting"},
	"import_row.found":      {Icon: "check", Tone: "ok", Text: "chip.import_found"},
	"import_row.importing":  {Icon: "loader-circle", Tone: "run", Text: "chip.import_running"},
	"import_row.imported":   {Icon: "circle-check", Tone: "ok", Text: "chip.import_imported"},
	"import_row.refused":    {Icon: "circle-x", Tone: "bad", Text: "chip.import_refused"},
	"profile_file.checked":  {Icon: "check", Tone: "warn", Text: "chip.profile_file_checked"},
	"profile_file.imported": {Icon: "circle-check", Tone: "ok", Text: "chip.import_imported"},
	"profile_row.refused":   {Icon: "circle-x", Tone: "bad", Text: "chip.import_refused"},
	"profile_row.fresh":     {Icon: "check", Tone: "ok", Text: "chip.profile_row_fresh"},
	"profile_row.created":   {Icon: "circle-check", Tone: "ok", Text: "chip.profile_row_created"},
	"profile_row.existing":  {Icon: "circle-dashed", Text: "chip.profile_row_existing"},

	"job.available": {Icon: "clock-3", Tone: "run", Text: "chip.job_available"},
	"job.pending":   {Icon: "clock-3", Tone: "run", Text: "chip.job_available"},
	"job.scheduled": {Icon: "clock", Text: "chip.job_scheduled"},
	"job.retryable": {Icon: "refresh-cw", Tone: "warn", Text: "chip.job_retryable"},
	"job.running":   {Icon: "loader-circle", Tone: "run", Text: "chip.job_running"},
	"job.completed": {Icon: "circle-check", Tone: "ok", Text: "chip.job_completed"},
	"job.cancelled": {Icon: "circle-minus", Text: "chip.case_cancelled"},
	"job.discarded": {Icon: "circle-x", Tone: "bad", Text: "chip.job_discarded"},
	"loop.well":     {Icon: "circle-check", Tone: "ok plain", Text: "chip.loop_well"},
	"loop.failing":  {Icon: "circle-x", Tone: "bad plain", Text: "chip.loop_failing"},

	"mail.waiting":       {Icon: "clock-3", Tone: "run", Text: "chip.mail_waiting"},
	"mail.sending":       {Icon: "loader-circle", Tone: "run", Text: "chip.mail_sending"},
	"mail.sent":          {Icon: "circle-check", Tone: "ok", Text: "chip.mail_sent"},
	"mail.failed":        {Icon: "circle-x", Tone: "bad", Text: "chip.mail_failed"},
	"mail.in_doubt":      {Icon: "circle-help", Tone: "warn", Text: "chip.mail_in_doubt"},
	"returned.hard":      {Icon: "mail-warning", Tone: "bad plain", Text: "chip.returned_hard"},
	"returned.soft":      {Icon: "mail-warning", Tone: "warn plain", Text: "chip.returned_soft"},
	"returned.complaint": {Icon: "ban", Tone: "bad plain", Text: "chip.returned_complaint"},

	"authority.works":       {Icon: "circle-check", Tone: "ok", Text: "chip.authority_works"},
	"authority.late":        {Icon: "timer", Tone: "warn", Text: "chip.authority_late"},
	"authority.paused":      {Icon: "pause", Tone: "warn", Text: "chip.authority_paused"},
	"authority.trying":      {Icon: "refresh-cw", Tone: "warn", Text: "chip.authority_trying"},
	"authority.unreachable": {Icon: "octagon-x", Tone: "bad", Text: "chip.authority_unreachable"},
	"call.answered":         {Icon: "check", Tone: "ok plain", Text: "chip.call_answered"},
	"call.refused":          {Icon: "circle-x", Tone: "bad plain", Text: "chip.call_refused"},
	"call.lost":             {Icon: "wifi-off", Tone: "bad plain", Text: "chip.call_lost"},

	"policy.in_force":  {Icon: "circle-check", Tone: "ok", Text: "policies.set_running"},
	"golden.as_wanted": {Icon: "circle-check", Tone: "ok", Text: "golden.as_wanted"},
	"golden.otherwise": {Icon: "triangle-alert", Tone: "warn", Text: "chip.golden_otherwise"},
	"golden.failed":    {Icon: "circle-x", Tone: "bad", Text: "golden.failed"},

	"customer.unverified": {Icon: "circle-dashed", Text: "chip.unverified"},
	"customer.verified":   {Icon: "circle-check", Tone: "ok", Text: "chip.customer_verified"},
	"customer.suspended":  {Icon: "ban", Tone: "bad", Text: "chip.customer_suspended"},

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

// Word is a status as a word, where there is no room for more.
func Word(ctx context.Context, of, name string) string { return status(of, name).word(ctx) }

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
var vocabulary = []string{
	"unverified", "not_completed", "pending", "in_review", "verified", "failed", "bounced", "not_required", "not_possible",
	"normal", "resolves", "serverHold", "clientHold", "inactive", "unknown", "importing", "registration_failed",
	"deleted", "transferred", "synced", "doubt", "none",
	"queued", "at_registry", "succeeded", "awaiting_payment", "naming_review", "registering", "running", "paused",
	"finished", "requesting", "cancelling", "completed", "cancelled", "expired",
	"awaited", "given", "declined", "dropped",
	"available", "scheduled", "retryable", "discarded", "well", "failing", "sent", "in_doubt", "hard", "soft",
	"complaint", "works", "late", "trying", "unreachable",
	"answered", "refused", "lost", "suspended", "asked", "enabled", "disabled", "waiting", "sending", "delivered",
	"open", "claimed", "passed", "working", "stopped", "in_force", "as_wanted", "otherwise", "returned", "reversed",
	"contested", "escalated", "picture_elsewhere", "picture_rejected_before", "number_elsewhere",
	"endorsed", "under_way", "deferred", "ready", "withdrawn", "checking", "checked", "ended", "found", "imported", "fresh", "created", "existing",
}

package app

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/job"
)

// workers carries out the jobs.
func (a *App) workers() *job.Workers {
	workers := job.NewWorkers()
	job.Add(workers, a.Emails.Send)
	job.Add(workers, a.Accounts.SendLink)
	job.Add(workers, a.Domains.SettleAnswers)
	job.Add(workers, a.Domains.RestartAnswers)
	job.Add(workers, a.Domains.HolderDecided)
	job.Add(workers, a.Domains.HolderCoded)
	job.Add(workers, a.Domains.DetailsAnswered)
	job.Add(workers, a.Domains.SendConsent)
	job.Add(workers, a.Domains.SettleConsent)
	job.Add(workers, a.Documents.Read)
	job.Add(workers, a.DataRequests.CarryOut)
	return workers
}

// loops are what looks at due rows again and again.
func (a *App) loops(c Config) []job.Loop {
	sealer := &audit.Sealer{Store: a.Store, Owner: a.owner, TTL: 10 * time.Second}
	return []job.Loop{
		{Name: "audit sealer", Every: 500 * time.Millisecond, Once: upTo(500, sealer.Seal)},
		{Name: "outbox", Every: 500 * time.Millisecond, Once: upTo(200, a.Messages.Expand)},
		{Name: "news", Every: 5 * time.Second, Once: upTo(100, a.Post.Collect)},
		{Name: "mails", Every: time.Second, Once: a.Post.SendDue},
		{Name: "record of mails", Every: time.Minute, Once: upTo(500, a.Post.Sweep)},
		{Name: "policy version", Every: time.Hour, Once: func(ctx context.Context) (int, error) { return 0, a.PolicyVersions.Seen(ctx) }},
		{Name: "sessions", Every: time.Minute, Once: upTo(500, a.Accounts.Sweep)},
		{Name: "webhooks", Every: 500 * time.Millisecond, Once: a.Webhooks.SendDue},
		{Name: "webhook log", Every: time.Hour, Once: upTo(500, a.Webhooks.Sweep)},
		{Name: "retention", Every: time.Minute, Once: upTo(100, a.Documents.EraseDue)},
		{Name: "data requests", Every: 5 * time.Second, Once: upTo(100, a.DataRequests.WorkDue)},
		{Name: "orphans", Every: 6 * time.Hour, Once: uncounted(a.Documents.SweepOrphans)},
		{Name: "unpaid orders", Every: time.Minute, Once: upTo(100, a.Domains.ExpireOrders)},
		{Name: "associations", Every: 250 * time.Millisecond, Wake: a.tasks, Once: a.Domains.WorkTasks},
		{Name: "imports", Every: time.Second, Once: a.Domains.WorkImports},
		{Name: "ends of imports", Every: 5 * time.Second, Once: upTo(10, a.Domains.EndImports)},
		{Name: "lists of imports", Every: time.Hour, Once: upTo(10, a.Domains.SweepImportLists)},
		{Name: "transfers", Every: time.Minute, Once: upTo(100, a.Domains.SweepTransfers)},
		{Name: "figures of names", Every: 5 * time.Second, Once: upTo(5000, a.Domains.AddUp)},
		{Name: "answers", Every: time.Minute, Once: upTo(100, a.Domains.SweepAnswers)},
		{Name: "consents", Every: 2 * time.Second, Once: upTo(100, a.Domains.SweepConsents)},
		{Name: "data reminders", Every: time.Hour, Once: a.Domains.RemindOfData},
		{Name: "reconcile", Every: time.Minute, Once: func(ctx context.Context) (int, error) {
			if c.Reconcile.PerMinute < 0 {
				return 0, nil
			}
			_, err := a.Domains.Reconcile(ctx, c.Reconcile.PerMinute)
			return 0, err // a full budget is no reason to go on at once
		}},
		{Name: "reconciliations", Every: 2 * time.Second, Once: a.Domains.WorkReconciliations},
		{Name: "late reviews", Every: time.Minute, Once: upTo(100, a.Reviews.AlarmLate)},
		{Name: "public holidays", Every: 24 * time.Hour, Once: uncounted(a.Reviews.AlarmHolidays)},
		{Name: "ends of our certificates", Every: 24 * time.Hour, Once: uncounted(a.Registries.AlarmCertificates)},
		{Name: "ends of documents", Every: time.Minute, Once: upTo(100, a.Profiles.TellDocumentEnds)},
		{Name: "papers due", Every: time.Minute, Once: upTo(100, a.Qualifications.RemindDue)},
		{Name: "expired enhanced verifications", Every: 5 * time.Second, Once: upTo(100, a.Enhanced.ExpireDue)},
		{Name: "holds of enhanced verifications", Every: 5 * time.Second, Once: upTo(100, a.Enhanced.HoldDue)},
		{Name: "later holds of enhanced verifications", Every: 5 * time.Second, Once: upTo(100, a.Enhanced.HoldLater)},
		{Name: "withdrawn cases", Every: time.Second, Once: upTo(100, a.Providers.WithdrawDue)},
		{Name: "messages of providers", Every: time.Hour, Once: upTo(500, a.Providers.Sweep)},
		{Name: "authorities", Every: 250 * time.Millisecond, Wake: a.asked, Once: upTo(100, a.Reviews.AskDue)},
	}
}

// upTo is a round of a loop that does at most so many.
func upTo(most int, do func(ctx context.Context, most int) (int, error)) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) { return do(ctx, most) }
}

// uncounted is a round after which the loop rests, however much it has done.
func uncounted(do func(ctx context.Context) (int, error)) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		_, err := do(ctx)
		return 0, err
	}
}

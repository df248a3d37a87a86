package domain

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

// together is how far ahead reminders of an account are taken along, so that a registrant of
// many domains is reminded once a year and not once for each.
const together = 45 * 24 * time.Hour

// reminder is when the registrant of a domain is next shown their data.
type reminder struct {
	bun.BaseModel `bun:"table:domain_reminder"`

	DomainID  int64 `bun:",pk"`
	AccountID int64
	DueAt     store.Time
}

// remindIn starts the yearly reminders of a domain, where policy asks for them.
func (all *All) remindIn(ctx context.Context, tx *store.Tx, d Domain) error {
	rule, ok := all.answerRule(d, tx.Now())
	if !ok || rule.DataReminder == 0 {
		return nil
	}
	r := &reminder{DomainID: d.ID, AccountID: d.AccountID, DueAt: store.At(tx.Now().Add(time.Duration(rule.DataReminder)))}
	_, err := tx.NewInsert().Model(r).On("CONFLICT (domain_id) DO NOTHING").Exec(ctx)
	return err
}

// RemindOfData shows the registrants of one account their registration data, if it is time
// (ICANN's WHOIS Data Reminder Policy), and returns how many domains that was for. A
// registrant's domains are one mail.
func (all *All) RemindOfData(ctx context.Context) (n int, err error) {
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var first reminder
		q := tx.NewSelect().Model(&first).Where("due_at <= ?", store.At(tx.Now())).OrderExpr("due_at, domain_id").Limit(1)
		if all.store.Engine() == "postgres" { // SQLite has one writer
			q = q.For("UPDATE SKIP LOCKED")
		}
		err := q.Scan(ctx)
		if store.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		n, err = all.remindAccount(ctx, tx, first.AccountID)
		return err
	})
	return n, wrap("remind of data", err)
}

// reminded are domains of one registrant under one suffix.
type reminded struct {
	VersionID     int64
	Accreditation policy.Accreditation
	Suffix        string
	State         State
	N             int
}

func (all *All) remindAccount(ctx context.Context, tx *store.Tx, account int64) (n int, err error) {
	horizon := store.At(tx.Now().Add(together))
	var groups []reminded
	err = tx.NewRaw(`SELECT d.version_id, d.accreditation, d.suffix, d.state, count(*) AS n FROM domain_reminder r JOIN domain d ON d.id = r.domain_id
		WHERE r.account_id = ? AND r.due_at <= ? GROUP BY d.version_id, d.accreditation, d.suffix, d.state ORDER BY d.version_id, d.suffix`, account, horizon).Scan(ctx, &groups)
	if err != nil {
		return 0, err
	}
	every := 365 * 24 * time.Hour
	counts, order, suffixes := map[int64]int{}, []int64(nil), []string(nil)
	for _, g := range groups {
		n += g.N
		rule, ok := all.answerRule(Domain{Name: "name." + g.Suffix, Accreditation: g.Accreditation}, tx.Now())
		if !ok || rule.DataReminder == 0 || g.State != Registered || g.VersionID == 0 {
			continue // gone, of another rule, or nobody knows whose it is
		}
		every = time.Duration(rule.DataReminder)
		if counts[g.VersionID] == 0 {
			order = append(order, g.VersionID)
		}
		counts[g.VersionID] += g.N
		suffixes = append(suffixes, g.Suffix)
	}
	for _, version := range order {
		if err := all.tellReminder(ctx, tx, version, counts[version], suffixes, horizon); err != nil {
			return 0, err
		}
	}
	_, err = tx.NewRaw("UPDATE domain_reminder SET due_at = ? WHERE account_id = ? AND due_at <= ?", store.At(tx.Now().Add(every)), account, horizon).Exec(ctx)
	return n, err
}

func (all *All) tellReminder(ctx context.Context, tx *store.Tx, version int64, n int, suffixes []string, horizon store.Time) error {
	p, v, err := all.profiles.ByVersion(ctx, tx, version)
	if err != nil {
		return err
	}
	var names []string
	err = tx.NewRaw("SELECT d.name FROM domain_reminder r JOIN domain d ON d.id = r.domain_id WHERE d.version_id = ? AND d.state = ? AND d.suffix IN (?) AND r.due_at <= ? ORDER BY d.name LIMIT ?",
		version, Registered, bun.List(suffixes), horizon, shownAtStake).Scan(ctx, &names)
	if err != nil {
		return err
	}
	for i := range names {
		names[i] = Display(names[i])
	}
	data := map[string]string{"Address": v.Fields.Email, "Version": v.PublicID, "All": strconv.Itoa(n), "Domains": strings.Join(names, " ")}
	return event.Append(ctx, tx, p.AccountID, "profile.data_reminder", p.PublicID, data)
}

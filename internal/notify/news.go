package notify

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/store"
)

// News wait a little for others that come with them, and a member is mailed them once in a
// while at most: what a task does to a hundred thousand domains are not as many mails.
const (
	urgentWait, urgentApart = time.Minute, 10 * time.Minute
	wait, apart             = 5 * time.Minute, time.Hour
)

// shownNews is how many of a type of news one mail tells of, beside the number of all.
const shownNews = 20

// collected is how many news one mail counts at most; the rest come with the next.
const collected = 5000

// waiting is one thing that has happened, on its way into a member's next mail.
type waiting struct {
	bun.BaseModel `bun:"table:mail_news"`

	ID        int64 `bun:",pk,autoincrement"`
	AccountID int64
	PersonID  int64
	EventID   int64
	Type      event.Type
	Subject   string
	Data      map[string]string
}

// round is when a member is mailed news.
type round struct {
	bun.BaseModel `bun:"table:mail_round"`

	AccountID int64 `bun:",pk"`
	PersonID  int64 `bun:",pk"`
	DueAt     store.Time
	LastAt    store.Time
}

var _ Listener = (*Post)(nil)

// Happened implements Listener: what has happened to an account waits for the next mail to
// each of its members who wants it. What is part of a task or an
// import is told by its end.
func (p *Post) Happened(ctx context.Context, tx *store.Tx, events []event.Event) error {
	members := map[int64][]account.Person{}
	settings := map[[2]int64]Setting{}
	// In one order always, so that two processes never wait for each other's members.
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b event.Event) int { return cmp.Compare(a.AccountID, b.AccountID) })
	for _, e := range events {
		if e.Type == "profile.data_reminder" {
			if err := p.remind(ctx, tx, e); err != nil {
				return wrap("happened", err)
			}
		}
		if e.Type == "association.holder_changed" {
			if err := p.changed(ctx, tx, e); err != nil {
				return wrap("happened", err)
			}
		}
		m, told := matterOf(e.Type, e.Data)
		if !told || silentOf(e) || e.Data["Task"] != "" && !m.urgent() {
			continue
		}
		who, known := members[e.AccountID]
		if !known {
			var err error
			if who, err = p.accounts.Customers(ctx, tx, e.AccountID); err != nil {
				return wrap("happened", err)
			}
			members[e.AccountID] = who
		}
		for _, person := range who {
			at := [2]int64{e.AccountID, person.ID}
			s, known := settings[at]
			if !known {
				var err error
				if s, err = settingOf(ctx, tx, e.AccountID, person.ID); err != nil {
					return wrap("happened", err)
				}
				settings[at] = s
			}
			if !s.wants(m.topic) {
				continue
			}
			if err := p.waits(ctx, tx, person.ID, e, m); err != nil {
				return wrap("happened", err)
			}
		}
	}
	return nil
}

// waits puts an event into a member's next mail, and makes that due.
func (p *Post) waits(ctx context.Context, tx *store.Tx, person int64, e event.Event, m matter) error {
	res, err := tx.NewInsert().Model(&waiting{AccountID: e.AccountID, PersonID: person, EventID: e.ID, Type: e.Type, Subject: e.Subject, Data: e.Data}).On("CONFLICT (account_id, person_id, event_id) DO NOTHING").Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	var r round
	err = tx.NewSelect().Model(&r).Where("account_id = ?", e.AccountID).Where("person_id = ?", person).Scan(ctx)
	if err != nil && !store.IsNotFound(err) {
		return err
	}
	due := tx.Now().Add(wait)
	next := r.LastAt.Add(apart)
	if m.urgent() {
		due, next = tx.Now().Add(urgentWait), r.LastAt.Add(urgentApart)
	}
	if !r.LastAt.IsZero() && next.After(due) {
		due = next
	}
	if !r.DueAt.IsZero() && !due.Before(r.DueAt.Time) {
		return nil
	}
	r.AccountID, r.PersonID, r.DueAt = e.AccountID, person, store.At(due)
	_, err = tx.NewInsert().Model(&r).On("CONFLICT (account_id, person_id) DO UPDATE").Set("due_at = EXCLUDED.due_at").Exec(ctx)
	return err
}

// Collect makes mails of the news that wait, for up to n members, and returns for how many.
func (p *Post) Collect(ctx context.Context, n int) (done int, err error) {
	for ; done < n; done++ {
		any := false
		err := p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			any, err = p.collectOne(ctx, tx)
			return err
		})
		if err != nil || !any {
			return done, wrap("collect", err)
		}
	}
	return done, nil
}

func (p *Post) collectOne(ctx context.Context, tx *store.Tx) (bool, error) {
	var r round
	q := tx.NewSelect().Model(&r).Where("due_at <= ?", store.At(tx.Now())).OrderExpr("due_at").Limit(1)
	if p.store.Engine() == "postgres" { // SQLite has one writer
		q = q.For("UPDATE SKIP LOCKED")
	}
	err := q.Scan(ctx)
	if store.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var news []waiting
	if err := tx.NewSelect().Model(&news).Where("account_id = ?", r.AccountID).Where("person_id = ?", r.PersonID).OrderExpr("event_id").Limit(collected).Scan(ctx); err != nil {
		return false, err
	}
	if len(news) > 0 {
		if err := p.mailNews(ctx, tx, r, news); err != nil {
			return false, err
		}
		if _, err := tx.NewDelete().Model(&news).WherePK().Exec(ctx); err != nil {
			return false, err
		}
	}
	r.LastAt, r.DueAt = store.At(tx.Now()), store.Time{}
	if len(news) == collected {
		r.DueAt = store.At(tx.Now().Add(urgentApart))
	}
	_, err = tx.NewUpdate().Model(&r).WherePK().Exec(ctx)
	return true, err
}

// mailNews writes the mail of a member's news, whose key is the last of them.
func (p *Post) mailNews(ctx context.Context, tx *store.Tx, r round, news []waiting) error {
	members, err := p.accounts.Customers(ctx, tx, r.AccountID)
	if err != nil {
		return err
	}
	s, err := settingOf(ctx, tx, r.AccountID, r.PersonID)
	if err != nil {
		return err
	}
	c := Content{All: map[event.Type]int{}}
	for _, w := range news {
		if m, _ := matterOf(w.Type, w.Data); !s.wants(m.topic) { // switched off since
			continue
		}
		if c.All[w.Type]++; c.All[w.Type] <= shownNews {
			c.News = append(c.News, News{Type: w.Type, Subject: w.Subject, Data: w.Data})
		}
	}
	for _, m := range members {
		if m.ID != r.PersonID || len(c.News) == 0 {
			continue // no member any more
		}
		mail := Mail{PublicID: store.NewID("mail"), Key: fmt.Sprintf("news:%d:%d:%d", r.AccountID, r.PersonID, news[len(news)-1].EventID), AccountID: r.AccountID, PersonID: m.ID,
			Address: m.Email, Kind: KindNews, Lang: s.Lang, Content: c}
		return p.put(ctx, tx, mail)
	}
	return nil
}

// remind writes the yearly mail that shows a registrant their data.
func (p *Post) remind(ctx context.Context, tx *store.Tx, e event.Event) error {
	m := Mail{PublicID: store.NewID("mail"), Key: fmt.Sprintf("reminder:%d", e.ID), AccountID: e.AccountID, Address: e.Data["Address"], Kind: KindReminder,
		Content: Content{Version: e.Data["Version"], News: []News{{Type: e.Type, Subject: e.Subject, Data: e.Data}}}}
	return p.put(ctx, tx, m)
}

// changed writes the mail that tells a party that a change of holder has been carried out.
func (p *Post) changed(ctx context.Context, tx *store.Tx, e event.Event) error {
	m := Mail{PublicID: store.NewID("mail"), Key: fmt.Sprintf("holder_changed:%d", e.ID), AccountID: e.AccountID, Address: e.Data["Address"], Kind: KindHolderChanged,
		Content: Content{News: []News{{Type: e.Type, Subject: e.Subject, Data: e.Data}}}}
	return p.put(ctx, tx, m)
}

package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
)

// Progress is where a mail stands.
type Progress string

// The states of a mail. In doubt is one that was being handed over when the process died:
// it may have gone out, and is never sent again.
const (
	Waiting Progress = "waiting"
	Sending Progress = "sending"
	Sent    Progress = "sent"
	Failed  Progress = "failed"
	InDoubt Progress = "in_doubt"
)

// Step moves a mail from state to state.
type Step string

// The steps. Refuse is a failure for now, GiveUp one for good; Lose is the death of the
// process that was sending.
const (
	HandOver Step = "hand_over"
	Accept   Step = "accept"
	Refuse   Step = "refuse"
	GiveUp   Step = "give_up"
	Lose     Step = "lose"
)

// Mails is the state table of a mail.
var Mails = state.Table[Progress, Step]{
	Noun: "mail",
	Moves: map[Progress]map[Step]Progress{
		Waiting: {HandOver: Sending, GiveUp: Failed},
		Sending: {Accept: Sent, Refuse: Waiting, GiveUp: Failed, Lose: InDoubt},
		Sent:    {},
		Failed:  {},
		InDoubt: {},
	},
}

// Mail is one mail to one recipient.
type Mail struct {
	bun.BaseModel `bun:"table:mail"`

	ID int64 `bun:",pk,autoincrement"`
	// PublicID is the tag of its return path and Message-ID: whoever names it has seen the mail.
	PublicID string
	// Key is what it is about, so that nothing is mailed twice.
	Key       string
	AccountID int64
	// PersonID is the member whom it is for, 0 for an address of a profile.
	PersonID   int64
	Address    string
	Kind       Kind
	Lang       locale.Lang // "" for both
	Content    Content
	State      Progress
	Tries      int
	NextAt     store.Time
	LeaseUntil int64 // machine time
	CreatedAt  store.Time
	SentAt     store.Time
	// ReturnedAt is when it came back, Returned how: hard, soft, or the type of a complaint.
	ReturnedAt store.Time
	Returned   string
	// Words are what the mail server said when it refused the mail the last time.
	Words string
}

const (
	// handOverTakes is how long a mail server may take, in machine time.
	handOverTakes = 2 * time.Minute
	// mailsKept is how long the record of mails goes back.
	mailsKept = 400 * 24 * time.Hour
)

// mailPauses are how long a mail waits after each try that a mail server refused for now.
var mailPauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// Kind is what sort of mail it is.
type Kind string

// The kinds: a link that verifies an address, the question about a change of holder and that
// it has been carried out, news of what has happened, the yearly reminder of registration data, a link for a new password,
// that there is one, and an operator's test.
const (
	KindLink            Kind = "link"
	KindConsent         Kind = "consent"
	KindHolderChanged   Kind = "holder_changed"
	KindNews            Kind = "news"
	KindReminder        Kind = "data_reminder"
	KindPasswordLink    Kind = "password_link"
	KindPasswordChanged Kind = "password_changed"
	KindTest            Kind = "test"
)

// secret are the kinds that hold a link which is written down nowhere: who made it sends it.
var secret = []Kind{KindLink, KindConsent, KindPasswordLink}

// Post owns the mails: what is to go out is written in the unit of work that it tells of,
// and goes out once.
type Post struct {
	store  *store.Store
	mailer *Mailer
	log    *slog.Logger

	emails   *emailcheck.Checks
	accounts *account.Accounts
	profiles *profile.Profiles
}

// NewPost returns the mails of s, which m hands to a mail server.
func NewPost(s *store.Store, m *Mailer, log *slog.Logger) *Post {
	return &Post{store: s, mailer: m, log: log}
}

// SetNouns says who is told of mail that comes back, who is mailed news, and whose
// registration data are shown. It is called before anything happens: addresses need the
// mails first.
func (p *Post) SetNouns(es *emailcheck.Checks, as *account.Accounts, ps *profile.Profiles) {
	p.emails, p.accounts, p.profiles = es, as, ps
}

var _ emailcheck.Courier = (*Post)(nil)

// VerificationLink implements emailcheck.Courier. SendDue asks for it again.
func (p *Post) VerificationLink(ctx context.Context, l emailcheck.Letter) error {
	m := Mail{Key: l.Request, AccountID: l.Account, Address: l.Address, Kind: KindLink}
	err := p.sendSecret(ctx, m, func(m Mail) letter { return p.mailer.link(m, l) })
	if errors.Is(err, errUnsent) {
		return fmt.Errorf("%w (%w)", err, emailcheck.ErrUnsent)
	}
	return err
}

// ConsentLetter asks the party of a change of holder for their word.
type ConsentLetter struct {
	// Request is the same when the letter is tried again.
	Request string
	Account int64
	Address string
	Token   string
	// Role is on which side of the change they stand, Holder who is to hold the domains.
	Role   string
	Holder string
	// AddressOnly says that the holder stays, with another e-mail address.
	AddressOnly bool
	Domains     []string
	All         int
	Due         time.Time
}

// AskConsent brings the question about a change of holder to an address.
func (p *Post) AskConsent(ctx context.Context, l ConsentLetter) error {
	m := Mail{Key: l.Request, AccountID: l.Account, Address: l.Address, Kind: KindConsent}
	return p.sendSecret(ctx, m, func(m Mail) letter { return p.mailer.consent(m, l) })
}

// errUnsent says that a mail has certainly not gone out.
var errUnsent = errors.New("notify: the mail has not gone out")

// sendSecret sends a mail with a link that is a secret and is written down nowhere, so it
// goes out at once; asked for again under the same request, which is its key, it goes out
// only when the mail server has refused it before. One that is refused is errUnsent.
func (p *Post) sendSecret(ctx context.Context, m Mail, write func(Mail) letter) error {
	m.PublicID = store.NewID("mail")
	m.Key = string(m.Kind) + ":" + cmp.Or(m.Key, m.PublicID)
	var begun bool
	err := p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if err := p.put(ctx, tx, m); err != nil {
			return err
		}
		if err := tx.NewSelect().Model(&m).Where("key = ?", m.Key).Scan(ctx); err != nil {
			return err
		}
		begun, err = p.begin(ctx, tx, &m)
		return err
	})
	if err != nil || !begun {
		return wrap("link", err)
	}
	refused := p.handOver(ctx, &m, write(m))
	if refused == nil || m.State == InDoubt {
		return refused
	}
	p.log.Warn("a link was not mailed", "mail", m.PublicID, "state", m.State, "tries", m.Tries, "error", refused)
	return fmt.Errorf("%w: %w", errUnsent, refused)
}

const linkKey = string(KindLink) + ":" // and the request that it is for

// linkRests is how long nothing more is done about a link that was asked for again; it has
// been tried by then, or nobody wants it any more.
const linkRests = 24 * time.Hour

// askForLinks asks again for up to n links whose mail a server has refused, when their time
// has come. What nobody has sent for longer than mails are tried is given up.
func (p *Post) askForLinks(ctx context.Context, n int) (int, error) {
	var due []Mail
	now := p.store.Now()
	err := p.store.R.NewSelect().Model(&due).Where("state = 'waiting'").Where("kind = ?", KindLink).Where("next_at <= ?", store.At(now)).OrderExpr("next_at, id").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return 0, err
	}
	for i := range due {
		m, was := &due[i], due[i].NextAt
		err := p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			m.NextAt = store.At(tx.Now().Add(linkRests))
			if old := tx.Now().Sub(m.CreatedAt.Time) > triedFor()+linkRests; old {
				if m.State, err = Mails.Next(m.State, GiveUp); err != nil {
					return err
				}
			}
			err = store.One(tx.NewUpdate().Model(m).Column("state", "next_at").WherePK().Where("state = ?", Waiting).Where("next_at = ?", was).Exec(ctx))
			if err != nil || m.State != Waiting {
				return err
			}
			return p.emails.Again(ctx, tx, m.AccountID, m.Address, strings.TrimPrefix(m.Key, linkKey))
		})
		if err != nil && !errors.Is(err, store.ErrStale) { // another process was first
			return i, err
		}
	}
	return len(due), nil
}

// triedFor is how long a mail is tried.
func triedFor() (sum time.Duration) {
	for _, pause := range mailPauses {
		sum += pause
	}
	return sum
}

// put writes a mail into the unit of work, once for each key.
func (p *Post) put(ctx context.Context, tx *store.Tx, m Mail) error {
	m.State, m.CreatedAt, m.NextAt = Waiting, store.At(tx.Now()), store.At(tx.Now())
	_, err := tx.NewInsert().Model(&m).On("CONFLICT (key) DO NOTHING").Exec(ctx)
	return err
}

// begin takes a mail that waits into this process's hands; begun is false when it does not
// wait any more.
func (p *Post) begin(ctx context.Context, tx *store.Tx, m *Mail) (begun bool, err error) {
	if !Mails.Allows(m.State, HandOver) {
		return false, nil
	}
	was := m.State
	if m.State, err = Mails.Next(was, HandOver); err != nil {
		return false, err
	}
	m.Tries++
	m.LeaseUntil = time.Now().Add(handOverTakes).UnixMicro()
	err = store.One(tx.NewUpdate().Model(m).Column("state", "tries", "lease_until").WherePK().Where("state = ?", was).Exec(ctx))
	if errors.Is(err, store.ErrStale) {
		return false, nil
	}
	return err == nil, err
}

// handOver gives a mail that this process has begun to the mail server, and writes down
// what became of it. The error is the mail server's, when it refused.
func (p *Post) handOver(ctx context.Context, m *Mail, l letter) error {
	refused := p.mailer.send(ctx, l)
	step := Accept
	switch {
	case bug.Seeded(bug.MailTwice) && refused == nil && m.Tries == 1:
		step = Refuse
	case refused == nil || bug.Seeded(bug.MailLost):
	case ambiguous(refused):
		step = Lose
	case permanent(refused), m.Tries > len(mailPauses):
		step = GiveUp
	default:
		step = Refuse
	}
	err := p.store.InTx(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) (err error) {
		if m.State, err = Mails.Next(m.State, step); err != nil {
			return err
		}
		switch m.Words = said(refused); step {
		case Accept:
			m.SentAt = store.At(tx.Now())
		case Refuse:
			m.NextAt = store.At(tx.Now().Add(mailPauses[m.Tries-1]))
		}
		return store.One(tx.NewUpdate().Model(m).Column("state", "next_at", "sent_at", "words").WherePK().Where("state = ?", Sending).Exec(ctx))
	})
	return errors.Join(refused, wrap("hand over", err))
}

// wordsKept is how many characters of a refusal are kept.
const wordsKept = 500

// said is what a refusal said, "" for none; as text that any database takes.
func said(refused error) string {
	if refused == nil {
		return ""
	}
	words := strings.ToValidUTF8(strings.ReplaceAll(refused.Error(), "\x00", ""), "")
	if r := []rune(words); len(r) > wordsKept {
		words = string(r[:wordsKept]) + "…"
	}
	return words
}

// lose gives up mails whose process has died while it handed them over: nobody knows
// whether they went out, and nothing is mailed twice.
func (p *Post) lose(ctx context.Context) error {
	to, err := Mails.Next(Sending, Lose)
	if err != nil {
		return err
	}
	var lost []string
	now := time.Now().UnixMicro()
	if err := p.store.R.NewRaw("SELECT public_id FROM mail WHERE state = 'sending' AND lease_until < ?", now).Scan(ctx, &lost); err != nil || len(lost) == 0 {
		return err
	}
	p.log.Warn("mails in doubt: a process died while it sent them; they are not sent again", "mails", lost)
	return p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("UPDATE mail SET state = ? WHERE state = 'sending' AND lease_until < ?", to, now).Exec(ctx)
		return err
	})
}

// Sweep gives up mails that a dead process was sending, forgets up to n that are older than
// the record goes back, and returns how many it forgot.
func (p *Post) Sweep(ctx context.Context, n int) (gone int, err error) {
	if err := p.lose(ctx); err != nil {
		return 0, wrap("sweep", err)
	}
	err = p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.NewRaw("DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE created_at < ? ORDER BY created_at LIMIT ?)", store.Micros(tx.Now().Add(-mailsKept)), n).Exec(ctx)
		if err != nil {
			return err
		}
		rows, err := res.RowsAffected()
		gone = int(rows)
		return err
	})
	return gone, wrap("sweep", err)
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("notify: %s: %w", op, err)
}

package notify

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/store"
)

// Setting is what a member of an account is mailed.
type Setting struct {
	bun.BaseModel `bun:"table:mail_setting"`

	AccountID int64 `bun:",pk"`
	PersonID  int64 `bun:",pk"`
	// Lang is the language of the mails, "" for both.
	Lang locale.Lang
	// Off are the topics that the member has switched off.
	Off []Topic `bun:"topics_off"`
	// ReturnedAt is when mail to the member came back for good, or they complained of it:
	// only what rules ask for is mailed since.
	ReturnedAt store.Time
}

// wants reports whether a topic is mailed.
func (s Setting) wants(t Topic) bool {
	return t.Required() || s.ReturnedAt.IsZero() && !slices.Contains(s.Off, t)
}

// SettingChange is what to set; nil leaves a part as it is. Resume mails again to a member
// whose mail came back.
type SettingChange struct {
	Lang   *locale.Lang
	Off    *[]Topic
	Resume bool
}

// Settings returns what the actor is mailed as a member of their account. Fault:
// mail_settings_none for a key, or somebody who is no customer.
func (p *Post) Settings(ctx context.Context, a actor.Actor) (Setting, error) {
	if err := a.Check(actor.AccountRead); err != nil {
		return Setting{}, err
	}
	who, err := p.member(ctx, p.store.R, a)
	if err != nil {
		return Setting{}, err
	}
	s, err := settingOf(ctx, p.store.R, a.Account, who.ID)
	return s, wrap("settings", err)
}

// ChangeSettings sets what the actor is mailed. Faults: mail_settings_none, value_unknown,
// mail_topic_required.
func (p *Post) ChangeSettings(ctx context.Context, a actor.Actor, c SettingChange) (s Setting, err error) {
	if err := a.Check(actor.AccountRead); err != nil {
		return s, err
	}
	if c.Lang != nil && *c.Lang != "" && !slices.Contains(locale.Langs, *c.Lang) {
		return s, fault.At("lang", "value_unknown").With("Field", "lang")
	}
	if c.Off != nil {
		for _, t := range *c.Off {
			switch {
			case !slices.Contains(Topics, t):
				return s, fault.At("off", "value_unknown").With("Field", "off")
			case t.Required():
				return s, fault.At("off", "mail_topic_required").With("Topic", string(t))
			}
		}
	}
	err = p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		who, err := p.member(ctx, tx, a)
		if err != nil {
			return err
		}
		if s, err = settingOf(ctx, tx, a.Account, who.ID); err != nil {
			return err
		}
		if c.Lang != nil {
			s.Lang = *c.Lang
		}
		if c.Off != nil {
			s.Off = append([]Topic{}, slices.Compact(slices.Sorted(slices.Values(*c.Off)))...)
		}
		if c.Resume {
			s.ReturnedAt = store.Time{}
		}
		if err := saveSetting(ctx, tx, s); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "mail.settings", who.PublicID, nil)
	})
	return s, wrap("change settings", err)
}

// member is the actor as a member of their account.
func (p *Post) member(ctx context.Context, db bun.IDB, a actor.Actor) (account.Person, error) {
	members, err := p.accounts.Customers(ctx, db, a.Account)
	if err != nil {
		return account.Person{}, err
	}
	i := slices.IndexFunc(members, func(m account.Person) bool { return m.PublicID == a.ID })
	if i < 0 {
		return account.Person{}, fault.New(fault.NotFound, "mail_settings_none")
	}
	return members[i], nil
}

func settingOf(ctx context.Context, db bun.IDB, accountID, person int64) (s Setting, err error) {
	err = db.NewSelect().Model(&s).Where("account_id = ?", accountID).Where("person_id = ?", person).Scan(ctx)
	if store.IsNotFound(err) {
		return Setting{AccountID: accountID, PersonID: person, Off: []Topic{}}, nil
	}
	return s, err
}

func saveSetting(ctx context.Context, tx *store.Tx, s Setting) error {
	_, err := tx.NewInsert().Model(&s).On("CONFLICT (account_id, person_id) DO UPDATE").Set("lang = EXCLUDED.lang").Set("topics_off = EXCLUDED.topics_off").Set("returned_at = EXCLUDED.returned_at").Exec(ctx)
	return err
}

// quiet stops mails to a member that no rule asks for: they come back, or are not wanted.
func quiet(ctx context.Context, tx *store.Tx, m Mail) error {
	s, err := settingOf(ctx, tx, m.AccountID, m.PersonID)
	if err != nil || !s.ReturnedAt.IsZero() {
		return err
	}
	s.ReturnedAt = store.At(tx.Now())
	return saveSetting(ctx, tx, s)
}

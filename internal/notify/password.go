package notify

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/store"
)

var _ account.Courier = (*Post)(nil)

// PasswordLink implements account.Courier.
func (p *Post) PasswordLink(ctx context.Context, l account.PasswordLink) error {
	m := Mail{Key: l.Request, AccountID: l.Account, PersonID: l.Person.ID, Address: l.Person.Email, Kind: KindPasswordLink}
	return p.sendSecret(ctx, m, func(m Mail) letter { return p.mailer.passwordLink(m, l) })
}

// PasswordChanged implements account.Courier. What members may switch off has no say in it.
func (p *Post) PasswordChanged(ctx context.Context, tx *store.Tx, c account.PasswordChange) error {
	m := Mail{PublicID: store.NewID("mail"), AccountID: c.Account, PersonID: c.Person.ID, Address: c.Person.Email, Kind: KindPasswordChanged,
		Content: Content{News: []News{{Subject: c.Person.PublicID, Data: map[string]string{"At": strconv.FormatInt(store.Micros(c.At), 10), "Place": c.Place}}}}}
	m.Key = "password changed:" + m.PublicID
	return p.put(ctx, tx, m)
}

// passwordLink is the mail of a link for a new password, in both languages: who asks may be
// signed in nowhere.
func (m *Mailer) passwordLink(of Mail, l account.PasswordLink) letter {
	return m.write(of, "mail.password_link", "ok", "mail.button.password", map[string]string{
		"Address": l.Person.Email, "Link": m.PublicURL + "/password/link/" + l.Token, "Until": m.moment(l.Expires)})
}

// passwordChanged tells somebody that their password is another one.
func (m *Mailer) passwordChanged(of Mail) letter {
	data := of.Content.News[0].Data
	micros, _ := strconv.ParseInt(data["At"], 10, 64)
	return m.write(of, "mail.password_changed", "warn", "mail.button.password", map[string]string{
		"Address": of.Address, "At": m.moment(time.UnixMicro(micros)), "Place": cmp.Or(data["Place"], "–"), "Link": m.PublicURL + "/password/forgotten"})
}

package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/locale"
)

// Mailer writes mails and hands them to an SMTP server.
type Mailer struct {
	// Addr is the SMTP server, host:port; User and Password may be empty.
	Addr, User, Password string
	// Sink says that the server is the built-in one, which delivers nothing.
	Sink bool
	// From is the sender's address.
	From string
	// Bounces is where mail comes back to: its local part is followed by "+" and a tag that
	// names the mail. Where it is empty, mail comes back to From.
	Bounces string
	// PublicURL is where links point.
	PublicURL string
	Texts     *locale.Texts
	// Zone is the time zone in which dates are written.
	Zone *time.Location
}

// link is the mail of a link that verifies an address, in both languages: nobody knows which
// one its reader has. What depends on the answer decides what it says.
func (m *Mailer) link(of Mail, l emailcheck.Letter) letter {
	params := map[string]string{
		"Address": l.Address, "Link": m.PublicURL + "/email/confirm/" + l.Token,
		"Until": m.moment(l.Expires), "Domains": listed(l.Stake.Domains, l.Stake.All), "All": strconv.Itoa(l.Stake.All),
	}
	id, tone := "mail.verify", "ok"
	switch s := l.Stake; {
	case s.Held > 0:
		id, tone = "mail.answer_held", "bad"
	case !s.Due.IsZero():
		id, tone, params["Due"] = "mail.answer", "warn", m.moment(s.Due)
	case s.All > 0:
		id = "mail.answer_only"
	case s.Holder:
		id = "mail.answer_holder"
	}
	return m.write(of, id, tone, "mail.button.confirm", params)
}

// consent is the mail that asks the party of a change of holder, in both languages.
func (m *Mailer) consent(of Mail, l ConsentLetter) letter {
	id := "mail.consent"
	if l.AddressOnly {
		id = "mail.consent_address"
	}
	return m.write(of, id, "warn", "mail.button.consent", map[string]string{
		"Address": l.Address, "Link": m.PublicURL + "/holder-change/" + l.Token, "Role": l.Role, "Holder": l.Holder, "Until": m.moment(l.Due),
		"Domains": listed(l.Domains, l.All), "All": strconv.Itoa(l.All),
	})
}

// holderChanged is the mail that tells a party that a change of holder has been carried out,
// in both languages.
func (m *Mailer) holderChanged(of Mail) letter {
	data := of.Content.News[0].Data
	all, _ := strconv.Atoi(data["All"])
	return m.write(of, changeID(data), "ok", "mail.news.button", map[string]string{
		"Role": data["Role"], "Holder": data["Holder"], "Domains": listed(strings.Fields(data["Domains"]), all), "All": data["All"], "Link": m.PublicURL,
	})
}

// changeID is the mail about a change that was carried out: of the holder, or of the address
// of one who stays.
func changeID(data map[string]string) string {
	if data["Operation"] == "update_details" {
		return "mail.address_changed"
	}
	return "mail.holder_changed"
}

// write makes a mail of the texts "<id>.subject" and "<id>.body", in its language or both.
func (m *Mailer) write(of Mail, id, tone, button string, params map[string]string) letter {
	l := letter{tag: of.PublicID, to: of.Address}
	var subjects []string
	for _, lang := range langsOf(of) {
		subjects = append(subjects, m.Texts.Text(lang, id+".subject", params))
		l.parts = append(l.parts, part{lang: lang, text: m.Texts.Text(lang, id+".body", params), button: m.Texts.Text(lang, button, nil), tone: tone})
	}
	l.subject = strings.Join(subjects, " / ")
	return l
}

func langsOf(m Mail) []locale.Lang {
	if m.Lang != "" {
		return []locale.Lang{m.Lang}
	}
	return locale.Langs
}

// moment writes a time for people.
func (m *Mailer) moment(t time.Time) string {
	return t.In(m.Zone).Format("2006-01-02 15:04 (UTC-07:00)")
}

// tagOf is what of a mail's public id stands in its return path and Message-ID.
func tagOf(publicID string) string { return strings.TrimPrefix(publicID, "mail_") }

// send hands a mail to the SMTP server. It comes back, if it does, to an address that
// names it.
func (m *Mailer) send(ctx context.Context, l letter) error {
	msg := mail.NewMsg()
	if err := msg.From(m.From); err != nil {
		return fmt.Errorf("notify: from %s: %w", m.From, err)
	}
	if err := msg.To(l.to); err != nil {
		return fmt.Errorf("notify: to %s: %w", l.to, err)
	}
	back := m.From
	if local, host, ok := strings.Cut(m.Bounces, "@"); ok {
		back = local + "+" + tagOf(l.tag) + "@" + host
	}
	if err := msg.EnvelopeFrom(back); err != nil {
		return fmt.Errorf("notify: bounces to %s: %w", back, err)
	}
	page, err := l.html()
	if err != nil {
		return fmt.Errorf("notify: %s: %w", l.tag, err)
	}
	msg.Subject(l.subject)
	msg.SetMessageIDWithValue(tagOf(l.tag) + "@" + hostOf(m.From))
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: holiday notes answer no such mail
	msg.SetBodyString(mail.TypeTextPlain, l.plain())
	msg.AddAlternativeString(mail.TypeTextHTML, page)
	client, err := m.client()
	if err != nil {
		return err
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil && !msg.IsDelivered() {
		return fmt.Errorf("notify: mail to %s: %w", l.to, err)
	}
	return nil
}

// hostOf is the host of an address, which may have a name in front.
func hostOf(address string) string {
	a, err := netmail.ParseAddress(address)
	if err != nil {
		return "localhost"
	}
	return a.Address[strings.LastIndexByte(a.Address, '@')+1:]
}

// ambiguous reports whether a mail server had the whole mail and nobody heard what it said.
func ambiguous(err error) bool {
	var lost *mail.SendError
	return errors.As(err, &lost) && lost.Reason == mail.ErrSMTPDataClose && lost.ErrorCode() == 0
}

// permanent reports whether a mail server has refused a mail for good.
func permanent(err error) bool {
	var refused *mail.SendError
	return errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500
}

func (m *Mailer) client() (*mail.Client, error) {
	host, p, err := net.SplitHostPort(m.Addr)
	if err != nil {
		return nil, fmt.Errorf("notify: SMTP address %q: %w", m.Addr, err)
	}
	port, err := strconv.Atoi(p)
	if err != nil {
		return nil, fmt.Errorf("notify: SMTP address %q: %w", m.Addr, err)
	}
	opts := []mail.Option{mail.WithPort(port), mail.WithTimeout(15 * time.Second), mail.WithTLSPolicy(mail.TLSOpportunistic)}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	}
	if m.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	return mail.NewClient(host, opts...)
}

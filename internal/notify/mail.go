package notify

import (
	"context"
	"fmt"
	"html/template"
	"net"
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
	// From is the sender's address.
	From string
	// PublicURL is where links point.
	PublicURL string
	Texts     *locale.Texts
	// Zone is the time zone in which dates are written.
	Zone *time.Location
}

var _ emailcheck.Courier = (*Mailer)(nil)

// VerificationLink mails the link that verifies an address, in both languages. What
// depends on the answer decides what the mail says.
func (m *Mailer) VerificationLink(ctx context.Context, l emailcheck.Letter) error {
	params := map[string]string{
		"Address": l.Address, "Link": m.PublicURL + "/email/confirm/" + l.Token,
		"Until": m.moment(l.Expires), "Domains": strings.Join(l.Stake.Domains, "\n"), "All": strconv.Itoa(l.Stake.All),
	}
	id := "mail.verify"
	switch s := l.Stake; {
	case s.Held > 0:
		id = "mail.answer_held"
	case !s.Due.IsZero():
		id, params["Due"] = "mail.answer", m.moment(s.Due)
	case s.All > 0:
		id = "mail.answer_only"
	case s.Holder:
		id = "mail.answer_holder"
	}
	return m.send(ctx, l.Address, id, params)
}

// moment writes a time for people.
func (m *Mailer) moment(t time.Time) string { return t.In(m.Zone).Format("2006-01-02 15:04 MST") }

// send writes the mail called id: "<id>.subject" and "<id>.body".
func (m *Mailer) send(ctx context.Context, to, id string, params map[string]string) error {
	msg := mail.NewMsg()
	if err := msg.From(m.From); err != nil {
		return fmt.Errorf("notify: from %s: %w", m.From, err)
	}
	if err := msg.To(to); err != nil {
		return fmt.Errorf("notify: to %s: %w", to, err)
	}
	subject := m.Texts.Both(id+".subject", params)
	body := m.Texts.Both(id+".body", params)
	msg.Subject(subject.EN + " / " + subject.ZH)
	msg.SetMessageID()
	msg.SetDate()
	msg.SetBodyString(mail.TypeTextPlain, body.EN+"\n\n— — —\n\n"+body.ZH+"\n")
	msg.AddAlternativeString(mail.TypeTextHTML, asHTML(body))
	client, err := m.client()
	if err != nil {
		return err
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("notify: mail to %s: %w", to, err)
	}
	return nil
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

// asHTML renders paragraphs and links; there is nothing else in our mails.
func asHTML(body locale.Pair) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html><body style="font-family:sans-serif;max-width:36em">`)
	for i, text := range []string{body.EN, body.ZH} {
		if i > 0 {
			b.WriteString("<hr>")
		}
		for _, p := range strings.Split(text, "\n\n") {
			b.WriteString("<p>")
			for j, line := range strings.Split(p, "\n") {
				if j > 0 {
					b.WriteString("<br>")
				}
				safe := template.HTMLEscapeString(line)
				if strings.HasPrefix(line, "http://") || strings.HasPrefix(line, "https://") {
					safe = `<a href="` + safe + `">` + safe + `</a>`
				}
				b.WriteString(safe)
			}
			b.WriteString("</p>")
		}
	}
	b.WriteString("</body></html>")
	return b.String()
}

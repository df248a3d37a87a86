package client

import (
	"context"
	"io"
	"net/http"
	"time"
)

// ReturnedMail is what a mail that came back has done. As is hard, soft or complaint, ""
// when it says that all is well; Doubted is how many accounts have the address, and not
// verified any more.
type ReturnedMail struct {
	Address string `json:"address"`
	As      string `json:"as"`
	Doubted int    `json:"doubted"`
}

// MailSettings is what a member is mailed. Lang is "en", "zh" or "" for both.
type MailSettings struct {
	Lang       string      `json:"lang"`
	Topics     []MailTopic `json:"topics"`
	ReturnedAt *time.Time  `json:"returned_at"`
}

// MailTopic is a topic of mails; one that is required cannot be switched off.
type MailTopic struct {
	Topic    string `json:"topic"`
	Text     Words  `json:"text"`
	On       bool   `json:"on"`
	Required bool   `json:"required"`
}

// MailSettingsChange is what to set; nil leaves a part as it is. Resume mails again to
// somebody whose mail came back.
type MailSettingsChange struct {
	Lang   *string   `json:"lang,omitempty"`
	Off    *[]string `json:"off,omitempty"`
	Resume bool      `json:"resume,omitempty"`
}

// Message is an internal message to the account.
type Message struct {
	ID      string            `json:"id"`
	Type    string            `json:"type"`
	Subject string            `json:"subject"`
	Heading Words             `json:"heading"`
	Text    Words             `json:"text"`
	Data    map[string]string `json:"data"`
	At      time.Time         `json:"at"`
}

// EmailAddress is where the verification of an address stands.
type EmailAddress struct {
	ID      string `json:"id"`
	Address string `json:"address"`
	State   string `json:"state"`
}

// RequestEmailVerification has a link mailed to an address.
func (c *Client) RequestEmailVerification(ctx context.Context, address string) (EmailAddress, error) {
	return post[EmailAddress](ctx, c, "/email-verifications", map[string]string{"email": address})
}

// ReportBounce reports that mail to an address came back, for good or not, with the
// enhanced status code (5.1.1) and the words of the other mail server where they are
// known. It returns how many accounts have an address that is not verified any more.
func (c *Client) ReportBounce(ctx context.Context, address string, hard bool, status, words string) (int, error) {
	out, err := post[struct {
		Doubted int `json:"doubted"`
	}](ctx, c, "/email-bounces", map[string]any{"address": address, "hard": hard, "status": status, "words": words})
	return out.Doubted, err
}

// TakeReturnedMail passes on a mail that came back, as it arrived: a delivery status or a
// complaint. It is for keys with the role mail_server, and for operators.
func (c *Client) TakeReturnedMail(ctx context.Context, mail io.Reader) (out ReturnedMail, err error) {
	return out, c.send(ctx, http.MethodPost, "/email-bounces/mail", "message/rfc822", mail, &out)
}

// EmailVerification reads where an address stands.
func (c *Client) EmailVerification(ctx context.Context, id string) (EmailAddress, error) {
	return get[EmailAddress](ctx, c, "/email-verifications/"+escape(id))
}

// MailSettings reads what the member who has signed in is mailed.
func (c *Client) MailSettings(ctx context.Context) (MailSettings, error) {
	return get[MailSettings](ctx, c, "/mail-settings")
}

// ChangeMailSettings sets what the member who has signed in is mailed.
func (c *Client) ChangeMailSettings(ctx context.Context, change MailSettingsChange) (out MailSettings, err error) {
	return out, c.call(ctx, http.MethodPatch, "/mail-settings", change, &out)
}

// Messages reads the internal messages of the account, the newest first.
func (c *Client) Messages(ctx context.Context) ([]Message, error) {
	p, err := get[page[Message]](ctx, c, "/messages")
	return p.Items, err
}

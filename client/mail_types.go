package client

import "time"

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

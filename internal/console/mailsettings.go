package console

import (
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
)

// mailSettingsPath is the page of what a member of an account is mailed.
const mailSettingsPath = "/account/mail"

// mailSettingsPages are about what a member of an account is mailed.
func (c *Console) mailSettingsPages() []page {
	return []page{
		{pattern: "GET " + mailSettingsPath, show: c.mailSettings},
		{pattern: "POST " + mailSettingsPath, show: c.changeMailSettings},
		{pattern: "POST " + mailSettingsPath + "/resumption", show: c.resumeMail},
	}
}

// mailSettingsView is what the page of mail settings shows.
type mailSettingsView struct {
	person  account.Person
	setting notify.Setting
}

// topicField is the field that says whether a topic is mailed.
func topicField(t notify.Topic) string { return "topic." + string(t) }

func (c *Console) mailSettings(v *visit) (err error) {
	var s mailSettingsView
	if s.setting, err = c.Post.Settings(v.ctx(), v.actor); err != nil {
		return err
	}
	if s.person, err = c.Accounts.Person(v.ctx(), v.actor); err != nil {
		return err
	}
	return v.show(mailSettingsPage(s))
}

func (c *Console) changeMailSettings(v *visit) error {
	lang, off := locale.Lang(v.value("lang")), []notify.Topic{}
	for _, t := range notify.Topics {
		if !t.Required() && v.value(topicField(t)) == "" {
			off = append(off, t)
		}
	}
	if _, err := c.Post.ChangeSettings(v.ctx(), v.actor, notify.SettingChange{Lang: &lang, Off: &off}); err != nil {
		return err
	}
	return v.done(mailSettingsPath, "done.mail_settings")
}

func (c *Console) resumeMail(v *visit) error {
	if _, err := c.Post.ChangeSettings(v.ctx(), v.actor, notify.SettingChange{Resume: true}); err != nil {
		return err
	}
	return v.done(mailSettingsPath, "done.mail_settings")
}

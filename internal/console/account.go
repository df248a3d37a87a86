package console

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/console/ui"
)

// accountPages are those of the account itself.
func (c *Console) accountPages() []page {
	return []page{
		{pattern: "GET /account", show: c.account},
		{pattern: "GET /account/keys", show: func(v *visit) error { return c.showKeys(v, "", nil) }},
		{pattern: "POST /account/keys", show: c.makeKey},
		{pattern: "POST /account/keys/{id}/revoke", show: c.revokeKey},
	}
}

// accountView is what the page of the account shows.
type accountView struct {
	account.Account
	members []account.Member
}

func (c *Console) account(v *visit) error {
	own, err := c.Accounts.Own(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	members, err := c.Accounts.Members(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	return v.show(accountPage(accountView{own, members}))
}

// keyList is what the page of API keys shows.
type keyList struct {
	rows []account.Key
	// secret is that of a key which was just made.
	secret, typed string
	wrong         []ui.Wrong
}

func (c *Console) showKeys(v *visit, typed string, refused error) error {
	l := keyList{typed: typed, secret: v.takeSecret()}
	status, err := v.correctable(&l.wrong, refused)
	if err != nil {
		return err
	}
	if l.rows, err = c.Accounts.Keys(v.ctx(), v.actor); err != nil {
		return err
	}
	return v.render(status, keysPage(l))
}

func (c *Console) makeKey(v *visit) error {
	err := v.once("", func(ctx context.Context) (string, error) {
		secret, err := c.Accounts.MakeKey(ctx, v.actor, v.value("name"))
		if err == nil {
			v.handOver(secret)
		}
		return "/account/keys", err
	})
	if err != nil {
		return c.showKeys(v, v.value("name"), err)
	}
	return nil
}

func (c *Console) revokeKey(v *visit) error {
	if err := c.Accounts.RevokeKey(v.ctx(), v.actor, v.r.PathValue("id")); err != nil {
		return err
	}
	return v.done("/account/keys", "done.key_revoked")
}

// secretCookie carries a secret that was just made to the page that shows it, once.
const secretCookie = "verinym_secret"

// handOver gives a secret to the next page of the browser that asked for it. It is kept
// nowhere here, and in the browser until it was shown, for a minute at most.
func (v *visit) handOver(secret string) { v.setCookie(secretCookie, secret, time.Minute) }

// takeSecret is the secret that was handed over, "" for none.
func (v *visit) takeSecret() string {
	secret := cookie(v.r, secretCookie)
	if secret != "" {
		v.setCookie(secretCookie, "", 0)
	}
	return secret
}

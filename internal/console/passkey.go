package console

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/fault"
)

// passkeyPages make, use and remove passkeys.
func (c *Console) passkeyPages() []page {
	return []page{
		{pattern: "POST /sign-in/passkey/question", show: c.askPasskey, open: true},
		{pattern: "POST /sign-in/passkey", show: c.signInByPasskey, open: true},
		{pattern: "POST /account/proof/passkey", show: c.proveByPasskey},
		{pattern: "POST /account/passkeys/question", show: c.beginPasskey},
		{pattern: "POST /account/passkeys", show: c.makePasskey},
		{pattern: "POST /account/passkeys/{id}/remove", show: c.removePasskey},
	}
}

// questionCookie is by what the answer of a browser finds the question that it was asked.
const questionCookie = "verinym_passkey"

// question answers the script of passkeys.
func (v *visit) question(q any, token string, err error) error {
	if err != nil {
		v.w.WriteHeader(statusOf[fault.From(err).Kind])
		return nil
	}
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	v.setCookie(questionCookie, token, 5*time.Minute)
	v.w.Header().Set("Content-Type", "application/json")
	_, err = v.w.Write(body)
	return err
}

// takeQuestion is the token of the question that this browser was asked.
func (v *visit) takeQuestion() string {
	token := cookie(v.r, questionCookie)
	v.setCookie(questionCookie, "", 0)
	return token
}

func (c *Console) askPasskey(v *visit) error {
	q, token, err := c.Accounts.AskPasskey(v.ctx())
	return v.question(q, token, err)
}

func (c *Console) signInByPasskey(v *visit) error {
	in := c.signInTo(local(v.value("to")))
	in.Kept = keptOf(v.r.PostForm)
	s, err := c.Accounts.SignInByPasskey(v.ctx(), v.takeQuestion(), v.value("answer"), v.origin())
	if err != nil {
		if in.Wrong = v.wrongs(err); in.Wrong == nil {
			return err
		}
		return v.render(statusOf[fault.From(err).Kind], signInPage(in))
	}
	return c.goOn(v, in, s)
}

func (c *Console) proveByPasskey(v *visit) error {
	in := proof{To: cmp.Or(local(v.value("to")), securityPath), Kept: keptOf(v.r.PostForm), Passkey: true}
	if err := c.Accounts.ProveByPasskey(v.ctx(), v.actor, v.takeQuestion(), v.value("answer")); err != nil {
		return v.proofRefused(in, err)
	}
	return v.show(goOnPage("proved", in.To, in.Kept))
}

func (c *Console) beginPasskey(v *visit) error {
	q, token, err := c.Accounts.BeginPasskey(v.ctx(), v.actor)
	return v.question(q, token, err)
}

func (c *Console) makePasskey(v *visit) error {
	err := c.Accounts.MakePasskey(v.ctx(), v.actor, v.takeQuestion(), v.value("answer"), v.value("name"))
	switch {
	case fault.Code(err) == "proof_required":
		return v.askForProof()
	case err != nil:
		return c.security(v, err)
	}
	return v.done(securityPath, "done.passkey_made")
}

func (c *Console) removePasskey(v *visit) error {
	err := c.Accounts.RemovePasskey(v.ctx(), v.actor, v.r.PathValue("id"))
	switch {
	case fault.Code(err) == "proof_required":
		return v.askForProof()
	case err != nil:
		return err
	}
	return v.done(securityPath, "done.passkey_removed")
}

// signInTo is a sign-in page that leads to one of ours.
func (c *Console) signInTo(to string) signIn {
	return signIn{To: to, Outside: c.Accounts.OutsideName(), Passkey: c.Accounts.HasPasskeys()}
}

// goOn leads whoever has signed in to where they wanted to go.
func (c *Console) goOn(v *visit, in signIn, s account.SignedIn) error {
	v.setCookie(sessionCookie, s.Token, s.ExpiresAt.Sub(v.Now))
	if len(in.Kept) > 0 && in.To != "" {
		return v.show(goOnPage("go_on", in.To, in.Kept))
	}
	return v.redirect(cmp.Or(in.To, "/"))
}

// proofRefused asks once more who somebody is.
func (v *visit) proofRefused(in proof, err error) error {
	status, err := v.correctable(&in.Wrong, err)
	if err != nil {
		return err
	}
	return v.render(status, proofPage(in))
}

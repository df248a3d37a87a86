package client

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
)

// SignIn opens a session.
func (c *Client) SignIn(ctx context.Context, email, password string) (Session, error) {
	return post[Session](ctx, c, "/session", map[string]string{"email": email, "password": password})
}

// AssertIdentity says that an account's own identity is, or is not, verified.
func (c *Client) AssertIdentity(ctx context.Context, account string, verified bool, source string) (out Account, err error) {
	return c.Assert(ctx, account, Assertion{Verified: verified, Source: source})
}

// Assertion says that a customer is, or is not, who they say: who vouches for it, and on
// what that rests.
type Assertion struct {
	Verified bool   `json:"verified"`
	Source   string `json:"source"`
	Evidence string `json:"evidence,omitempty"`
}

// Assert is AssertIdentity with evidence.
func (c *Client) Assert(ctx context.Context, account string, a Assertion) (out Account, err error) {
	return out, c.call(ctx, http.MethodPut, "/accounts/"+escape(account)+"/identity", a, &out)
}

// VerifyAccount asks the desk to verify the account on the strength of a verified profile.
func (c *Client) VerifyAccount(ctx context.Context, profile string) (Account, error) {
	return post[Account](ctx, c, "/account/identity", map[string]string{"profile": profile})
}

// Account reads the own account.
func (c *Client) Account(ctx context.Context) (Account, error) {
	return get[Account](ctx, c, "/account")
}

// CreateProfile makes a registrant profile.
func (c *Client) CreateProfile(ctx context.Context, p NewProfile) (Profile, error) {
	return post[Profile](ctx, c, "/profiles", p.body())
}

// body is a profile as the API takes it.
func (p NewProfile) body() map[string]any {
	in := map[string]any{"accreditation": p.Accreditation, "kind": p.Kind, "holder_type": p.HolderType}
	maps.Copy(in, p.Fields)
	return in
}

// CreateProfiles makes up to a hundred profiles at once; rows that are there already make
// none.
func (c *Client) CreateProfiles(ctx context.Context, rows []NewProfile) (Batch, error) {
	return post[Batch](ctx, c, "/profiles/batch", map[string]any{"profiles": bodies(rows)})
}

// TryProfiles says what CreateProfiles would do, after the profiles that it would have made
// of rows before these.
func (c *Client) TryProfiles(ctx context.Context, rows []NewProfile, before int) (Batch, error) {
	return post[Batch](ctx, c, "/profiles/batch", map[string]any{"dry_run": true, "before": before, "profiles": bodies(rows)})
}

func bodies(rows []NewProfile) []map[string]any {
	out := make([]map[string]any, len(rows))
	for i, r := range rows {
		out[i] = r.body()
	}
	return out
}

// ProfilesAfter reads a page of a hundred profiles behind the mark of the page before, and
// the mark of the next one, "" on the last.
func (c *Client) ProfilesAfter(ctx context.Context, after string) ([]Profile, string, error) {
	return c.ListProfiles(ctx, ProfileFilter{}, after)
}

// ProfileFilter narrows a list of profiles; its zero value does not.
type ProfileFilter struct {
	// State is unverified, in_review, verified or failed, "" for any; Query as in
	// SearchProfiles.
	State, Query string
}

// ListProfiles lists a page of a hundred profiles, and says with which after to go on, "" on
// the last page.
func (c *Client) ListProfiles(ctx context.Context, f ProfileFilter, after string) ([]Profile, string, error) {
	q := url.Values{"limit": {"100"}}
	for name, v := range map[string]string{"state": f.State, "q": f.Query, "after": after} {
		if v != "" {
			q.Set(name, v)
		}
	}
	p, err := get[page[Profile]](ctx, c, "/profiles?"+q.Encode())
	return p.Items, p.Next, err
}

// Profile reads a profile.
func (c *Client) Profile(ctx context.Context, id string) (Profile, error) {
	return get[Profile](ctx, c, "/profiles/"+escape(id))
}

// Profiles lists the first hundred profiles.
func (c *Client) Profiles(ctx context.Context) ([]Profile, error) {
	p, err := get[page[Profile]](ctx, c, "/profiles?limit=100")
	return p.Items, err
}

// SearchProfiles finds profiles by the beginning of a name's word, of an address, or by
// a whole document number; the first hundred.
func (c *Client) SearchProfiles(ctx context.Context, query string) ([]Profile, error) {
	found, _, err := c.ListProfiles(ctx, ProfileFilter{Query: query}, "")
	return found, err
}

// RevealNumber reads a profile's document number in clear, for somebody who has signed in,
// or proved who they are, lately. The reveal is recorded.
func (c *Client) RevealNumber(ctx context.Context, id string) (string, error) {
	out, err := post[struct{ Number string }](ctx, c, "/profiles/"+escape(id)+"/document-number", nil)
	return out.Number, err
}

// CopyProfile makes a new profile from one, for another accreditation and kind; "" keeps
// those of the original.
func (c *Client) CopyProfile(ctx context.Context, id, accreditation, kind string) (Profile, error) {
	in := map[string]string{}
	for name, v := range map[string]string{"accreditation": accreditation, "kind": kind} {
		if v != "" {
			in[name] = v
		}
	}
	return post[Profile](ctx, c, "/profiles/"+escape(id)+"/copy", in)
}

// DeleteProfile deletes a profile; domains keep what they were verified with.
func (c *Client) DeleteProfile(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodDelete, "/profiles/"+escape(id), nil, nil)
}

// EditProfile changes fields of a profile.
func (c *Client) EditProfile(ctx context.Context, id string, f Fields) (out Profile, err error) {
	return out, c.call(ctx, http.MethodPatch, "/profiles/"+escape(id), f, &out)
}

// PreviewEdit says which domains an edit of a profile would touch, and how each would get
// what it says. It changes nothing.
func (c *Client) PreviewEdit(ctx context.Context, id string, f Fields) (Touched, error) {
	return post[Touched](ctx, c, "/profiles/"+escape(id)+"/edit-preview", f)
}

// Preflight says what a review would refuse of a profile that is to hold names under
// the suffixes. It changes nothing.
func (c *Client) Preflight(ctx context.Context, id string, suffixes ...string) (Preflight, error) {
	return post[Preflight](ctx, c, "/profiles/"+escape(id)+"/preflight", map[string]any{"suffixes": suffixes})
}

// UploadDocument uploads a picture of the profile's identity document.
func (c *Client) UploadDocument(ctx context.Context, profile string, p Picture) (Document, error) {
	var out struct {
		Document Document `json:"document"`
	}
	path := "/profiles/" + escape(profile) + "/documents"
	if p.NewVersion {
		path += "?new_version=true"
	}
	err := c.upload(ctx, path, p, &out)
	return out.Document, err
}

// Prefill asks what the pictures of a profile's document say. It changes nothing.
func (c *Client) Prefill(ctx context.Context, id string) (Offer, error) {
	return post[Offer](ctx, c, "/profiles/"+escape(id)+"/prefill", nil)
}

// SubmitProfile submits a profile for review; authority "" takes the usual one.
func (c *Client) SubmitProfile(ctx context.Context, id, authority string) (Profile, error) {
	in := map[string]string{}
	if authority != "" {
		in["authority"] = authority
	}
	return post[Profile](ctx, c, "/profiles/"+escape(id)+"/submission", in)
}

// WithdrawProfile takes the submission of a profile back.
func (c *Client) WithdrawProfile(ctx context.Context, id string) (out Profile, err error) {
	return out, c.call(ctx, http.MethodDelete, "/profiles/"+escape(id)+"/submission", nil, &out)
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

// VerifyAudit walks the audit chain.
func (c *Client) VerifyAudit(ctx context.Context) (AuditReport, error) {
	return get[AuditReport](ctx, c, "/audit/verification")
}

// RegistryMessage reads the message that a finding is about, as the registry sent it.
func (c *Client) RegistryMessage(ctx context.Context, finding string) (RegistryMessage, error) {
	return get[RegistryMessage](ctx, c, "/registries/findings/"+escape(finding)+"/message")
}

// RegistryFindings lists what is wrong with registries, the newest first.
func (c *Client) RegistryFindings(ctx context.Context) ([]RegistryFinding, error) {
	p, err := get[page[RegistryFinding]](ctx, c, "/registries/findings")
	return p.Items, err
}

// CloseRegistryFinding says that somebody has seen to a finding.
func (c *Client) CloseRegistryFinding(ctx context.Context, id string) (RegistryFinding, error) {
	return post[RegistryFinding](ctx, c, "/registries/findings/"+escape(id)+"/closing", nil)
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

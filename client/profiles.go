package client

import (
	"context"
	"maps"
	"net/http"
	"net/url"
)

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

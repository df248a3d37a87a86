package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Qualification is what a name asks of its holder beside an identity: proof of a mark, of
// being a government body, of feeding people.
type Qualification struct {
	ID     string `json:"id"`
	Domain string `json:"domain"`
	Holder string `json:"holder"`
	// State is asked, in_review, passed, failed or cancelled.
	State string `json:"state"`
	// Pattern is how the name is made of a mark, one of Patterns.
	Pattern  string `json:"pattern"`
	Patterns []struct {
		ID   string `json:"id"`
		Name Words  `json:"name"`
	} `json:"patterns"`
	DueAt  *time.Time    `json:"due_at"`
	Wanted []WantedPaper `json:"wanted"`
	// Missing is what has to be there before submission and is not.
	Missing   []Entry    `json:"missing"`
	Documents []Document `json:"documents"`
	Review    *Review    `json:"review"`
}

// WantedPaper is a document that a name asks for. One complete set is enough; what has Set
// 0 is wanted in any case, unless When says in which.
type WantedPaper struct {
	Kind  string `json:"kind"`
	Side  string `json:"side"`
	Name  Words  `json:"name"`
	Set   int    `json:"set"`
	Role  string `json:"role"`
	When  *Words `json:"when"`
	There bool   `json:"there"`
	Shown bool   `json:"shown"`
}

// QualificationOf returns what a name asks for, nil for nothing.
func (c *Client) QualificationOf(ctx context.Context, name string) (*Qualification, error) {
	p, err := get[page[Qualification]](ctx, c, "/qualifications?domain="+url.QueryEscape(name))
	if err != nil || len(p.Items) == 0 {
		return nil, err
	}
	return &p.Items[0], nil
}

// Qualification reads one.
func (c *Client) Qualification(ctx context.Context, id string) (Qualification, error) {
	return get[Qualification](ctx, c, "/qualifications/"+escape(id))
}

// ChoosePattern says by which pattern the name is made of a mark.
func (c *Client) ChoosePattern(ctx context.Context, id, pattern string) (out Qualification, err error) {
	return out, c.call(ctx, http.MethodPatch, "/qualifications/"+escape(id), map[string]string{"pattern": pattern}, &out)
}

// UploadPage uploads a page for one. Its Kind is that of what is wanted.
func (c *Client) UploadPage(ctx context.Context, id string, p Picture) (Document, error) {
	var out struct {
		Document Document `json:"document"`
	}
	err := c.upload(ctx, "/qualifications/"+escape(id)+"/documents", p, &out)
	return out.Document, err
}

// RemovePage takes a page away again.
func (c *Client) RemovePage(ctx context.Context, id, document string) (out Qualification, err error) {
	return out, c.call(ctx, http.MethodDelete, "/qualifications/"+escape(id)+"/documents/"+escape(document), nil, &out)
}

// SubmitQualification puts what was uploaded before the desk.
func (c *Client) SubmitQualification(ctx context.Context, id string) (Qualification, error) {
	return post[Qualification](ctx, c, "/qualifications/"+escape(id)+"/submission", nil)
}

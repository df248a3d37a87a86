package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Reviews lists the desk's queue.
func (c *Client) Reviews(ctx context.Context) ([]Case, error) {
	p, err := get[page[Case]](ctx, c, "/reviews")
	return p.Items, err
}

// ReviewFilter says which cases of the queue are wanted; the zero value wants all, the
// most urgent first.
type ReviewFilter struct {
	// Kind is "profile_version", "domain_name", "qualification", …; Order "urgency", "age" or "expected".
	Kind, Suffix, Priority, Order string
	// Second wants those that one reviewer has approved and another is to look at.
	Overdue, Escalated, Mine, Free, Second bool
	// After is the next of the page before.
	After string
	Limit int
}

func (f ReviewFilter) query() string {
	q := url.Values{}
	for name, v := range map[string]string{"kind": f.Kind, "suffix": f.Suffix, "priority": f.Priority, "order": f.Order, "after": f.After} {
		if v != "" {
			q.Set(name, v)
		}
	}
	for name, v := range map[string]bool{"overdue": f.Overdue, "escalated": f.Escalated, "mine": f.Mine, "free": f.Free, "second": f.Second} {
		if v {
			q.Set(name, "true")
		}
	}
	if f.Limit > 0 {
		q.Set("limit", strconv.Itoa(f.Limit))
	}
	return "?" + q.Encode()
}

// ReviewQueue lists a page of the desk's queue; next is "" on the last one.
func (c *Client) ReviewQueue(ctx context.Context, f ReviewFilter) (cases []Case, next string, err error) {
	p, err := get[page[Case]](ctx, c, "/reviews"+f.query())
	return p.Items, p.Next, err
}

// ClaimNextReview claims the first case of the queue that the caller may have.
func (c *Client) ClaimNextReview(ctx context.Context, f ReviewFilter) (Case, error) {
	return post[Case](ctx, c, "/reviews/claim"+f.query(), nil)
}

// ReleaseReview puts a claimed case back.
func (c *Client) ReleaseReview(ctx context.Context, id string) (out Case, err error) {
	return out, c.call(ctx, http.MethodDelete, "/reviews/"+escape(id)+"/claim", nil, &out)
}

// OpenDocument looks at a picture of a case that the caller has claimed; the look is
// recorded. It returns a JPEG.
func (c *Client) OpenDocument(ctx context.Context, id string) ([]byte, error) {
	var picture raw
	err := c.call(ctx, http.MethodGet, "/documents/"+escape(id)+"/picture", nil, &picture)
	return picture, err
}

// AskMore returns a claimed case and asks for another side, or other documents on lines of
// their own.
func (c *Client) AskMore(ctx context.Context, id, side, document, note string) (Case, error) {
	return post[Case](ctx, c, "/reviews/"+escape(id)+"/request", map[string]string{"side": side, "document": document, "note": note})
}

// EscalateReview puts a claimed case before a lead.
func (c *Client) EscalateReview(ctx context.Context, id, cause string) (Case, error) {
	return post[Case](ctx, c, "/reviews/"+escape(id)+"/escalation", map[string]string{"cause": cause})
}

// ReverseReview takes a verdict of the desk back: a pass for the reasons, a failure
// without any.
func (c *Client) ReverseReview(ctx context.Context, id, cause string, reasons ...GivenReason) (Case, error) {
	in := map[string]any{"cause": cause}
	if len(reasons) > 0 {
		in["reasons"] = reasons
	}
	return post[Case](ctx, c, "/reviews/"+escape(id)+"/reversal", in)
}

// ReturnReviews returns cases to their registrants for the same reasons.
func (c *Client) ReturnReviews(ctx context.Context, ids []string, reasons ...GivenReason) ([]CaseOutcome, error) {
	p, err := post[page[CaseOutcome]](ctx, c, "/reviews/return", map[string]any{"cases": ids, "reasons": reasons})
	return p.Items, err
}

// AssignReviews gives cases to one reviewer, "" to all.
func (c *Client) AssignReviews(ctx context.Context, ids []string, reviewer string) ([]CaseOutcome, error) {
	p, err := post[page[CaseOutcome]](ctx, c, "/reviews/assignment", map[string]any{"cases": ids, "reviewer": reviewer})
	return p.Items, err
}

// PrioritiseReview says how urgent a case is, from 0 to 9.
func (c *Client) PrioritiseReview(ctx context.Context, id string, priority int) (out Case, err error) {
	return out, c.call(ctx, http.MethodPut, "/reviews/"+escape(id)+"/priority", map[string]int{"priority": priority}, &out)
}

// ReviewStatistics counts what was decided in [from, to); zero times mean the last
// thirty days.
func (c *Client) ReviewStatistics(ctx context.Context, from, to time.Time) (ReviewStatistics, error) {
	q := url.Values{}
	for name, t := range map[string]time.Time{"from": from, "to": to} {
		if !t.IsZero() {
			q.Set(name, t.UTC().Format(time.RFC3339Nano))
		}
	}
	return get[ReviewStatistics](ctx, c, "/reviews/statistics?"+q.Encode())
}

// Reasons lists the canonical reasons: all, those for which a registrar ("aliyun",
// "huawei", "tencent") has published words, or those that its words stand for.
func (c *Client) Reasons(ctx context.Context, registrar, words string) ([]CatalogueReason, error) {
	q := url.Values{}
	for name, v := range map[string]string{"registrar": registrar, "words": words} {
		if v != "" {
			q.Set(name, v)
		}
	}
	p, err := get[page[CatalogueReason]](ctx, c, "/reasons?"+q.Encode())
	return p.Items, err
}

// StartAbsence says that the caller is away; what they hold goes back into the queue.
func (c *Client) StartAbsence(ctx context.Context) error {
	return c.call(ctx, http.MethodPut, "/reviews/absence", nil, nil)
}

// EndAbsence says that the caller is back.
func (c *Client) EndAbsence(ctx context.Context) error {
	return c.call(ctx, http.MethodDelete, "/reviews/absence", nil, nil)
}

// Review reads a case with what was submitted.
func (c *Client) Review(ctx context.Context, id string) (Case, error) {
	return get[Case](ctx, c, "/reviews/"+escape(id))
}

// ClaimReview claims a case.
func (c *Client) ClaimReview(ctx context.Context, id string) (Case, error) {
	return post[Case](ctx, c, "/reviews/"+escape(id)+"/claim", nil)
}

// DecideReview decides a claimed case: it passes, or fails for the reasons.
func (c *Client) DecideReview(ctx context.Context, id string, pass bool, reasons ...GivenReason) (Case, error) {
	in := map[string]any{"verdict": "fail", "reasons": reasons}
	if pass {
		in = map[string]any{"verdict": "pass"}
	}
	return post[Case](ctx, c, "/reviews/"+escape(id)+"/decision", in)
}

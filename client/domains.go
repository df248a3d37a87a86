package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Choices lists a page of the profiles that query finds ("" all of them): which fit a name,
// and why others do not, the default ones first, behind the one with the id after, and the
// id to go on with, "" on the last page.
func (c *Client) Choices(ctx context.Context, domain, query, after string) ([]Choice, string, error) {
	p, err := get[page[Choice]](ctx, c, "/orders/choices?"+url.Values{"domain": {domain}, "q": {query}, "after": {after}}.Encode())
	return p.Items, p.Next, err
}

// PlaceOrder orders a new domain with name servers; without any it has those of the
// registry account. The same order placed again is answered with the open one.
func (c *Client) PlaceOrder(ctx context.Context, domain, profile string, years int, nameServers ...string) (Order, error) {
	body := map[string]any{"domain": domain, "profile": profile, "years": years}
	if len(nameServers) > 0 {
		body["name_servers"] = nameServers
	}
	return post[Order](ctx, c, "/orders", body)
}

// Order reads an order.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	return get[Order](ctx, c, "/orders/"+escape(id))
}

// Orders lists a page of the account's orders in a state, or, for "", in any, the newest
// first, behind the one with the id after, and the id to go on with, "" on the last page.
func (c *Client) Orders(ctx context.Context, state, after string) ([]Order, string, error) {
	return inState[Order](ctx, c, "/orders", state, after)
}

// CancelOrder takes an order back that is not paid.
func (c *Client) CancelOrder(ctx context.Context, id string) (out Order, err error) {
	return out, c.call(ctx, http.MethodDelete, "/orders/"+escape(id), nil, &out)
}

// ConfirmPayment says that an order is paid.
func (c *Client) ConfirmPayment(ctx context.Context, id string) (Order, error) {
	return post[Order](ctx, c, "/orders/"+escape(id)+"/payment", nil)
}

// ImportDomains takes domains that the registry has already into an account.
func (c *Client) ImportDomains(ctx context.Context, account, accreditation string, domains ...string) ([]Imported, error) {
	p, err := post[page[Imported]](ctx, c, "/imports", map[string]any{"account": account, "accreditation": accreditation, "domains": domains})
	return p.Items, err
}

// TryImport says what the registry has of domains that are to be imported, or why they would
// be refused; at most 100 at once. Nothing is changed.
func (c *Client) TryImport(ctx context.Context, account, accreditation string, domains ...string) ([]Imported, error) {
	p, err := post[page[Imported]](ctx, c, "/imports", map[string]any{"account": account, "accreditation": accreditation, "domains": domains, "dry_run": true})
	return p.Items, err
}

// Import reads what became of the last import of a name.
func (c *Client) Import(ctx context.Context, name string) (Import, error) {
	return get[Import](ctx, c, "/imports/"+escape(name))
}

// SendImportList has the registries asked about up to 10,000 names that are to be imported.
// Nothing is imported before StartImportList.
func (c *Client) SendImportList(ctx context.Context, name string, names []WantedName) (ImportList, error) {
	return post[ImportList](ctx, c, "/import-lists", map[string]any{"name": name, "names": names})
}

// ImportLists lists a page of the lists of names that were sent, the newest first, behind the
// one with the id after, and the id to go on with, "" on the last page.
func (c *Client) ImportLists(ctx context.Context, after string) ([]ImportList, string, error) {
	return inState[ImportList](ctx, c, "/import-lists", "", after)
}

// ImportList reads how far a list of names is.
func (c *Client) ImportList(ctx context.Context, id string) (ImportList, error) {
	return get[ImportList](ctx, c, "/import-lists/"+escape(id))
}

// ImportRows lists a page of the names of a list in a state, "" for any, from the position
// after on, and the position to go on with, "" on the last page.
func (c *Client) ImportRows(ctx context.Context, id, state, after string) ([]ImportRow, string, error) {
	return inState[ImportRow](ctx, c, "/import-lists/"+escape(id)+"/rows", state, after)
}

// CheckImportList has the registries asked again about names that were refused.
func (c *Client) CheckImportList(ctx context.Context, id string) (ImportList, error) {
	return post[ImportList](ctx, c, "/import-lists/"+escape(id)+"/check", nil)
}

// StartImportList imports the names that the registries have under our sponsorship.
func (c *Client) StartImportList(ctx context.Context, id string) (ImportList, error) {
	return post[ImportList](ctx, c, "/import-lists/"+escape(id)+"/import", nil)
}

// CancelImportList leaves the names of a list alone that are not imported yet.
func (c *Client) CancelImportList(ctx context.Context, id string) (ImportList, error) {
	return post[ImportList](ctx, c, "/import-lists/"+escape(id)+"/cancel", nil)
}

// DomainFilter narrows a list of domains; its zero value does not.
type DomainFilter struct {
	// Verification is how the verification stands, "" for any.
	Verification string
	// PapersMissing wants the domains whose suffix asks for papers beside an identity that are
	// not submitted, or were refused.
	PapersMissing bool
	// Query is a part of a name, "" for any.
	Query string
	// Suffix is one such as cn, "" for any.
	Suffix string
	// Held wants the domains on a hold: clientHold or serverHold.
	Held bool
	// ExpiresBefore wants the domains that expire before a time, or have; zero for any.
	ExpiresBefore time.Time
	// Sort is the order: name, hold (those first that the registry holds first) or expiry, ""
	// for the names.
	Sort string
}

func (f DomainFilter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"verification": f.Verification, "q": f.Query, "suffix": f.Suffix, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, wanted := range map[string]bool{"papers_missing": f.PapersMissing, "held": f.Held} {
		if wanted {
			q.Set(name, "true")
		}
	}
	if !f.ExpiresBefore.IsZero() {
		q.Set("expires_before", f.ExpiresBefore.Format(time.RFC3339Nano))
	}
	return q
}

// ListDomains lists a page of domains, and says with which after to go on,
// "" on the last page.
func (c *Client) ListDomains(ctx context.Context, f DomainFilter, after string) ([]Domain, string, error) {
	q := f.query()
	q.Set("limit", "500")
	if after != "" {
		q.Set("after", after)
	}
	p, err := get[page[Domain]](ctx, c, "/domains?"+q.Encode())
	return p.Items, p.Next, err
}

// Domain reads a domain.
func (c *Client) Domain(ctx context.Context, name string) (Domain, error) {
	return get[Domain](ctx, c, "/domains/"+escape(name))
}

// Domains lists up to 500 domains whose verification stands so ("" for all).
func (c *Client) Domains(ctx context.Context, verification string) ([]Domain, error) {
	found, _, err := c.ListDomains(ctx, DomainFilter{Verification: verification}, "")
	return found, err
}

// Statuses lists every status that a domain name may have, explained.
func (c *Client) Statuses(ctx context.Context) ([]Status, error) {
	p, err := get[page[Status]](ctx, c, "/statuses")
	return p.Items, err
}

// Status explains one status.
func (c *Client) Status(ctx context.Context, code string) (Status, error) {
	return get[Status](ctx, c, "/statuses/"+escape(code))
}

// NoteStatus notes, for the owner of a domain to read, what the registry has told us of
// why the domain has a status; "" takes the note away.
func (c *Client) NoteStatus(ctx context.Context, domain, code, words string) (out Domain, err error) {
	return out, c.call(ctx, http.MethodPut, "/domains/"+escape(domain)+"/statuses/"+escape(code)+"/note", map[string]string{"words": words}, &out)
}

// AtRegistry asks the registry what it has of a domain now.
func (c *Client) AtRegistry(ctx context.Context, name string) (RegistryView, error) {
	return get[RegistryView](ctx, c, "/domains/"+escape(name)+"/registry")
}

// Diagnose explains why a domain works or does not.
func (c *Client) Diagnose(ctx context.Context, name string) (Diagnosis, error) {
	return get[Diagnosis](ctx, c, "/domains/"+escape(name)+"/diagnosis")
}

// DomainTimeline reads a page of what has happened to a domain, behind the mark of the
// page before ("" for the first, which also says what is expected next).
func (c *Client) DomainTimeline(ctx context.Context, name, after string) (Timeline, error) {
	return get[Timeline](ctx, c, "/domains/"+escape(name)+"/timeline?after="+url.QueryEscape(after))
}

// ProfileTimeline reads a page of what has happened to a profile, as DomainTimeline does.
func (c *Client) ProfileTimeline(ctx context.Context, id, after string) (Timeline, error) {
	return get[Timeline](ctx, c, "/profiles/"+escape(id)+"/timeline?after="+url.QueryEscape(after))
}

// RegistrationData looks up any domain name.
func (c *Client) RegistrationData(ctx context.Context, name string) (RegistrationData, error) {
	return get[RegistrationData](ctx, c, "/registration-data/"+escape(name))
}

// DomainInspection makes a signed file of everything on record about a domain; for staff.
func (c *Client) DomainInspection(ctx context.Context, name string) ([]byte, error) {
	var pack raw
	err := c.call(ctx, http.MethodGet, "/domains/"+escape(name)+"/inspection-pack", nil, &pack)
	return pack, err
}

// ProfileInspection makes a signed file of everything on record about a profile; for staff.
func (c *Client) ProfileInspection(ctx context.Context, id string) ([]byte, error) {
	var pack raw
	err := c.call(ctx, http.MethodGet, "/profiles/"+escape(id)+"/inspection-pack", nil, &pack)
	return pack, err
}

// Preview says which domains Associate would take, and when their verdicts and holds would
// come; those that it would not have a code. It changes nothing.
func (c *Client) Preview(ctx context.Context, a Association) ([]TaskItem, error) {
	p, err := post[page[TaskItem]](ctx, c, "/associations/preview", a)
	return p.Items, err
}

// Associate starts a task that associates a profile with domains.
func (c *Client) Associate(ctx context.Context, a Association) (Task, error) {
	return post[Task](ctx, c, "/associations", a)
}

// PreviewSubmission says which domains SubmitVerification would take; those that it
// would not have a code.
func (c *Client) PreviewSubmission(ctx context.Context, profile string, domains ...string) ([]TaskItem, error) {
	return c.Preview(ctx, Association{Operation: SubmitVerification, Profile: profile, Domains: domains})
}

// SubmitVerification submits the verification of domains with a verified profile
// of their very holder.
func (c *Client) SubmitVerification(ctx context.Context, profile string, domains ...string) (Task, error) {
	return c.Associate(ctx, Association{Operation: SubmitVerification, Profile: profile, Domains: domains})
}

// ChangeHolder makes a profile's holder the registrant of domains; prior and new
// holder agree, and are asked by mail where the rules of the suffix say so.
func (c *Client) ChangeHolder(ctx context.Context, profile string, domains ...string) (Task, error) {
	return c.Associate(ctx, Association{Operation: ChangeHolder, Profile: profile, Domains: domains, Consent: true})
}

// Task reads how far a task is, with a page of items from position on.
func (c *Client) Task(ctx context.Context, id string, after int) (Task, error) {
	return get[Task](ctx, c, fmt.Sprintf("/associations/%s?after=%d", escape(id), after))
}

// TaskItems reads up to a thousand items of a task from a position on; none behind the last.
func (c *Client) TaskItems(ctx context.Context, id string, from int) ([]TaskItem, error) {
	t, err := get[Task](ctx, c, fmt.Sprintf("/associations/%s?after=%d&limit=1000", escape(id), from))
	return t.Items, err
}

// Consents lists whose words the changes of holder of a task wait for.
func (c *Client) Consents(ctx context.Context, task string) ([]Consent, error) {
	out, err := get[struct{ Items []Consent }](ctx, c, "/associations/"+escape(task)+"/consents")
	return out.Items, err
}

// AssociateWhenVerified has a submission wait for a profile that is in review.
func (c *Client) AssociateWhenVerified(ctx context.Context, profile string, domains ...string) (Task, error) {
	return c.Associate(ctx, Association{Operation: SubmitVerification, Profile: profile, Domains: domains, WhenVerified: true})
}

// Tasks lists the tasks of the account before one, "" for the newest, without their items.
func (c *Client) Tasks(ctx context.Context, before string) ([]Task, error) {
	p, err := get[page[Task]](ctx, c, "/associations?before="+escape(before))
	return p.Items, err
}

// PauseTask has a task take no further names; what is on its way goes on.
func (c *Client) PauseTask(ctx context.Context, id string) (Task, error) {
	return post[Task](ctx, c, "/associations/"+escape(id)+"/pause", nil)
}

// ResumeTask has a paused task go on.
func (c *Client) ResumeTask(ctx context.Context, id string) (Task, error) {
	return post[Task](ctx, c, "/associations/"+escape(id)+"/resume", nil)
}

// CancelTask leaves names alone that a task has not taken, and takes back what is not sent.
func (c *Client) CancelTask(ctx context.Context, id string) (Task, error) {
	return post[Task](ctx, c, "/associations/"+escape(id)+"/cancel", nil)
}

// RetryTask tries the domains of a task again that have failed for the reason code, "" for
// any, in a task of their own. For a change of holder, consent says that prior and new holder
// agree.
func (c *Client) RetryTask(ctx context.Context, id, code string, consent bool) (Task, error) {
	return post[Task](ctx, c, "/associations/"+escape(id)+"/retry", map[string]any{"code": code, "consent": consent})
}

// RequestTransfer asks for a domain that another registrar has, with the password from
// there. The same asked for again is answered with the open transfer.
func (c *Client) RequestTransfer(ctx context.Context, domain, profile, authInfo string, years int) (Transfer, error) {
	return post[Transfer](ctx, c, "/transfers", map[string]any{"domain": domain, "profile": profile, "auth_info": authInfo, "years": years})
}

// Transfers lists a page of the transfers to us in a state, or, for "", in any, the newest
// first, behind the one with the id after, and the id to go on with, "" on the last page.
func (c *Client) Transfers(ctx context.Context, state, after string) ([]Transfer, string, error) {
	return inState[Transfer](ctx, c, "/transfers", state, after)
}

// inState lists a page of what is in a state.
func inState[T any](ctx context.Context, c *Client, path, state, after string) ([]T, string, error) {
	q := url.Values{}
	for name, v := range map[string]string{"state": state, "after": after} {
		if v != "" {
			q.Set(name, v)
		}
	}
	p, err := get[page[T]](ctx, c, path+"?"+q.Encode())
	return p.Items, p.Next, err
}

// Transfer reads how a transfer stands.
func (c *Client) Transfer(ctx context.Context, id string) (Transfer, error) {
	return get[Transfer](ctx, c, "/transfers/"+escape(id))
}

// CancelTransfer takes the request for a domain back.
func (c *Client) CancelTransfer(ctx context.Context, id string) (out Transfer, err error) {
	return out, c.call(ctx, http.MethodDelete, "/transfers/"+escape(id), nil, &out)
}

// Holds lists why a domain is, and was, on clientHold.
func (c *Client) Holds(ctx context.Context, domain string) ([]Hold, error) {
	p, err := get[page[Hold]](ctx, c, "/domains/"+escape(domain)+"/holds")
	return p.Items, err
}

// PlaceHold puts a domain on clientHold for a cause: email, dispute, abuse, unpaid or
// operator.
func (c *Client) PlaceHold(ctx context.Context, domain, cause, evidence string) ([]Hold, error) {
	p, err := post[page[Hold]](ctx, c, "/domains/"+escape(domain)+"/holds", map[string]string{"cause": cause, "evidence": evidence})
	return p.Items, err
}

// LiftHold takes a cause of a clientHold away; with the last one the hold is lifted.
func (c *Client) LiftHold(ctx context.Context, domain, cause, reason string) ([]Hold, error) {
	var out page[Hold]
	err := c.call(ctx, http.MethodDelete, "/domains/"+escape(domain)+"/holds/"+escape(cause)+"?reason="+url.QueryEscape(reason), nil, &out)
	return out.Items, err
}

// Answers lists when the registrant of a domain, and the holder of the account, were asked
// to answer, and how they did.
func (c *Client) Answers(ctx context.Context, domain string) ([]Answer, error) {
	p, err := get[page[Answer]](ctx, c, "/domains/"+escape(domain)+"/answers")
	return p.Items, err
}

// AttestAnswer says that staff has verified a registrant by other means than mail:
// telephone, document or in_person. It is for operators.
func (c *Client) AttestAnswer(ctx context.Context, domain, means, evidence string) (Domain, error) {
	return post[Domain](ctx, c, "/domains/"+escape(domain)+"/answers", map[string]string{"means": means, "evidence": evidence})
}

// ReportInaccuracy says that the data of a domain's registrant are said to be wrong. It is
// for operators.
func (c *Client) ReportInaccuracy(ctx context.Context, domain, evidence string) (Domain, error) {
	return post[Domain](ctx, c, "/domains/"+escape(domain)+"/accuracy-complaints", map[string]string{"evidence": evidence})
}

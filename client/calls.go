package client

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"
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
// none. A dry run says what would become of them.
func (c *Client) CreateProfiles(ctx context.Context, rows []NewProfile, dryRun bool) (Batch, error) {
	in := make([]map[string]any, len(rows))
	for i, r := range rows {
		in[i] = r.body()
	}
	return post[Batch](ctx, c, "/profiles/batch", map[string]any{"dry_run": dryRun, "profiles": in})
}

// ProfilesAfter reads a page of a hundred profiles behind the mark of the page before, and
// the mark of the next one, "" on the last.
func (c *Client) ProfilesAfter(ctx context.Context, after string) ([]Profile, string, error) {
	p, err := get[page[Profile]](ctx, c, "/profiles?limit=100&after="+url.QueryEscape(after))
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
	p, err := get[page[Profile]](ctx, c, "/profiles?limit=100&q="+url.QueryEscape(query))
	return p.Items, err
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
	err := c.upload(ctx, "/profiles/"+escape(profile)+"/documents", p, &out)
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

// Reviews lists the desk's queue.
func (c *Client) Reviews(ctx context.Context) ([]Case, error) {
	p, err := get[page[Case]](ctx, c, "/reviews")
	return p.Items, err
}

// ReviewFilter says which cases of the queue are wanted; the zero value wants all, the
// most urgent first.
type ReviewFilter struct {
	// Kind is "profile_version" or "domain_name"; Order "urgency", "age" or "expected".
	Kind, Suffix, Priority, Order  string
	Overdue, Escalated, Mine, Free bool
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
	for name, v := range map[string]bool{"overdue": f.Overdue, "escalated": f.Escalated, "mine": f.Mine, "free": f.Free} {
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

// OpenDocument looks at a picture as a reviewer; the look is recorded. It returns a JPEG.
func (c *Client) OpenDocument(ctx context.Context, id string) ([]byte, error) {
	var picture raw
	err := c.call(ctx, http.MethodGet, "/documents/"+escape(id)+"/picture", nil, &picture)
	return picture, err
}

// AskMore returns a claimed case and asks for another side or another document.
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

// Choices lists which profiles fit a name, and why others do not.
func (c *Client) Choices(ctx context.Context, domain string) ([]Choice, error) {
	p, err := get[page[Choice]](ctx, c, "/orders/choices?domain="+url.QueryEscape(domain))
	return p.Items, err
}

// PlaceOrder orders a new domain. The same order placed again is answered with the open
// one.
func (c *Client) PlaceOrder(ctx context.Context, domain, profile string, years int) (Order, error) {
	return post[Order](ctx, c, "/orders", map[string]any{"domain": domain, "profile": profile, "years": years})
}

// Order reads an order.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	return get[Order](ctx, c, "/orders/"+escape(id))
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

// Import reads what became of the last import of a name.
func (c *Client) Import(ctx context.Context, name string) (Import, error) {
	return get[Import](ctx, c, "/imports/"+escape(name))
}

// Domain reads a domain.
func (c *Client) Domain(ctx context.Context, name string) (Domain, error) {
	return get[Domain](ctx, c, "/domains/"+escape(name))
}

// Domains lists domains whose verification stands so ("" for all).
func (c *Client) Domains(ctx context.Context, verification string) ([]Domain, error) {
	path := "/domains?limit=500"
	if verification != "" {
		path += "&verification=" + url.QueryEscape(verification)
	}
	p, err := get[page[Domain]](ctx, c, path)
	return p.Items, err
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

// PreviewSubmission says which domains SubmitVerification would take; those that it
// would not have a code.
func (c *Client) PreviewSubmission(ctx context.Context, profile string, domains ...string) ([]TaskItem, error) {
	p, err := post[page[TaskItem]](ctx, c, "/associations/preview", map[string]any{"operation": "submit_verification", "profile": profile, "domains": domains})
	return p.Items, err
}

// SubmitVerification submits the verification of domains with a verified profile
// of their very holder.
func (c *Client) SubmitVerification(ctx context.Context, profile string, domains ...string) (Task, error) {
	return post[Task](ctx, c, "/associations", map[string]any{"operation": "submit_verification", "profile": profile, "domains": domains})
}

// ChangeHolder makes a profile's holder the registrant of domains; prior and new
// holder agree.
func (c *Client) ChangeHolder(ctx context.Context, profile string, domains ...string) (Task, error) {
	return post[Task](ctx, c, "/associations", map[string]any{"operation": "change_holder", "profile": profile, "domains": domains, "consent": true})
}

// Task reads how far a task is, with a page of items from position on.
func (c *Client) Task(ctx context.Context, id string, after int) (Task, error) {
	return get[Task](ctx, c, fmt.Sprintf("/associations/%s?after=%d", escape(id), after))
}

// AssociateWhenVerified has a submission wait for a profile that is in review.
func (c *Client) AssociateWhenVerified(ctx context.Context, profile string, domains ...string) (Task, error) {
	return post[Task](ctx, c, "/associations", map[string]any{"operation": "submit_verification", "profile": profile, "domains": domains, "when_verified": true})
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

// RetryTask tries the domains of a task again that have failed, in a task of their own.
// For a change of holder, consent says that prior and new holder agree.
func (c *Client) RetryTask(ctx context.Context, id string, consent bool) (Task, error) {
	return post[Task](ctx, c, "/associations/"+escape(id)+"/retry", map[string]any{"consent": consent})
}

// VerifyAudit walks the audit chain.
func (c *Client) VerifyAudit(ctx context.Context) (AuditReport, error) {
	return get[AuditReport](ctx, c, "/audit/verification")
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

// RequestTransfer asks for a domain that another registrar has, with the password from
// there. The same asked for again is answered with the open transfer.
func (c *Client) RequestTransfer(ctx context.Context, domain, profile, authInfo string, years int) (Transfer, error) {
	return post[Transfer](ctx, c, "/transfers", map[string]any{"domain": domain, "profile": profile, "auth_info": authInfo, "years": years})
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

package console

import (
	"context"
	"net/http"
	"strings"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/fault"
)

// customerPages are those of all accounts, for staff.
func (c *Console) customerPages() []page {
	return []page{
		{pattern: "GET /accounts", show: func(v *visit) error { return c.showCustomers(v, "", nil) }},
		{pattern: "POST /accounts", show: c.makeAccount},
		{pattern: "GET /accounts/{id}", show: func(v *visit) error { return c.showCustomer(v, newMember{}, nil) }},
		{pattern: "POST /accounts/{id}/people", show: c.addMember},
		{pattern: "POST /accounts/{id}/people/{person}/roles", show: c.setRoles},
		{pattern: "POST /accounts/{id}/people/{person}/removal", show: c.removeMember},
		{pattern: "POST /accounts/{id}/identity", show: c.assertIdentity},
		{pattern: "POST /accounts/{id}/suspension", show: c.suspendAccount},
		{pattern: "POST /accounts/{id}/restoration", show: c.restoreAccount},
	}
}

// accountsOnPage is how many accounts a page has.
const accountsOnPage = 50

// customerList is what the list of accounts shows.
type customerList struct {
	rows      []account.Account
	strengths map[int64]account.Strength
	wanted    account.Wanted
	pages     ui.Pages
	makes     bool
	typed     string
	wrong     []ui.Wrong
}

func (c *Console) showCustomers(v *visit, typed string, refused error) error {
	q := v.r.URL.Query()
	l := customerList{
		wanted: account.Wanted{Words: strings.TrimSpace(q.Get("words")), Suspended: q.Get("show") == "suspended"},
		makes:  v.actor.May(actor.AccountCreate), typed: typed,
	}
	status, err := v.correctable(&l.wrong, refused)
	if err != nil {
		return err
	}
	var next string
	if l.rows, next, err = c.Accounts.Search(v.ctx(), v.actor, l.wanted, q.Get("after"), accountsOnPage); err != nil {
		return err
	}
	l.pages = v.pages("after", next)
	var ids []int64
	for _, a := range l.rows {
		ids = append(ids, a.ID)
	}
	if l.strengths, err = c.Accounts.Strengths(v.ctx(), v.actor, ids...); err != nil {
		return err
	}
	return v.render(status, customersPage(l))
}

func (c *Console) makeAccount(v *visit) error {
	err := v.once("done.account_made", func(ctx context.Context) (string, error) {
		a, err := c.Accounts.Create(ctx, v.actor, v.value("name"))
		return "/accounts/" + a.PublicID, err
	})
	if err != nil {
		return c.showCustomers(v, v.value("name"), err)
	}
	return nil
}

// newMember is what was typed about somebody to be added.
type newMember struct{ email, name, role string }

// customerView is what the page of one account shows.
type customerView struct {
	account.Account
	members  []account.Member
	strength account.Strength
	limits   []limit
	log      []audit.Entry
	names    map[string]string
	// makes, manages, asserts and audits are what the reader may do.
	makes, manages, asserts, audits bool
	me                              string
	own                             bool
	typed                           newMember
	// password is the first one of somebody who was just added, shown once.
	password string
	wrong    []ui.Wrong
}

// limit is something of which an account may have so much.
type limit struct {
	text string
	most int
}

// entriesOfAccount is how many audit entries the page of an account has.
const entriesOfAccount = 8

func (c *Console) showCustomer(v *visit, typed newMember, refused error) error {
	a, err := c.Accounts.Find(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	x := customerView{
		Account: a, makes: v.actor.May(actor.AccountCreate), manages: v.actor.May(actor.AccountManage),
		asserts: v.actor.May(actor.AccountAssert), audits: v.actor.May(actor.AuditRead),
		me: v.actor.ID, own: a.ID == v.actor.Account, typed: typed, password: v.takeSecret(),
	}
	status := http.StatusOK
	if refused != nil {
		if status, err = v.correctable(&x.wrong, refused); err != nil {
			return err
		}
	}
	if x.members, err = c.Accounts.MembersOf(v.ctx(), v.actor, a.PublicID); err != nil {
		return err
	}
	strengths, err := c.Accounts.Strengths(v.ctx(), v.actor, a.ID)
	if err != nil {
		return err
	}
	x.strength = strengths[a.ID]
	limits := c.Policies.Limits
	x.limits = []limit{
		{"accounts.limit_profiles", limits.Profiles.PerAccount.Max},
		{"accounts.limit_keys", account.MaxKeys},
		{"accounts.limit_links", limits.Email.SentPerDay.Max},
		{"accounts.limit_recipient", limits.Email.RecipientPerDay.Max},
	}
	if x.audits {
		if x.log, err = audit.Search(v.ctx(), c.Store, v.actor, audit.Filter{Subject: a.PublicID}, entriesOfAccount); err != nil {
			return err
		}
		if x.names, err = c.namesIn(v, x.log); err != nil {
			return err
		}
	}
	return v.render(status, customerPage(x))
}

func (x customerView) path() string { return "/accounts/" + x.PublicID }

// handedOut are the roles that can be chosen.
var handedOut = []actor.Role{actor.Registrant, actor.Reviewer, actor.Lead, actor.Operator, actor.Admin, actor.MailServer}

// addMember lets somebody sign in; their first password is shown once, to be handed over.
func (c *Console) addMember(v *visit) error {
	n := newMember{email: v.value("email"), name: v.value("name"), role: v.value("role")}
	at := "/accounts/" + v.r.PathValue("id")
	password := token()
	err := v.once("", func(ctx context.Context) (string, error) {
		_, err := c.Accounts.AddPerson(ctx, v.actor, account.NewPerson{
			Account: v.r.PathValue("id"), Email: n.email, Name: strings.TrimSpace(n.name), Password: password,
			Roles: []actor.Role{actor.Role(n.role)},
		})
		if err == nil {
			v.handOver(password)
		}
		return at, err
	})
	if err != nil {
		return c.showCustomer(v, n, err)
	}
	return nil
}

func (c *Console) setRoles(v *visit) error {
	var roles []actor.Role
	for _, r := range v.r.PostForm["role"] {
		roles = append(roles, actor.Role(r))
	}
	if err := c.Accounts.SetRoles(v.ctx(), v.actor, v.r.PathValue("id"), v.r.PathValue("person"), roles); err != nil {
		return c.showCustomer(v, newMember{}, err)
	}
	return v.done("/accounts/"+v.r.PathValue("id"), "done.roles_saved")
}

func (c *Console) removeMember(v *visit) error {
	if err := c.Accounts.RemoveMember(v.ctx(), v.actor, v.r.PathValue("id"), v.r.PathValue("person")); err != nil {
		return err
	}
	return v.done("/accounts/"+v.r.PathValue("id"), "done.member_removed")
}

func (c *Console) assertIdentity(v *visit) error {
	a := account.Assertion{Verified: v.value("verified") == "true", Source: v.value("source"), Evidence: v.value("evidence")}
	if _, err := c.Accounts.AssertIdentity(v.ctx(), v.actor, v.r.PathValue("id"), a); err != nil {
		if fault.Code(err) == "account_identity_state" {
			return err
		}
		return c.showCustomer(v, newMember{}, err)
	}
	return v.done("/accounts/"+v.r.PathValue("id"), "done.identity_asserted")
}

func (c *Console) suspendAccount(v *visit) error {
	if _, err := c.Accounts.Suspend(v.ctx(), v.actor, v.r.PathValue("id"), v.value("cause")); err != nil {
		return c.showCustomer(v, newMember{}, err)
	}
	return v.done("/accounts/"+v.r.PathValue("id"), "done.account_suspended")
}

func (c *Console) restoreAccount(v *visit) error {
	if _, err := c.Accounts.Restore(v.ctx(), v.actor, v.r.PathValue("id")); err != nil {
		return err
	}
	return v.done("/accounts/"+v.r.PathValue("id"), "done.account_restored")
}

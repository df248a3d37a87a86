package console

import (
	"context"
	"slices"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
)

// transferPages are those of names that are to come from another registrar.
func (c *Console) transferPages() []page {
	return []page{
		{pattern: "GET /transfers", show: c.transfers},
		{pattern: "GET /transfers/new", show: func(v *visit) error {
			return c.askForTransfer(v, transferForm{domain: v.r.URL.Query().Get("domain")}, nil)
		}},
		{pattern: "POST /transfers/new", show: c.requestTransfer},
		{pattern: "GET /transfers/{id}", show: c.transfer},
		{pattern: "POST /transfers/{id}/cancel", show: c.cancelTransfer},
	}
}

// transferStates are those that the list of transfers may be narrowed to.
var transferStates = []domain.TransferState{domain.TransferPending, domain.TransferCompleted, domain.TransferFailed}

// transferList is what the list of transfers shows.
type transferList struct {
	rows  []domain.Transfer
	state domain.TransferState
	pages ui.Pages
}

// path is the list's in a state, "" for any.
func (l transferList) path(state domain.TransferState) string {
	if state == "" {
		return "/transfers"
	}
	return "/transfers?state=" + string(state)
}

func (l transferList) filters(ctx context.Context) []ui.Tab {
	out := []ui.Tab{{Path: l.path(""), Text: ui.T(ctx, "transfers.all"), Here: l.state == ""}}
	for _, s := range transferStates {
		out = append(out, ui.Tab{Path: l.path(s), Text: ui.T(ctx, "transfers.only_"+string(s)), Here: l.state == s})
	}
	return out
}

func (c *Console) transfers(v *visit) error {
	q := v.r.URL.Query()
	l := transferList{state: domain.TransferState(q.Get("state"))}
	if !slices.Contains(transferStates, l.state) {
		l.state = ""
	}
	before := q.Get("after")
	found, next, err := c.Domains.ListTransfers(v.ctx(), v.actor, l.state, before, ordersOnPage)
	if err != nil {
		return err
	}
	l.rows = found
	l.pages = v.pages("after", next)
	return v.show(transfersPage(l))
}

// transferForm is what a transfer is asked for with; its password is never shown again.
type transferForm struct {
	domain, chosen string
	profiles       []offer
	wrong          []ui.Wrong
}

func (c *Console) askForTransfer(v *visit, f transferForm, refused error) error {
	status, err := v.correctable(&f.wrong, refused)
	if err != nil {
		return err
	}
	for _, state := range []profile.State{profile.Verified, profile.Unverified} {
		found, _, err := c.Profiles.List(v.ctx(), v.actor, profile.Filter{State: state}, "", offersOnPage)
		if err != nil {
			return err
		}
		for _, x := range found {
			_, _, err := c.Profiles.Usable(v.ctx(), c.Store.R, v.actor.Account, x.PublicID)
			switch {
			case err == nil:
				f.profiles = append(f.profiles, offer{profileRow: profileRow{View: x}, fits: -1})
			case fault.From(err).Kind == fault.Internal:
				return err
			}
		}
	}
	slices.SortStableFunc(f.profiles, func(x, y offer) int { return profile.DefaultFirst(x.View.Profile, y.View.Profile) })
	return v.render(status, transferFormPage(f))
}

func (c *Console) requestTransfer(v *visit) error {
	f := transferForm{domain: v.value("domain"), chosen: v.value("profile")}
	err := v.once("", func(ctx context.Context) (string, error) {
		t, err := c.Domains.RequestTransfer(ctx, v.actor, domain.TransferRequest{Domain: f.domain, Profile: f.chosen, AuthInfo: v.value("auth_info")})
		return transferPath(t), err
	})
	if err != nil {
		return c.askForTransfer(v, f, err)
	}
	return nil
}

func transferPath(t domain.Transfer) string { return "/transfers/" + t.PublicID }

// transferView is what the page of a transfer shows.
type transferView struct {
	domain.Transfer
	holder holderOf
}

func (c *Console) transfer(v *visit) error {
	t, err := c.Domains.FindTransfer(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p, x, err := c.Profiles.ByID(v.ctx(), c.Store.R, t.ProfileID, t.VersionID)
	if err != nil {
		return err
	}
	return v.show(transferPage(transferView{t, holderIn(p, x)}))
}

func (c *Console) cancelTransfer(v *visit) error {
	t, err := c.Domains.CancelTransfer(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.done(transferPath(t), "done.transfer_cancelled")
}

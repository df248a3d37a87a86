package console

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/fault"
)

// dataPath is the page of data requests: one's own for a registrant, all for an admin.
const dataPath = "/data-requests"

// dataPages are those of what people ask about the data that are kept of them.
func (c *Console) dataPages() []page {
	return []page{
		{pattern: "GET " + dataPath, show: func(v *visit) error { return c.showDataRequests(v, datarequest.Asking{}, nil) }},
		{pattern: "POST " + dataPath, show: c.askData},
		{pattern: "GET " + dataPath + "/preview", show: c.previewErasure},
		{pattern: "GET " + dataPath + "/{id}", show: func(v *visit) error { return c.showDataRequest(v, nil) }},
		{pattern: "POST " + dataPath + "/{id}/withdrawal", show: c.withdrawData},
		{pattern: "POST " + dataPath + "/{id}/acceptance", show: c.acceptData},
		{pattern: "POST " + dataPath + "/{id}/refusal", show: c.refuseData},
		{pattern: "POST " + dataPath + "/{id}/extension", show: c.extendData},
		{pattern: "POST " + dataPath + "/{id}/file", show: c.fetchData},
	}
}

// dataRequestsOnPage is how many requests the list has on a page.
const dataRequestsOnPage = 50

// dataList is what the list of data requests shows.
type dataList struct {
	rows  []datarequest.View
	pages ui.Pages
	// asks says that the reader may ask for their own, manages that they decide.
	asks, manages, all bool
	profiles           []ui.Option
	typed              datarequest.Asking
	wrong              []ui.Wrong
}

func (c *Console) showDataRequests(v *visit, typed datarequest.Asking, refused error) error {
	q := v.r.URL.Query()
	l := dataList{asks: v.actor.May(actor.DataRequest), manages: v.actor.May(actor.DataManage), typed: typed}
	l.all = q.Get("show") == "all" || !l.manages
	status, err := v.sought(&l.wrong, refused, "account")
	if err != nil {
		return err
	}
	var next string
	if l.rows, next, err = c.DataRequests.List(v.ctx(), v.actor, datarequest.Filter{Open: !l.all}, q.Get("after"), dataRequestsOnPage); err != nil {
		return err
	}
	l.pages = v.pages("after", next)
	if l.asks {
		mine, err := c.DataRequests.Choices(v.ctx(), v.actor)
		if err != nil {
			return err
		}
		l.profiles = append(l.profiles, ui.Option{Text: v.T("data.whole")})
		for _, x := range mine {
			l.profiles = append(l.profiles, ui.Option{Value: x.Profile, Text: x.Holder + " (" + x.Profile + ")"})
		}
	}
	return v.render(status, dataRequestsPage(l))
}

func (c *Console) askData(v *visit) error {
	w := datarequest.Asking{
		Kind: datarequest.Kind(v.value("kind")), Profile: strings.TrimSpace(v.value("profile")),
		Account: strings.TrimSpace(v.value("account")), Evidence: v.value("evidence"),
	}
	err := v.once("done.data_asked", func(ctx context.Context) (string, error) {
		x, err := c.DataRequests.Ask(ctx, v.actor, w)
		return dataPath + "/" + x.PublicID, err
	})
	switch {
	case fault.Code(err) == "proof_required":
		return v.askForProof()
	case err != nil:
		return c.showDataRequests(v, w, err)
	}
	return nil
}

// dataPreview is what the page before an erasure shows.
type dataPreview struct {
	datarequest.Preview
	profile string
}

func (c *Console) previewErasure(v *visit) error {
	id := v.r.URL.Query().Get("of")
	p, err := c.DataRequests.Preview(v.ctx(), v.actor, "", id)
	if err != nil {
		return err
	}
	return v.show(dataPreviewPage(dataPreview{p, id}))
}

// dataView is what the page of one data request shows.
type dataView struct {
	datarequest.View
	// manages says that the reader decides, fetches that the file is for them.
	manages, fetches, withdraws bool
	names                       map[string]string
	ground, note                string
	reason, extensionNote       string
	wrong                       []ui.Wrong
}

func (x dataView) path() string { return dataPath + "/" + x.PublicID }

func (x dataView) allows(e datarequest.Event) bool { return datarequest.Table.Allows(x.State, e) }

func (c *Console) showDataRequest(v *visit, refused error) error {
	found, err := c.DataRequests.Get(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	own := found.AccountID == v.actor.Account
	x := dataView{
		View: found, manages: v.actor.May(actor.DataManage) && !own,
		fetches: found.RequestedBy == v.actor.ID && found.State == datarequest.Ready, ground: v.value("ground"),
		note: v.value("note"),
	}
	x.reason, x.extensionNote = v.value("reason"), v.value("extension_note")
	x.withdraws = own || x.manages && found.Origin == datarequest.ByStaff
	status, err := v.correctable(&x.wrong, refused)
	if err != nil {
		return err
	}
	if x.manages {
		if x.names, err = c.Accounts.Names(v.ctx(), v.actor, found.RequestedBy, found.FirstBy, found.AcceptedBy, found.ExtendedBy); err != nil {
			return err
		}
	}
	return v.render(status, dataRequestPage(x))
}

func (c *Console) withdrawData(v *visit) error {
	x, err := c.DataRequests.Withdraw(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return c.showDataRequest(v, err)
	}
	return v.done(dataPath+"/"+x.PublicID, "done.data_withdrawn")
}

func (c *Console) acceptData(v *visit) error {
	x, err := c.DataRequests.Accept(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return c.showDataRequest(v, err)
	}
	said := "done.data_accepted"
	if x.State == datarequest.Endorsed {
		said = "done.data_endorsed"
	}
	return v.done(dataPath+"/"+x.PublicID, said)
}

func (c *Console) refuseData(v *visit) error {
	x, err := c.DataRequests.Refuse(v.ctx(), v.actor, v.r.PathValue("id"), v.value("ground"), v.value("note"))
	if err != nil {
		return c.showDataRequest(v, err)
	}
	return v.done(dataPath+"/"+x.PublicID, "done.data_refused")
}

func (c *Console) extendData(v *visit) error {
	x, err := c.DataRequests.Extend(v.ctx(), v.actor, v.r.PathValue("id"), v.value("reason"), v.value("extension_note"))
	if err != nil {
		return c.showDataRequest(v, err)
	}
	return v.done(dataPath+"/"+x.PublicID, "done.data_extended")
}

// fetchData hands out the file of an export as it is read.
func (c *Console) fetchData(v *visit) error {
	f, err := c.DataRequests.Fetch(v.ctx(), v.actor, v.r.PathValue("id"))
	switch {
	case fault.Code(err) == "proof_required":
		return v.askForProof()
	case err != nil:
		return c.showDataRequest(v, err)
	}
	defer f.Close()
	h := v.w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+f.Name+`"`)
	h.Set("Content-Length", strconv.FormatInt(f.Bytes, 10))
	v.w.WriteHeader(http.StatusOK)
	if _, err := io.Copy(v.w, f); err != nil { // the length tells the browser
		c.log.WarnContext(v.ctx(), "an export was not fetched whole", "request", v.r.PathValue("id"), "error", err)
	}
	return nil
}

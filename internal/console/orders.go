package console

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/qualification"
)

// orderPages are those of orders for new names.
func (c *Console) orderPages() []page {
	return []page{
		{pattern: "GET /orders", show: c.orders},
		{pattern: "GET /orders/new", show: c.newOrder},
		{pattern: "POST /orders/new", show: c.placeOrder},
		{pattern: "GET /orders/{id}", show: c.order},
		{pattern: "POST /orders/{id}/cancel", show: c.cancelOrder},
	}
}

// orderList is what the list of orders shows.
type orderList struct {
	rows  []domain.Order
	pages ui.Pages
}

// ordersOnPage is how many orders a page has.
const ordersOnPage = 25

func (c *Console) orders(v *visit) error {
	before := v.r.URL.Query().Get("after")
	found, next, err := c.Domains.ListOrders(v.ctx(), v.actor, "", before, ordersOnPage)
	if err != nil {
		return err
	}
	l := orderList{rows: found}
	l.pages = v.pages("after", next)
	return v.show(ordersPage(l))
}

// orderForm is what the page of a new order shows: the name that is asked for and, when
// it is free, who may hold it and whether it is verified in time.
type orderForm struct {
	typed  string
	offer  *domain.Offer
	years  int
	chosen string
	// servers is what was typed as name servers.
	servers string
	// fit are the profiles that may hold the name, others say why they may not.
	fit, others []offer
	// query is which profiles are looked for, path where the form is sent to: the page of
	// profiles that it shows, in case it is refused.
	query, path string
	pages       ui.Pages
	wrong       []ui.Wrong
}

// searched reports whether the page shows some of the profiles only.
func (f orderForm) searched() bool { return f.query != "" || f.pages != (ui.Pages{}) }

// choicesOnPage is how many profiles one is asked to choose from at once.
const choicesOnPage = 50

// yearsMost is for how many years a name can be ordered.
const yearsMost = 10

func (c *Console) newOrder(v *visit) error {
	q := v.r.URL.Query()
	f := orderForm{typed: strings.TrimSpace(q.Get("domain")), years: 1}
	if f.typed == "" && q.Has("domain") {
		return c.showOrder(v, f, fault.At("domain", "field_required").With("Field", "domain"))
	}
	return c.showOrder(v, f, nil)
}

// showOrder shows the form. refused is why an order was not taken, nil when nobody has
// tried.
func (c *Console) showOrder(v *visit, f orderForm, refused error) error {
	status := http.StatusOK
	say := func(err error) bool {
		wrong := v.wrongs(err)
		f.wrong = append(f.wrong, wrong...)
		status = statusOf[fault.From(err).Kind]
		return wrong != nil
	}
	if refused != nil && !say(refused) {
		return refused
	}
	if f.typed == "" {
		return v.render(status, orderFormPage(f))
	}
	found, err := c.Domains.Offer(v.ctx(), v.actor, f.typed)
	if err != nil {
		if !say(err) {
			return err
		}
		return v.render(status, orderFormPage(f))
	}
	f.offer = &found
	if found.Taken == nil {
		if err := c.holders(v, &f); err != nil {
			return err
		}
	}
	return v.render(status, orderFormPage(f))
}

// holders lists who may hold the name, and why others may not.
func (c *Console) holders(v *visit, f *orderForm) error {
	q := v.r.URL.Query()
	f.query = q.Get("q")
	choices, next, err := c.Domains.Choices(v.ctx(), v.actor, f.offer.Name, f.query, q.Get("after"), choicesOnPage)
	if err != nil {
		return err
	}
	f.pages, f.path = v.pages("after", next), v.r.URL.Path
	if f.searched() {
		f.path = v.r.URL.RequestURI()
	}
	for _, x := range choices {
		if x.Holder == "" || len(f.others) == unusableOnPage && x.Reason != nil {
			continue // nobody could tell which profile it is, or there are many of them
		}
		p, err := c.Profiles.Get(v.ctx(), v.actor, x.Profile)
		if err != nil {
			return err
		}
		o := offer{profileRow: profileRow{View: p}, fits: -1, why: x.Reason}
		if x.Reason == nil {
			f.fit = append(f.fit, o)
		} else {
			f.others = append(f.others, o)
		}
	}
	return nil
}

func (c *Console) placeOrder(v *visit) error {
	f := orderForm{typed: v.value("domain"), chosen: v.value("profile"), servers: v.value("name_servers")}
	f.years, _ = strconv.Atoi(v.value("years"))
	err := v.once("done.order_placed", func(ctx context.Context) (string, error) {
		o, err := c.Domains.PlaceOrder(ctx, v.actor, f.typed, f.chosen, f.years, listed(f.servers)...)
		if err != nil {
			return "", err
		}
		return orderPath(o), nil
	})
	if err != nil {
		return c.showOrder(v, f, err)
	}
	return nil
}

func orderPath(o domain.Order) string { return "/orders/" + o.PublicID }

// orderView is what the page of an order shows.
type orderView struct {
	domain.Order
	holder holderOf
	// papers are what the name asks for beside an identity, nil for nothing.
	papers *qualification.View
}

func (c *Console) order(v *visit) error {
	o, err := c.Domains.FindOrder(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p, x, err := c.Profiles.ByID(v.ctx(), c.Store.R, o.ProfileID, o.VersionID)
	if err != nil {
		return err
	}
	papers, err := c.papersOf(v, o.Name)
	if err != nil {
		return err
	}
	return v.show(orderPage(orderView{Order: o, holder: holderIn(p, x), papers: papers}))
}

func (c *Console) cancelOrder(v *visit) error {
	o, err := c.Domains.CancelOrder(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.done(orderPath(o), "done.order_cancelled")
}

// safety is whether the verdict of a name that is paid at once comes before its hold.
type safety struct {
	// tone is that of its icon; answer is the id of the sentence, with the days that
	// lie between verdict and hold.
	tone, answer string
	days         int
	line         bool
}

// safetyOf reads the forecast of an order.
func safetyOf(o domain.Order, now time.Time) safety {
	switch {
	case o.VerdictAt.IsZero():
		return safety{tone: "ok", answer: "order.safe_no_verification"}
	case o.HoldAt.IsZero():
		return safety{tone: "ok", answer: "order.safe_no_hold"}
	case o.HoldAt.Sub(now) < time.Minute: // the forecast is a little younger than the page
		return safety{tone: "warn", answer: "order.safe_held_at_once"}
	case o.VerdictAt.Before(o.HoldAt.Time):
		return safety{tone: "ok", answer: "order.safe_yes", days: int(o.HoldAt.Sub(o.VerdictAt.Time).Hours() / 24), line: true}
	}
	return safety{tone: "warn", answer: "order.safe_no", days: int(o.VerdictAt.Sub(o.HoldAt.Time).Hours()/24) + 1, line: true}
}

// restsOn says what the forecast of an order rests on.
func restsOn(ctx context.Context, o domain.Order, papers bool) string {
	if papers {
		return ui.T(ctx, "order.rests_on_papers")
	}
	id := "order.rests_on"
	if o.VerdictCases > 0 {
		id = "order.rests_on_measured"
	}
	return ui.T(ctx, id, "Days", strconv.Itoa(o.VerdictDays), "Cases", strconv.Itoa(o.VerdictCases))
}

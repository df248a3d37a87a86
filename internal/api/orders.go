package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/domain"
)

// Order is the wish for a new domain.
type Order struct {
	ID           string     `json:"id"`
	Domain       string     `json:"domain"`
	Years        int        `json:"years"`
	State        string     `json:"state" enum:"awaiting_payment,naming_review,registering,completed,failed,cancelled,expired"`
	NameServers  []string   `json:"name_servers" doc:"Those that the name is registered with, A-labels in lower case."`
	Failure      string     `json:"failure,omitempty" doc:"Why it failed: a code or the registry's words."`
	Refused      string     `json:"refused_server,omitempty" doc:"With the failure name_server_refused: the name server that the registry did not accept."`
	VerdictAt    *time.Time `json:"verdict_at,omitempty" doc:"When the registry's verdict is expected: the end of verdict_day."`
	VerdictDay   string     `json:"verdict_day,omitempty" doc:"The business day on which the verdict is expected."`
	HoldAt       *time.Time `json:"hold_at,omitempty" doc:"When a name without its verdict is held."`
	SafeBy       *time.Time `json:"safe_by,omitempty" doc:"The last moment to pay so that the expected verdict comes before the hold."`
	VerdictDays  int        `json:"verdict_days,omitempty" doc:"How many business days verdict_at allows for."`
	VerdictCases int        `json:"verdict_cases,omitempty" doc:"How many of the registry's recent verdicts that was measured from; absent where it is policy's figure."`
	AnswerBy     *time.Time `json:"answer_by,omitempty" doc:"When the registrant would have to answer by mail, if it were registered now; absent when that is not asked for, or answered already."`
	PayBy        *time.Time `json:"pay_by,omitempty" doc:"When an order that is not paid expires."`
	CreatedAt    time.Time  `json:"created_at"`
	PaidAt       *time.Time `json:"paid_at,omitempty"`
}

func (s *Server) orderOf(o domain.Order) Order {
	out := Order{ID: o.PublicID, Domain: domain.Display(o.Name), Years: o.Years, State: string(o.State), NameServers: append([]string{}, o.NameServers...), Failure: o.Failure, Refused: o.RefusedServer, VerdictAt: when(o.VerdictAt.Time), VerdictDay: s.dayEnding(o.VerdictAt.Time),
		VerdictDays: o.VerdictDays, VerdictCases: o.VerdictCases, HoldAt: when(o.HoldAt.Time), SafeBy: when(o.SafeBy.Time), AnswerBy: when(o.AnswerBy.Time), CreatedAt: o.CreatedAt.Time, PaidAt: when(o.PaidAt.Time)}
	if o.PaidAt.IsZero() {
		out.PayBy = when(o.PayBy.Time)
	}
	return out
}

// Choice is a profile offered for a name.
type Choice struct {
	Profile string `json:"profile"`
	Holder  string `json:"holder"`
	Kind    string `json:"kind"`
	Default bool   `json:"default" doc:"It is the default of its type; those come first."`
	Fits    bool   `json:"fits"`
	Code    string `json:"code,omitempty" doc:"Why it does not fit."`
	Reason  *Words `json:"reason,omitempty"`
}

func (s *Server) choiceOf(c domain.Choice) Choice {
	out := Choice{Profile: c.Profile, Holder: c.Holder, Kind: string(c.Kind), Default: c.Default, Fits: c.Reason == nil}
	if c.Reason != nil {
		words := s.texts.Both(c.Reason.Code, c.Reason.Params)
		out.Code, out.Reason = c.Reason.Code, &words
	}
	return out
}

func (s *Server) orders() {
	show := func(o domain.Order, err error) (*body[Order], error) { return answer(s.orderOf(o), err) }
	type choices struct {
		Domain string `query:"domain" required:"true"`
		Query  string `query:"q" maxLength:"200" doc:"Which profiles, as in GET /profiles."`
		After  string `query:"after" doc:"The next of the page before."`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
	}
	handle(s, op{id: "list-choices", method: "GET", path: "/orders/choices", summary: "Which profiles fit a name, and why others do not", tag: "Orders"},
		func(ctx context.Context, in *choices) (*body[list[Choice]], error) {
			found, next, err := s.Domains.Choices(ctx, actorOf(ctx), in.Domain, in.Query, in.After, in.Limit)
			out := listOf(found, s.choiceOf)
			out.Next = next
			return answer(out, err)
		})
	type place struct {
		Body struct {
			Domain      string   `json:"domain" maxLength:"255" example:"example.cn"`
			Profile     string   `json:"profile" doc:"A verified profile that fits the suffix."`
			Years       int      `json:"years,omitempty" minimum:"1" maximum:"10" default:"1"`
			NameServers []string `json:"name_servers,omitempty" maxItems:"13" doc:"Hosts that serve the name, none under the name itself. Left out or empty: those of the registry account, if it has any. One that the registry does not have is created with the name."`
		}
	}
	handle(s, op{id: "place-order", method: "POST", path: "/orders", summary: "Order a new domain; the open order where it is placed already", tag: "Orders", status: 201},
		func(ctx context.Context, in *place) (*body[Order], error) {
			return show(s.Domains.PlaceOrder(ctx, actorOf(ctx), in.Body.Domain, in.Body.Profile, in.Body.Years, in.Body.NameServers...))
		})
	type filter struct {
		State string `query:"state" enum:"awaiting_payment,naming_review,registering,completed,failed,cancelled,expired"`
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{id: "list-orders", method: "GET", path: "/orders", summary: "List orders, the newest first", tag: "Orders"},
		func(ctx context.Context, in *filter) (*body[list[Order]], error) {
			found, next, err := s.Domains.ListOrders(ctx, actorOf(ctx), domain.OrderState(in.State), in.After, in.Limit)
			out := listOf(found, s.orderOf)
			out.Next = next
			return answer(out, err)
		})
	handle(s, op{id: "get-order", method: "GET", path: "/orders/{id}", summary: "Read an order", tag: "Orders"},
		func(ctx context.Context, in *byID) (*body[Order], error) {
			return show(s.Domains.FindOrder(ctx, actorOf(ctx), in.ID))
		})
	handle(s, op{id: "cancel-order", method: "DELETE", path: "/orders/{id}", summary: "Take an unpaid order back", tag: "Orders"},
		func(ctx context.Context, in *byID) (*body[Order], error) {
			return show(s.Domains.CancelOrder(ctx, actorOf(ctx), in.ID))
		})
	handle(s, op{id: "confirm-payment", method: "POST", path: "/orders/{id}/payment", summary: "Confirm that an order is paid", tag: "Orders"},
		func(ctx context.Context, in *byID) (*body[Order], error) {
			return show(s.Domains.ConfirmPayment(ctx, actorOf(ctx), in.ID))
		})
}

package domain_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// A client that has lost the answer places its order again, and again.
func TestOrderPlacedAgainIsTheOpenOne(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile, other := h.cnProfile(), h.verified(h.me, forCN, wang, wangNumber)
		var wg sync.WaitGroup
		placed, errs := make([]domain.Order, 12), make([]error, 12)
		for i := range placed {
			wg.Go(func() {
				placed[i], errs[i] = h.domains.PlaceOrder(context.WithoutCancel(t.Context()), h.me, "example.cn", profile, 1)
			})
		}
		wg.Wait()
		o := h.place("Example.CN.", profile)
		for i := range placed {
			if errs[i] != nil || placed[i].PublicID != o.PublicID {
				t.Errorf("one of the orders is %s (%v), want %s", placed[i].PublicID, errs[i], o.PublicID)
			}
		}
		if n := h.count("domain_order"); n != 1 || !slices.Equal(h.events(o.PublicID), []string{"order.placed"}) {
			t.Errorf("%d orders, and the registrant was told %v", n, h.events(o.PublicID))
		}
		for what, wish := range map[string]struct {
			profile string
			years   int
		}{"for more years": {profile, 2}, "with another profile": {other, 1}} {
			_, err := h.domains.PlaceOrder(t.Context(), h.me, "example.cn", wish.profile, wish.years)
			h.wantFault(what, err, "order_exists")
			if f := fault.From(err); f.Params["Order"] != o.PublicID || f.Params["Domain"] != "example.cn" {
				t.Errorf("%s: the fault names %v", what, f.Params)
			}
		}
		// Somebody else's wish is their own.
		if _, err := h.domains.PlaceOrder(t.Context(), h.other, "example.cn", h.verified(h.other, forCN, wang, wangNumber), 1); err != nil {
			t.Error(err)
		}
		h.server.Cut(0) // it stays at the registry for a while
		h.pay(o)
		if again := h.place("example.cn", profile); again.PublicID != o.PublicID || again.State != domain.AtRegistry {
			t.Errorf("placed again while it is being registered: %+v", again)
		}
		h.server.Restore()
		h.settles()
		_, err := h.domains.PlaceOrder(t.Context(), h.me, "example.cn", profile, 1)
		h.wantFault("placed again after it was registered", err, "domain_yours")
	})
}

func TestNameMayBeOrderedAgainAfterItsOrderEnded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.cnProfile()
		o := h.place("example.cn", profile)
		if _, err := h.domains.CancelOrder(t.Context(), h.me, o.PublicID); err != nil {
			t.Fatal(err)
		}
		again, err := h.domains.PlaceOrder(t.Context(), h.me, "example.cn", profile, 2)
		if err != nil || again.PublicID == o.PublicID || again.Years != 2 {
			t.Errorf("%+v %v, want a new order", again, err)
		}
	})
}

func TestUnpaidOrderExpires(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.cnProfile()
		unpaid, paid := h.place("unpaid.cn", profile), h.pay(h.place("paid.cn", profile))
		h.settles()
		if !unpaid.PayBy.Equal(c.Now().Add(7 * day)) {
			t.Errorf("to be paid by %v, want in seven days", unpaid.PayBy)
		}
		sweep := func(want int) {
			t.Helper()
			if n, err := h.domains.ExpireOrders(t.Context(), 100); err != nil || n != want {
				t.Errorf("%d orders expired (%v), want %d", n, err, want)
			}
		}
		h.pass(7*day - time.Microsecond)
		sweep(0)
		h.pass(time.Microsecond)
		sweep(1)
		sweep(0)
		if got := h.order(unpaid).State; got != domain.OrderExpired {
			t.Errorf("the unpaid order is %s", got)
		}
		if got := h.order(paid).State; got != domain.Completed {
			t.Errorf("the paid order is %s", got)
		}
		h.event(unpaid.PublicID, "order.expired")
		if n := h.count("audit_entry WHERE action = 'order.expire' AND actor = 'system' AND subject = ?", unpaid.PublicID); n != 1 {
			t.Errorf("%d entries are recorded, want 1", n)
		}
		_, err := h.domains.ConfirmPayment(t.Context(), h.office, unpaid.PublicID)
		h.wantFault("an expired order is paid", err, "order_state")
		if again := h.place("unpaid.cn", profile); again.PublicID == unpaid.PublicID {
			t.Error("the expired order is taken for an open one")
		}
	})
}

// A billing system confirms what it has confirmed before, whatever became of the name.
func TestPaymentRepeatedLaterAnswersWithTheOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.cnProfile()
		good, _ := h.register("example.cn", profile)
		bad, _ := h.register("will-fail.cn", profile)
		h.reviewed() // the registry deletes the one that it does not allow
		for _, o := range []domain.Order{good, bad} {
			if again := h.pay(o); again.PublicID != o.PublicID || again.State != domain.Completed || !again.PaidAt.Equal(o.PaidAt.Time) {
				t.Errorf("%s: paid again the order is %+v", o.Name, again)
			}
		}
		if n := h.count("domain"); n != 2 || !h.quiet() {
			t.Errorf("%d domains after repeated payments, want 2", n)
		}
	})
}

package webhook_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/webhook"
)

func TestEventReachesTheEndpointsThatWantItSigned(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, secret := o.endpoint(o.li)
		o.endpoint(o.li, "profile.verified")
		o.endpoint(o.chen)
		o.happens(o.li, "domain.real_name_failed", "dom_1")
		o.happens(o.li, "review.failed", "rev_1") // the staff's
		o.send()
		calls := o.got()
		if len(calls) != 1 || calls[0].path != "/per_li" {
			t.Fatalf("arrived: %+v", calls)
		}
		c := calls[0]
		if err := verify(secret, c, s.Now()); err != nil {
			t.Error(err)
		}
		if err := verify(secret, call{header: c.header, body: c.body + " "}, s.Now()); err == nil {
			t.Error("another body has the same signature")
		}
		if want := `{"type":"domain.real_name_failed","timestamp":"2026-06-01T02:00:00Z","data":{"domain":"例子.中国","id":"dom_1","reason":"name_mismatch"}}`; c.body != want {
			t.Errorf("the body is %s, want %s", c.body, want)
		}
		if c.header.Get("Content-Type") != "application/json" || strings.Contains(c.header.Get("webhook-signature"), " ") {
			t.Errorf("the header is %v", c.header)
		}
		got := o.log(o.li, e)
		if len(got) != 1 || got[0].State != webhook.Delivered || got[0].PublicID != c.header.Get("webhook-id") || got[0].DeliveredAt.IsZero() {
			t.Errorf("the log has %+v", got)
		}
	})
}

func TestFailedDeliveryIsRepeatedOverThreeDaysAndReplayed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, secret := o.endpoint(o.li)
		o.answers(http.StatusServiceUnavailable)
		o.happens(o.li, "profile.verified", "prf_1")
		began := s.Now()
		var last time.Time
		var longer time.Duration
		for o.log(o.li, e)[0].State == webhook.Waiting {
			o.send()
			d := o.log(o.li, e)[0]
			if d.State != webhook.Waiting {
				break
			}
			pause := d.NextAt.Sub(s.Now())
			if pause <= longer {
				t.Fatalf("a pause of %v after one of %v", pause, longer)
			}
			longer = pause
			c.Advance(pause)
			last = s.Now()
		}
		if over := last.Sub(began); over < 72*time.Hour || over > 96*time.Hour {
			t.Errorf("the last try came after %v, want about three days", over)
		}
		calls := o.got()
		d, tries, err := o.FindDelivery(t.Context(), o.li, o.log(o.li, e)[0].PublicID)
		if err != nil || d.State != webhook.Failed || len(tries) != 10 || len(calls) != 10 {
			t.Fatalf("%s after %d tries, %d arrived, %v", d.State, len(tries), len(calls), err)
		}
		if a := tries[0]; a.Status != 503 || a.Failure != "" || !strings.HasPrefix(a.Answer, "nono") || len(a.Answer) > 1024 {
			t.Errorf("the first try is %+v", a)
		}
		for _, x := range calls {
			if x.header.Get("webhook-id") != d.PublicID {
				t.Errorf("a try has the id %s, the delivery %s", x.header.Get("webhook-id"), d.PublicID)
			}
		}
		c.Advance(time.Hour)
		o.send()
		if len(o.got()) != 0 {
			t.Error("what was given up is sent again")
		}
		o.answers(http.StatusOK)
		if n, err := o.ReplayFailed(t.Context(), o.li, e.PublicID, began.Add(time.Second)); err != nil || n != 0 {
			t.Errorf("replayed %d that are older than asked for, %v", n, err)
		}
		if n, err := o.ReplayFailed(t.Context(), o.li, e.PublicID, began); err != nil || n != 1 {
			t.Fatalf("replayed %d, %v", n, err)
		}
		o.send()
		if calls = o.got(); len(calls) != 1 || calls[0].header.Get("webhook-id") != d.PublicID || verify(secret, calls[0], s.Now()) != nil {
			t.Errorf("replayed: %+v", calls)
		}
		if _, err := o.ReplayOne(t.Context(), o.li, d.PublicID); err != nil {
			t.Fatal(err)
		}
		o.send()
		if calls = o.got(); len(calls) != 1 || o.log(o.li, e)[0].State != webhook.Delivered {
			t.Errorf("replayed once more: %+v", calls)
		}
	})
}

func TestLogIsReadInPagesAndKeptThirtyDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, _ := o.endpoint(o.li)
		for i := range 5 {
			o.happens(o.li, "profile.verified", fmt.Sprintf("prf_%d", i))
		}
		o.send()
		var subjects []string
		for after := ""; ; {
			page, err := o.Log(t.Context(), o.li, e.PublicID, webhook.Delivered, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, d := range page {
				var b struct{ Data struct{ ID string } }
				if err := json.Unmarshal([]byte(d.Body), &b); err != nil {
					t.Fatal(err)
				}
				subjects = append(subjects, b.Data.ID)
			}
			after = page[len(page)-1].PublicID
		}
		if want := []string{"prf_4", "prf_3", "prf_2", "prf_1", "prf_0"}; !slices.Equal(subjects, want) {
			t.Errorf("read %v, want %v", subjects, want)
		}
		c.Advance(30 * 24 * time.Hour)
		if n, err := o.Sweep(t.Context(), 100); err != nil || n != 0 {
			t.Errorf("forgot %d of thirty days, %v", n, err)
		}
		c.Advance(time.Microsecond)
		if n, err := o.Sweep(t.Context(), 100); err != nil || n != 5 || len(o.log(o.li, e)) != 0 {
			t.Errorf("forgot %d, %v", n, err)
		}
	})
}

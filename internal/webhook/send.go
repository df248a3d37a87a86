package webhook

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/outbound"
	"github.com/verinym/verinym/internal/signature"
	"github.com/verinym/verinym/internal/store"
)

// pauses are how long a delivery waits after each try that failed: ten tries over three
// days, the example of Standard Webhooks 1.0 ("Deliverability and reliability").
var pauses = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour,
	20 * time.Hour, 24 * time.Hour,
}

const (
	// longFailure is after how long without any success an endpoint is disabled.
	longFailure = 5 * 24 * time.Hour
	// longestPause is the longest that an endpoint which fails is left alone.
	longestPause = 10 * time.Minute
	// turn is how long an endpoint is sent to before the others are looked at again.
	turn = 5 * time.Second
	// atOnce is how many endpoints are sent to at once, batch how many deliveries are
	// claimed for one.
	atOnce, batch = 32, 20
	// claimHolds is how long a claim lasts, in machine time.
	claimHolds = 2 * time.Minute
	// answerWithin is how long an endpoint may take, answerKept how many bytes of what it
	// says are kept.
	answerWithin = 15 * time.Second
	answerKept   = 1 << 10
)

// SendDue sends what is due and returns how many tries there were. An endpoint that
// fails ends its own turn only.
func (h *Hooks) SendDue(ctx context.Context) (int, error) {
	if err := h.lapse(ctx); err != nil {
		return 0, wrap("send", err)
	}
	now := store.Micros(h.store.Now())
	var due []Endpoint
	err := h.store.R.NewSelect().Model(&due).Where("state = 'enabled'").Where("(paused_until IS NULL OR paused_until <= ?)", now).
		Where("EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.endpoint_id = endpoint.id AND d.state = 'waiting' AND d.next_at <= ?)", now).OrderExpr("id").Scan(ctx)
	if err != nil || len(due) == 0 {
		return 0, wrap("send", err)
	}
	var wg sync.WaitGroup
	room := make(chan struct{}, atOnce)
	counts, errs := make([]int, len(due)), make([]error, len(due))
	for i, e := range due {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			counts[i], errs[i] = h.sendTo(ctx, e)
		})
	}
	wg.Wait()
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum, wrap("send", errors.Join(errs...))
}

// lapse gives back what a process has claimed that died.
func (h *Hooks) lapse(ctx context.Context) error {
	now := time.Now().UnixMicro()
	var n int
	if err := h.store.R.NewRaw("SELECT count(*) FROM webhook_delivery WHERE state = 'sending' AND lease_until < ?", now).Scan(ctx, &n); err != nil || n == 0 {
		return err
	}
	to, err := Deliveries.Next(Sending, Lapse)
	if err != nil {
		return err
	}
	return h.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("UPDATE webhook_delivery SET state = ? WHERE state = 'sending' AND lease_until < ?", to, now).Exec(ctx)
		return err
	})
}

// sendTo sends to one endpoint until it fails, its turn is over or nothing is due.
func (h *Hooks) sendTo(ctx context.Context, e Endpoint) (tries int, err error) {
	claimed, err := h.claim(ctx, e)
	if err != nil {
		return 0, err
	}
	for end, i := time.Now().Add(turn), 0; i < len(claimed); i++ {
		ok, err := h.send(ctx, e, claimed[i])
		if err != nil {
			return tries, err
		}
		tries++
		if !ok || time.Now().After(end) || ctx.Err() != nil {
			return tries, h.giveBack(context.WithoutCancel(ctx), claimed[i+1:])
		}
	}
	return tries, nil
}

func (h *Hooks) claim(ctx context.Context, e Endpoint) (out []Delivery, err error) {
	to, err := Deliveries.Next(Waiting, Claim)
	if err != nil {
		return nil, err
	}
	skip := ""
	if h.store.Engine() == "postgres" {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	err = h.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.NewRaw(`UPDATE webhook_delivery SET state = ?, claims = claims + 1, owner = ?, lease_until = ? WHERE id IN (
			SELECT id FROM webhook_delivery WHERE endpoint_id = ? AND state = 'waiting' AND next_at <= ? ORDER BY next_at, id LIMIT ?`+skip+`) RETURNING *`,
			to, h.config.Owner, time.Now().Add(claimHolds).UnixMicro(), e.ID, store.Micros(tx.Now()), batch).Scan(ctx, &out)
	})
	// RETURNING promises no order, and a receiver likes the order of what happened.
	slices.SortFunc(out, func(a, b Delivery) int { return cmp.Or(a.NextAt.Compare(b.NextAt.Time), cmp.Compare(a.ID, b.ID)) })
	return out, err
}

func (h *Hooks) giveBack(ctx context.Context, claimed []Delivery) error {
	if len(claimed) == 0 {
		return nil
	}
	return h.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, d := range claimed {
			if err := h.move(ctx, tx, &d, Lapse); err != nil && !errors.Is(err, store.ErrStale) {
				return err
			}
		}
		return nil
	})
}

// move takes a step with a delivery that this process has claimed and writes it.
// store.ErrStale says that the claim is lost.
func (h *Hooks) move(ctx context.Context, tx *store.Tx, d *Delivery, s Step) (err error) {
	if d.State, err = Deliveries.Next(d.State, s); err != nil {
		return err
	}
	return store.One(tx.NewUpdate().Model(d).Column("state", "tries", "next_at", "delivered_at").WherePK().
		Where("state = 'sending'").Where("owner = ?", h.config.Owner).Where("claims = ?", d.Claims).Exec(ctx))
}

// send tries a delivery once and writes down what came of it.
func (h *Hooks) send(ctx context.Context, e Endpoint, d Delivery) (ok bool, err error) {
	at := h.store.Now()
	secrets, err := h.secrets(e, at)
	if err != nil {
		return false, err
	}
	headers := http.Header{}
	if err := signature.Sign(headers, secrets, d.PublicID, at, []byte(d.Body)); err != nil {
		return false, err
	}
	began := time.Now()
	tried := Attempt{DeliveryID: d.ID, At: store.At(at)}
	tried.Status, tried.Answer, tried.Failure = h.post(ctx, e.URL, d, headers)
	tried.TookMS = time.Since(began).Milliseconds()
	ok = tried.Status >= 200 && tried.Status < 300
	err = h.store.InTx(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.NewInsert().Model(&tried).Exec(ctx); err != nil {
			return err
		}
		if ok {
			d.DeliveredAt = store.At(tx.Now())
			if err := h.move(ctx, tx, &d, Accept); err != nil {
				return err
			}
			_, err := tx.NewRaw("UPDATE webhook_endpoint SET failures = 0, failing_at = NULL, paused_until = NULL WHERE id = ? AND failures > 0", e.ID).Exec(ctx)
			return err
		}
		step := GiveUp
		if d.Tries < len(pauses) {
			step, d.NextAt = Refuse, store.At(tx.Now().Add(pauses[d.Tries]))
		}
		d.Tries++
		if err := h.move(ctx, tx, &d, step); err != nil {
			return err
		}
		return h.failed(ctx, tx, e.ID, tried.Status)
	})
	if errors.Is(err, store.ErrStale) { // the claim has lapsed; whoever has it now goes on
		return false, nil
	}
	return ok, err
}

// post sends a delivery and returns the status with the beginning of the answer, or why
// there is none.
func (h *Hooks) post(ctx context.Context, url string, d Delivery, signed http.Header) (status int, answer, failure string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(d.Body))
	if err != nil {
		return 0, "", "no_connection"
	}
	req.Header = signed
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "verinym-webhook/1")
	resp, err := h.client.Do(req)
	if err != nil {
		return 0, "", outbound.Why(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(io.LimitReader(resp.Body, answerKept)) // what cannot be read changes nothing about the status
	text := strings.ToValidUTF8(string(bytes.ReplaceAll(b, []byte{0}, nil)), "")
	return resp.StatusCode, text, ""
}

// failed notes at an endpoint that it has failed: it is left alone for a while, and
// disabled when it has failed for long, or says that it is gone (410).
func (h *Hooks) failed(ctx context.Context, tx *store.Tx, id int64, status int) (err error) {
	var e Endpoint
	if err := tx.NewSelect().Model(&e).Where("id = ?", id).Scan(ctx); err != nil {
		return err
	}
	now := tx.Now()
	if e.FailingAt.IsZero() {
		e.FailingAt = store.At(now)
	}
	e.Failures++
	e.PausedUntil = store.At(now.Add(min(time.Second<<min(e.Failures, 20), longestPause)))
	reason := ""
	switch {
	case status == http.StatusGone:
		reason = "gone"
	case now.Sub(e.FailingAt.Time) >= longFailure:
		reason = "failing"
	}
	if reason == "" || e.State != Enabled {
		return save(ctx, tx, &e)
	}
	if e.State, err = Endpoints.Next(e.State, Disable); err != nil {
		return err
	}
	e.DisabledFor = reason
	if err := save(ctx, tx, &e); err != nil {
		return err
	}
	if err := event.Append(ctx, tx, e.AccountID, "webhook.disabled", e.PublicID, map[string]string{"URL": e.URL, "Reason": reason}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: e.AccountID}, "webhook.disable", e.PublicID, map[string]string{"reason": reason})
}

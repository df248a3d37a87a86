package simulate

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/verinym/verinym/client"
)

// perCustomer is how many holders an account has.
const perCustomer = 8

// planArrivals has holders come over the first four fifths of the time.
func (w *world) planArrivals() {
	span := time.Duration(w.config.Days) * day * 4 / 5
	for i := range w.config.Profiles {
		wishes := w.config.Domains*(i+1)/w.config.Profiles - w.config.Domains*i/w.config.Profiles
		w.in(w.between(0, span), func(ctx context.Context) error { return w.arrive(ctx, wishes) })
	}
}

// arrive is somebody who wants names.
func (w *world) arrive(ctx context.Context, wishes int) error {
	c, err := w.someCustomer(ctx)
	if err != nil {
		return err
	}
	w.serial++
	h := &holder{of: c, serial: w.serial, kind: "cnnic", wishes: wishes, typed: map[int]client.Fields{}, answered: map[string]time.Time{}, authority: "desk"}
	h.name, h.number = w.person(w.serial)
	if w.chance(40) {
		h.kind = "common"
	}
	if w.chance(60) {
		h.authority = bureauName
	}
	switch n := w.rng.IntN(100); {
	case n < 8:
		h.flaw = numberTypo
	case n < 14:
		h.flaw = nameTypo
	case n < 18:
		h.flaw = badPicture
	case n < 22:
		h.flaw = expired
	case n < 26:
		h.flaw = deadAddress
	}
	c.holders, w.holders = append(c.holders, h), append(w.holders, h)
	w.byNumber[h.number] = h
	return w.register(ctx, h)
}

func (w *world) someCustomer(ctx context.Context) (*customer, error) {
	if n := len(w.customers); n > 0 && len(w.customers[n-1].holders) < perCustomer {
		return w.customers[n-1], nil
	}
	c := &customer{mail: fmt.Sprintf("customer%d@account.example", len(w.customers))}
	a, api, err := w.customer(ctx, fmt.Sprintf("Customer %d", len(w.customers)), c.mail)
	c.id, c.api = a.PublicID, api
	w.customers = append(w.customers, c)
	return c, err
}

// register fills the form in.
func (w *world) register(ctx context.Context, h *holder) error {
	typed := h.fields(h.flaw)
	if magic := w.rng.IntN(100); magic < 10 {
		typed["name_en"] = map[bool]string{true: "Specimen SLOW", false: "Specimen FAIL-name_mismatch"}[magic < 4]
	}
	p, err := h.of.api.CreateProfile(ctx, client.NewProfile{Accreditation: "mainland", Kind: h.kind, HolderType: "individual", Fields: typed})
	w.figures.Profiles++
	if h.flaw == numberTypo && err != nil {
		w.figures.RefusedAtEntry++
		h.flaw = sound
		w.in(w.between(time.Minute, again), func(ctx context.Context) error { return w.register(ctx, h) })
		return nil
	}
	if err != nil {
		return err
	}
	h.profile, w.byProfile[p.ID] = p.ID, h
	h.typed[p.Version], h.now = typed, p.Version
	if err := w.upload(ctx, h); err != nil {
		return err
	}
	return w.askLink(ctx, h)
}

// upload sends the picture of the document.
func (w *world) upload(ctx context.Context, h *holder) error {
	pic := picture(h.number)
	if h.flaw == badPicture {
		pic = pic[:len(pic)/2]
	}
	_, err := h.of.api.UploadDocument(ctx, h.profile, client.Picture{Name: "card.jpg", Content: bytes.NewReader(pic)})
	w.figures.Pictures++
	if err != nil && h.flaw == badPicture {
		w.figures.RefusedPictures++
		h.flaw = sound
		w.in(w.between(time.Hour, day), func(ctx context.Context) error { return w.upload(ctx, h) })
		return nil
	}
	return err
}

// askLink has a link mailed to the address of the newest version.
func (w *world) askLink(ctx context.Context, h *holder) error {
	address := h.field(h.now, "email")
	w.byAddress[address] = h
	if h.flaw == deadAddress && address != h.address() {
		w.post.unknown(address)
	}
	_, err := h.of.api.RequestEmailVerification(ctx, address)
	switch {
	case refused(err, "email_already_verified"):
		return w.submitSoon(h)
	case refused(err, "email_resend_too_soon", "email_recipient_limit"):
		w.in(again, func(ctx context.Context) error { return w.askLink(ctx, h) })
		return nil
	case err != nil:
		return err
	}
	w.wanted[address]++
	if w.post.isUnknown(address) { // nothing comes: the registrant looks after it
		w.in(w.between(day, 2*day), func(ctx context.Context) error {
			h.flaw = sound
			return w.edit(ctx, h, client.Fields{"email": h.address()})
		})
	}
	return nil
}

// readMail has everybody read what came: who gets a link answers after a while, or not.
func (w *world) readMail() {
	for _, l := range w.post.empty() {
		w.figures.Mails++
		if l.link == "" {
			continue
		}
		w.letters[l.to]++
		h := w.byAddress[l.to]
		if h == nil || h.deaf {
			continue
		}
		w.in(w.between(time.Hour, 84*time.Hour), func(ctx context.Context) error { return w.answer(ctx, h, l) })
	}
}

const linkLives = 3 * day

// answer posts the confirmation behind a link.
func (w *world) answer(ctx context.Context, h *holder, l letter) error {
	if h.deaf {
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.link, nil)
	if err != nil {
		return err
	}
	resp, err := sharedHTTP.Do(req)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	now, taken := w.clock.Now(), resp.StatusCode == http.StatusOK
	w.linkUsed(l, now, taken)
	if !taken {
		if h.answered[l.to].Before(l.at) {
			w.in(time.Hour, func(ctx context.Context) error { return w.askLink(ctx, h) })
		}
		return nil
	}
	first := h.answered[l.to].IsZero()
	h.answered[l.to] = now
	if first {
		return w.submitSoon(h)
	}
	return nil
}

func (w *world) submitSoon(h *holder) error {
	w.in(w.between(time.Minute, again), func(ctx context.Context) error { return w.submit(ctx, h) })
	return nil
}

// submit looks at what a review would refuse, corrects it, and submits.
func (w *world) submit(ctx context.Context, h *holder) error {
	if h.verified == h.now {
		return nil
	}
	later := func() error {
		w.in(again, func(ctx context.Context) error { return w.submit(ctx, h) })
		return nil
	}
	look, err := h.of.api.Preflight(ctx, h.profile)
	if err != nil {
		return err
	}
	w.figures.Preflights++
	if !look.Ready {
		w.figures.RefusedAtPreflight++
		if h.flaw == expired {
			h.flaw = sound
			return w.edit(ctx, h, client.Fields{"valid_to": "2036-01-02"})
		}
		return later()
	}
	p, err := h.of.api.SubmitProfile(ctx, h.profile, h.authority)
	switch {
	case refused(err, "profile_state", "profile_in_review", "review_open"):
		return nil
	case err != nil:
		return err
	}
	w.figures.Submissions++
	h.submitted = w.clock.Now()
	w.submittedCase(h, p)
	w.in(day, func(ctx context.Context) error { return w.visit(ctx, h, p.Version) })
	return nil
}

// edit changes what the registrant has typed.
func (w *world) edit(ctx context.Context, h *holder, change client.Fields) error {
	p, err := h.of.api.EditProfile(ctx, h.profile, with(change, client.Fields{"new_version": true}))
	if refused(err, "profile_in_review") {
		return nil
	}
	if err != nil {
		return err
	}
	w.approval(h)
	h.typed[p.Version] = with(h.current(), change)
	h.now = p.Version
	if p.EmailState != "verified" {
		return w.askLink(ctx, h)
	}
	return w.submitSoon(h)
}

// visit has a registrant see what became of the review.
func (w *world) visit(ctx context.Context, h *holder, version int) error {
	p, err := h.of.api.Profile(ctx, h.profile)
	if err != nil {
		return err
	}
	switch p.State {
	case "in_review":
		w.in(day, func(ctx context.Context) error { return w.visit(ctx, h, version) })
	case "failed":
		w.figures.Resubmissions++
		h.flaw = sound
		return w.edit(ctx, h, client.Fields{"name_zh": h.name, "document_number": h.number})
	case "verified":
		if h.verified != p.Version {
			h.verified, h.seenAt = p.Version, w.clock.Now()
		}
		w.wish(h)
	}
	return nil
}

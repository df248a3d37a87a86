package datarequest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/policies"
)

// letter is a request of Li's that an admin has in writing, which waits for an answer.
func (h house) letter() datarequest.View {
	h.Helper()
	return h.ask(ada, datarequest.Asking{Kind: datarequest.Erasure, Account: h.li.account.PublicID, Evidence: "letter of Li, in the cabinet"})
}

// extend has an admin extend the time to answer, which ends with a fault or with none.
func (h house) extend(what string, r datarequest.View, code string) datarequest.View {
	h.Helper()
	v, err := h.Extend(h.Context(), ada, r.PublicID, "complexity", " it rests on papers of three archives ")
	if fault.Code(err) != code {
		h.Errorf("%s: %v, want %q", what, err, code)
	}
	return v
}

// Twelve profiles in three archives take longer than a month: Li is told by when the answer
// comes and why, and that day stands from then on.
func TestTimeToAnswerIsExtendedOnceAndWhoAskedIsToldWhy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		c.Advance(time.Date(2026, 6, 1, 2, 0, 0, 0, time.UTC).Sub(c.Now()))
		r := h.letter()
		h.settle()
		first, end := r.DueAt.Time, time.Date(2026, 9, 1, 16, 0, 0, 0, time.UTC)
		if !r.ExtendableTo.Equal(end) {
			t.Errorf("it can be extended to %s, want %s", r.ExtendableTo, end)
		}
		c.Advance(20 * day)
		off := slices.DeleteFunc(slices.Clone(notify.Topics), notify.Topic.Required)
		if _, err := h.post.ChangeSettings(t.Context(), h.as(h.li), notify.SettingChange{Off: &off}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Extend(t.Context(), ada, r.PublicID, "holidays", ""); fault.Code(err) != "value_unknown" {
			t.Errorf("for a reason that the law does not know: %v", err)
		}
		if _, err := h.Extend(t.Context(), h.as(h.li), r.PublicID, "complexity", ""); fault.Code(err) != "forbidden" {
			t.Errorf("by Li: %v", err)
		}
		if _, err := h.Extend(t.Context(), h.office(), r.PublicID, "complexity", ""); fault.Code(err) != "account_own" {
			t.Errorf("by an admin of the account that it is about: %v", err)
		}
		if got := h.read(r); !got.DueAt.Equal(first) || got.Extension != "" {
			t.Errorf("refused, and yet due %s", got.DueAt)
		}
		got := h.extend("the first time", r, "")
		if !got.DueAt.Equal(end) || got.State != datarequest.Open || got.Extension != "complexity" || got.ExtensionNote != "it rests on papers of three archives" || got.ExtendedBy != ada.ID ||
			!got.ExtendedAt.Equal(c.Now()) || !got.ExtendableTo.IsZero() {
			t.Errorf("extended: %+v", got)
		}
		h.extend("a second time", r, "data_request_extended")
		h.settle()

		var mailed int
		if err := s.R.NewRaw("SELECT count(*) FROM mail_news WHERE type = 'data_request.extended'").Scan(t.Context(), &mailed); err != nil || mailed != 1 {
			t.Errorf("%d mails to who wants none tell of it, %v", mailed, err)
		}
		told, err := h.messages.List(t.Context(), h.as(h.li), 1)
		if err != nil || len(told) != 1 || told[0].Type != "data_request.extended" {
			t.Fatalf("Li reads %+v, %v", told, err)
		}
		texts, err := locale.Load(policies.FS)
		if err != nil {
			t.Fatal(err)
		}
		for lang, words := range map[locale.Lang][]string{locale.EN: {"erasure", "2026-09-01", "it is complex"}, locale.ZH: {"删除", "2026-09-01", "较为复杂"}} {
			says := texts.Text(lang, "news.data_request.extended", told[0].Data)
			for _, w := range words {
				if !strings.Contains(says, w) {
					t.Errorf("the %s message does not say %q: %s", lang, w, says)
				}
			}
		}
		var detail string
		if err := s.R.NewRaw("SELECT detail FROM audit_entry WHERE action = 'data_request.extend' AND subject = ?", r.PublicID).Scan(t.Context(), &detail); err != nil || !strings.Contains(detail, `"complexity"`) || !strings.Contains(detail, `"2026-09-01"`) {
			t.Errorf("on record: %s, %v", detail, err)
		}
		// The answer still comes, and says what it would have said.
		if v, err := h.Refuse(t.Context(), ada, r.PublicID, "unfounded", ""); err != nil || !v.DueAt.Equal(end) || v.Extension != "complexity" {
			t.Errorf("answered: %+v, %v", v.Request, err)
		}
	})
}

func TestTimeToAnswerIsExtendedInTheFirstMonthOfARequestThatHasNotEnded(t *testing.T) {
	t.Parallel()
	const months = "extended_to: {months: 3, sources: [GDPR-12], confidence: source}"
	for what, tt := range map[string]struct {
		at, edit, with string
		then           func(house, datarequest.View)
		due, code      string
	}{
		"at the last moment":               {at: "2026-06-01T02:00:00Z", then: func(h house, r datarequest.View) { h.clock.Advance(r.DueAt.Sub(h.clock.Now()) - time.Second) }, due: "2026-09-01T16:00:00Z"},
		"when the month is over":           {at: "2026-06-01T02:00:00Z", then: func(h house, r datarequest.View) { h.clock.Advance(r.DueAt.Sub(h.clock.Now())) }, code: "data_request_extension_late"},
		"to a month without that day":      {at: "2026-11-30T02:00:00Z", due: "2027-02-28T16:00:00Z"},
		"from a month without that day":    {at: "2027-01-31T02:00:00Z", due: "2027-04-30T16:00:00Z"},
		"after business days":              {at: "2026-06-01T02:00:00Z", edit: "{months: 1, sources: [GDPR-12], confidence: source}", with: "{business_days: 15, sources: [PIPL-50], confidence: assumed}", due: "2026-09-01T16:00:00Z"},
		"where policy gives less":          {at: "2026-06-01T02:00:00Z", edit: months, with: strings.Replace(months, "3", "2", 1), due: "2026-08-01T16:00:00Z"},
		"where policy gives none":          {at: "2026-06-01T02:00:00Z", edit: months, with: strings.Replace(months, "3", "1", 1), code: "data_request_no_extension"},
		"when one admin has accepted it":   {at: "2026-06-01T02:00:00Z", then: func(h house, r datarequest.View) { h.accept(r) }, due: "2026-09-01T16:00:00Z"},
		"when it is under way":             {at: "2026-06-01T02:00:00Z", then: func(h house, r datarequest.View) { h.exec("UPDATE data_request SET state = 'under_way'") }, due: "2026-09-01T16:00:00Z"},
		"when it was refused":              {at: "2026-06-01T02:00:00Z", then: func(h house, r datarequest.View) { h.refuse(r) }, code: "data_request_state"},
		"when what is left of it waits":    {at: "2026-06-01T02:00:00Z", then: func(h house, r datarequest.View) { h.exec("UPDATE data_request SET state = 'deferred'") }, code: "data_request_state"},
		"that was extended, when both end": {at: "2026-06-01T02:00:00Z", then: func(h house, r datarequest.View) { h.extend("first", r, ""); h.clock.Advance(100 * day) }, code: "data_request_extended"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			p := policytest.Shipped()
			if tt.edit != "" {
				p = policytest.ChangedIn(t, "limits.yaml", tt.edit, tt.with)
			}
			at, err := time.Parse(time.RFC3339, tt.at)
			if err != nil {
				t.Fatal(err)
			}
			c.Advance(at.Sub(c.Now()))
			h := newHouseUnder(t, s, c, p)
			r := h.letter()
			if tt.then != nil {
				tt.then(h, r)
			}
			before := h.read(r)
			got := h.extend(what, r, tt.code)
			if tt.code == "" && (got.DueAt.Format(time.RFC3339) != tt.due || got.State != before.State || !got.EndedAt.IsZero()) {
				t.Errorf("due %s, %s, want %s, %s", got.DueAt.Format(time.RFC3339), got.State, tt.due, before.State)
			}
			if tt.code != "" && (!h.read(r).DueAt.Equal(before.DueAt.Time) || !before.ExtendableTo.IsZero()) {
				t.Errorf("refused, and yet due %s, extendable to %s", h.read(r).DueAt, before.ExtendableTo)
			}
		})
	}
}

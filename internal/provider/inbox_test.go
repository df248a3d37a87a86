package provider_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/signature"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestCallbackDecidesOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		first, second := o.submit(1), o.submit(2)
		o.mustAsk()
		var desks review.Case
		o.tx(func(ctx context.Context, tx *store.Tx) (err error) {
			desks, err = o.reviews.Submit(ctx, tx, registrant, review.Submission{Account: registrant.Account, Kind: review.ProfileVersion, Subject: 3, Authority: review.Desk})
			return err
		})
		m := o.verdict("msg_1", first, `"verdict":"approve"`)
		for i, tt := range []struct {
			name   string
			m      message
			effect provider.Effect
			code   string
		}{
			{"still at it", o.verdict("msg_0", first, `"verdict":"pending"`), provider.Noted, ""},
			{"the verdict", m, provider.Taken, ""},
			{"the same again", m, provider.Repeated, ""},
			{"another that comes after it", o.verdict("msg_2", first, `"verdict":"decline","reasons":[{"code":"glare"}]`), provider.TooLate, ""},
			{"an older one that was overtaken", o.verdict("msg_3", first, `"verdict":"pending"`), provider.Noted, ""},
			{"another under an id that was used", message{"msg_1", secret, c.Now(), o.verdict("", second, `"verdict":"decline","reasons":[{"code":"glare"}]`).body}, provider.Repeated, ""},
			{"of nobody's case", message{"msg_4", secret, c.Now(), `{"case":"rev_none","verdict":"approve"}`}, "", "review_not_found"},
			{"of a case of the desk's", o.verdict("msg_9", desks, `"verdict":"approve"`), "", "review_not_found"},
			{"forged", message{"msg_5", newSecret, c.Now(), o.verdict("", second, `"verdict":"approve"`).body}, "", "signature_wrong"},
			{"replayed much later", message{"msg_6", secret, c.Now().Add(-6 * time.Minute), o.verdict("", second, `"verdict":"approve"`).body}, "", "signature_time"},
			{"garbage", message{"msg_7", secret, c.Now(), `{"case":`}, "", "body_invalid"},
			{"of no meaning", o.verdict("msg_8", second, `"verdict":"yes"`), "", "body_invalid"},
		} {
			effect, err := o.send(tt.m)
			if effect != tt.effect || fault.Code(err) != tt.code {
				t.Errorf("%d %s: %q, %v; want %q, %q", i, tt.name, effect, err, tt.effect, tt.code)
			}
		}
		if got := []review.State{o.state(first), o.state(second)}; !slices.Equal(got, []review.State{review.Passed, review.Waiting}) || len(o.subject.told) != 1 {
			t.Errorf("the cases are %v, their subjects were told %v", got, o.subject.told)
		}
		// What was refused has used up no id.
		if effect, err := o.send(o.verdict("msg_8", second, `"verdict":"approve"`)); effect != provider.Taken || err != nil {
			t.Errorf("%s, %v", effect, err)
		}
		if _, err := o.Take(t.Context(), "nobody", http.Header{}, nil); fault.Code(err) != "authority_unknown" {
			t.Errorf("a provider that there is not: %v", err)
		}
		c.Advance(31 * 24 * time.Hour)
		if n, err := o.Sweep(t.Context(), 100); n != 5 || err != nil {
			t.Errorf("swept %d ids, %v", n, err)
		}
	})
}

func TestVerdictOfACancelledAttemptChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		opened := o.submit(1)
		o.mustAsk()
		o.cancel(1)
		if effect, err := o.send(o.verdict("msg_1", opened, `"verdict":"approve"`)); effect != provider.TooLate || err != nil {
			t.Errorf("%s, %v", effect, err)
		}
		again := o.submit(1)
		if effect, err := o.send(o.verdict("msg_2", opened, `"verdict":"approve"`)); effect != provider.TooLate || err != nil {
			t.Errorf("with another attempt open: %s, %v", effect, err)
		}
		if got := []review.State{o.state(opened), o.state(again)}; !slices.Equal(got, []review.State{review.Cancelled, review.Waiting}) || len(o.subject.told) != 0 {
			t.Errorf("the attempts are %v, their subject was told %v", got, o.subject.told)
		}
		c.Advance(time.Second)
		o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(500)
			return false
		})
		if n, err := o.WithdrawDue(t.Context(), 100); n != 0 || err == nil {
			t.Errorf("told of %d, %v", n, err)
		}
		o.bureau.misbehave(nil)
		c.Advance(10 * time.Second)
		if n, err := o.WithdrawDue(t.Context(), 100); n != 1 || err != nil || len(o.bureau.known()) != 0 {
			t.Errorf("told of %d, %v; the bureau has %v", n, err, o.bureau.known())
		}
		o.mustAsk()
		if got := o.bureau.known(); !slices.Equal(got, []string{again.PublicID}) {
			t.Errorf("the bureau has %v, want the second attempt", got)
		}
	})
}

func TestSecretIsChangedWithoutAGap(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c, func(c *provider.Config) { c.Secrets = []string{newSecret, secret} })
	first, second := o.submit(1), o.submit(2)
	o.mustAsk() // the bureau knows the old one only
	if got := o.bureau.known(); len(got) != 2 {
		t.Errorf("the bureau believes %v", got)
	}
	for i, m := range []message{o.verdict("msg_1", first, `"verdict":"approve"`), o.verdict("msg_2", second, `"verdict":"approve"`)} {
		m.secret = []string{secret, newSecret}[i]
		if effect, err := o.send(m); effect != provider.Taken || err != nil {
			t.Errorf("under %s: %s, %v", m.secret, effect, err)
		}
	}
}

func TestPicturesAreGivenOutForAShortTimeToOneCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		o.subject.pictures = map[int64]string{1: "of one", 2: "of two"}
		one, two := o.submit(1), o.submit(2)
		link := func(id string) (expires, sum string) {
			t.Helper()
			h := http.Header{}
			if err := signature.Sign(h, []string{secret}, id+".1", c.Now(), nil); err != nil {
				t.Fatal(err)
			}
			b, err := o.Dossier(t.Context(), "bureau", id, h)
			if err != nil {
				t.Fatal(err)
			}
			var d struct {
				Documents []struct{ URL string }
			}
			if err := json.Unmarshal(b, &d); err != nil {
				t.Fatal(err)
			}
			base, query, _ := strings.Cut(d.Documents[0].URL, "?")
			if want := "https://verify.example/api/v1/authorities/bureau/cases/" + id + "/documents/doc_1"; base != want {
				t.Errorf("the address is %s, want %s", base, want)
			}
			req, err := http.NewRequest(http.MethodGet, "/?"+query, nil)
			if err != nil {
				t.Fatal(err)
			}
			return req.URL.Query().Get("expires"), req.URL.Query().Get("signature")
		}
		expires, sum := link(one.PublicID)
		for name, tt := range map[string]struct {
			provider, id, document, expires, sum string
			want                                 string
		}{
			"as it was given":    {"bureau", one.PublicID, "doc_1", expires, sum, ""},
			"for another case":   {"bureau", two.PublicID, "doc_1", expires, sum, "link_wrong"},
			"another document":   {"bureau", one.PublicID, "doc_2", expires, sum, "link_wrong"},
			"for longer":         {"bureau", one.PublicID, "doc_1", expires + "0", sum, "link_wrong"},
			"without a sum":      {"bureau", one.PublicID, "doc_1", expires, "", "link_wrong"},
			"with no hex":        {"bureau", one.PublicID, "doc_1", expires, "zz", "link_wrong"},
			"without an end":     {"bureau", one.PublicID, "doc_1", "", sum, "link_wrong"},
			"of another partner": {"other", one.PublicID, "doc_1", expires, sum, "authority_unknown"},
		} {
			got, err := o.Picture(t.Context(), tt.provider, tt.id, tt.document, tt.expires, tt.sum)
			if fault.Code(err) != tt.want || err == nil && string(got) != "of one" {
				t.Errorf("%s: %q, %v, want %q", name, got, err, tt.want)
			}
		}
		if n := o.count("audit_entry WHERE action = 'review.disclose_picture' AND actor = 'authority:bureau' AND subject = ?", one.PublicID); n != 1 {
			t.Errorf("%d entries of the disclosure, want 1", n)
		}
		c.Advance(15 * time.Minute)
		if _, err := o.Picture(t.Context(), "bureau", one.PublicID, "doc_1", expires, sum); fault.Code(err) != "link_expired" {
			t.Errorf("after a quarter of an hour: %v", err)
		}
		expires, sum = link(one.PublicID)
		o.cancel(1)
		if _, err := o.Picture(t.Context(), "bureau", one.PublicID, "doc_1", expires, sum); fault.Code(err) != "review_not_found" {
			t.Errorf("of a case that was taken back: %v", err)
		}
		h := http.Header{}
		if err := signature.Sign(h, []string{newSecret}, two.PublicID+".1", c.Now(), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Dossier(t.Context(), "bureau", two.PublicID, h); fault.Code(err) != "signature_wrong" {
			t.Errorf("a forged question is answered: %v", err)
		}
		if err := signature.Sign(h, []string{secret}, one.PublicID+".1", c.Now(), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Dossier(t.Context(), "bureau", two.PublicID, h); fault.Code(err) != "signature_wrong" {
			t.Errorf("a question about another case is answered: %v", err)
		}
	})
}

package notify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/policies"
)

// bothSay compares the text of a mail in both languages with what it says and does not say.
func bothSay(t *testing.T, what, text string, want, not []string) {
	t.Helper()
	text = strings.Join(strings.Fields(text), " ")
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q:\n%s", what, w, text)
		}
	}
	for _, n := range not {
		if strings.Contains(text, n) {
			t.Errorf("%s says %q:\n%s", what, n, text)
		}
	}
}

// Who is asked for their word reads what it is about: another holder, or another address of
// the same one.
func TestTheQuestionSaysWhatChanges(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for what, x := range map[string]struct {
		letter    notify.ConsentLetter
		want, not []string
	}{
		"another holder": {notify.ConsentLetter{Role: "prior_registrant", All: 1, Domains: []string{"one.com"}},
			[]string{"Do you agree to a change of holder?", "1 domain name is about to get a new holder: 李思远.", "You are the current registrant.", "1 个域名将过户至 李思远。", "one.com", "the current holder stays"},
			[]string{"e-mail address", "domain names", "邮箱"}},
		"another address": {notify.ConsentLetter{AddressOnly: true, Role: "new_registrant", All: 2, Domains: []string{"one.com", "two.com"}},
			[]string{"Do you agree to a change of e-mail address?", "李思远 stays the holder of 2 domain names", "li@registrant.example, would be the new one", "持有者仍为 李思远", "将成为新邮箱", "two.com", "the current address stays"},
			[]string{"change of holder", "过户", "a new holder"}},
		"its present address": {notify.ConsentLetter{AddressOnly: true, Role: "prior_registrant", All: 1, Domains: []string{"one.com"}},
			[]string{"stays the holder of 1 domain name;", "is the current one and would be replaced", "为现邮箱，将被替换"}, []string{"过户"}},
	} {
		l := x.letter
		l.Request, l.Address, l.Token, l.Holder, l.Due = what, "li@registrant.example", token, "李思远", until
		if err := p.AskConsent(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		_, parts := p.parts(t)
		bothSay(t, what, parts["text/plain"], append(x.want, "/holder-change/"+token), x.not)
	}
}

// Who has agreed is told when it is carried out, and of what.
// A reason that came without what its text needs is told by its title, which has no end of
// its own.
func TestReasonIsToldAsASentence(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[locale.Lang]string{locale.EN: "The number has the wrong length. Correct it", locale.ZH: "证件号码位数不对。 请修改"} {
		n := notify.News{Type: "profile.failed", Subject: "prf_1", Data: map[string]string{"Reason": "number_length"}}
		if got := notify.Sentence(texts, lang, n); !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
	gone := notify.News{Type: "webhook.disabled", Data: map[string]string{"URL": "https://hooks.example", "Reason": "gone"}}
	if got := notify.Sentence(texts, locale.EN, gone); !strings.Contains(got, "the receiver answered that it is gone. Deliveries are kept") {
		t.Errorf("of a webhook that is gone: %q", got)
	}
}

func TestTheMailAfterAChangeSaysWhatHasChanged(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	d := newDesk(t, s, c)
	for what, x := range map[string]struct {
		data      map[string]string
		want, not []string
	}{
		"another holder": {map[string]string{"Operation": "change_holder", "Role": "prior_registrant", "All": "1", "Domains": "one.com"},
			[]string{"The change of holder is complete", "1 domain name is now held by 李思远. You agreed to this as the previous registrant", "1 个域名现由 李思远 持有", "您是原持有者", "one.com"}, []string{"e-mail address has", "邮箱已变更"}},
		"a change of before operations were said": {map[string]string{"Role": "both_registrants", "All": "2", "Domains": "one.com two.com"},
			[]string{"2 domain names are now held by 李思远", "您已代表原持有者和新持有者同意本次过户"}, []string{"邮箱已变更"}},
		"another address": {map[string]string{"Operation": "update_details", "Role": "new_registrant", "All": "2", "Domains": "one.com two.com"},
			[]string{"The e-mail address has changed", "李思远 is still the holder of 2 domain names", "Yours is the new address", "持有者仍为 李思远", "您的邮箱是新邮箱", "two.com"}, []string{"change of holder", "过户"}},
	} {
		x.data["Address"], x.data["Holder"] = "party@registrant.example", "李思远"
		d.tells(t, d.li.Account, "association.holder_changed", x.data)
		d.expands(t)
		c.Advance(time.Hour)
		var text string
		for _, m := range d.mails(t) {
			if m.To == "party@registrant.example" {
				text = m.Subject + "\n" + m.Text
			}
		}
		bothSay(t, what, text, x.want, x.not)
	}
}

// What is told of the words of a change names what changes, in messages and in timelines.
func TestNewsOfAConsentSayWhatChanges(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	texts := newDesk(t, s, c).Texts
	change := []string{"change of holder", "holder stays", "过户", "持有者所有", "持有者不变"}
	for _, typ := range []event.Type{"association.consent_awaited", "association.consent_given", "association.consent_declined", "association.consent_expired", "association.holder_changed"} {
		for operation, another := range map[string]bool{"change_holder": true, "": true, "update_details": false} {
			data := map[string]string{"Operation": operation, "Role": "new_registrant", "Address": "party@registrant.example", "Until": "2026-03-01"}
			for _, lang := range locale.Langs {
				for _, text := range []string{notify.Sentence(texts, lang, notify.News{Type: typ, Subject: "task_1", Data: data}), texts.Text(lang, "timeline."+string(typ), data)} {
					if says := slices.ContainsFunc(change, func(w string) bool { return strings.Contains(text, w) }); says != another {
						t.Errorf("of %q it is said: %s", operation, text)
					}
				}
				if head := texts.Text(lang, "news."+string(typ)+".head", nil); strings.Contains(head, "holder") || strings.Contains(head, "过户") {
					t.Errorf("the heading of either is %q", head)
				}
			}
		}
	}
}

package domain_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// holes are what a sentence looks like that lacks one of its values.
var holes = regexp.MustCompile(`  | [,;:!?]| \.(?:\s|$)|\(\)|""|“”|（）|{{|<no value>|^[\s,，。]|[：，“]。|预计 前`)

// wholeSentence checks that a refusal's text is there in both languages, with every
// value that it takes.
func (h *house) wholeSentence(f *fault.Error) {
	h.Helper()
	texts := words()
	for _, l := range locale.Langs {
		text := texts.Text(l, f.Code, f.Params)
		if text == f.Code || holes.MatchString(text) {
			h.Errorf("%s in %s: %q", f.Code, l, text)
		}
	}
	for _, m := range regexp.MustCompile(`{{\.(\w+)}}`).FindAllStringSubmatch(texts.Source(locale.EN, f.Code), -1) {
		if f.Params[m[1]] == "" && !strings.Contains(texts.Source(locale.EN, f.Code), "{{if ."+m[1]+"}}") {
			h.Errorf("%s lacks %s", f.Code, m[1])
		}
	}
}

// refusals are the codes that stand in a source file.
func refusals(t *testing.T, file string) (out []string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?:refused\(|fault\.At\("\w+", |fault\.New\(fault\.\w+, )"([a-z_]+)"\)`).FindAllStringSubmatch(string(src), -1) {
		out = append(out, m[1])
	}
	return out
}

// Every reason for which a profile, an order or an association is refused reads well
// in both languages.
func TestEveryRefusalIsAWholeSentence(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, holding(chinese, li, liNumber, "mine.cn", "busy.cn", "locked.cn", "unread.cn", "free.cn", "never.cn", "odd.cn"),
		holding(chinese, zhao, zhaoNumber, "stranger.cn"), holding(rival, zhao, zhaoNumber, "taken.cn"))
	h.imports("mine.cn", "busy.cn", "locked.cn", "unread.cn", "free.cn", "never.cn", "odd.cn", "stranger.cn")
	good, common := h.cnProfile(), h.verified(h.me, forCOM, li, liNumber)
	draft := h.draft(h.me, forCN, wang, wangNumber).Profile.PublicID
	reviewing := h.submit(h.me, h.draft(h.me, forCN, wang+"PENDING", wangNumber)).Profile.PublicID
	failed := h.submit(h.me, h.draft(h.me, forCN, wang+"FAIL", wangNumber)).Profile.PublicID
	abroad := h.submit(h.me, h.draft(h.me, forCN, li, "X00123456", "country", "DE", "document_kind", "passport", "postal_code", "10115", "phone", "030 901820", "city_en", "Berlin", "address_en", "Musterstr. 1"))
	guest := h.submit(h.me, h.draft(h.me, forCN, li, "X00123456", "document_kind", "passport"))
	expat := h.submit(h.me, h.draft(h.me, forCOM, li, "X00123456", "country", "DE", "document_kind", "passport", "postal_code", "10115", "phone", "030 901820", "city_en", "Berlin", "address_en", "Musterstr. 1"))
	h.exec("UPDATE profile_version SET state = ? WHERE id IN (?, ?, ?)", string(profile.Verified), abroad.Current.ID, guest.Current.ID, expat.Current.ID)
	elsewhere := h.verified(h.me, forCN, wang, wangNumber)
	h.exec("UPDATE profile SET accreditation = 'overseas' WHERE public_id = ?", elsewhere)
	ended := h.verified(h.me, forCN, wang, wangNumber)
	h.exec("UPDATE profile_version SET fields = json_set(CAST(fields AS TEXT), '$.valid_to', '2020-01-31') WHERE profile_id = (SELECT id FROM profile WHERE public_id = ?)", ended)
	h.register("done.cn", good)
	h.reviewed()
	for column, name := range map[string]string{"next_version_id = 1": "busy.cn", "holder_fold = ''": "unread.cn", "holder_state = 'not_required'": "free.cn", "holder_state = 'not_possible'": "never.cn",
		`holder_fold = 'somebody', statuses = '["clientUpdateProhibited","serverUpdateProhibited"]'`: "locked.cn", "registrant = 'old-odd'": "odd.cn"} {
		h.exec("UPDATE domain SET "+column+" WHERE name = ?", name)
	}
	h.exec("INSERT INTO registry_contact (registry, contact_id, holder_ref, ours, state, evidence, holder_type, holder_name, holder_fold, document_code, updated_at) VALUES ('cn', 'old-odd', '', FALSE, 'present', '', 'individual', ?, ?, 'UNHEARD', 0)", li, li)

	var seen []string
	saw := func(f *fault.Error) {
		if f != nil {
			seen = append(seen, f.Code)
			h.wholeSentence(f)
		}
	}
	for _, name := range []string{"example.cn", "example.com", "example.gov.cn", "example.invalid", "example.in"} {
		choices, _, err := h.domains.Choices(t.Context(), h.me, name, "", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, choice := range choices {
			saw(choice.Reason)
		}
	}
	h.exec(`INSERT INTO domain (public_id, account_id, name, suffix, accreditation, registry, state, naming_state, holder_state, sync_state, created_at, updated_at, row_version)
		VALUES ('dom_paper', ?, 'paper.gov.cn', 'gov.cn', 'mainland', 'cn', 'registered', 'verified', 'verified', 'synced', 0, 0, 1)`, h.me.Account)
	names := []string{"paper.gov.cn", "mine.cn", "busy.cn", "locked.cn", "unread.cn", "free.cn", "never.cn", "odd.cn", "stranger.cn", "done.cn", "nowhere.cn"}
	for _, p := range []string{good, common, elsewhere, abroad.Profile.PublicID} {
		for _, r := range []domain.Request{submitting(p, names...), changing(p, names...)} {
			items, err := h.domains.Preview(t.Context(), h.me, r)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range items {
				if i.Reason != "" {
					saw(&fault.Error{Code: i.Reason, Params: i.Params})
				}
			}
		}
	}
	// An order or a task that is refused whole.
	without := changing(good, "mine.cn")
	without.Consent = false
	for _, r := range []domain.Request{without, {Profile: good, Domains: names}, submitting(good), submitting(good, make([]string, domain.MaxDomains+1)...), submitting(good, "no name"), submitting(draft, "mine.cn"), submitting(reviewing, "mine.cn"), submitting(failed, "mine.cn"), submitting("prf_none", "mine.cn")} {
		_, err := h.domains.Preview(t.Context(), h.me, r)
		saw(fault.From(err))
	}
	order := func(a actor.Actor, name, profile string, years int) domain.Order {
		o, err := h.domains.PlaceOrder(t.Context(), a, name, profile, years)
		saw(fault.From(err))
		return o
	}
	for _, p := range []string{good, common, draft, reviewing, failed, ended, abroad.Profile.PublicID} {
		order(h.me, "taken.cn", p, 1)
		order(h.me, "example.invalid", p, 1)
	}
	for _, name := range []string{"exa mple.cn", "www.example.cn", "example.xyz"} {
		order(h.me, name, good, 1)
	}
	order(h.me, "example.cn", good, 11)
	order(h.office, "example.cn", good, 1)
	order(h.me, "example.cn", good, 1)
	order(h.me, "example.cn", good, 2)
	mine := order(h.me, "both.cn", good, 1)
	theirs := order(h.other, "both.cn", h.verified(h.other, forCN, wang, wangNumber), 1)
	h.pay(mine)
	lost := order(h.me, "lost.cn", h.verified(h.me, forCN, zhao, zhaoNumber), 1)
	h.exec("UPDATE profile_version SET state = 'failed' WHERE id = ?", lost.VersionID)
	for _, id := range []string{theirs.PublicID, lost.PublicID, "ord_none"} {
		_, err := h.domains.ConfirmPayment(t.Context(), h.office, id)
		saw(fault.From(err))
	}
	_, err := h.domains.CancelOrder(t.Context(), h.me, mine.PublicID)
	saw(fault.From(err))
	// Who needs no review has to be complete, and is asked for one by some suffixes.
	plain := h.draft(h.me, forCOM, zhao, zhaoNumber)
	plain.Profile.Accreditation = policy.Overseas
	h.exec("UPDATE profile SET accreditation = 'overseas' WHERE id = ?", plain.Profile.ID)
	h.exec("UPDATE profile_version SET fields = '{}' WHERE id = ?", plain.Current.ID)
	_, _, err = h.profiles.Usable(t.Context(), s.R, h.me.Account, plain.Profile.PublicID)
	saw(fault.From(err))
	rule := policy.Rule{Accreditation: policy.Overseas, Suffix: "example", Verification: policy.Verification{Duty: "required"}}
	rule.Holders.Individual = []string{"*"}
	saw(fault.From(h.profiles.Fits(plain.Profile, plain.Current, rule)))
	for _, state := range []emailcheck.State{emailcheck.Bounced, emailcheck.Unverified, emailcheck.Verified} {
		h.exec("UPDATE email_address SET state = ?", string(state))
		order(h.me, "example.cn", good, 1)
	}
	h.settles()
	h.server.Cut(0)
	order(h.me, "away.cn", good, 1)
	if _, err := h.accounts.AssertIdentity(t.Context(), actor.Verinym, h.myAccount.PublicID, account.Assertion{Verified: false, Source: "customer register"}); err != nil {
		t.Fatal(err)
	}
	order(h.me, "example.cn", good, 1)

	slices.Sort(seen)
	want := []string{"suffix_unsupported", "domain_name_invalid", "verification_not_required", "verification_not_possible", "profile_not_found", "account_unverified", "forbidden", "registry_unreachable", "domain_exists", "order_state"}
	for _, file := range []string{"eligible.go", "order.go", "../profile/holder.go"} {
		want = append(want, refusals(t, file)...)
	}
	for _, code := range want {
		if !slices.Contains(seen, code) {
			t.Errorf("no story is refused with %s", code)
		}
	}
	if len(want) < 25 {
		t.Errorf("only %d codes were found in the source; has the form of the calls changed?", len(want))
	}
}

// What a registry says of a failure is told in its own words where they are no code of
// ours, and a code whose text asks for more than the registry gave by its title.
func TestFailureIsExplainedWithWhatTheRegistrySaid(t *testing.T) {
	t.Parallel()
	for what, tt := range map[string]struct {
		reason, message string
		code, said, zh  string
	}{
		"a code":                 {"number_mismatch", "Failed.", "number_mismatch", "Failed.", "号码与图片"},
		"words":                  {"照片不清晰", "Failed.", "registry_rejected", "照片不清晰", "“照片不清晰”"},
		"a message only":         {"", "Failed.", "registry_rejected", "Failed.", "“Failed.”"},
		"nothing at all":         {"", "", "registry_rejected", "", "注册局未接受该请求"},
		"a code that needs more": {"number_length", "", "number_length", "", "位数"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				h := open(t, s, c, holding(chinese, li, liNumber, "old.cn"))
				h.imports("old.cn")
				task := h.associate(submitting(h.cnProfile(), "old.cn"))
				h.settles()
				h.apply(registry.Result{Registry: "cn", Outcome: registry.OutcomeNotice, Domain: "old.cn", Message: tt.message, At: c.Now(),
					Verdict: &registry.Verdict{Which: registry.RealName, Reason: tt.reason}})
				h.wantItems(task, map[string]string{"old.cn": "failed " + tt.code})
				_, items := h.task(task)
				got, err := h.domains.Diagnose(t.Context(), h.me, "old.cn")
				if err != nil {
					t.Fatal(err)
				}
				step := got.Steps[slices.IndexFunc(got.Steps, func(s domain.Step) bool { return s.Name == "real_name" })]
				if step.Reason == nil || step.Reason.Code != tt.code || step.Words != tt.said || step.Action != "correct_and_resubmit" {
					t.Fatalf("the diagnosis says %+v", step)
				}
				for where, params := range map[string]fault.Params{"step": step.Reason.Params, "item": items[0].Params} {
					if text := words().Both(tt.code, params); !strings.Contains(text.ZH, tt.zh) || holes.MatchString(text.ZH) || holes.MatchString(text.EN) {
						t.Errorf("%s: %+v, want %s", where, text, tt.zh)
					}
				}
			})
		})
	}
}

// A name that the registry does not allow: what becomes of it, and of the money.
func TestProhibitedNameSaysWhatBecomesOfIt(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	_, d := h.register("will-fail.cn", h.cnProfile())
	h.reviewed()
	o := h.pay(h.place("will-fail.com", h.verified(h.me, forCOM, li, liNumber)))
	h.decide()
	told := map[string][]event.Event{"will-fail.cn": {h.event(d.PublicID, "domain.naming_failed"), h.event(d.PublicID, "domain.deleted")}, "will-fail.com": {h.event(o.PublicID, "order.failed")}}
	for name, want := range map[string]string{"will-fail.cn": "费用退还", "will-fail.com": "未注册"} {
		for _, e := range told[name] {
			if text := words().Both(e.Data["Reason"], e.Data); !strings.Contains(text.ZH, want) {
				t.Errorf("%s: %s tells %q, want %s", name, e.Type, text.ZH, want)
			}
		}
		got, err := h.domains.Diagnose(t.Context(), h.me, name)
		if err != nil {
			t.Fatal(err)
		}
		step := got.Steps[slices.IndexFunc(got.Steps, func(s domain.Step) bool { return s.Name == "naming" })]
		h.wholeSentence(step.Reason)
		if text := words().Both(step.Reason.Code, step.Reason.Params); !strings.Contains(text.ZH, want) {
			t.Errorf("%s: %q, want %s", name, text.ZH, want)
		}
	}
}

// The registry refuses documents that it has refused before, and a command, with words.
func TestRefusalsCarryTheRegistrysWords(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li+"FAIL", liNumber, "magic.cn"), holding(chinese, zhao, zhaoNumber, "old.cn"))
		h.imports("magic.cn", "old.cn")
		failing := h.submit(h.me, h.draft(h.me, forCN, li+"FAIL", liNumber))
		h.exec("UPDATE profile_version SET state = ? WHERE id = ?", string(profile.Verified), failing.Current.ID)
		for _, want := range []string{"failed authority_rejected_other", "failed documents_refused_before"} {
			task := h.associate(submitting(failing.Profile.PublicID, "magic.cn"))
			h.settles()
			h.reviewed()
			h.wantItems(task, map[string]string{"magic.cn": want})
		}
		d := h.get("magic.cn")
		h.wholeSentence(&fault.Error{Code: d.HolderReason, Params: fault.Params{"Domain": d.Name}})
		if err := h.server.SetFaults(sandbox.Fault{Verb: "update", Kind: sandbox.FaultCode, Code: epp.CodePolicy}); err != nil {
			t.Fatal(err)
		}
		task := h.associate(changing(h.cnProfile(), "old.cn"))
		h.settles()
		_, items := h.task(task)
		if items[0].Reason != "registry_rejected" || items[0].Params["Words"] == "" {
			t.Errorf("%+v, want the registry's words", items[0])
		}
		h.wholeSentence(&fault.Error{Code: items[0].Reason, Params: items[0].Params})
	})
}

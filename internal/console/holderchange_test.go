package console

import (
	"bytes"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/policies"
)

// Who answers about an address alone reads of no other holder, before or after.
func TestPageOfAConsentSaysWhatChanges(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"ask", "given", "declined"} {
		for address, want := range map[bool]map[locale.Lang]map[string]string{
			false: {locale.EN: {"ask": "change of holder", "given": "2 domain names will be held by 李思远", "declined": "The current holder stays"}, locale.ZH: {"ask": "是否同意过户", "given": "归 李思远 持有", "declined": "仍归现持有者"}},
			true:  {locale.EN: {"ask": "change of e-mail address", "given": "new address applies to 2 domain names. 李思远 stays the holder", "declined": "The current address stays"}, locale.ZH: {"ask": "变更联系邮箱", "given": "注册人邮箱将变更", "declined": "邮箱保持不变"}},
		} {
			q := domain.Question{Consent: domain.Consent{Role: domain.PriorRegistrant, Address: "li@registrant.example"}, Holder: "李思远", AddressOnly: address, All: 2, Domains: []string{"one.com", "two.com"}}
			for _, lang := range locale.Langs {
				var page bytes.Buffer
				if err := consentPage(state, q).Render(ui.With(t.Context(), &ui.Page{Texts: texts, Lang: lang}), &page); err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(page.String(), want[lang][state]) {
					t.Errorf("%s, address alone %t: the page lacks %q:\n%s", state, address, want[lang][state], page.String())
				}
				if address && strings.Contains(page.String(), "过户") {
					t.Errorf("%s: the page about an address says 过户:\n%s", state, page.String())
				}
			}
		}
	}
}

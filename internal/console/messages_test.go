package console

import (
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/policies"
)

// A message that has the words of the mail names what the mail names.
func TestAMessageHasNoGap(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for typ, x := range map[event.Type]struct {
		data map[string]string
		want [2]string
	}{
		"association.consent_given": {map[string]string{"Role": "prior_registrant"}, [2]string{"sub_1", "sub_1"}},
		"association.cancelled": {map[string]string{"Total": "304", "Succeeded": "202", "Failed": "0", "Cancelled": "102"},
			[2]string{"of 304 names, 102 were left unchanged, 202 were done", "共 304 个域名，未处理 102 个，完成 202 个"}},
		"profile.document_expiring": {map[string]string{"Ends": "2026-12-01"}, [2]string{"of a profile is valid until 1 Dec 2026", "信息模板的证件有效期至 2026年12月1日"}},
		"profile.document_expired":  {map[string]string{"Ends": "2026-12-01"}, [2]string{"of a profile was valid until 1 Dec 2026", "有效期至 2026年12月1日，已过期"}},
	} {
		m := messageRow{notify.Message{Type: typ, Subject: "sub_1", Data: x.data}}
		for i, lang := range []locale.Lang{locale.EN, locale.ZH} {
			got := m.text(ui.With(t.Context(), &ui.Page{Texts: texts, Lang: lang, Zone: time.UTC}))
			if !strings.Contains(got, x.want[i]) || strings.Contains(got, "  ") {
				t.Errorf("%s in %s: %q, want %q", typ, lang, got, x.want[i])
			}
		}
	}
}

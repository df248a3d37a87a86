package provider

import (
	"testing"

	"github.com/verinym/verinym/internal/policy/policytest"
)

// Whatever a provider says is refused, or can be put in our terms.
func FuzzVerdict(f *testing.F) {
	for _, seed := range []string{
		`{"case":"rev_1","verdict":"approve"}`, `{"verdict":"decline","reasons":[{"code":"glare","words":"反光","points_at":"front"}]}`,
		`{"verdict":"more","more":{"side":"back"}}`, `{"verdict":"pending","reference":"B-1"}`, `null`, `[]`, `{"verdict":"approve"} x`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parse(b)
		if err != nil {
			return
		}
		p := &provider{Config: Config{PollEvery: 1}.withDefaults(), Shared: Shared{Policies: policytest.Shipped()}}
		a := p.answer(m)
		switch {
		case m.Verdict == pending && (a.Verdict != "" || a.Wait <= 0):
			t.Errorf("pending has become %+v", a)
		case m.Verdict == decline && len(a.Said) != len(m.Reasons):
			t.Errorf("%d reasons have become %d", len(m.Reasons), len(a.Said))
		case m.Verdict != pending && a.Verdict == "":
			t.Errorf("%s has become no verdict", m.Verdict)
		}
	})
}

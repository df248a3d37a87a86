package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/policies"
)

// TestEverySuffixCanBeExplained in both languages, to every kind of holder,
// without a gap in the texts and with a place for every topic.
func TestEverySuffixCanBeExplained(t *testing.T) {
	t.Parallel()
	p := load(t)
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, suffix := range p.Suffixes() {
		for _, q := range []policy.Question{
			{Accreditation: policy.Mainland},
			{Accreditation: policy.Mainland, Holder: policy.Individual, Residence: "CN"},
			{Accreditation: policy.Mainland, Holder: policy.Organization, Residence: "HK"},
			{Accreditation: policy.Overseas, Holder: policy.Individual, Residence: "DE", Today: "2026-06-01"},
			{Accreditation: policy.Overseas, Holder: policy.Organization, Residence: "CN"},
		} {
			q.Domain = "." + suffix
			paragraphs, err := p.Explain(texts, q)
			if err != nil {
				t.Fatalf("%+v: %v", q, err)
			}
			for _, par := range paragraphs {
				text, err := json.Marshal([]any{par.Title, par.Text})
				if err != nil || len(par.Text) == 0 || strings.Contains(string(text), "explain.") || strings.Contains(string(text), "topic.") || strings.Contains(string(text), `""`) {
					t.Fatalf("%+v: %s: %s, %v", q, par.Topic, text, err)
				}
				if len(par.At) == 0 && par.Topic != "offered" {
					t.Errorf("%+v: nobody knows where the rules of %s stand", q, par.Topic)
				}
			}
		}
	}
}

// Two of the roles under .餐厅 show the same papers: without the roles one sentence stood
// there twice.
func TestPapersByRoleAreToldWithTheirRole(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	paragraphs, err := load(t).Explain(texts, policy.Question{Accreditation: policy.Mainland, Domain: ".xn--imr513n"})
	if err != nil {
		t.Fatal(err)
	}
	for _, par := range paragraphs {
		if par.Topic != "qualification" {
			continue
		}
		if en, zh := par.Text[0].EN, par.Text[0].ZH; !strings.Contains(en, "; as a supplier to caterers, ") || !strings.Contains(zh, "；作为餐饮业供应商：主体资格证明") {
			t.Errorf("%s\n%s", en, zh)
		}
		return
	}
	t.Error("nothing is said of papers")
}

func TestAnExplanationTellsWhatIsAssumed(t *testing.T) {
	t.Parallel()
	p := load(t)
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	paragraphs, err := p.Explain(texts, policy.Question{Accreditation: policy.Mainland, Domain: ".vip"})
	if err != nil {
		t.Fatal(err)
	}
	last := paragraphs[len(paragraphs)-1]
	if last.Topic != "assumed" || !strings.Contains(last.Text[0].EN, "driver.kind") || strings.Contains(last.Text[0].EN, "hold.create") {
		t.Errorf("got %s: %v; the driver is assumed, the hold has a source", last.Topic, last.Text)
	}
}

package fold_test

import (
	"testing"

	"github.com/verinym/verinym/internal/fold"
)

func TestOneNameInItsManySpellings(t *testing.T) {
	t.Parallel()
	for name, spellings := range map[string][]string{
		"middle dots":    {"阿卜杜拉·买买提", "阿卜杜拉•买买提", "阿卜杜拉‧买买提", "阿卜杜拉∙买买提", "阿卜杜拉⋅买买提", "阿卜杜拉・买买提", "阿卜杜拉･买买提", "阿卜杜拉᛫买买提"},
		"dashes":         {"Anne-Marie", "Anne‐Marie", "Anne‑Marie", "Anne‒Marie", "Anne–Marie", "Anne—Marie", "Anne―Marie", "Anne－Marie", "Anne﹣Marie", "Anne−Marie"},
		"full width":     {"ABC科技(北京)有限公司", "ＡＢＣ科技（北京）有限公司", "abc科技(北京)有限公司"},
		"spaces":         {"李思远", " 李 思远 ", "李　思远", "李\u00a0思远", "李思远\n"},
		"composed":       {"José", "Jose\u0301"},
		"capitals":       {"LI SIYUAN", "Li Siyuan", "lisiyuan"},
		"quotation":      {"《诗经》社", "《诗经》社 "},
		"rare character": {"𠮷野", "𠮷 野"},
	} {
		for _, s := range spellings[1:] {
			if fold.Name(s) != fold.Name(spellings[0]) {
				t.Errorf("%s: %q is compared as %q, %q as %q", name, spellings[0], fold.Name(spellings[0]), s, fold.Name(s))
			}
		}
	}
}

func TestDifferentNamesStayDifferent(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"李思远", "李思元"},
		{"阿卜杜拉·买买提", "阿卜杜拉买买提"},
		{"Anne-Marie", "Annemarie"},
		{"《诗经》社", "诗经社"},
		{"北京科技(中国)", "北京科技中国"},
		{"單", "单"},
		{"José", "Jose"},
	} {
		if fold.Name(pair[0]) == fold.Name(pair[1]) {
			t.Errorf("%q and %q are taken for one name", pair[0], pair[1])
		}
	}
	if fold.Name("  ") != "" {
		t.Errorf("blanks are compared as %q", fold.Name("  "))
	}
}

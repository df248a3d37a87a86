package screen

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "take the catalogue's texts over into advice_texts.go")

// codes are all that Screen can report.
var codes = []Code{
	FileTooSmall, FileTooLarge, FormatUnsupported, ExtensionMismatch, FileCorrupt, TooFewPixels, TooManyPixels, Blurred, Glare, Dark, Overexposed,
	LowContrast, Grayscale, CutOff, NoMargin, Obstructed, Watermark, Mirrored, Screenshot, BornDigitalCopy, PhotoOfScreen, Edited, NoDocument,
	TwoDocuments, WrongSide, SealIllegible, PictureUnchecked,
}

// TestAdviceIsThatOfTheCatalogue keeps one wording: the catalogue's. This package stands on its own, so it carries a copy.
func TestAdviceIsThatOfTheCatalogue(t *testing.T) {
	b, err := os.ReadFile("../policies/reasons.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var catalogue struct {
		Reasons []struct {
			Code Code
			Text Advice
		}
	}
	if err := yaml.Unmarshal(b, &catalogue); err != nil {
		t.Fatal(err)
	}
	texts := map[Code]Advice{}
	for _, r := range catalogue.Reasons {
		texts[r.Code] = r.Text
	}
	var out bytes.Buffer
	out.WriteString("// Code generated from policies/reasons.yaml by go test ./screen -run Catalogue -update; DO NOT EDIT.\n\npackage screen\n\nvar adviceTexts = map[Code]Advice{\n")
	for _, c := range codes {
		if texts[c].EN == "" || texts[c].ZH == "" {
			t.Errorf("the catalogue has no text for %s in both languages", c)
		}
		fmt.Fprintf(&out, "%q: {\n%q,\n%q},\n", c, texts[c].EN, texts[c].ZH)
	}
	out.WriteString("}\n")
	want, err := format.Source(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("advice_texts.go", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile("advice_texts.go"); !bytes.Equal(got, want) {
		t.Error("advice_texts.go is stale: go test ./screen -run Catalogue -update")
	}
}

func TestAdviceNamesTheFigures(t *testing.T) {
	for _, tt := range []struct {
		f      Finding
		en, zh string
	}{
		{Finding{Code: FileTooSmall, Params: map[string]string{"Size": "40000", "Min": "56320"}}, "39 KB; at least 55 KB", "39 KB，至少需要 55 KB"},
		{Finding{Code: FileTooLarge, Params: map[string]string{"Size": "6291456", "Max": "5242880"}}, "6 MB; at most 5 MB", "6 MB，最多 5 MB"},
		{Finding{Code: WrongSide, Params: map[string]string{"Side": "front"}}, "front", "正面"},
		{Finding{Code: Glare}, "flash", "闪光灯"},
	} {
		a := tt.f.Advice()
		if !strings.Contains(a.EN, tt.en) || !strings.Contains(a.ZH, tt.zh) || strings.Contains(a.EN+a.ZH, "{{") {
			t.Errorf("%s: %q, %q", tt.f.Code, a.EN, a.ZH)
		}
	}
}

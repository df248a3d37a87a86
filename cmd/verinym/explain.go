package main

import (
	"fmt"
	"strings"

	"github.com/verinym/verinym/internal/app"
)

type explainCmd struct {
	Status []string `arg:"" optional:"" help:"A status as EPP (serverHold) or RDAP (server hold) spells it, or a state of verification (in_review). Default: list all of them."`
	Lang   string   `help:"en or zh." enum:"en,zh" default:"en"`
	JSON   bool     `help:"Print the answer as JSON."`
}

// Run takes several words as one status, because RDAP spells it so.
func (x *explainCmd) Run() error {
	if len(x.Status) == 0 {
		return x.list()
	}
	t, err := app.ExplainStatus(strings.Join(x.Status, " "))
	if err != nil {
		return exit{1, err}
	}
	if x.JSON {
		return printJSON(t)
	}
	words := explainWords[x.Lang]
	normal := words.spoils
	if !t.SpoilsNormal {
		normal = words.keeps
	}
	fmt.Printf("%s\n\n%s\n\n", t.Code, inLang(x.Lang, t.Meaning))
	fmt.Printf("%s %s\n%s %s\n%s\n\n→ %s\n", words.set, x.parties(t.SetBy), words.lifted, x.parties(t.LiftedBy), normal, inLang(x.Lang, t.Remedy))
	return nil
}

// explainWords are what stands between the texts of a status.
var explainWords = map[string]struct{ set, lifted, spoils, keeps string }{
	"en": {"Set by:", "Lifted by:", "A domain that has it is not Normal.", "A domain that has it may be Normal."},
	"zh": {"设置方：", "解除方：", "处于该状态的域名不是“正常”。", "处于该状态的域名仍可为“正常”。"},
}

func (x *explainCmd) parties(of []app.Words) string {
	var out []string
	for _, p := range of {
		out = append(out, inLang(x.Lang, p))
	}
	return strings.Join(out, ", ")
}

func inLang(lang string, w app.Words) string {
	if lang == "zh" {
		return w.ZH
	}
	return w.EN
}

func (x *explainCmd) list() error {
	if x.JSON {
		return printJSON(app.Statuses())
	}
	for _, code := range app.Statuses() {
		fmt.Println(code)
	}
	return nil
}

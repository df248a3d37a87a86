package screen_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/verinym/verinym/screen"
	"github.com/verinym/verinym/test/pictures/samples"
)

// A photograph of a card that nothing is wrong with.
func ExampleScreen() {
	photo := samples.Li
	report, err := screen.Screen(context.Background(), bytes.NewReader(photo), int64(len(photo)), screen.Options{
		Name: "card.jpg", Kind: "resident_id", Side: "front", Policy: screen.CNNIC,
	})
	if err != nil {
		log.Fatal(err) // it could not be read; what is wrong with a picture is a finding
	}
	fmt.Println(report.Verdict, len(report.Findings), report.Image.Format, report.Document != nil)
	// Output: pass 0 JPEG true
}

// The same photograph under another name, and of the other side: what is wrong, and what
// to do about it in English (ZH has it in Chinese).
func ExampleScreen_findings() {
	photo := samples.Li
	report, err := screen.Screen(context.Background(), bytes.NewReader(photo), int64(len(photo)), screen.Options{
		Name: "card.png", Kind: "resident_id", Side: "back", Policy: screen.CNNIC,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict)
	for _, f := range report.Findings {
		fmt.Println(f.Severity, f.Code)
	}
	fmt.Println(report.Findings[0].Advice().EN)
	// Output:
	// reject
	// error extension_mismatch
	// error wrong_side
	// The name ends in .png, but the content is JPEG. Open the picture in an image program and use "Save as" with the format you want; changing the name alone does not convert it.
}

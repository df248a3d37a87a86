package reading_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/policies"
	"github.com/verinym/verinym/test/pictures/samples"
)

// The sample cards, from their bytes to their fields, by every engine that is there.
func TestEnginesReadTheSampleCards(t *testing.T) {
	t.Parallel()
	p, err := policy.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	form, _ := p.Form("resident_id")
	for name, path := range map[string]string{"tesseract": ocr.WithTesseract, "pp-ocr": "../../bin/" + ocr.Program} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engine, err := ocr.Find(t.Context(), path, ocr.Limits{Timeout: 5 * time.Minute})
			if err != nil {
				if _, missing := os.Stat(path); name == "pp-ocr" && !errors.Is(missing, os.ErrNotExist) {
					t.Fatal(err)
				}
				t.Skip("not installed:", err)
			}
			t.Cleanup(engine.Close)
			r := &reading.Reader{Jail: jail.Here(reading.Inside()), Engine: engine, Now: func() time.Time { return today }}
			page, err := r.Page(t.Context(), "resident_id", "front", form, jail.Bytes(samples.Li))
			if err != nil {
				t.Fatal(err)
			}
			read := form.Read(today, page)
			if got := read.Values[reading.Number].Text; got != "990000199003071171" {
				t.Errorf("the number is %q", got)
			}
			typed := reading.Typed{reading.Name: "李思远", reading.Number: "990000199003071171"}
			if us := form.Compare(typed, read, today, page); name == "pp-ocr" && len(us) != 0 {
				t.Errorf("unconfirmed: %+v", us)
			}
			typed[reading.Number] = "990000198711242467"
			if us := form.Compare(typed, read, today, page); len(us) == 0 {
				t.Error("another's number was confirmed")
			}
		})
	}
}

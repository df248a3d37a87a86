package document_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/ocr/ocrtest"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

const jobs = "river_job WHERE kind = 'document.read'"

// row is a document as it stands now.
func (c counter) row(d document.Document) document.Document {
	c.t.Helper()
	found, err := document.ByIDs(c.t.Context(), c.store.R, d.AccountID, []int64{d.ID})
	if err != nil || len(found) != 1 {
		c.t.Fatalf("%d rows, %v", len(found), err)
	}
	return found[0]
}

func TestPictureIsReadAfterItWasTakenAndSealedUntilItGoes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		c := newCounter(t, s)
		if c.take(c.li, card(samples.Wang)); c.count(jobs) != 0 {
			t.Error("a job although nobody reads here")
		}
		fake := &ocrtest.Fake{Err: ocr.ErrFailed}
		c.SetReader(&reading.Reader{Jail: prison(), Engine: fake, Now: s.Now})
		d := c.take(c.li, card(samples.Li))
		if n := c.count(jobs); n != 1 {
			t.Fatalf("%d jobs", n)
		}
		job := document.Read{DocumentID: d.ID}
		if err := c.Read(t.Context(), job); !errors.Is(err, ocr.ErrFailed) || !c.row(d).ReadAt.IsZero() {
			t.Errorf("an engine that does not answer is asked again: %v", err)
		}
		fake.Err, fake.Lines = nil, ocrtest.Page("姓名李思远", "公民身份号码990000199003071171")
		for range 2 { // jobs run at least once
			if err := c.Read(t.Context(), job); err != nil {
				t.Fatal(err)
			}
		}
		asked := fake.Asked()
		if len(asked) != 2 || asked[1].Width < 800 || asked[1].Width > 2000 || asked[1].Width < asked[1].Height {
			t.Errorf("the engine was shown %d pictures, the last %d × %d", len(asked), asked[len(asked)-1].Width, asked[len(asked)-1].Height)
		}
		d = c.row(d)
		if d.ReadAt.IsZero() || len(d.ReadingSealed) == 0 || bytes.Contains(d.ReadingSealed, []byte("李思远")) {
			t.Error("what was read is not there, or not sealed")
		}
		pages, err := c.Pages([]document.Document{d})
		if err != nil || len(pages) != 1 || pages[0].Side != "front" || pages[0].Engine != "fake" || len(pages[0].Lines) != 2 {
			t.Errorf("opened: %+v, %v", pages, err)
		}
		moved := d
		moved.PublicID = "doc_other"
		if _, err := c.Pages([]document.Document{moved}); err == nil {
			t.Error("what was read opens in another row")
		}
		c.tx(func(ctx context.Context, tx *store.Tx) error { return document.LookAgain(ctx, tx, []int64{d.ID}) })
		if _, err := c.EraseDue(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		if d = c.row(d); d.ErasedAt.IsZero() || len(d.ReadingSealed) != 0 {
			t.Error("what was read outlives the picture")
		}
	})
}

package document_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

func findings(err error) (codes []string, r *document.Rejected) {
	if !errors.As(err, &r) {
		return nil, nil
	}
	for _, f := range r.Findings {
		codes = append(codes, f.Code)
	}
	return codes, r
}

// What phones make is taken as it is; whoever gets a copy gets a JPEG.
func TestPhonePictureBecomesACopyForTheRegistry(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	c := newCounter(t, s)
	picture, err := os.ReadFile("../../test/pictures/samples/resident-id-li-12mp.heic")
	if err != nil {
		t.Fatal(err)
	}
	u := card(picture)
	u.FileName, u.DeclaredType = "IMG_0001.HEIC", "image/heic"
	d := c.take(c.li, u)
	out, _, err := c.Copy(t.Context(), d)
	if err != nil || d.Format != "HEIC" || !bytes.HasPrefix(out, []byte{0xff, 0xd8, 0xff}) || len(out) < 56_320 || len(out) > 1_048_576 {
		t.Errorf("%s, a copy of %d bytes, %v", d.Format, len(out), err)
	}
	if kept, err := c.vault.Read(t.Context(), d.BlobKey); err != nil || !bytes.Equal(kept, picture) {
		t.Errorf("the original came back changed, %v", err)
	}
}

// savedAgain is Li's card from another program.
var savedAgain = sync.OnceValue(func() []byte {
	m, err := jpeg.Decode(bytes.NewReader(samples.Li))
	if err != nil {
		panic(err)
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: 85}); err != nil {
		panic(err)
	}
	return buf.Bytes()
})

func TestPersonIsAskedAboutAJudgementNeverAboutTheFile(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	c := newCounter(t, s)
	u := card(gray())
	_, err := c.Take(t.Context(), c.li, u, nowhere)
	if codes, r := findings(err); !slices.Contains(codes, "grayscale") || !r.Contestable() {
		t.Fatalf("%v: %v, contestable %v", err, codes, r.Contestable())
	}
	u = card(gray())
	u.AskPerson, u.Note = true, "The original is printed in gray."
	d := c.take(c.li, u)
	if d.Verdict != "reject" || !d.Contested || d.Note != u.Note || !slices.ContainsFunc(d.Findings, func(f document.Finding) bool { return f.Code == "grayscale" }) {
		t.Errorf("kept as %+v", d)
	}
	if n := c.count("audit_entry WHERE action = 'document.take' AND detail LIKE '%grayscale%'"); n != 1 {
		t.Error("the audit log does not say what was contested")
	}
	u = card(gray())
	u.AskPerson, u.FileName = true, "card.png"
	_, err = c.Take(t.Context(), c.li, u, nowhere)
	if codes, r := findings(err); !slices.Contains(codes, "extension_mismatch") || r.Contestable() {
		t.Errorf("a renamed file: %v, contestable %v", codes, r.Contestable())
	}
	u = card(samples.Li)
	u.Note = string(bytes.Repeat([]byte("证"), 501))
	if _, err := c.Take(t.Context(), c.li, u, nowhere); fault.Code(err) != "field_too_long" {
		t.Errorf("a note of 501 characters: %v", err)
	}
}

// Whose picture was refused hears of it when they show it again; of what became of somebody
// else's, reviewers alone hear.
func TestPictureThatAReviewRefusedIsNoticed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		c := newCounter(t, s)
		d := c.take(c.li, card(samples.Li))
		c.tx(func(ctx context.Context, tx *store.Tx) error {
			return document.Reject(ctx, tx, []int64{d.ID}, "blurred")
		})
		_, err := c.Take(t.Context(), c.li, card(samples.Li), nowhere)
		codes, r := findings(err)
		if !slices.Contains(codes, "same_image_already_rejected") || !r.Contestable() {
			t.Fatalf("shown again: %v", codes)
		}
		if f := r.Findings[slices.Index(codes, "same_image_already_rejected")]; f.Params["Date"] != "2026-06-01" || f.Params["Reason"] != "blurred" {
			t.Errorf("they are told %v", f.Params)
		}
		theirs := c.take(c.chen, card(samples.Li))
		if seen, err := document.SeenElsewhere(t.Context(), s.R, theirs.AccountID, []document.Document{theirs}); err != nil || !seen.Rejected || theirs.Contested || len(theirs.Findings) != 0 {
			t.Errorf("somebody else is told %v; reviewers see %+v, %v", theirs.Findings, seen, err)
		}
		again := card(savedAgain())
		_, err = c.Take(t.Context(), c.li, again, nowhere)
		if codes, _ := findings(err); !slices.Contains(codes, "same_image_already_rejected") {
			t.Errorf("saved again: %v", err)
		}
		c.take(c.chen, card(savedAgain())) // what only looks alike is one account's own affair
		u := card(samples.Li)
		u.AskPerson = true
		if d := c.take(c.li, u); !d.Contested {
			t.Errorf("contested: %+v", d)
		}
		c.take(c.li, card(samples.Wang)) // another picture is another picture
	})
}

// TestPictureThatWasShownAgainIsAcquitted: where the refusal is taken back, what was said of the picture when it came again
// goes too, unless another refusal says the same; what else speaks against it stays.
func TestPictureThatWasShownAgainIsAcquitted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Fake) {
		c := newCounter(t, s)
		refuse := func(d document.Document) store.Time {
			clk.Advance(time.Hour)
			c.tx(func(ctx context.Context, tx *store.Tx) error {
				return document.Reject(ctx, tx, []int64{d.ID}, "blurred")
			})
			return store.At(s.Now())
		}
		unreject := func(d document.Document, at store.Time) {
			c.tx(func(ctx context.Context, tx *store.Tx) error { return c.Unreject(ctx, tx, []int64{d.ID}, at) })
		}
		ask := func(picture []byte) document.Document {
			u := card(picture)
			u.AskPerson = true
			return c.take(c.li, u)
		}
		says := func(what string, d document.Document, verdict string, contested bool, codes ...string) {
			t.Helper()
			d = c.row(d)
			var got []string
			for _, f := range d.Findings {
				got = append(got, f.Code)
			}
			if d.Verdict != verdict || d.Contested != contested || !slices.Equal(got, codes) {
				t.Errorf("%s: %s, contested %v, %v; want %s, %v, %v", what, d.Verdict, d.Contested, got, verdict, contested, codes)
			}
		}
		first := c.take(c.li, card(samples.Li))
		refused := refuse(first)
		again, saved := ask(samples.Li), ask(savedAgain())
		gray := ask(gray())
		says("shown again", again, "reject", true, "same_image_already_rejected")

		other := refuse(saved)
		unreject(first, refused)
		says("while another refusal stands", again, "reject", true, "same_image_already_rejected")
		unreject(saved, other)
		says("afterwards", again, "pass", false)
		says("the one saved again", saved, "pass", false)
		says("one without colours", gray, "reject", true, "grayscale")
	})
}

// calendar says until when which document is needed.
type calendar map[int64]time.Time

func (k calendar) KeptUntil(_ context.Context, _ *store.Tx, id int64) (time.Time, string, error) {
	return k[id], "a test", nil
}

func TestPicturesAreErasedWhenNobodyNeedsThemAndNotBefore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Fake) {
		c := newCounter(t, s)
		kept := calendar{}
		c.AddKeeper(kept)
		d := c.take(c.li, card(samples.Li))
		kept[d.ID] = s.Now().Add(100 * 24 * time.Hour)
		look := func(want int) {
			t.Helper()
			if n, err := c.EraseDue(t.Context(), 10); err != nil || n != want {
				t.Fatalf("looked at %d, %v; want %d", n, err, want)
			}
		}
		look(0)
		clk.Advance(90 * 24 * time.Hour)
		look(1) // kept, to be looked at again when its ground ends
		look(0)
		clk.Advance(10*24*time.Hour + time.Second)
		look(1)
		look(0)
		if files, rows, _ := c.kept(); files != 0 || rows != 1 {
			t.Errorf("%d files, %d rows; want the row alone", files, rows)
		}
		found, err := document.ByIDs(t.Context(), s.R, c.li.Account, []int64{d.ID})
		if err != nil || len(found) != 1 || found[0].State != "erased" || !bytes.Equal(found[0].SHA256, d.SHA256) || found[0].Verdict != d.Verdict || found[0].FileName != "" {
			t.Errorf("what is left: %+v, %v", found, err)
		}
		for name, err := range map[string]error{
			"the reviewer": second(c.Picture(t.Context(), c.reviewer, d.PublicID)),
			"the owner":    second(c.Thumbnail(t.Context(), c.li, d.PublicID)),
		} {
			if fault.Code(err) != "document_erased" {
				t.Errorf("%s is told %v", name, err)
			}
		}
		if n := c.count("audit_entry WHERE action = 'document.erase' AND subject = ?", d.PublicID); n != 1 {
			t.Errorf("%d entries of the erasure", n)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestOrphansAreSweptAndNothingElse(t *testing.T) {
	t.Parallel()
	s, clk := storetest.SQLite(t)
	c := newCounter(t, s)
	c.take(c.li, card(samples.Li))
	for range 3 { // a crash between picture and row
		if _, err := c.vault.Put(t.Context(), bytes.NewReader(samples.Wang)); err != nil {
			t.Fatal(err)
		}
	}
	sweep := func(want int) {
		t.Helper()
		if n, err := c.SweepOrphans(t.Context()); err != nil || n != want {
			t.Errorf("swept %d, %v; want %d", n, err, want)
		}
	}
	age := func(by time.Duration) {
		t.Helper()
		err := filepath.WalkDir(c.folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			at := clk.Now().Add(-by)
			return os.Chtimes(path, at, at)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	age(59 * time.Minute)
	sweep(0) // they may belong to uploads under way
	age(61 * time.Minute)
	sweep(3)
	if files, rows, _ := c.kept(); files != 3 || rows != 1 {
		t.Errorf("%d files, %d rows; want those of the one document", files, rows)
	}
}

func TestPaperIsTakenLikeAnyPictureAndErasedWhenNobodyNeedsIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		c := newCounter(t, s)
		kept := calendar{}
		c.AddKeeper(kept)
		u := document.Upload{Kind: "trademark_certificate", FileName: "trademark.jpg", Body: bytes.NewReader(samples.Li)}
		page, err := c.TakePaper(t.Context(), c.li, u)
		if err != nil || page.Side != document.Page || page.Kind != "trademark_certificate" {
			t.Fatalf("%+v, %v", page, err)
		}
		for kind, want := range map[string]string{"resident_id": "document_kind_unknown", "library_card": "document_kind_unknown"} {
			u := u
			u.Kind = kind
			if _, err := c.TakePaper(t.Context(), c.li, u); fault.Code(err) != want {
				t.Errorf("%s: %v", kind, err)
			}
		}
		u.FileName, u.Body = "trademark.png", bytes.NewReader(samples.Li)
		if _, err := c.TakePaper(t.Context(), c.li, u); fault.Code(err) != "document_rejected" {
			t.Errorf("a renamed file: %v", err)
		}
		mine, err1 := c.Papers(t.Context(), c.li)
		others, err2 := c.Papers(t.Context(), c.chen)
		if err1 != nil || err2 != nil || len(mine) != 1 || len(others) != 0 {
			t.Errorf("listed: %d mine, %d of another account (%v, %v)", len(mine), len(others), err1, err2)
		}
		if err := c.Discard(t.Context(), c.chen, page.PublicID); fault.Code(err) != "document_not_found" {
			t.Errorf("another account discards it: %v", err)
		}
		kept[page.ID] = s.Now().Add(time.Hour)
		if err := c.Discard(t.Context(), c.li, page.PublicID); fault.Code(err) != "document_in_use" {
			t.Errorf("in use: %v", err)
		}
		delete(kept, page.ID)
		if err := c.Discard(t.Context(), c.li, page.PublicID); err != nil {
			t.Fatal(err)
		}
		if mine, err := c.Papers(t.Context(), c.li); err != nil || len(mine) != 0 {
			t.Errorf("after discarding: %d, %v", len(mine), err)
		}
		if files, _, _ := c.kept(); files != 0 {
			t.Errorf("%d files are left", files)
		}
	})
}

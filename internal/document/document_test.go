package document_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/test/pictures/samples"
)

// TestMain lets the test binary decode pictures in jail, as the program does.
func TestMain(m *testing.M) {
	if jail.Inside() {
		jail.Serve(document.Inside())
	}
	os.Exit(m.Run())
}

// prison is the jail of all tests: its children are worth sharing.
var prison = sync.OnceValue(func() *jail.Pool {
	p, err := jail.New(jail.Config{Timeout: 5 * time.Minute}) // the machine may be busy with other tests
	if err != nil {
		panic(err)
	}
	return p
})

// counter is where documents are handed in.
type counter struct {
	*document.Documents
	t        *testing.T
	store    *store.Store
	vault    *vault.Vault
	folder   string
	li, chen actor.Actor
	reviewer actor.Actor
}

func newCounter(t *testing.T, s *store.Store) counter {
	return newCounterUnder(t, s, policytest.Shipped())
}

func newCounterUnder(t *testing.T, s *store.Store, p *policy.Policies) counter {
	t.Helper()
	dir := t.TempDir()
	v, err := vault.OpenData(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	c := counter{Documents: document.New(s, v, p, prison()), t: t, store: s, vault: v, folder: filepath.Join(dir, "documents")}
	c.reviewer = actor.Actor{ID: "per_rui", Account: 99, Roles: []actor.Role{actor.Reviewer}}
	accounts := account.New(s, account.Passwords{})
	for name, who := range map[string]*actor.Actor{"li": &c.li, "chen": &c.chen} {
		acc, err := accounts.Create(t.Context(), actor.Verinym, name)
		if err != nil {
			t.Fatal(err)
		}
		*who = actor.Actor{ID: "per_" + name, Account: acc.ID, Roles: []actor.Role{actor.Registrant}}
	}
	return c
}

// card is the upload of a resident ID card's portrait side.
func card(picture []byte) document.Upload {
	return document.Upload{Kind: "resident_id", Side: "front", ProfileKind: policy.CNNIC, FileName: "card.jpg", DeclaredType: "image/jpeg", Body: bytes.NewReader(picture)}
}

// kept counts what an upload leaves: files in the vault, rows, audit entries.
func (c counter) kept() (files, rows, entries int) {
	c.t.Helper()
	err := filepath.WalkDir(c.folder, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files++
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return files, c.count("document"), c.count("audit_entry WHERE action LIKE 'document.%'")
}

func (c counter) count(query string, args ...any) (n int) {
	c.t.Helper()
	if err := c.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(c.t.Context(), &n); err != nil {
		c.t.Fatal(err)
	}
	return n
}

func (c counter) tx(f func(context.Context, *store.Tx) error) {
	c.t.Helper()
	if err := c.store.InTx(c.t.Context(), f); err != nil {
		c.t.Fatal(err)
	}
}

// nowhere puts a picture to nothing.
func nowhere(context.Context, *store.Tx, document.Document) error { return nil }

func (c counter) take(a actor.Actor, u document.Upload) document.Document {
	c.t.Helper()
	d, err := c.Take(c.t.Context(), a, u, nowhere)
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

// gray is Li's card as a photocopier sees it.
var gray = sync.OnceValue(func() []byte {
	m, err := jpeg.Decode(bytes.NewReader(samples.Li))
	if err != nil {
		panic(err)
	}
	g := image.NewGray(m.Bounds())
	draw.Draw(g, g.Rect, m, m.Bounds().Min, draw.Src)
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, g, nil); err != nil {
		panic(err)
	}
	return buf.Bytes()
})

// small is Li's card at so low a quality that it has fewer bytes than a registry takes.
var small = sync.OnceValue(func() []byte {
	m, err := jpeg.Decode(bytes.NewReader(samples.Li))
	if err != nil {
		panic(err)
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: 1}); err != nil {
		panic(err)
	}
	return buf.Bytes()
})

func TestPictureIsKeptAsItCameAndCopiedAsTheRegistryWants(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		c := newCounter(t, s)
		// The same picture with a place and a time in it, as phones write them.
		segment := append([]byte{0xff, 0xe1, 0, 40}, "Exif\x00\x00GPS 39.9042 N 116.4074 E          "[:38]...)
		picture := slices.Concat(samples.Li[:2], segment, samples.Li[2:])
		u := card(picture)
		u.FileName = `C:\Users\Li\Pictures\身份证 (1).jpg`
		d := c.take(c.li, u)
		sum := sha256.Sum256(picture)
		if d.AccountID != c.li.Account || d.Kind != "resident_id" || d.Side != "front" || d.Format != "JPEG" || d.Width != 1920 || d.Height != 1440 ||
			d.Bytes != int64(len(picture)) || !bytes.Equal(d.SHA256, sum[:]) || d.FileName != "身份证 (1).jpg" || d.Verdict == "reject" || !d.CreatedAt.Equal(s.Now()) {
			t.Errorf("the row is %+v", d)
		}
		original, err := c.vault.Read(t.Context(), d.BlobKey)
		if err != nil || !bytes.Equal(original, picture) {
			t.Errorf("the original came back changed: %d bytes, %v", len(original), err)
		}
		shown, err := c.Picture(t.Context(), c.reviewer, d.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		out, digest, err := c.Copy(t.Context(), d)
		sum = sha256.Sum256(out)
		if err != nil || !bytes.Equal(digest, sum[:]) || int64(len(out)) != d.CopyBytes || len(out) < 56_320 || len(out) > 1_048_576 {
			t.Errorf("the registry's copy: %d bytes, digest %x, %v", len(out), digest, err)
		}
		if !bytes.Equal(shown, out) {
			t.Error("the reviewer sees another picture than the registry")
		}
		thumb, err := c.Thumbnail(t.Context(), c.li, d.PublicID)
		if size, err2 := jpeg.DecodeConfig(bytes.NewReader(thumb)); err != nil || err2 != nil || max(size.Width, size.Height) != 160 {
			t.Errorf("the thumbnail: %+v, %v, %v", size, err, err2)
		}
		if bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("GPS")) || !bytes.HasPrefix(out, []byte{0xff, 0xd8, 0xff}) {
			t.Error("the registry's copy carries metadata or is no JPEG")
		}
		found, err := document.ByIDs(t.Context(), s.R, c.li.Account, []int64{d.ID})
		if err != nil || len(found) != 1 || found[0].PublicID != d.PublicID || found[0].CopyKey != d.CopyKey || len(found[0].Findings) != len(d.Findings) {
			t.Errorf("read back %+v, %v", found, err)
		}
		if files, rows, entries := c.kept(); files != 3 || rows != 1 || entries != 2 {
			t.Errorf("kept %d files, %d rows, %d entries; want the original, its copy and its thumbnail, a row, its taking and its showing", files, rows, entries)
		}
		if n := c.count("audit_entry WHERE action = 'document.take' AND actor = 'per_li' AND subject = ?", d.PublicID); n != 1 {
			t.Errorf("%d entries of the taking", n)
		}
	})
}

func TestRefusedPictureLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t) // what is refused never comes near the rows
	c := newCounter(t, s)
	half := slices.Concat(samples.Li[:20_000], bytes.Repeat([]byte{0}, 60_000))
	for name, tt := range map[string]struct {
		change func(u *document.Upload)
		code   string
		params map[string]string
	}{
		"renamed":             {func(u *document.Upload) { u.FileName = "card.png" }, "extension_mismatch", map[string]string{"Extension": ".png", "Format": "JPEG"}},
		"declared as another": {func(u *document.Upload) { u.DeclaredType = "image/png" }, "extension_mismatch", map[string]string{"Extension": "image/png"}},
		"grayscale":           {func(u *document.Upload) { u.Body = bytes.NewReader(gray()) }, "grayscale", nil},
		"too small for CNNIC": {func(u *document.Upload) { u.Body = bytes.NewReader(small()) }, "file_too_small", map[string]string{"Min": "55 KB"}},
		"too large": {func(u *document.Upload) {
			u.Body = io.MultiReader(bytes.NewReader(samples.Li), bytes.NewReader(make([]byte, 20<<20)))
		}, "file_too_large", map[string]string{"Size": "> 5 MB", "Max": "5 MB"}},
		"a byte too large": {func(u *document.Upload) {
			u.Body = bytes.NewReader(slices.Concat(samples.Li, make([]byte, 5_242_880-len(samples.Li))))
		}, "file_too_large", nil},
		"empty":             {func(u *document.Upload) { u.Body = bytes.NewReader(nil) }, "file_corrupt", nil},
		"half of it":        {func(u *document.Upload) { u.Body = bytes.NewReader(half) }, "file_corrupt", nil},
		"no picture at all": {func(u *document.Upload) { u.Body = strings.NewReader(strings.Repeat("my identity card ", 5000)) }, "file_corrupt", nil},
		"another kind of file": {func(u *document.Upload) {
			u.FileName, u.DeclaredType, u.Body = "card.pdf", "", strings.NewReader("%PDF-1.7\n"+strings.Repeat("card ", 20_000))
		}, "format_unsupported", map[string]string{"Format": "PDF", "Formats": "JPEG, PNG, BMP, HEIC, WebP"}},
		"a broken HEIC picture": {func(u *document.Upload) {
			u.FileName, u.DeclaredType, u.Body = "card.heic", "", strings.NewReader("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"+strings.Repeat("x", 60_000))
		}, "file_corrupt", nil},
	} {
		u := card(samples.Li)
		tt.change(&u)
		_, err := c.Take(t.Context(), c.li, u, nowhere)
		var rejected *document.Rejected
		if !errors.As(err, &rejected) {
			t.Errorf("%s: %v, want a rejection", name, err)
			continue
		}
		i := slices.IndexFunc(rejected.Findings, func(f document.Finding) bool { return f.Code == tt.code && f.Severity == "error" })
		if i < 0 {
			t.Errorf("%s: %+v, want %s", name, rejected.Findings, tt.code)
			continue
		}
		for k, v := range tt.params {
			if got := rejected.Findings[i].Params[k]; got != v {
				t.Errorf("%s: %s is %q, want %q", name, k, got, v)
			}
		}
		f := fault.From(err)
		if f.Code != "document_rejected" || f.Field != "front" || !slices.ContainsFunc(f.Details, func(d *fault.Error) bool { return d.Code == tt.code && d.Field == "front" }) {
			t.Errorf("%s: the fault is %+v, want its findings listed", name, f)
		}
		if !strings.Contains(err.Error(), tt.code) {
			t.Errorf("%s: the log says %q", name, err)
		}
		// Who is refused for how the picture looks is shown it, smaller.
		shown, _, err := image.DecodeConfig(bytes.NewReader(rejected.Preview))
		if rejected.Contestable() != (err == nil) {
			t.Errorf("%s: a preview of %d bytes, %v", name, len(rejected.Preview), err)
		}
		if err == nil && (max(shown.Width, shown.Height) != 800 || rejected.Width != 1920 || rejected.Height != 1440) {
			t.Errorf("%s: a preview of %d × %d of a picture of %d × %d", name, shown.Width, shown.Height, rejected.Width, rejected.Height)
		}
	}
	if files, rows, entries := c.kept(); files+rows+entries != 0 {
		t.Errorf("left behind: %d files, %d rows, %d entries", files, rows, entries)
	}
}

func TestUploadThatCannotBeTakenLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		c := newCounter(t, s)
		dropped := errors.New("the line dropped")
		for name, tt := range map[string]struct {
			actor       actor.Actor
			change      func(u *document.Upload)
			code, field string
		}{
			"no such kind":      {c.li, func(u *document.Upload) { u.Kind = "library_card" }, "document_kind_unknown", "document_kind"},
			"no kind":           {c.li, func(u *document.Upload) { u.Kind = "" }, "document_kind_unknown", "document_kind"},
			"no such side":      {c.li, func(u *document.Upload) { u.Side = "left" }, "side_unknown", "side"},
			"a side it has not": {c.li, func(u *document.Upload) { u.Kind, u.Side = "passport", "back" }, "side_unknown", "side"},
			"a side of none":    {c.li, func(u *document.Upload) { u.Side = "further-1" }, "side_unknown", "side"},
			"nor of this":       {c.li, func(u *document.Upload) { u.Side = "further-02" }, "side_unknown", "side"},
			"half an upload": {c.li, func(u *document.Upload) {
				u.Body = io.MultiReader(bytes.NewReader(samples.Li[:9000]), iotest.ErrReader(dropped))
			}, "upload_broken", "file"},
			"not a registrant": {c.reviewer, func(*document.Upload) {}, "forbidden", ""},
			"of no account":    {actor.Actor{ID: "per_x", Account: 4711, Roles: []actor.Role{actor.Registrant}}, func(*document.Upload) {}, "internal", ""},
		} {
			u := card(samples.Li)
			tt.change(&u)
			_, err := c.Take(t.Context(), tt.actor, u, nowhere)
			if f := fault.From(err); f == nil || f.Code != tt.code || f.Field != tt.field {
				t.Errorf("%s: %+v, want %s", name, f, tt.code)
			}
			if name == "half an upload" && !errors.Is(err, dropped) {
				t.Errorf("%s: the operator does not read why: %v", name, err)
			}
		}
		if files, rows, entries := c.kept(); files+rows+entries != 0 {
			t.Errorf("left behind: %d files, %d rows, %d entries", files, rows, entries)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Take(ctx, c.li, card(samples.Li), nowhere); !errors.Is(err, context.Canceled) {
			t.Errorf("after the caller has gone: %v", err)
		}
	})
}

func TestWithoutARegistrysLimitsTheCopyIsUprightAndBareToo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		c := newCounter(t, s)
		u := card(samples.Wang)
		u.ProfileKind = policy.Common
		d := c.take(c.li, u)
		out, digest, err := c.Copy(t.Context(), d)
		if sum := sha256.Sum256(out); err != nil || !bytes.HasPrefix(out, []byte{0xff, 0xd8, 0xff}) || bytes.Contains(out, []byte("Exif")) || !bytes.Equal(digest, sum[:]) {
			t.Errorf("%d bytes, %+v, %v", len(out), d, err)
		}
		// It begins like a picture, and is none.
		heic := document.Upload{Kind: "passport", Side: "front", ProfileKind: policy.Common, FileName: "page.heic",
			Body: strings.NewReader("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + strings.Repeat("x", 60_000))}
		_, err = c.Take(t.Context(), c.li, heic, nowhere)
		if codes, _ := findings(err); !slices.Contains(codes, "file_corrupt") {
			t.Errorf("a broken HEIC picture: %v", err)
		}
		if files, rows, _ := c.kept(); files != 3 || rows != 1 {
			t.Errorf("kept %d files and %d rows, want 3 and 1", files, rows)
		}
	})
}

// picky is the shipped policy of a registry that wants more of a picture than
// there is in a photo of a card.
func picky(t *testing.T) *policy.Policies {
	t.Helper()
	return policytest.Changed(t, "registry_copy: {format: JPEG, min_bytes: 56320,", "registry_copy: {format: JPEG, min_bytes: 921600,")
}

func TestPictureWithoutAnHonestCopyIsRefusedWithTheRegistrysLimits(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	c := newCounterUnder(t, s, picky(t))
	_, err := c.Take(t.Context(), c.li, card(samples.Li), nowhere)
	var rejected *document.Rejected
	if !errors.As(err, &rejected) || len(rejected.Findings) != 1 || rejected.Findings[0].Code != "registry_copy_not_possible" {
		t.Fatalf("got %v, want registry_copy_not_possible", err)
	}
	if f := rejected.Findings[0]; f.Params["Formats"] != "JPEG" || f.Params["Min"] != "900 KB" || f.Params["Max"] != "1 MB" || !f.Hard {
		t.Errorf("the limits are told as %+v", f)
	}
	if files, rows, _ := c.kept(); files+rows != 0 {
		t.Errorf("left behind: %d files, %d rows", files, rows)
	}
}

func TestPictureThatCannotBeAttachedLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		c := newCounter(t, s)
		withdrawn := errors.New("the profile went into review meanwhile")
		_, err := c.Take(t.Context(), c.li, card(samples.Li), func(context.Context, *store.Tx, document.Document) error { return withdrawn })
		if !errors.Is(err, withdrawn) {
			t.Errorf("got %v", err)
		}
		if files, rows, entries := c.kept(); files+rows+entries != 0 {
			t.Errorf("left behind: %d files, %d rows, %d entries", files, rows, entries)
		}
	})
}

func TestDocumentOfAnotherAccountIsNotThere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		c := newCounter(t, s)
		u := card(samples.Li)
		u.ProfileKind = policy.Common
		d := c.take(c.li, u)
		found, err := document.ByIDs(t.Context(), s.R, c.chen.Account, []int64{d.ID})
		if err != nil || len(found) != 0 {
			t.Errorf("another account finds %v, %v", found, err)
		}
		if found, err := document.ByIDs(t.Context(), s.R, c.li.Account, nil); err != nil || found != nil {
			t.Errorf("no ids find %v, %v", found, err)
		}
		for name, a := range map[string]actor.Actor{"the owner": c.li, "another account": c.chen, "an operator": {ID: "per_o", Account: 99, Roles: []actor.Role{actor.Operator}}} {
			if _, err := c.Picture(t.Context(), a, d.PublicID); fault.Code(err) != "forbidden" {
				t.Errorf("%s opens the picture: %v", name, err)
			}
		}
		if n := c.count("audit_entry WHERE action = 'document.reveal'"); n != 0 {
			t.Errorf("%d reveals are recorded that never were", n)
		}
		if _, err := c.Picture(t.Context(), c.reviewer, "doc_nothing"); fault.Code(err) != "document_not_found" {
			t.Errorf("a document that is not there: %v", err)
		}
		if _, err := c.Thumbnail(t.Context(), c.chen, d.PublicID); fault.Code(err) != "document_not_found" {
			t.Errorf("another account sees the thumbnail: %v", err)
		}
		if _, err := c.Picture(t.Context(), c.reviewer, d.PublicID); err != nil {
			t.Fatal(err)
		}
		if n := c.count("audit_entry WHERE action = 'document.reveal' AND actor = 'per_rui' AND subject = ?", d.PublicID); n != 1 {
			t.Errorf("%d reveals are recorded, want 1", n)
		}
	})
}

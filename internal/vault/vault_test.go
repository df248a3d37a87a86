package vault_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"github.com/verinym/verinym/internal/vault"
)

func open(t *testing.T, dir string) *vault.Vault {
	t.Helper()
	v, err := vault.OpenData(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func files(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func TestNumberOpensOnlyInItsOwnRow(t *testing.T) {
	t.Parallel()
	v := open(t, t.TempDir())
	here := vault.Place{Table: "profile_version", Row: "pv_1", Field: "number"}
	sealed, err := v.Seal(here, []byte("990000199003070017"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("199003")) {
		t.Error("the number stands in clear")
	}
	clear, err := v.Reveal(here, sealed)
	if err != nil || string(clear) != "990000199003070017" {
		t.Fatalf("Reveal = %q, %v", clear, err)
	}
	for name, there := range map[string]vault.Place{
		"another row":   {Table: "profile_version", Row: "pv_2", Field: "number"},
		"another table": {Table: "registry_command", Row: "pv_1", Field: "number"},
		"another field": {Table: "profile_version", Row: "pv_1", Field: "phone"},
	} {
		if _, err := v.Reveal(there, sealed); err == nil {
			t.Errorf("the number opened in %s", name)
		}
	}
}

func TestPictureIsSealedOnDiskAndComesBackWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	v := open(t, dir)
	picture := bytes.Repeat([]byte("a picture of a document "), 20_000)
	s, err := v.Put(t.Context(), bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	if s.Bytes != int64(len(picture)) {
		t.Errorf("stored %d bytes, want %d", s.Bytes, len(picture))
	}
	for _, p := range files(t, filepath.Join(dir, "documents")) {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("a picture of a document")) {
			t.Errorf("%s holds the picture in clear", p)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "documents")); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can enter the folder: %v, %v", info.Mode(), err)
	}
	got, err := v.Read(t.Context(), s.Key)
	if err != nil || !bytes.Equal(got, picture) {
		t.Errorf("read back %d bytes, %v", len(got), err)
	}
	if err := v.Delete(t.Context(), s.Key); err != nil {
		t.Fatal(err)
	}
	if err := v.Delete(t.Context(), s.Key); err != nil {
		t.Errorf("deleting twice: %v", err)
	}
	if _, err := v.Read(t.Context(), s.Key); err == nil {
		t.Error("a deleted picture was read")
	}
}

func TestBrokenUploadLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	v := open(t, dir)
	gone := errors.New("the line dropped")
	half := io.MultiReader(bytes.NewReader(make([]byte, 100_000)), iotest.ErrReader(gone))
	if _, err := v.Put(t.Context(), half); !errors.Is(err, gone) {
		t.Fatalf("got %v", err)
	}
	if left := files(t, filepath.Join(dir, "documents")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAlteredPictureIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	v := open(t, dir)
	s, err := v.Put(t.Context(), bytes.NewReader(make([]byte, 50_000)))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "documents", filepath.FromSlash(s.Key))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Read(t.Context(), s.Key); err == nil {
		t.Error("an altered picture was read")
	}
}

func TestKeysAreMadeOnceAndForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	place := vault.Place{Table: "t", Row: "r", Field: "f"}
	sealed, err := open(t, dir).Seal(place, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	if _, err := again.Reveal(place, sealed); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	key := filepath.Join(dir, "keys.json")
	info, err := os.Stat(key)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.OpenData(dir); err == nil {
		t.Error("a key file that others can read was accepted")
	}
}

func TestEqualNumbersHashAlikeWithinAKindOnly(t *testing.T) {
	t.Parallel()
	v := open(t, t.TempDir())
	hash := func(kind, value string) string {
		t.Helper()
		h, err := v.Hash(kind, value)
		if err != nil {
			t.Fatal(err)
		}
		return string(h)
	}
	if first, again := hash("resident_id", "1"), hash("resident_id", "1"); first != again {
		t.Error("equal numbers hash differently")
	}
	if hash("resident_id", "1") == hash("passport", "1") || hash("resident_id", "1") == hash("resident_id", "2") {
		t.Error("different numbers hash alike")
	}
}

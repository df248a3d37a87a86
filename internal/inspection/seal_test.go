package inspection_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/verinym/verinym/internal/inspection"
)

func TestKeyIsMadeOnceAndKeptFromOthers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key.pem")
	first, err := inspection.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := inspection.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := first.Public()
	b, _ := again.Public()
	if !bytes.Equal(a, b) || !bytes.Contains(a, []byte("PUBLIC KEY")) {
		t.Errorf("the key was made anew:\n%s%s", a, b)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := inspection.LoadKey(path); err == nil {
		t.Error("a key that others can read is taken")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".inspection-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	for name, text := range map[string]string{"no PEM": "x", "another kind": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		other := filepath.Join(t.TempDir(), "key.pem")
		if err := os.WriteFile(other, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := inspection.LoadKey(other); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}

func TestWhatIsNoPackIsNotChecked(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("pack.json")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte("{}"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"nothing": nil, "another file": []byte("%PDF"), "half of one": b.Bytes()} {
		if c, err := inspection.Check(file, nil); err == nil || c.Signed {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

// FuzzCheck: whatever file somebody hands in, it is a pack as it was signed or it is not.
func FuzzCheck(f *testing.F) {
	f.Add([]byte("PK\x05\x06"), []byte("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"))
	f.Add([]byte{}, []byte(nil))
	f.Fuzz(func(t *testing.T, file, key []byte) {
		if c, err := inspection.Check(file, key); err == nil && c.Signed && len(c.Fingerprint) != 64 {
			t.Errorf("%+v", c)
		}
	})
}

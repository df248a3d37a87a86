package vault_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/verinym/verinym/internal/vault"
)

func TestKeysRotateUnderRunningProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "keys.json")
	a, b := open(t, dir), open(t, dir) // two processes
	place := vault.Place{Table: "profile_version", Row: "pv_1", Field: "number"}
	field, err := a.Seal(place, []byte("990000199003070017"))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := a.Put(t.Context(), bytes.NewReader([]byte("a picture")))
	if err != nil {
		t.Fatal(err)
	}
	hash, err := a.NumberHash("990000199003070017")
	if err != nil {
		t.Fatal(err)
	}
	old := func(want bool) {
		t.Helper()
		f, err1 := a.FieldIsOld(field)
		p, err2 := b.PictureIsOld(picture.Key)
		if err1 != nil || err2 != nil || f != want || p != want {
			t.Errorf("field old %v (%v), picture old %v (%v); want %v", f, err1, p, err2, want)
		}
	}
	opens := func(v *vault.Vault) bool {
		t.Helper()
		f, err1 := v.Reveal(place, field)
		p, err2 := v.Read(t.Context(), picture.Key)
		return err1 == nil && err2 == nil && string(f) == "990000199003070017" && string(p) == "a picture"
	}
	old(false)
	if err := vault.Rotate(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	old(true)
	if !opens(a) || !opens(b) {
		t.Error("what was sealed before does not open any more")
	}
	if again, err := b.NumberHash("990000199003070017"); err != nil || !bytes.Equal(again, hash) {
		t.Error("equal numbers are not found again")
	}
	if field, err = b.Reseal(place, field); err != nil {
		t.Fatal(err)
	}
	before := picture.Key
	if picture, err = b.ResealPicture(t.Context(), before); err != nil || picture.Key == before {
		t.Fatal(picture, err)
	}
	old(false)
	if !opens(a) {
		t.Error("the other process does not open what is sealed anew")
	}
	if _, err := b.Read(t.Context(), before); err != nil {
		t.Errorf("the old key is gone before it was retired: %v", err)
	}
	if err := vault.Retire(path); err != nil {
		t.Fatal(err)
	}
	if !opens(a) || !opens(b) {
		t.Error("after retiring, what is sealed anew does not open")
	}
	if _, err := a.Read(t.Context(), before); err == nil {
		t.Error("a retired key still opens")
	}
}

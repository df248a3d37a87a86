package vault

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tink-crypto/tink-go/v2/keyset"

	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// Rotate adds a new key for fields and one for pictures to the key-set file at
// path; from now on they seal. Processes that have the file open notice by
// themselves. What is sealed already still opens, and is sealed again by the nouns
// that own it. The key of the equality hashes stays: what it has hashed cannot be
// hashed again.
func Rotate(path string) error {
	return rewrite(path, func(m *keyset.Manager, t *tinkpb.KeyTemplate) error {
		id, err := m.Add(t)
		if err != nil {
			return err
		}
		return m.SetPrimary(id)
	})
}

// Retire removes every key but those that seal now. What is still sealed under an
// older one never opens again.
func Retire(path string) error {
	return rewrite(path, func(m *keyset.Manager, _ *tinkpb.KeyTemplate) error {
		h, err := m.Handle()
		if err != nil {
			return err
		}
		for _, k := range h.KeysetInfo().GetKeyInfo() {
			if k.GetKeyId() == h.KeysetInfo().GetPrimaryKeyId() {
				continue
			}
			if err := m.Delete(k.GetKeyId()); err != nil {
				return err
			}
		}
		return nil
	})
}

// rewrite changes the sets of fields and of pictures, whole or not at all.
func rewrite(path string, change func(*keyset.Manager, *tinkpb.KeyTemplate) error) error {
	f, err := readKeyFile(path)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		set      *json.RawMessage
		template *tinkpb.KeyTemplate
	}{{&f.Field, fieldTemplate()}, {&f.Stream, streamTemplate()}} {
		if *part.set, err = changed(*part.set, part.template, change); err != nil {
			return fmt.Errorf("vault: key set %s: %w", path, err)
		}
	}
	tmp, err := f.save(path)
	if err != nil {
		return fmt.Errorf("vault: key set: %w", err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("vault: key set: %w", err)
	}
	return flush(filepath.Dir(path))
}

func changed(raw json.RawMessage, t *tinkpb.KeyTemplate, change func(*keyset.Manager, *tinkpb.KeyTemplate) error) (json.RawMessage, error) {
	h, err := handle(raw)
	if err != nil {
		return nil, err
	}
	m := keyset.NewManagerFromHandle(h)
	if err := change(m, t); err != nil {
		return nil, err
	}
	if h, err = m.Handle(); err != nil {
		return nil, err
	}
	return write(h)
}

// keys returns the keys of the file as it is now: another process may have rotated
// them.
func (v *Vault) keys() (*keys, error) {
	known := v.loaded.Load()
	info, err := os.Stat(v.keyPath)
	if err != nil { // the file is being replaced, or is gone: what is loaded still opens
		return known, nil
	}
	if info.Size() == known.file.Size() && info.ModTime().Equal(known.file.ModTime()) && os.SameFile(info, known.file) {
		return known, nil
	}
	k, err := loadKeys(v.keyPath)
	if err != nil {
		return nil, err
	}
	v.loaded.Store(k)
	return k, nil
}

// FieldIsOld reports whether a field is sealed under another key than the one that
// seals now. Tink puts the key's id behind its first byte.
func (v *Vault) FieldIsOld(sealed []byte) (bool, error) {
	k, err := v.keys()
	if err != nil {
		return false, err
	}
	return len(sealed) < 5 || binary.BigEndian.Uint32(sealed[1:5]) != k.fieldID, nil
}

// Reseal seals a field anew, in its place.
func (v *Vault) Reseal(p Place, sealed []byte) ([]byte, error) {
	clear, err := v.Reveal(p, sealed)
	if err != nil {
		return nil, err
	}
	return v.Seal(p, clear)
}

// PictureIsOld reports whether a picture is sealed under another key than the one
// that seals now. The key's id stands at the end of its name.
func (v *Vault) PictureIsOld(key string) (bool, error) {
	k, err := v.keys()
	if err != nil {
		return false, err
	}
	return !strings.HasSuffix(key, keySuffix(k.streamID)), nil
}

func keySuffix(id uint32) string { return fmt.Sprintf("-%08x", id) }

// ResealPicture stores a picture anew, under a new key. The old one is deleted by
// whoever has written down the new one.
func (v *Vault) ResealPicture(ctx context.Context, key string) (Stored, error) {
	r, err := v.Get(ctx, key)
	if err != nil {
		return Stored{}, err
	}
	defer r.Close()
	return v.Put(ctx, r)
}

package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/streamingaead"
	"github.com/tink-crypto/tink-go/v2/tink"

	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// keys are the primitives made from a key-set file.
type keys struct {
	field  tink.AEAD
	stream tink.StreamingAEAD
	hash   *prf.Set
}

// keyFile holds three Tink key sets: fields, pictures, equality hashes.
type keyFile struct {
	Field  json.RawMessage `json:"field"`
	Stream json.RawMessage `json:"stream"`
	Hash   json.RawMessage `json:"hash"`
}

// loadKeys reads the key-set file at path and makes it when there is none.
func loadKeys(path string) (*keys, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		b, err = makeKeys(path)
	}
	if err != nil {
		return nil, fmt.Errorf("vault: key set: %w", err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("vault: key set %s can be read by others; make it mode 0600", path)
	}
	var f keyFile
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("vault: key set %s: %w", path, err)
	}
	k := &keys{}
	for _, part := range []struct {
		raw  []byte
		make func(*keyset.Handle) error
	}{
		{f.Field, func(h *keyset.Handle) (err error) { k.field, err = aead.New(h); return err }},
		{f.Stream, func(h *keyset.Handle) (err error) { k.stream, err = streamingaead.New(h); return err }},
		{f.Hash, func(h *keyset.Handle) (err error) { k.hash, err = prf.NewPRFSet(h); return err }},
	} {
		h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(part.raw)))
		if err != nil {
			return nil, fmt.Errorf("vault: key set %s: %w", path, err)
		}
		if err := part.make(h); err != nil {
			return nil, fmt.Errorf("vault: key set %s: %w", path, err)
		}
	}
	return k, nil
}

// makeKeys writes a new key-set file. It never replaces one: two processes that
// start at once on one folder end up with the same file.
func makeKeys(path string) ([]byte, error) {
	var f keyFile
	for _, part := range []struct {
		into     *json.RawMessage
		template *tinkpb.KeyTemplate
	}{
		{&f.Field, aead.AES256GCMKeyTemplate()},
		{&f.Stream, streamingaead.AES256GCMHKDF4KBKeyTemplate()},
		{&f.Hash, prf.HMACSHA256PRFKeyTemplate()},
	} {
		h, err := keyset.NewHandle(part.template)
		if err != nil {
			return nil, err
		}
		var buf bytes.Buffer
		if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&buf)); err != nil {
			return nil, err
		}
		*part.into = buf.Bytes()
	}
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(b)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

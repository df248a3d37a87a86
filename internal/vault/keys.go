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
	// fieldID and streamID name the keys that seal now; older ones only open.
	fieldID, streamID uint32
	// file is how the file looked when it was read.
	file os.FileInfo
}

// keyFile holds three Tink key sets: fields, pictures, equality hashes.
type keyFile struct {
	Field  json.RawMessage `json:"field"`
	Stream json.RawMessage `json:"stream"`
	Hash   json.RawMessage `json:"hash"`
}

// loadKeys reads the key-set file at path and makes it when there is none.
func loadKeys(path string) (*keys, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeKeys(path); err == nil {
			info, err = os.Stat(path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("vault: key set: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("vault: key set %s can be read by others; make it mode 0600", path)
	}
	f, err := readKeyFile(path)
	if err != nil {
		return nil, err
	}
	k := &keys{file: info}
	for _, part := range []struct {
		raw  []byte
		make func(*keyset.Handle) error
	}{
		{f.Field, func(h *keyset.Handle) (err error) { k.field, err = aead.New(h); return err }},
		{f.Stream, func(h *keyset.Handle) (err error) { k.stream, err = streamingaead.New(h); return err }},
		{f.Hash, func(h *keyset.Handle) (err error) { k.hash, err = prf.NewPRFSet(h); return err }},
	} {
		h, err := handle(part.raw)
		if err != nil {
			return nil, fmt.Errorf("vault: key set %s: %w", path, err)
		}
		if err := part.make(h); err != nil {
			return nil, fmt.Errorf("vault: key set %s: %w", path, err)
		}
	}
	k.fieldID, k.streamID = primary(f.Field), primary(f.Stream)
	return k, nil
}

func readKeyFile(path string) (f keyFile, err error) {
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	if err != nil {
		return f, fmt.Errorf("vault: key set %s: %w", path, err)
	}
	return f, nil
}

func handle(raw []byte) (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
}

// primary is the id of the key that a set seals with.
func primary(raw []byte) uint32 {
	h, err := handle(raw)
	if err != nil {
		return 0
	}
	return h.KeysetInfo().GetPrimaryKeyId()
}

func write(h *keyset.Handle) (json.RawMessage, error) {
	var buf bytes.Buffer
	err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&buf))
	return buf.Bytes(), err
}

// makeKeys writes a new key-set file. It never replaces one: two processes that
// start at once on one folder end up with the same file.
func makeKeys(path string) error {
	var f keyFile
	for _, part := range []struct {
		into     *json.RawMessage
		template *tinkpb.KeyTemplate
	}{
		{&f.Field, fieldTemplate()},
		{&f.Stream, streamTemplate()},
		{&f.Hash, prf.HMACSHA256PRFKeyTemplate()},
	} {
		h, err := keyset.NewHandle(part.template)
		if err != nil {
			return err
		}
		if *part.into, err = write(h); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := f.save(path)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	if err := os.Link(tmp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return flush(filepath.Dir(path))
}

func fieldTemplate() *tinkpb.KeyTemplate  { return aead.AES256GCMKeyTemplate() }
func streamTemplate() *tinkpb.KeyTemplate { return streamingaead.AES256GCMHKDF4KBKeyTemplate() }

// save writes the file beside path, for its owner alone, and returns where.
func (f keyFile) save(path string) (tmp string, err error) {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return "", err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = file.Write(b)
	return file.Name(), errors.Join(err, file.Sync(), file.Close())
}

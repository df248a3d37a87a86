package vault

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
)

// Vault seals fields and pictures. It is safe for concurrent use.
type Vault struct {
	keyPath string
	loaded  atomic.Pointer[keys]
	bucket  *blob.Bucket
	dir     string // of a bucket of files
}

// Open opens the vault with the key-set file at keyPath (made when missing) and
// pictures in the folder dir (made when missing).
func Open(keyPath, dir string) (*Vault, error) {
	k, err := loadKeys(keyPath)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	b, err := fileblob.OpenBucket(dir, &fileblob.Options{NoTempDir: true, Metadata: fileblob.MetadataDontWrite, DirFileMode: 0o700})
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	v := &Vault{keyPath: keyPath, bucket: b, dir: dir}
	v.loaded.Store(k)
	return v, nil
}

// OpenData opens the vault of a data folder: keys.json and documents/.
func OpenData(dir string) (*Vault, error) {
	return Open(filepath.Join(dir, "keys.json"), filepath.Join(dir, "documents"))
}

// Close closes the bucket.
func (v *Vault) Close() error { return v.bucket.Close() }

// Place names where a sealed field lives: the ciphertext opens nowhere else.
type Place struct {
	Table string
	// Row is the public id of the row.
	Row   string
	Field string
}

func (p Place) bytes() []byte { return []byte(p.Table + "\x00" + p.Row + "\x00" + p.Field) }

// Seal encrypts a field for its place.
func (v *Vault) Seal(p Place, clear []byte) ([]byte, error) {
	k, err := v.keys()
	if err != nil {
		return nil, err
	}
	out, err := k.field.Encrypt(clear, p.bytes())
	if err != nil {
		return nil, fmt.Errorf("vault: seal: %w", err)
	}
	return out, nil
}

// Reveal decrypts a field from its place.
func (v *Vault) Reveal(p Place, sealed []byte) ([]byte, error) {
	k, err := v.keys()
	if err != nil {
		return nil, err
	}
	out, err := k.field.Decrypt(sealed, p.bytes())
	if err != nil {
		return nil, fmt.Errorf("vault: %s.%s of %s does not open: %w", p.Table, p.Field, p.Row, err)
	}
	return out, nil
}

// Hash returns a keyed hash of a value by which equal values of one kind can be
// found again, and which says nothing without the key.
func (v *Vault) Hash(kind, value string) ([]byte, error) {
	out, err := v.loaded.Load().hash.ComputePrimaryPRF([]byte(kind+"\x00"+value), 32)
	if err != nil {
		return nil, fmt.Errorf("vault: hash: %w", err)
	}
	return out, nil
}

// NumberHash is the keyed hash of a normalised document number, whatever kind it
// was typed under.
func (v *Vault) NumberHash(normal string) ([]byte, error) { return v.Hash("document_number", normal) }

// Stored says what Put has stored: sizes and digest are of the clear bytes.
type Stored struct {
	Key    string
	Bytes  int64
	SHA256 []byte
}

// Put seals everything that r gives and stores it under a new key. Nothing is
// stored when r fails. The row that names the key is written afterwards; what no
// row names is swept.
func (v *Vault) Put(ctx context.Context, r io.Reader) (s Stored, err error) {
	var id [16]byte
	_, _ = rand.Read(id[:])
	k, err := v.keys()
	if err != nil {
		return Stored{}, err
	}
	s.Key = hex.EncodeToString(id[:1]) + "/" + hex.EncodeToString(id[1:]) + keySuffix(k.streamID)
	// Cancelling the writer's context is how gocloud throws an unfinished object away.
	wctx, abandon := context.WithCancel(ctx)
	defer abandon()
	w, err := v.bucket.NewWriter(wctx, s.Key, &blob.WriterOptions{ContentType: "application/octet-stream", IfNotExist: true})
	if err != nil {
		return Stored{}, fmt.Errorf("vault: put: %w", err)
	}
	sum := sha256.New()
	n, err := encrypt(k, w, r, s.Key, sum)
	if err != nil {
		abandon()
		_ = w.Close()
		return Stored{}, fmt.Errorf("vault: put: %w", err)
	}
	if err := w.Close(); err != nil {
		return Stored{}, fmt.Errorf("vault: put: %w", err)
	}
	s.Bytes, s.SHA256 = n, sum.Sum(nil)
	return s, nil
}

func encrypt(k *keys, w io.Writer, r io.Reader, key string, sum hash.Hash) (int64, error) {
	enc, err := k.stream.NewEncryptingWriter(w, []byte(key))
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(io.MultiWriter(enc, sum), r)
	if err != nil {
		return n, err
	}
	return n, enc.Close()
}

// Get opens the picture under key. Reading it reports an error before any
// altered byte is given out.
func (v *Vault) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	r, err := v.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return nil, fmt.Errorf("vault: get: %w", err)
	}
	k, err := v.keys()
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	dec, err := k.stream.NewDecryptingReader(r, []byte(key))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("vault: get: %w", err), r.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{dec, r}, nil
}

// Read returns the whole picture under key.
func (v *Vault) Read(ctx context.Context, key string) ([]byte, error) {
	r, err := v.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("vault: read: %w", err)
	}
	return b, nil
}

// Flush makes pictures durable: call it before the row that names them commits.
// An empty key stands for no picture.
func (v *Vault) Flush(keys ...string) error {
	if v.dir == "" { // an object store answers when it is durable
		return nil
	}
	for _, key := range keys {
		if key == "" {
			continue
		}
		path := filepath.Join(v.dir, filepath.FromSlash(key))
		for _, p := range []string{path, filepath.Dir(path), v.dir} {
			if err := flush(p); err != nil {
				return fmt.Errorf("vault: flush: %w", err)
			}
		}
	}
	return nil
}

func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// List calls f with the keys of all pictures that were stored before a time, at
// most n of them at once.
func (v *Vault) List(ctx context.Context, before time.Time, n int, f func(keys []string) error) error {
	var keys []string
	for it := v.bucket.List(nil); ; {
		o, err := it.Next(ctx)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("vault: list: %w", err)
		}
		if err == nil && o.ModTime.Before(before) {
			keys = append(keys, o.Key)
		}
		if len(keys) > 0 && (err != nil || len(keys) == n) {
			if err := f(keys); err != nil {
				return err
			}
			keys = nil
		}
		if err != nil {
			return nil
		}
	}
}

// Delete erases the picture under key; one that is gone already is no error.
func (v *Vault) Delete(ctx context.Context, key string) error {
	if err := v.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("vault: delete: %w", err)
	}
	return nil
}

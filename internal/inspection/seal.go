package inspection

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The files of a pack.
const (
	packFile = "pack.json"
	sigFile  = "pack.sig"
	keyFile  = "public-key.pem"
	noteFile = "HOW-TO-CHECK.txt"
)

// mostBytes is how large a file of a pack may be when it is checked.
const mostBytes = 64 << 20

const howTo = `pack.json is what is on record. pack.sig is its signature (Ed25519, RFC 8032) by the key in
public-key.pem. Compare that key with the one that the registrar has given you by another way, then:

  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in pack.json -sigfile pack.sig

or: verinym inspection verify FILE --key public-key.pem

pack.json 为登记内容，pack.sig 为使用 public-key.pem 所载密钥作出的签名（Ed25519，RFC 8032）。
请先将该密钥与注册商通过其他途径提供的密钥核对，再运行以上命令验证。
`

// Key signs packs.
type Key struct{ private ed25519.PrivateKey }

// LoadKey reads the key at path, and makes it where there is none. Only its owner may be
// able to read it.
func LoadKey(path string) (Key, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeKey(path); err == nil {
			info, err = os.Stat(path)
		}
	}
	if err != nil {
		return Key{}, fmt.Errorf("inspection: key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Key{}, fmt.Errorf("inspection: the key %s can be read by others; make it mode 0600", path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("inspection: key: %w", err)
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return Key{}, fmt.Errorf("inspection: %s is no key", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return Key{}, fmt.Errorf("inspection: %s: %w", path, err)
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return Key{}, fmt.Errorf("inspection: %s is no Ed25519 key", path)
	}
	return Key{private}, nil
}

// makeKey writes a new key. It never replaces one: two processes that start at once end
// up with the same.
func makeKey(path string) error {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".inspection-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	err = pem.Encode(draft, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Public is the key that packs are checked with, as PEM.
func (k Key) Public() ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// seal makes the file of a pack.
func (k Key) seal(p *Pack) ([]byte, error) {
	text, err := p.text()
	if err != nil {
		return nil, err
	}
	public, err := k.Public()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name    string
		content []byte
	}{{packFile, text}, {sigFile, ed25519.Sign(k.private, text)}, {keyFile, public}, {noteFile, []byte(howTo)}} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: p.MadeAt})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return b.Bytes(), err
}

// Checked is what checking a pack has found.
type Checked struct {
	// Signed says that the pack is as it was signed.
	Signed bool
	// Fingerprint is the SHA-256 of the key in the pack, in hexadecimal.
	Fingerprint string
	// About is the domain or profile, MadeAt when the pack was made.
	About  string
	MadeAt time.Time
}

// Check checks the file of a pack: with the key that is given as PEM, or with the one in
// the pack where it is nil. The latter says that nothing was changed, not who signed it.
func Check(file []byte, key []byte) (c Checked, err error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return c, fmt.Errorf("inspection: this is no pack: %w", err)
	}
	parts := map[string][]byte{}
	for _, name := range []string{packFile, sigFile, keyFile} {
		if parts[name], err = read(z, name); err != nil {
			return c, fmt.Errorf("inspection: this is no pack: %s: %w", name, err)
		}
	}
	if key == nil {
		key = parts[keyFile]
	}
	public, der, err := publicKey(key)
	if err != nil {
		return c, err
	}
	sum := sha256.Sum256(der)
	c.Fingerprint = hex.EncodeToString(sum[:])
	c.Signed = ed25519.Verify(public, parts[packFile], parts[sigFile])
	var p Pack
	if err := json.Unmarshal(parts[packFile], &p); err != nil {
		return c, fmt.Errorf("inspection: %s: %w", packFile, err)
	}
	c.MadeAt = p.MadeAt
	switch {
	case p.Domain != nil:
		c.About = p.Domain.Name
	case len(p.Versions) > 0:
		c.About = p.Versions[0].Profile
	}
	return c, nil
}

func publicKey(text []byte) (ed25519.PublicKey, []byte, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, nil, errors.New("inspection: the key is not in PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, nil, fmt.Errorf("inspection: key: %w", err)
	}
	public, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return nil, nil, errors.New("inspection: the key is no Ed25519 key")
	}
	return public, block.Bytes, nil
}

func read(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err == nil && len(b) > mostBytes {
		err = errors.New("it is too large")
	}
	return b, err
}

package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/verinym/verinym/internal/store"
)

const lockFile = "verinym.lock"

// ours are the names in a data folder that a server with everything embedded makes.
var ours = []string{
	"verinym.db", "verinym.db-wal", "verinym.db-shm", "keys.json", "documents", "sandbox-registry.json",
	"sandbox-registry.json.log", "sandbox-registry-ca.pem", inspectionKeyFile, rdapListFile,
}

// DiscardData removes what a server has made in a data folder, and nothing else.
// A folder that is in use is left alone, with an error.
func DiscardData(dir string) error {
	unlock, err := lockData(dir)
	if err != nil {
		return err
	}
	defer unlock()
	var failed []error
	for _, name := range ours {
		failed = append(failed, os.RemoveAll(filepath.Join(dir, name)))
	}
	return errors.Join(failed...)
}

// exists reports whether there is an installation: a mistyped folder is none.
func (c Config) exists() bool {
	if store.IsPostgres(c.Database) {
		return true
	}
	_, err := os.Stat(c.Database)
	return !errors.Is(err, fs.ErrNotExist)
}

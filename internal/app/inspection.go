package app

import (
	"path/filepath"

	"github.com/verinym/verinym/internal/inspection"
)

const inspectionKeyFile = "inspection-key.pem"

// inspectionKey is where an installation keeps the key that signs inspection packs.
func (c Config) inspectionKey() string { return filepath.Join(c.Data, inspectionKeyFile) }

// InspectionKey is the public key that the inspection packs of an installation are
// checked with, as PEM.
func InspectionKey(c Config) ([]byte, error) {
	key, err := inspection.LoadKey(c.inspectionKey())
	if err != nil {
		return nil, err
	}
	return key.Public()
}

// InspectionChecked is what checking an inspection pack has found.
type InspectionChecked = inspection.Checked

// CheckInspection checks an inspection pack, with a key as PEM, or with its own when that
// is nil.
func CheckInspection(file, key []byte) (InspectionChecked, error) { return inspection.Check(file, key) }

package cnnic

import (
	"fmt"

	"github.com/verinym/verinym/epp/wire"
)

// NSRegistry is the namespace of cnnic-registry-1.0, by which CNNIC's platform
// for several registries knows which of them a contact or host belongs to.
const NSRegistry = "urn:ietf:params:xml:ns:cnnic-registry-1.0"

// RegistryCreate goes with contact.Create and host.Create: the repository that
// the object is for, such as "cnnic".
type RegistryCreate string

// RegistryInfo comes with contact.InfoData and host.InfoData.
type RegistryInfo string

func (RegistryCreate) Namespace() string { return NSRegistry }
func (RegistryInfo) Namespace() string   { return NSRegistry }

func (r RegistryCreate) AppendExtension(b []byte) []byte {
	return appendRegistry(b, "create", string(r))
}

func (r RegistryInfo) AppendExtension(b []byte) []byte {
	return appendRegistry(b, "infData", string(r))
}

func appendRegistry(b []byte, local, registry string) []byte {
	b = wire.AppendRoot(b, "cnnic-registry", local, NSRegistry)
	b = wire.AppendElement(b, "cnnic-registry:registry", registry)
	return wire.AppendEnd(b, "cnnic-registry:"+local)
}

// ParseRegistryCreate reads a cnnic-registry:create element.
func ParseRegistryCreate(e *wire.Element) (RegistryCreate, error) {
	r, err := parseRegistry(e, "create")
	return RegistryCreate(r), err
}

// ParseRegistryInfo reads a cnnic-registry:infData element.
func ParseRegistryInfo(e *wire.Element) (RegistryInfo, error) {
	r, err := parseRegistry(e, "infData")
	return RegistryInfo(r), err
}

func parseRegistry(e *wire.Element, local string) (string, error) {
	if err := expect(e, NSRegistry, local); err != nil {
		return "", err
	}
	r, err := wire.Require(e, NSRegistry, "registry")
	if err != nil {
		return "", fmt.Errorf("cnnic-registry:%s: %w", local, err)
	}
	return r, nil
}

package registry_test

import (
	"testing"

	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store/storetest"
)

// Verisign's server stands before several registries and takes no command about a name that
// does not say for which. The account has nothing to configure for it.
func TestVerisignIsToldTheProduct(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{
		sandbox: func(c *sandbox.Config) { c.NameStore = true },
		account: func(a *registry.Account) {
			a.Driver, a.AuditURL, a.Suffixes = registry.DialectThin, "", []string{"com", "net"}
		},
	})
	w.run(w.desk)
	for _, name := range []string{"new.com", "new.net"} {
		if ok, reason, err := w.desk.Available(t.Context(), "cn", name); !ok || err != nil {
			t.Errorf("whether %s is free: %v %s %v", name, ok, reason, err)
		}
		w.create(name, "")
	}
	w.allDone()
	w.refresh("new.com")
	w.allDone()
	if _, _, err := w.desk.Now(t.Context(), "cn", "new.net"); err != nil {
		t.Error(err)
	}
}

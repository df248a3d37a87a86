package sandbox_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
)

// pool is a pool of verinym's.
func (w *world) pool(o epp.PoolOptions) *epp.Pool {
	w.Helper()
	o.Session = epp.Options{TLS: w.server.TLS(), ClientID: "verinym", Password: "verinym-pw", Depth: 4, KeepAlive: -1}
	p := epp.NewPool(w.server.Addr(), o)
	w.Cleanup(func() { p.Close() })
	return p
}

// Whatever goes wrong on the way, each command has its effect once.
func TestLostAnswersHaveTheirEffectOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{
		sandbox.FaultDropBefore, sandbox.FaultDropAfter, sandbox.FaultGarbage, sandbox.FaultHalfFrame, sandbox.FaultWrongClTRID,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := open(t, nil)
			w.com("old.com")
			p := w.pool(epp.PoolOptions{Max: 2})
			carriedOut := 1
			if kind == sandbox.FaultDropBefore {
				carriedOut = 2 // the first did not count
			}
			create := domain.Create{Name: "new.com", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}
			update := domain.Update{Name: "old.com", Add: status(epp.ClientHold), Rem: delegated("ns1.example.net"), Chg: domain.Change{AuthInfo: &epp.AuthInfo{PW: "other-pw"}}}
			renew := domain.Renew{Name: "old.com", CurExpDate: start.AddDate(1, 0, 0), Period: domain.Years(1)}
			remove := domain.Delete{Name: "old.com"}
			for verb, tt := range map[string]struct {
				body epp.Body
				look epp.Look
			}{
				"create": {create, create.Look("verinym", w.server.Now())},
				"update": {update, update.Look()},
				"renew":  {renew, renew.Look()},
			} {
				w.inject(sandbox.Fault{Verb: verb, Kind: kind, Times: 1})
				if _, err := p.DoLooking(t.Context(), epp.Command{Body: tt.body}, tt.look); err != nil {
					t.Errorf("%s: %v", verb, err)
				}
				sent := 0
				for _, e := range w.server.Log() {
					if e.Verb == verb && e.Client == "verinym" && !(verb == "create" && e.Name == "old.com") {
						sent++
					}
				}
				if sent != carriedOut {
					t.Errorf("%s was sent %d times", verb, sent)
				}
			}
			info, _ := w.info("old.com")
			if !info.ExDate.Equal(start.AddDate(2, 0, 0)) || !info.Has(epp.ClientHold) {
				t.Errorf("%+v", info)
			}
			w.inject(sandbox.Fault{Verb: "delete", Kind: kind, Times: 1})
			if _, err := p.DoLooking(t.Context(), epp.Command{Body: remove}, remove.Look()); err != nil {
				t.Errorf("delete: %v", err)
			}
			w.do(epp.CodeNotExists, domain.Info{Name: "old.com"})
		})
	}
}

// A create whose answer was lost, of a name that was somebody else's already.
func TestAnotherOnesDomainIsNotTakenForOurs(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	p := w.pool(epp.PoolOptions{})
	w.inject(sandbox.Fault{Verb: "create", Kind: sandbox.FaultDropAfter, Times: 1})
	create := domain.Create{Name: "foreign.cn", Registrant: "holder-1", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}
	if response, err := p.DoLooking(t.Context(), epp.Command{Body: create}, create.Look("verinym", w.server.Now())); err == nil {
		t.Errorf("taken for ours: %s", response.Raw)
	}
}

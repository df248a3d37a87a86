package domain_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/policies"
)

// diagnosis renders a diagnosis for people and golden files.
func (h *house) diagnosis(name string) string {
	h.Helper()
	got, err := h.domains.Diagnose(h.Context(), h.me, name)
	if err != nil {
		h.Fatal(err)
	}
	texts, err := locale.Load(policies.FS)
	if err != nil {
		h.Fatal(err)
	}
	out := fmt.Sprintf("%s\n", got.Status)
	for _, s := range got.Steps {
		for _, id := range []string{"diagnosis." + s.Name, s.Found, "action." + s.Action} {
			if id != "action." && !texts.Has(id) {
				h.Errorf("%s: there is no text %q", s.Name, id)
			}
		}
		evidence := s.Evidence
		if strings.HasPrefix(evidence, "prf_") {
			evidence = "the profile"
		}
		line := fmt.Sprintf("%-11s %-10s %-26s %s", s.Name, s.Health, evidence, s.Action)
		if s.Reason != nil {
			line += " because " + s.Reason.Code
		}
		if s.Words != "" {
			line += fmt.Sprintf(" (%s)", s.Words)
		}
		if !s.Deadline.IsZero() {
			line += fmt.Sprintf(" by day %d", int(s.Deadline.Sub(storetest.Monday)/day))
		}
		out += strings.TrimRight(line, " ") + "\n"
	}
	return out
}

// golden compares with testdata/diagnosis/name.txt; the flag -update, which the
// tests of state tables define, writes it.
func (h *house) golden(name, got string) {
	h.Helper()
	file := filepath.Join("testdata", "diagnosis", strings.ReplaceAll(name, " ", "-")+".txt")
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			h.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			h.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		h.Fatalf("%v (run the test with -update once)", err)
	}
	if got != string(want) {
		h.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
	}
}

// nameServers delegates a name, so that it could be reached.
func (h *house) nameServers(name string) {
	h.Helper()
	h.do(h.eyes(chinese), eppdomain.Update{Name: name, Add: eppdomain.AddRem{NS: eppdomain.NameServers{Objects: []string{"ns1.example.net"}}}})
	h.refresh(name)
}

func (h *house) deletes(id string) {
	h.Helper()
	if err := h.profiles.Delete(h.Context(), h.me, id); err != nil {
		h.Fatal(err)
	}
}

func TestDiagnosisOfEachSituation(t *testing.T) {
	t.Parallel()
	for situation, make := range map[string]func(h *house) (name string){
		"not associated": func(h *house) string {
			h.imports("old.cn")
			return "old.cn"
		},
		"account not verified": func(h *house) string {
			h.imports("old.cn")
			if _, err := h.accounts.AssertIdentity(h.Context(), actor.Verinym, h.myAccount.PublicID, account.Assertion{Verified: false, Source: "customer register"}); err != nil {
				h.Fatal(err)
			}
			return "old.cn"
		},
		"being registered": func(h *house) string {
			o := h.place("example.cn", h.cnProfile())
			h.server.Cut(0)
			h.pay(o)
			return "example.cn"
		},
		"registry paused": func(h *house) string {
			o := h.place("example.cn", h.cnProfile())
			if _, err := h.registries.Pause(h.Context(), h.office, "cn", "Maintenance.", false); err != nil {
				h.Fatal(err)
			}
			h.pay(o)
			return "example.cn"
		},
		"in review": func(h *house) string {
			h.register("example.cn", h.cnProfile())
			return "example.cn"
		},
		"held with a verdict missing": func(h *house) string {
			h.register("pending.cn", h.cnProfile())
			h.reviewed()
			h.pass(holdAfter)
			h.read()
			return "pending.cn"
		},
		"held and not associated": func(h *house) string {
			h.imports("old.cn")
			h.pass(holdAfter)
			h.read()
			return "old.cn"
		},
		"held for an unknown cause": func(h *house) string {
			h.register("example.cn", h.cnProfile())
			h.reviewed()
			if err := h.server.SetHold("example.cn", true); err != nil {
				h.Fatal(err)
			}
			h.read()
			return "example.cn"
		},
		"clientHold": func(h *house) string {
			h.register("example.cn", h.cnProfile())
			h.reviewed()
			h.do(h.eyes(chinese), eppdomain.Update{Name: "example.cn", Add: eppdomain.AddRem{Statuses: []eppdomain.Status{{Value: epp.ClientHold}}}})
			h.refresh("example.cn")
			return "example.cn"
		},
		"holder failed": func(h *house) string {
			v := h.submit(h.me, h.draft(h.me, forCN, li+"FAIL-number_mismatch", liNumber))
			h.exec("UPDATE profile_version SET state = ? WHERE id = ?", string(profile.Verified), v.Current.ID)
			h.register("example.cn", v.Profile.PublicID)
			h.reviewed()
			return "example.cn"
		},
		"name failed": func(h *house) string {
			h.register("will-fail.cn", h.cnProfile())
			h.reviewed()
			return "will-fail.cn"
		},
		"refused by the registry": func(h *house) string {
			h.imports("old.cn")
			h.exec("UPDATE domain SET sync_state = 'failed'")
			return "old.cn"
		},
		"address in doubt": func(h *house) string {
			h.register("example.cn", h.cnProfile())
			h.reviewed()
			h.exec("UPDATE email_address SET state = 'unverified'")
			return "example.cn"
		},
		"name refused before its registration": func(h *house) string {
			h.pay(h.place("will-fail.com", h.verified(h.me, forCOM, li, liNumber)))
			h.decide()
			return "will-fail.com"
		},
		"order failed": func(h *house) string {
			if err := h.server.SetFaults(sandbox.Fault{Verb: "create", Object: "domain", Kind: sandbox.FaultCode, Code: epp.CodePolicy}); err != nil {
				h.Fatal(err)
			}
			h.pay(h.place("example.cn", h.cnProfile()))
			h.settles()
			return "example.cn"
		},
		"normal": func(h *house) string {
			h.register("example.cn", h.cnProfile())
			h.reviewed()
			h.nameServers("example.cn")
			return "example.cn"
		},
		"normal and its profile deleted": func(h *house) string {
			id := h.cnProfile()
			h.register("example.cn", id)
			h.reviewed()
			h.deletes(id)
			return "example.cn"
		},
		"holder failed and the profile deleted": func(h *house) string {
			v := h.submit(h.me, h.draft(h.me, forCN, li+"FAIL-number_mismatch", liNumber))
			h.exec("UPDATE profile_version SET state = ? WHERE id = ?", string(profile.Verified), v.Current.ID)
			h.register("example.cn", v.Profile.PublicID)
			h.reviewed()
			h.deletes(v.Profile.PublicID)
			return "example.cn"
		},
		"verdict of the desk taken back and the profile deleted": func(h *house) string {
			id := h.cnProfile()
			h.register("example.cn", id)
			h.reviewed()
			h.exec("UPDATE profile_version SET state = ?", string(profile.Failed))
			h.deletes(id)
			return "example.cn"
		},
		"normal overseas": func(h *house) string {
			h.register("example.com", h.anna())
			return "example.com"
		},
		"overseas and not associated": func(h *house) string {
			h.register("example.com", h.anna())
			h.exec("UPDATE domain SET profile_id = 0, version_id = 0")
			return "example.com"
		},
		"normal without contacts": func(h *house) string {
			h.pay(h.place("example.com", h.verified(h.me, forCOM, li, liNumber)))
			h.decide()
			h.settles()
			return "example.com"
		},
	} {
		t.Run(situation, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn"))
			h.golden(situation, h.diagnosis(make(h)))
		})
	}
}

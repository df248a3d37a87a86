package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/vcode"
)

func TestNewDomainIsVerifiedByBothVerdicts(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.register("example.cn", "holder-1")
	_, v := w.info("example.cn")
	p := v.Profile("china")
	if v.Status != vcode.PendingCompliance || len(p.Missing) != 2 || len(p.Set) != 0 || !p.Missing[0].Due.Equal(start.Add(hold)) {
		t.Errorf("at first: %+v", v)
	}
	w.expect()

	w.server.Advance(naming)
	w.expect("example.cn: after custom naming-verification verified, pendingCompliance")
	w.submit("holder-1", personal("张三"))
	if got := w.contactState("holder-1"); got != "in_review" {
		t.Errorf("contact %s", got)
	}
	w.server.Advance(review)
	w.expect("example.cn: after custom real-name-verification verified, compliant")
	_, v = w.info("example.cn")
	p = v.Profile("china")
	if v.Status != vcode.Compliant || len(p.Missing) != 0 || len(p.Set) != 2 || !p.Set[1].Date.Equal(start.Add(naming+review)) {
		t.Errorf("at last: %+v", v)
	}
	w.server.Advance(30 * day)
	w.expect()
	if got := w.statuses("example.cn"); got != epp.StatusOK {
		t.Errorf("statuses %s", got)
	}
}

// The two verdicts come in either order, with either outcome, and say nothing of
// each other.
func TestVerdictsAreIndependent(t *testing.T) {
	t.Parallel()
	for _, holderFirst := range []bool{false, true} {
		for _, label := range []string{"good", "fail"} {
			for _, holder := range []string{"张三", "FAIL-db_mismatch"} {
				t.Run(fmt.Sprintf("%s %s holder first %t", label, holder, holderFirst), func(t *testing.T) {
					t.Parallel()
					w := open(t, cn(func(z *sandbox.Zone) { z.DeleteOnNamingFailure = false }))
					w.person("holder-1", holder)
					nameVerdict, holderVerdict := "verified", "verified"
					if label == "fail" {
						nameVerdict = "failed: name_prohibited"
					}
					if holder != "张三" {
						holderVerdict = "failed: db_mismatch"
					}
					compliance := "pendingCompliance"
					if label == "good" && holder == "张三" {
						compliance = "compliant"
					}
					nameNews := label + ".cn: after custom naming-verification " + nameVerdict + ", "
					holderNews := label + ".cn: after custom real-name-verification " + holderVerdict + ", "

					w.submit("holder-1", personal(holder))
					if holderFirst {
						w.server.Advance(review)
						w.register(label+".cn", "holder-1")
						w.server.Advance(naming)
						w.expect(holderNews+"pendingCompliance", nameNews+compliance)
						return
					}
					w.register(label+".cn", "holder-1")
					w.server.Advance(naming)
					w.server.Advance(review)
					w.expect(nameNews+"pendingCompliance", holderNews+compliance)
				})
			}
		}
	}
}

func TestUnverifiedDomainIsHeldAtItsDueDate(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.register("example.cn", "holder-1")
	w.server.Advance(hold - 1)
	if got := w.statuses("example.cn"); got != epp.StatusOK {
		t.Errorf("before the due date: %s", got)
	}
	w.server.Advance(1)
	w.expect(
		"example.cn: after custom naming-verification verified, pendingCompliance",
		"example.cn: after update server-hold verification_missing, nonCompliant serverHold",
	)
	if got := w.statuses("example.cn"); got != epp.ServerHold {
		t.Errorf("on the due date: %s", got)
	}

	w.submit("holder-1", personal("张三"))
	w.server.Advance(review)
	w.expect("example.cn: after custom real-name-verification verified, compliant serverHold")
	w.server.Advance(release - 1)
	if got := w.statuses("example.cn"); got != epp.ServerHold {
		t.Errorf("before the release: %s", got)
	}
	w.server.Advance(1)
	w.expect("example.cn: after update server-release verified, compliant")
	if got := w.statuses("example.cn"); got != epp.StatusOK {
		t.Errorf("after the release: %s", got)
	}
}

func TestZoneMayHoldFromCreation(t *testing.T) {
	t.Parallel()
	w := open(t, cn(func(z *sandbox.Zone) { z.HoldAfter, z.ReleaseDelay = 0, 0 }))
	w.person("holder-1", "张三")
	w.register("example.cn", "holder-1")
	w.expect("example.cn: after update server-hold verification_missing, nonCompliant serverHold")
	w.submit("holder-1", personal("张三"))
	w.server.Advance(review)
	w.expect(
		"example.cn: after custom naming-verification verified, nonCompliant serverHold",
		"example.cn: after custom real-name-verification verified, compliant serverHold",
		"example.cn: after update server-release verified, compliant",
	)
}

func TestRefusedNameIsDeleted(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.register("failing.cn", "holder-1")
	w.server.Advance(naming)
	w.expect(
		"failing.cn: after custom naming-verification failed: name_prohibited, pendingCompliance",
		"failing.cn: before delete failed: name_prohibited, pendingCompliance",
	)
	w.do(epp.CodeNotExists, domain.Info{Name: "failing.cn"})
	w.do(epp.CodeOK, contact.Delete{ID: "holder-1"})
	w.server.Advance(hold)
	w.expect()
}

func TestRefusedNameThatIsKeptIsHeld(t *testing.T) {
	t.Parallel()
	w := open(t, cn(func(z *sandbox.Zone) { z.DeleteOnNamingFailure = false }))
	w.person("holder-1", "张三")
	w.submit("holder-1", personal("张三"))
	w.server.Advance(review)
	w.register("failing.cn", "holder-1")
	w.server.Advance(hold)
	w.expect(
		"failing.cn: after custom real-name-verification verified, pendingCompliance",
		"failing.cn: after custom naming-verification failed: name_prohibited, pendingCompliance",
		"failing.cn: after update server-hold verification_missing, nonCompliant serverHold",
	)
}

func TestMagicValues(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		loc, int, org string // names, and organisation of the internationalised form
		after         string // state when the review is due
		later         string // state when a slow one is
	}{
		"plain":                    {"张三", "Zhang San", "", "verified", "verified"},
		"FAIL":                     {"FAIL", "Zhang San", "", "failed authority_rejected_other", "failed authority_rejected_other"},
		"FAIL with a code":         {"张三 FAIL-not_in_database", "Zhang San", "", "failed not_in_database", "failed not_in_database"},
		"FAIL in the other form":   {"张三", "Zhang FAIL-expired", "", "failed expired", "failed expired"},
		"FAIL in the organisation": {"张三", "Zhang San", "FAIL Ltd.", "failed authority_rejected_other", "failed authority_rejected_other"},
		"PENDING":                  {"张三 PENDING", "Zhang San", "", "in_review", "in_review"},
		"SLOW":                     {"张三 SLOW", "Zhang San", "", "in_review", "verified"},
		"SLOW and FAIL":            {"张三 SLOW", "FAIL-expired", "", "in_review", "failed expired"},
		"lower case is plain":      {"fail pending slow", "Zhang San", "", "verified", "verified"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil)
			create := personalContact("holder-1", tt.loc)
			create.Postal[1].Name, create.Postal[1].Org = tt.int, tt.org
			w.do(epp.CodeOK, create, cnnic.ContactCreate(identityOf(goodNumber)))
			w.submit("holder-1", personal(tt.loc))
			w.server.Advance(review)
			if got := w.contactState("holder-1"); got != tt.after {
				t.Errorf("after the review: %s, want %s", got, tt.after)
			}
			w.server.Advance(slow - review)
			if got := w.contactState("holder-1"); got != tt.later {
				t.Errorf("after a slow review: %s, want %s", got, tt.later)
			}
		})
	}
}

func TestNameThatStaysInReviewIsHeld(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.register("pending.cn", "holder-1")
	w.submit("holder-1", personal("张三"))
	w.server.Advance(hold)
	w.expect(
		"pending.cn: after custom real-name-verification verified, pendingCompliance",
		"pending.cn: after update server-hold verification_missing, nonCompliant serverHold",
	)
}

func TestEvidenceMustBeTheHoldersOwn(t *testing.T) {
	t.Parallel()
	enterprise := cnnic.Contact{Type: cnnic.Enterprise, IDType: cnnic.TYDM, IDNumber: goodCredit}
	tests := map[string]struct {
		identity cnnic.Contact
		alter    func(*submission)
		want     string
	}{
		"all fits":         {identityOf(goodNumber), func(*submission) {}, "verified"},
		"another name":     {identityOf(goodNumber), func(s *submission) { s.Name = "李四" }, "failed name_mismatch"},
		"an enterprise":    {identityOf(goodNumber), func(s *submission) { s.Type = "E" }, "failed name_mismatch"},
		"another document": {identityOf(goodNumber), func(s *submission) { s.IDType = cnnic.HZ }, "failed number_type_mismatch"},
		"another number":   {identityOf(goodNumber), func(s *submission) { s.IDNumber = "110105194912310021" }, "failed number_mismatch"},
		"bad checksum":     {identityOf("110105194912310021"), func(s *submission) { s.IDNumber = "110105194912310021" }, "failed number_checksum"},
		"enterprise": {enterprise, func(s *submission) {
			s.Name, s.Type, s.IDType, s.IDNumber = "例子有限公司", "E", cnnic.TYDM, goodCredit
		}, "verified"},
		"enterprise by person": {enterprise, func(s *submission) { s.Type, s.IDType, s.IDNumber = "E", cnnic.TYDM, goodCredit }, "failed name_mismatch"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil)
			create := personalContact("holder-1", "张三")
			create.Postal[0].Org = "例子有限公司"
			w.do(epp.CodeOK, create, cnnic.ContactCreate(tt.identity))
			s := personal("张三")
			tt.alter(&s)
			w.submit("holder-1", s)
			w.server.Advance(review)
			if got := w.contactState("holder-1"); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestFailedHolderCanBeVerifiedWithBetterEvidence(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.register("a.cn", "holder-1")
	w.register("b.cn", "holder-1")
	wrong := personal("张三")
	wrong.IDNumber = "110105194912310021"
	w.submit("holder-1", wrong)
	w.server.Advance(review)
	w.expect(
		"a.cn: after custom naming-verification verified, pendingCompliance",
		"b.cn: after custom naming-verification verified, pendingCompliance",
		"a.cn: after custom real-name-verification failed: number_mismatch, pendingCompliance",
		"b.cn: after custom real-name-verification failed: number_mismatch, pendingCompliance",
	)
	w.submit("holder-1", personal("张三"))
	w.server.Advance(review)
	w.expect(
		"a.cn: after custom real-name-verification verified, compliant",
		"b.cn: after custom real-name-verification verified, compliant",
	)
}

func TestHolderChangeRepeatsTheReviews(t *testing.T) {
	t.Parallel()
	w := open(t, cn(func(z *sandbox.Zone) { z.HoldAfterHolderChange = 0 }))
	w.person("holder-1", "张三")
	w.person("holder-2", "李四")
	w.submit("holder-1", personal("张三"))
	w.register("example.cn", "holder-1")
	w.server.Advance(review)
	w.news()

	change := domain.Update{Name: "example.cn", Chg: domain.Change{Registrant: "holder-2"}}
	w.do(epp.CodeOK, change)
	w.expect("example.cn: after update server-hold verification_missing, nonCompliant serverHold")
	w.submit("holder-2", personal("李四"))
	w.server.Advance(review + release)
	w.expect(
		"example.cn: after custom naming-verification verified, nonCompliant serverHold",
		"example.cn: after custom real-name-verification verified, compliant serverHold",
		"example.cn: after update server-release verified, compliant",
	)

	// The same holder again is no change, and back to a verified one needs no
	// evidence.
	w.do(epp.CodeOK, change)
	w.expect()
	w.do(epp.CodeOK, domain.Update{Name: "example.cn", Chg: domain.Change{Registrant: "holder-1"}})
	w.server.Advance(naming + release)
	w.expect(
		"example.cn: after custom real-name-verification verified, nonCompliant",
		"example.cn: after update server-hold verification_missing, nonCompliant serverHold",
		"example.cn: after custom naming-verification verified, compliant serverHold",
		"example.cn: after update server-release verified, compliant",
	)
}

func TestHolderChangeVoidsTheEarlierDueDate(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.person("holder-2", "李四")
	w.register("example.cn", "holder-1")
	w.server.Advance(hold - day)
	w.do(epp.CodeOK, domain.Update{Name: "example.cn", Chg: domain.Change{Registrant: "holder-2"}})
	w.server.Advance(hold - 1)
	if got := w.statuses("example.cn"); got != epp.StatusOK {
		t.Errorf("before the new due date: %s", got)
	}
	w.server.Advance(1)
	if got := w.statuses("example.cn"); got != epp.ServerHold {
		t.Errorf("on the new due date: %s", got)
	}
}

func TestAsynchronousHolderChangeEndsByPoll(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		name, registrant string
		want             func(name, clTRID string) []string
	}{
		"good name": {"example.cn", "holder-2", func(name, clTRID string) []string {
			return []string{
				name + ": pending update of " + clTRID + " done=true",
				name + ": after custom real-name-verification verified, pendingCompliance",
				name + ": after custom naming-verification verified, compliant",
			}
		}},
		"refused name": {"fail.cn", "holder-1", func(name, clTRID string) []string {
			return []string{name + ": pending update of " + clTRID + " done=false"}
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, cn(func(z *sandbox.Zone) { z.AsyncUpdates, z.DeleteOnNamingFailure = true, false }))
			w.person("holder-1", "张三")
			w.person("holder-2", "李四")
			w.submit("holder-2", personal("李四"))
			w.register(tt.name, "holder-1")
			w.server.Advance(review)
			w.news()

			response := w.do(epp.CodePending, domain.Update{Name: tt.name, Chg: domain.Change{Registrant: "holder-2"}})
			if got := w.statuses(tt.name); got != epp.PendingUpdate {
				t.Errorf("meanwhile: %s", got)
			}
			w.do(epp.CodeStatus, domain.Update{Name: tt.name, Add: domain.AddRem{Statuses: domain.Statuses(epp.ClientHold)}})
			w.do(epp.CodeStatus, domain.Delete{Name: tt.name})
			w.do(epp.CodeAssociation, contact.Delete{ID: "holder-2"})
			w.server.Advance(naming)
			w.expect(tt.want(tt.name, response.ClTRID)...)
			info, _ := w.info(tt.name)
			if info.Registrant != tt.registrant || info.Has(epp.PendingUpdate) {
				t.Errorf("at last: %+v", info)
			}
		})
	}
}

func TestRegistrysOwnHoldOutlivesTheVerdicts(t *testing.T) {
	t.Parallel()
	w := open(t, cn(func(z *sandbox.Zone) { z.HoldAfter = 0 }))
	w.person("holder-1", "张三")
	w.register("example.cn", "holder-1")
	if err := w.server.SetHold("example.cn", true); err != nil {
		t.Fatal(err)
	}
	w.submit("holder-1", personal("张三"))
	w.server.Advance(review + release)
	if got := w.statuses("example.cn"); got != epp.ServerHold {
		t.Errorf("verified: %s", got)
	}
	w.news()
	if err := w.server.SetHold("example.cn", false); err != nil {
		t.Fatal(err)
	}
	w.expect("example.cn: after update server-release registry_decision, compliant")
	if err := w.server.SetHold("other.cn", true); err == nil {
		t.Error("held a domain that does not exist")
	}
}

func TestThinZoneHasNoPolicy(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.register("example.com", "")
	w.server.Advance(30 * day)
	w.expect()
	if _, v := w.info("example.com"); v.Status != vcode.NotApplicable {
		t.Errorf("verification %+v", v)
	}
}

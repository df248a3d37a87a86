package app_test

import (
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

// TestAReviewerReadsTheRulesOfAnOldDecision: what was in force before an operator's files changed
// is there for whoever looks at a case that was decided by it, over the API and in the console.
func TestAReviewerReadsTheRulesOfAnOldDecision(t *testing.T) {
	t.Parallel()
	ctx, data, folder := t.Context(), t.TempDir(), t.TempDir()
	hold := func(c *app.Config, after string) {
		t.Helper()
		own := "version: 1\nsuffixes:\n  - suffix: acme\n    a_label: acme\n    kind: gTLD\n    overseas: {regime: open_overseas}\n    mainland: {regime: thin, hold: {create: " + after + "}}\n"
		if err := os.WriteFile(filepath.Join(folder, "suffixes-acme.yaml"), []byte(own), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Data, c.PolicyDir = data, folder
	}
	earlier := app.Config{Addr: "127.0.0.1:0", OCR: app.OCR{Engine: "off"}}
	hold(&earlier, "P3D")
	first, err := app.Start(ctx, earlier, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	first.Stop()
	s := startWith(t, func(c *app.Config) { hold(c, "P9D") })
	was, is := first.Policies.Version, s.Policies.Version

	me, reviewer := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["reviewer"])
	versions, err := reviewer.PolicyVersions(ctx)
	if err != nil || len(versions) != 2 || versions[0].Version != is || !versions[0].InForce || versions[1].Version != was || versions[1].InForce || versions[1].LastSeenAt.After(versions[0].FirstSeenAt) {
		t.Errorf("%+v, %v", versions, err)
	}
	files, err := reviewer.PolicyFiles(ctx, was)
	if own := unzipped(t, files)["suffixes-acme.yaml"]; err != nil || !strings.Contains(string(own), "P3D") {
		t.Errorf("%s, %v", own, err)
	}
	changed, err := reviewer.ComparePolicies(ctx, was, "running")
	if err != nil || changed.From != was || changed.To != is || len(changed.Changes) != 1 || changed.Changes[0].Name != "acme" || changed.Changes[0].Accreditation != "mainland" || len(changed.Changes[0].Come) == 0 {
		t.Fatalf("%+v, %v", changed, err)
	}
	if r := changed.Changes[0].Rules[0]; r.Rule != "hold.create" || r.Before.Value != "P3D" || r.After.Value != "P9D" || !strings.HasPrefix(r.After.At, "suffixes-acme.yaml:") {
		t.Errorf("%+v %+v %+v", r, r.Before, r.After)
	}
	for code, err := range map[string]error{
		"policy_version_not_found": func() error { _, err := reviewer.PolicyFiles(ctx, "000000000000"); return err }(),
		"forbidden":                func() error { _, err := me.PolicyVersions(ctx); return err }(),
	} {
		if err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("%v, want %s", err, code)
		}
	}

	b := s.signedIn(t, rui)
	b.get("/policies/versions").wants(http.StatusOK, was, is, "In force", "Compared with the previous version", "Compared with what is in force")
	b.get("/policies?suffix=acme&version="+was).wants(http.StatusOK, "not in force now", "3 days")
	p := b.get("/policies?suffix=acme")
	p.wants(http.StatusOK, "9 days", is+", in force")
	if strings.Contains(p.words(), "not in force now") {
		t.Error("what is in force is said not to be")
	}
	b.get("/policies/comparison?from="+was+"&to="+is).wants(http.StatusOK, ".acme", "P3D", "P9D")
	if zip := b.get("/policies/versions/" + was + "/files"); zip.status != http.StatusOK || zip.text != string(files) {
		t.Errorf("the files: %d, %d bytes", zip.status, len(zip.text))
	}
	b.get("/policies?version=000000000000").wants(http.StatusNotFound, "There is no record of policy version")
	b.get("/policies/comparison?from=000000000000").wants(http.StatusNotFound, "There is no record of policy version")
	s.signedIn(t, li).get("/policies/versions/" + was + "/files").wants(http.StatusForbidden)

	profile := s.verifiedProfile(t, me, "common")
	found, err := me.Profile(ctx, profile)
	if err != nil {
		t.Fatal(err)
	}
	p = b.get("/cases/" + s.caseOf(t, found.ID))
	p.wants(http.StatusOK, "Under policy version "+is)
	if want := "/policies?accreditation=mainland&amp;holder=individual&amp;residence=CN&amp;version=" + is; !strings.Contains(p.text, want) {
		t.Errorf("the case does not lead to %s", want)
	}
}

// caseOf is the case about a profile.
func (s *server) caseOf(t *testing.T, profile string) (id string) {
	t.Helper()
	err := s.Store.R.NewRaw(`SELECT c.public_id FROM review_case AS c JOIN profile_version AS v ON v.id = c.subject_id JOIN profile AS p ON p.id = v.profile_id
		WHERE c.subject_kind = 'profile_version' AND p.public_id = ?`, profile).Scan(t.Context(), &id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

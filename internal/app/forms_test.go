package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
)

// TestARegistrantFillsInAForm walks what a form asks the server for, by the client.
func TestARegistrantFillsInAForm(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := client.New(s.URL()).As(s.keys["registrant"])
	for _, x := range []struct {
		path string
		want []string
	}{
		{"/places", []string{`{"code":"CN","name":{"en":"China (mainland)","zh":"中国内地"},"calling_code":"86","postal_code":"required"}`, `{"en":"xi an shi","zh":"西安市"}`}},
		{"/document-kinds?holder_type=individual&residence=HK", []string{`{"items":[{"code":"hk_macao_residence_permit"`, `"preferred":true`, `"side":"back"`}},
	} {
		status, body, _ := s.json(t, "registrant", "GET", "/api/v1"+x.path, "")
		for _, want := range x.want {
			if status != http.StatusOK || !strings.Contains(string(body), want) {
				t.Errorf("%s: %d, without %s", x.path, status, want)
			}
		}
	}
	p, err := c.CreateProfile(t.Context(), client.NewProfile{Accreditation: "mainland", Kind: "common", HolderType: "individual",
		Fields: client.Fields{"incomplete": true, "name_zh": "李思远", "issued_on": "2099-01-01"}})
	if err != nil {
		t.Fatal(err)
	}
	pre, err := c.Preflight(t.Context(), p.ID, "com")
	if err != nil || pre.Ready {
		t.Fatalf("%+v, %v", pre, err)
	}
	i := slices.IndexFunc(pre.Findings, func(r client.Remark) bool { return r.Code == "issued_under_10_days" })
	if i < 0 || pre.Findings[i].Field != "issued_on" || !strings.Contains(pre.Findings[i].Text.EN, "2099-01-11") || pre.Findings[i].Title.ZH == "" {
		t.Errorf("pre-flight says %+v", pre.Findings)
	}
	if found, err := c.SearchProfiles(t.Context(), "李思"); err != nil || len(found) != 1 || found[0].ID != p.ID {
		t.Errorf("found %+v, %v", found, err)
	}
	if other, err := c.CopyProfile(t.Context(), p.ID, "", "cnnic"); err != nil || other.Kind != "cnnic" {
		t.Errorf("copied %+v, %v", other, err)
	}
	if err := c.DeleteProfile(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	if found, err := c.SearchProfiles(t.Context(), "lisiyuan"); err != nil || len(found) != 1 || found[0].ID == p.ID {
		t.Errorf("after the deletion %+v, %v", found, err)
	}
}

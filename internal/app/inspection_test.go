package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/store"
)

// unzipped reads the files of a pack.
func unzipped(t *testing.T, pack []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// changed is a pack in which something else stands, under the old signature.
func changed(t *testing.T, files map[string][]byte, from, to string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "pack.json" {
			content = bytes.Replace(content, []byte(from), []byte(to), 1)
		}
		_, _ = w.Write(content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// more has a domain been asked about in every way: by ICANN's rule, in a task that changed
// holders, for the papers of its suffix, and again as an abused name.
func (s *server) more(t *testing.T, name string) {
	t.Helper()
	err := s.Store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, q := range []string{
			`INSERT INTO domain_answer (public_id, domain_id, account_id, party, version_id, address, data, cause, state, began_at, due_at, ended_at, means, author, evidence, row_version)
				SELECT 'ans_1', id, account_id, 'registrant', version_id, 'li@registrant.example', '', 'registration', 'answered', 1, 2, 2, 'telephone', 'per_ola', 'called back on file', 1 FROM domain WHERE name = ?`,
			`INSERT INTO association_task (public_id, account_id, operation, profile_id, version_id, state, total, created_at, row_version)
				SELECT 'tsk_1', account_id, 'change_holder', profile_id, version_id, 'finished', 2, 1, 1 FROM domain WHERE name = ?`,
			`INSERT INTO association_item (task_id, position, name, domain_id, state) SELECT t.id, 0, d.name, d.id, 'succeeded' FROM association_task AS t, domain AS d WHERE t.public_id = 'tsk_1' AND d.name = ?`,
			`INSERT INTO holder_consent (public_id, account_id, task_id, role, address, state, began_at, due_at, row_version)
				SELECT 'con_1', account_id, (SELECT id FROM association_task WHERE public_id = 'tsk_1'), 'both_registrants', 'li@registrant.example', 'agreed', 1, 2, 1 FROM domain WHERE name = ?`,
			// Of another domain of the task.
			`INSERT INTO holder_consent (public_id, account_id, task_id, role, address, state, began_at, due_at, row_version)
				SELECT 'con_2', account_id, (SELECT id FROM association_task WHERE public_id = 'tsk_1'), 'prior_registrant', 'wang@registrant.example', 'agreed', 1, 2, 1 FROM domain WHERE name = ?`,
			`INSERT INTO qualification (public_id, account_id, name, domain, holder, accreditation, version_id, document_kind, pattern, state, opened_at, row_version)
				SELECT 'qua_1', account_id, name, name, 'Li', 'mainland', version_id, 'resident_id', '', 'passed', 1, 1 FROM domain WHERE name = ?`,
			`INSERT INTO enhanced_verification (public_id, account_id, domain_id, profile_id, version_id, title, document_kind, state, cause, note, due_at, opened_by, opened_at, holding, hold_cause, row_version)
				SELECT 'env_1', account_id, id, profile_id, version_id, name, 'resident_id', 'passed', 'reported for phishing', '', 1, 'per_ola', 1, '', '', 1 FROM domain WHERE name = ?`,
		} {
			if _, err := tx.NewRaw(q, name).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A regulator asks about a domain: everything about it stands in one file that proves
// where it is from, and nothing that is for colleagues or of other customers.
func TestInspectorGetsOneSignedFile(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	id := s.verifiedProfile(t, me, "cnnic")
	if _, err := office.AssertIdentity(ctx, s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	o, err := me.PlaceOrder(ctx, "inspected.cn", id, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := office.ConfirmPayment(ctx, o.ID); err != nil {
		t.Fatal(err)
	}
	soon(t, "inspected.cn to be verified", func() (bool, error) {
		d, err := me.Domain(ctx, "inspected.cn")
		return d.Verification == "verified", err
	})
	if _, err := office.PlaceHold(ctx, "inspected.cn", "dispute", "case 9"); err != nil {
		t.Fatal(err)
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(`INSERT INTO review_reason (case_id, position, code, severity, retryable, points_kind, points_name, params, note, staff_note, raw)
			SELECT id, 9, 'number_mismatch', 'error', 'retry', 'field', '', '{}', 'for the registrant', 'for colleagues', 'ERR-17' FROM review_case WHERE subject_kind = 'profile_version'`).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	s.more(t, "inspected.cn")
	pack, err := office.DomainInspection(ctx, "inspected.cn")
	if err != nil {
		t.Fatal(err)
	}
	key, err := app.InspectionKey(app.Config{Data: s.Data()})
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string][]byte{"with the registrar's key": key, "with its own": nil} {
		if c, err := app.CheckInspection(pack, k); err != nil || !c.Signed || c.About != "inspected.cn" || len(c.Fingerprint) != 64 {
			t.Errorf("checked %s: %+v, %v", name, c, err)
		}
	}
	files := unzipped(t, pack)
	if c, err := app.CheckInspection(changed(t, files, `"dispute"`, `"nothing"`), key); err != nil || c.Signed {
		t.Errorf("a pack that was changed: %+v, %v", c, err)
	}
	stranger, err := app.InspectionKey(app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := app.CheckInspection(pack, stranger); err != nil || c.Signed {
		t.Errorf("checked with a stranger's key: %+v, %v", c, err)
	}

	text := string(files["pack.json"])
	for _, want := range []string{`"李思远"`, `990***********1171`, `"case 9"`, `"customer register"`, `"answered_at"`, `"ERR-17"`, `"for the registrant"`, `"review.submit"`, `"domain.registered"`, `"domain.hold"`, o.ID,
		`"ans_1"`, `"called back on file"`, `"con_1"`, `"both_registrants"`, `"qua_1"`, `"env_1"`, `"reported for phishing"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in the pack:\n%s", want, text)
		}
	}
	for _, not := range []string{"990000199003071171", "for colleagues", "con_2", s.accounts["other"]} {
		if strings.Contains(text, not) {
			t.Errorf("%s is in the pack", not)
		}
	}
	var p struct {
		Identity []struct {
			Documents []struct {
				SHA256 string `json:"sha256"`
			}
		}
	}
	if err := json.Unmarshal(files["pack.json"], &p); err != nil || len(p.Identity) != 1 || len(p.Identity[0].Documents) != 1 || len(p.Identity[0].Documents[0].SHA256) != 64 {
		t.Errorf("identity: %+v, %v", p, err)
	}

	second, err := office.ProfileInspection(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := app.CheckInspection(second, key); err != nil || !c.Signed || c.About != id {
		t.Errorf("the profile's: %+v, %v", c, err)
	}
	third, err := office.DomainInspection(ctx, "inspected.cn")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(unzipped(t, third)["pack.json"]), `"inspection.take"`) {
		t.Error("that a pack was made is not on record")
	}
	for what, ask := range map[string]func() error{
		"domain_not_found":  func() error { _, err := office.DomainInspection(ctx, "none.cn"); return err },
		"profile_not_found": func() error { _, err := office.ProfileInspection(ctx, "none"); return err },
		"forbidden":         func() error { _, err := me.DomainInspection(ctx, "inspected.cn"); return err },
	} {
		if err := ask(); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

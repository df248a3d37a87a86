package console

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/policies"
)

// madeUp are the acts whose names the source puts together, from the events of the state tables and
// from the operations of tasks.
var madeUp = []string{
	"association.cancel", "association.change_holder", "association.pause", "association.resume", "association.submit_verification", "association.update_details",
	"import_list.cancel", "import_list.check_again", "import_list.checks_end", "import_list.import", "import_list.imports_end",
	"consent.decline", "consent.drop", "consent.expire", "consent.give", "answer.answer", "answer.attest", "answer.drop", "answer.expire",
	"account.verified", "account.unverified", "account.suspend", "account.restore", "person.change_password", "person.reset_password", "person.create", "person.link",
	"profile.attach", "profile.detach", "profile.default", "profile.deleted", "review.disclose", "review.disclose_picture", "review.passed", "review.failed",
	"data_request.accept", "data_request.extend", "data_request.refuse", "data_request.withdraw", "webhook.delete", "webhook.edit", "webhook.rotate_secret", "audit.redact",
}

// TestEveryActOfTheAuditLogIsSaidInWords reads where acts are recorded: each has a text, and so has
// each field of its details and each kind of thing that has an id.
func TestEveryActOfTheAuditLogIsSaidInWords(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	recorded := regexp.MustCompile(`audit\.Record\(ctx, tx, [^\n]*?, "([a-z_.]+)",`)
	field := regexp.MustCompile(`"([a-z0-9_]+)": `)
	ids := map[string]bool{}
	for _, act := range madeUp {
		ids["act."+act] = true
	}
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(source)) {
			if m := recorded.FindStringSubmatch(line); m != nil {
				ids["act."+m[1]] = true
			}
			if _, detail, ok := strings.Cut(line, "map[string]string{"); ok && strings.Contains(line, "audit.Record(") {
				for _, m := range field.FindAllStringSubmatch(detail, -1) {
					ids["audit_field."+m[1]] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id := range ids {
		if !texts.Has(id) {
			t.Errorf("there is no text %s", id)
		}
	}
	if len(ids) < 140 {
		t.Errorf("only %d acts and fields were found in the source; has the form of the calls changed?", len(ids))
	}
	for _, id := range texts.IDs() {
		if strings.HasPrefix(id, "act.") && !ids[id] {
			t.Errorf("nothing records %s", id)
		}
	}
}

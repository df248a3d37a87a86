package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/test/pictures/samples"
)

// registrant is a running server and how to ask it as a registrant.
func registrant(t *testing.T) []string {
	t.Helper()
	a, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"}}, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	people, err := a.MakeSampleAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return []string{"--url", a.URL(), "--key", people[0].APIKey}
}

const sheet = `accreditation,kind,holder_type,name_zh,country,province_zh,city_zh,address_zh,postal_code,phone,email,document_kind,document_number,long_term
mainland,common,individual,李思远,CN,陕西省,西安市,样张区虚构路18号,710000,13800138000,li@registrant.example,resident_id,990000199003071171,yes
mainland,common,individual,王五,CN,陕西省,西安市,样张区虚构路18号,710000,12,wang@registrant.example,resident_id,990000199003071170,
mainland,cnnic,individual,李思远,CN,陕西省,西安市,样张区虚构路18号,710000,'+8613800138000,li@registrant.example,resident_id,990000199003071171,
`

// TestProfilesComeFromASpreadsheetAndGoBackIntoOne walks a file in and out again.
func TestProfilesComeFromASpreadsheetAndGoBackIntoOne(t *testing.T) {
	t.Parallel()
	who := registrant(t)
	run := func(status int, args ...string) string {
		t.Helper()
		got, stdout, stderr := program(t, append(args, who...)...)
		if got != status {
			t.Fatalf("verinym %v: exit %d, want %d\n%s%s", args, got, status, stdout, stderr)
		}
		return stdout + stderr
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "in.csv")
	write := func(b string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(sheet)
	if err != nil {
		t.Fatal(err)
	}
	write(gb)
	for _, want := range []string{"line 3, phone: ", "(phone_invalid)", "line 3, document_number: ", "3 rows: 2 would be created, 0 there already, 1 refused"} {
		if out := run(1, "profile", "import", "--dry-run", file); !strings.Contains(out, want) {
			t.Errorf("a dry run does not say %q:\n%s", want, out)
		}
	}
	write("\ufeff" + sheet)
	if out := run(1, "profile", "import", file); !strings.Contains(out, "3 rows: 2 created, 0 there already, 1 refused") {
		t.Errorf("in: %s", out)
	}
	if out := run(1, "profile", "import", "--json", file); !strings.Contains(out, `"created":0,"dry_run":false,"existing":2,"refused":1,"rows":3`) || !strings.Contains(out, `"line":3`) {
		t.Errorf("in again, as JSON: %s", out)
	}
	exported := filepath.Join(dir, "out.csv")
	if out := run(0, "profile", "export", "-o", exported); !strings.Contains(out, "2 profiles are in ") {
		t.Errorf("out: %s", out)
	}
	b, err := os.ReadFile(exported)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\ufeffid,state,email_state,version,accreditation,kind,", ",unverified,", "李思远,li si yuan", "990***********1171"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the file out lacks %q:\n%s", want, b)
		}
	}
	if strings.Contains(string(b), "990000199003071171") {
		t.Error("a document number comes out in clear")
	}
	if out := run(0, "profile", "import", exported); !strings.Contains(out, "2 rows: 0 created, 2 there already, 0 refused") {
		t.Errorf("in again as it came out: %s", out)
	}
	write(strings.Replace(string(b), "李思远", "李思元", 1))
	for lang, want := range map[string]string{"en": "line 2, document_number: Stars hide part of this number", "zh": "该号码的一部分被星号隐藏"} {
		if out := run(1, "profile", "import", "--lang", lang, file); !strings.Contains(out, want) || !strings.Contains(out, "(number_masked)") {
			t.Errorf("somebody else's mask: %s", out)
		}
	}
	run(2, "profile", "export", "-o", exported) // is not overwritten
}

// TestOddRowsDoNotSpoilAFile: what is wrong with a row is said of it, the others go in; one that stands there again is
// there already, or refused again.
func TestOddRowsDoNotSpoilAFile(t *testing.T) {
	t.Parallel()
	who := registrant(t)
	rows := strings.SplitAfter(sheet, "\n")
	odd := strings.TrimSuffix(rows[1], "yes\n")
	file := filepath.Join(t.TempDir(), "in.csv")
	if err := os.WriteFile(file, []byte(rows[0]+rows[1]+rows[2]+odd+"perhaps\n"+odd+"no,more\n"+rows[1]+rows[2]), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--dry-run"}, {}} {
		status, out, stderr := program(t, slices.Concat([]string{"profile", "import", file}, args, who)...)
		for _, want := range []string{"line 3, phone: ", "line 4, long_term: \"perhaps\" is neither true nor false. (flag_unknown)", "line 5, row: The row has 15 cells", "line 7, phone: ",
			"6 rows: 1 ", "1 there already, 4 refused"} {
			if status != 1 || !strings.Contains(out, want) {
				t.Errorf("%v: exit %d, and it does not say %q:\n%s%s", args, status, want, out, stderr)
			}
		}
	}
}

// TestProfileIsLookedAfterFromTheShell: from what is missing to its submission and back.
func TestProfileIsLookedAfterFromTheShell(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil, nil)
	p, err := s.me.CreateProfile(t.Context(), client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "individual", Fields: chineseFields(wangName, wangNumber, s.email)})
	if err != nil {
		t.Fatal(err)
	}
	s.says(s.run(0, "profile", "list"), s.verified+"  verified ", p.ID+"  unverified ", "mainland cnnic individual  "+wangName)
	if out := s.run(0, "profile", "list", "--state", "verified"); !strings.HasPrefix(out, s.verified) || strings.Count(out, "\n") != 1 {
		t.Errorf("those that are verified: %s", out)
	}
	s.says(s.run(0, "profile", "list", "-q", wangName, "--json"), `"id":"`+p.ID+`"`)
	s.says(s.run(0, "profile", "show", p.ID), "✗ front: to be uploaded", s.email+": verified")
	s.says(s.run(1, "profile", "check", p.ID, "cn"), "error  front: ")
	s.says(s.run(1, "profile", "check", p.ID, "--json"), `"ready":false`)

	dir := t.TempDir()
	picture, text := filepath.Join(dir, "front.jpg"), filepath.Join(dir, "back.jpg")
	write(t, picture, string(samples.Wang))
	write(t, text, "no picture")
	s.says(s.run(1, "profile", "upload", p.ID, text, "--lang", "zh"), "图片未被接受", "\n  front: ", "(file_corrupt)")
	s.run(2, "profile", "upload", p.ID, filepath.Join(dir, "none.jpg"))
	s.says(s.run(0, "profile", "upload", p.ID, picture), "front: pass, ")
	s.says(s.run(0, "profile", "check", p.ID, "cn"), "ready to be submitted")
	s.says(s.run(0, "profile", "submit", p.ID), p.ID+"  in_review ", "expected by the end of ")
	s.says(s.run(1, "profile", "submit", p.ID, "--lang", "zh"), "(profile_")
	s.says(s.run(0, "profile", "withdraw", p.ID), p.ID+"  unverified ")
	s.says(s.run(1, "profile", "show", "prf_none"), "(profile_not_found)")
	s.says(s.run(1, "profile", "upload", s.verified, picture), "(profile_edit_makes_new_version)")
	s.says(s.run(0, "profile", "upload", s.verified, picture, "--new-version"), "front: ")
	s.says(s.run(0, "profile", "list", "--state", "unverified"), s.verified)

	if p, err = submit(t.Context(), s.me, sample{kind: "cnnic", name: wangName + "FAIL-name_mismatch", number: wangNumber, mail: s.email, authority: "sandbox"}); err != nil {
		t.Fatal(err)
	}
	s.until("the review has failed", func(ctx context.Context) (bool, error) {
		now, err := s.me.Profile(ctx, p.ID)
		return now.State == "failed", err
	})
	s.says(s.run(0, "profile", "show", p.ID, "--lang", "zh"), "review: failed\n", "(name_mismatch)")
}

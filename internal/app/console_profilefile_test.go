package app_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/spreadsheet"
)

// profileFile has two rows that are right, one with two faults, one that has lost its columns and one that stands there
// again.
const profileFile = `accreditation,kind,holder_type,name_zh,country,province_zh,city_zh,address_zh,postal_code,phone,email,document_kind,document_number,long_term
mainland,common,individual,李思远,CN,陕西省,西安市,样张区虚构路18号,710000,13800138000,li@registrant.example,resident_id,990000199003071171,yes
mainland,common,individual,王五,CN,陕西省,西安市,样张区虚构路18号,710000,12,wang@registrant.example,resident_id,990000199003071170,
mainland,cnnic,individual,李思远,CN,陕西省,西安市,样张区虚构路18号,710000,'+8613800138000,li@registrant.example,resident_id,990000199003071171,perhaps
mainland,common,individual,=HYPERLINK,CN,陕西省,西安市,样张区,虚构路18号,710000,13800138000,li@registrant.example,resident_id,990000199003071171,yes
mainland,cnnic,individual,李思远,CN,陕西省,西安市,样张区虚构路18号,710000,'+8613800138000,li@registrant.example,resident_id,990000199003071171,no
mainland,common,individual,李思远,CN,陕西省,西安市,样张区虚构路18号,710000,13800138000,li@registrant.example,resident_id,990000199003071171,yes
`

// once are the fields of a form that is sent once.
func (b *browser) once(path string) []string {
	b.t.Helper()
	return []string{"once", b.get(path).fill(path).Get("once")}
}

// rowsOf reads a file that a spreadsheet would get.
func rowsOf(t *testing.T, text string) [][]string {
	t.Helper()
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	in.FieldsPerRecord = -1 // a row may have more cells than there are columns
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	return rows
}

// TestARegistrantImportsAFileOfProfiles: without JavaScript. The file is checked first, then those of its rows that are
// right are imported, once; the others come back with their reasons, are mended there and go in.
func TestARegistrantImportsAFileOfProfiles(t *testing.T) {
	t.Parallel()
	const path = "/profile-imports"
	s := start(t)
	b, me := s.signedIn(t, li), client.New(s.URL()).As(s.keys["registrant"])
	made := func() int {
		t.Helper()
		all, _, err := me.ProfilesAfter(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	before := made()
	b.get("/profiles").wants(http.StatusOK, "Import")
	b.get(path).wants(http.StatusOK, "Choose a file, or drop it here", "document_number", "cnnic for .cn", "hk_macao_travel_permit")
	for words, file := range map[string]string{
		"There is no column “colour”":                "kind,colour\ncommon,red\n",
		"Two columns are called “Kind”":              "kind,Kind\ncommon,cnnic\n",
		"no row below the column names":              "kind\n,\n",
		"The file is empty":                          "",
		"neither UTF-8 nor GB 18030":                 "kind\n\xff\xff\xff",
		"The file is not a valid CSV":                "kind\n\"common\n",
		"The file has 5,001 rows, but at most 5,000": "kind\n" + strings.Repeat("common\n", 5001),
	} {
		b.upload(path, "in.csv", []byte(file), b.once(path)...).wants(http.StatusUnprocessableEntity, words)
	}
	b.upload(path, "in.csv", make([]byte, 5<<20), b.once(path)...).wants(http.StatusRequestEntityTooLarge, "larger than 4 MB")

	sent := b.once(path)
	p := b.upload(path, "customers.csv", []byte(profileFile), sent...)
	p.wants(http.StatusOK, "Nothing is saved yet", "2 profiles would be created, of 6 rows", "Create 2 profiles", "3 refused", "1 already exist",
		"Line 3", "Phone number.", "phone_invalid", "Document number.", "number_checksum", "Line 4", "The value must be true or false", "flag_unknown", "The row has 15 cells, but there are 14 columns")
	if again := b.upload(path, "customers.csv", []byte(profileFile), sent...); again.path != p.path {
		t.Errorf("sent twice, the file is at %s and at %s", p.path, again.path)
	}
	b.upload(path, "customers.csv", []byte("kind\ncommon\n"), sent...).wants(http.StatusConflict, "This form has already been sent")
	b.get(p.path+"?state=fresh").wants(http.StatusOK, "李思远", "Nothing to correct")
	b.get(p.path+"?state=existing").wants(http.StatusOK, "Line 7", "Same as line 2")
	if n := made(); n != before {
		t.Fatalf("checking a file has made %d profiles", n-before)
	}
	other := s.signedIn(t, "chen@other.example")
	other.get(p.path).wants(http.StatusNotFound, "This file is no longer kept, or someone else sent it")
	other.get(p.path + "/refused.csv").wants(http.StatusNotFound)
	other.post(p.path+"/start", url.Values{}).wants(http.StatusNotFound)

	b.post(p.path+"/start", url.Values{}).wants(http.StatusOK, "The valid rows were imported.", "2 profiles created, of 6 rows", "not verified yet", "3 refused")
	b.post(p.path+"/start", url.Values{}).wants(http.StatusOK, "2 profiles created, of 6 rows")
	if n := made(); n != before+2 {
		t.Fatalf("%d profiles are made, not 2", n-before)
	}
	created := b.get(p.path + "?state=created")
	created.wants(http.StatusOK, "Created", "View the profile")
	if audit := s.count(t, "audit_entry WHERE action = 'profile.create'"); audit < 2 {
		t.Errorf("%d entries in the audit log", audit)
	}
	b.upload(path, "customers.csv", []byte(profileFile), b.once(path)...).wants(http.StatusOK, "0 profiles would be created, of 6 rows", "3 already exist")

	report := b.get(p.path + "/refused.csv")
	rows := rowsOf(t, report.text)
	if len(rows) != 4 || !slices.Equal(rows[0][:4], []string{"line", "reason", "accreditation", "kind"}) || rows[1][0] != "3" || !strings.HasPrefix(rows[1][1], "phone: This is not a possible number") || rows[3][5] != "'=HYPERLINK" {
		t.Fatalf("the report:\n%s", report.text)
	}
	mended := strings.NewReplacer("990000199003071170", "990000198711242467", ",12,", ",13900000000,").Replace(report.text)
	p = b.upload(path, "mended.csv", []byte(mended), b.once(path)...)
	p.wants(http.StatusOK, "1 profile would be created", "2 refused")
	b.post(p.path+"/start", url.Values{}).wants(http.StatusOK, "1 profile created")
	if n := made(); n != before+3 {
		t.Errorf("mended, %d profiles are made, not 3", n-before)
	}
	zh := b.get(p.path + "/refused.csv")
	if len(rowsOf(t, zh.text)) != 3 {
		t.Errorf("the report of the mended file:\n%s", zh.text)
	}
	office := s.signedIn(t, rui)
	office.get(path).wants(http.StatusForbidden)
	office.upload(path, "in.csv", []byte(profileFile), sent...).wants(http.StatusForbidden)
	office.get("/profiles.csv").wants(http.StatusForbidden)
	b.get(path + "/none").wants(http.StatusNotFound)
}

// TestProfilesGoOutAndComeBack: what the filter shows, with the columns of the command line, numbers masked and no cell a
// formula; the file goes in again and makes nothing. The example goes in as it is.
func TestProfilesGoOutAndComeBack(t *testing.T) {
	t.Parallel()
	const path = "/profile-imports"
	s := start(t)
	b := s.signedIn(t, li)
	p := b.upload(path, "example.csv", []byte(b.get(path+"/example.csv").text), b.once(path)...)
	p.wants(http.StatusOK, "2 profiles would be created, of 2 rows")
	b.post(p.path+"/start", url.Values{}).wants(http.StatusOK, "2 profiles created")
	formula := strings.NewReplacer("李思远", "=1+1李", "990000199003071171", "990000198711242467").Replace(strings.Join(strings.SplitAfter(profileFile, "\n")[:2], ""))
	p = b.upload(path, "formula.csv", []byte(formula), b.once(path)...)
	b.post(p.path+"/start", url.Values{}).wants(http.StatusOK, "1 profile created")

	b.get("/profiles").wants(http.StatusOK, "Export")
	common := rowsOf(t, b.get("/profiles.csv?kind=common").text)
	if len(common) != 3 || !slices.Equal(common[0], spreadsheet.ExportedColumns) {
		t.Fatalf("common profiles: %q", common)
	}
	if found := rowsOf(t, b.get("/profiles.csv?q=li+siyuan").text); len(found) != 2 {
		t.Errorf("a search finds %q", found)
	}
	if none := rowsOf(t, b.get("/profiles.csv?state="+string(profile.Verified)).text); len(none) != 1 {
		t.Errorf("verified profiles: %q", none)
	}
	all := b.get("/profiles.csv").text
	if rows := rowsOf(t, all); len(rows) != 4 || strings.Contains(all, "990000199003071171") || !strings.Contains(all, "990***********1171") || !strings.Contains(all, ",'=1+1李,") || !strings.Contains(all, "'+8613800138000") {
		t.Fatalf("all profiles:\n%s", all)
	}
	b.upload(path, "out.csv", []byte(all), b.once(path)...).wants(http.StatusOK, "0 profiles would be created, of 3 rows", "3 already exist", "View the profile")
}

// TestAFileOfProfilesGoesAsItIsChosen in a real browser: a file that is too large does not set out, another is checked at
// once, and one button imports it.
func TestAFileOfProfilesGoesAsItIsChosen(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed; `make tools` installs it on Debian")
	}
	s := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	browser, closeBrowser := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)...)
	defer closeBrowser()
	first, closeFirst := chromedp.NewContext(browser)
	defer closeFirst()
	if err := chromedp.Do(first); err != nil {
		t.Fatal(err)
	}
	b := tab{t, first, s}
	b.do(chromedp.Navigate(s.URL() + "/sign-in?to=/profiles"))
	b.signIn(li)
	b.click(`a[href="/profile-imports"]`)
	b.choose("#file", picture(t, "large.csv", make([]byte, 5<<20)))
	b.until(`!document.querySelector(".dz [data-large]").hidden && document.querySelector("#file").files.length === 0`)
	b.choose("#file", picture(t, "customers.csv", []byte(profileFile)))
	b.until(`document.querySelector("#rows")?.innerText.includes("phone_invalid")`)
	b.click(`form[action$="/start"] button`)
	b.until(`document.querySelector("main").innerText.includes("2 profiles created, of 6 rows")`)
	b.click(`.head a[href="/profiles"]`)
	b.until(`document.querySelector(".dt")?.innerText.includes("李思远")`)
}

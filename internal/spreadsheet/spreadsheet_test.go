package spreadsheet_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/verinym/verinym/internal/spreadsheet"
)

func TestListsOfNamesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		text string
		want spreadsheet.Problem
		says string
	}{
		"nothing":                  {"", spreadsheet.Empty, "no name in it"},
		"names of columns alone":   {"domain,account\n", spreadsheet.Empty, "no name in it"},
		"a column unknown":         {"domain,colour\nexample.cn,red\n", spreadsheet.ColumnUnknown, `no column "colour"`},
		"no column of domains":     {"account\nacc_1\n", spreadsheet.NoDomainColumn, "no column is called domain"},
		"too many cells":           {"example.cn,red\n", spreadsheet.TooManyCells, "line 1, column 2"},
		"no account":               {"domain,account\nexample.cn,\n", spreadsheet.NoAccount, "line 2: which account?"},
		"no domain":                {"domain,account\n,acc_1\n", spreadsheet.NoDomain, "line 2: there is no domain"},
		"an accreditation unknown": {"domain,account,accreditation\nexample.cn,acc_1,elsewhere\n", spreadsheet.AccreditationUnknown, "line 2, column 3"},
		"a quote that never ends":  {"domain\n\"example.cn\n", spreadsheet.Broken, "line 2"},
	} {
		_, err := spreadsheet.Names(x.text, spreadsheet.Name{Accreditation: "mainland"})
		var got *spreadsheet.Error
		if !errors.As(err, &got) || got.Problem != x.want || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v, want %s that says %q", name, err, x.want, x.says)
		}
	}
	if rows, err := spreadsheet.Names("domain;account\nexample.cn;acc_1\n", spreadsheet.Name{Accreditation: "mainland"}); err != nil || len(rows) != 1 || rows[0].Account != "acc_1" {
		t.Errorf("semicolons: %+v, %v", rows, err)
	}
	rows, err := spreadsheet.Names("example.cn\n例子。中国\nexample.cn\n", spreadsheet.Name{Accreditation: "mainland", Account: "acc_1"})
	if err != nil || len(rows) != 2 || rows[1] != (spreadsheet.Name{Line: 2, Column: 1, Domain: "例子。中国", Account: "acc_1", Accreditation: "mainland"}) {
		t.Errorf("a plain list: %+v, %v", rows, err)
	}
	rows, err = spreadsheet.Names("Account,domain,accreditation\nacc_2,'-example.cn,overseas\n,two.cn,\n", spreadsheet.Name{Accreditation: "mainland", Account: "acc_1"})
	if err != nil || len(rows) != 2 || rows[0] != (spreadsheet.Name{Line: 2, Column: 2, Domain: "-example.cn", Account: "acc_2", Accreditation: "overseas"}) || rows[1].Account != "acc_1" || rows[1].Accreditation != "mainland" {
		t.Errorf("a table: %+v, %v", rows, err)
	}
}

func TestFilesAreReadInTheEncodingsOfSpreadsheets(t *testing.T) {
	t.Parallel()
	chinese, err := simplifiedchinese.GB18030.NewEncoder().String("例子.中国\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"UTF-8": "例子.中国\n", "UTF-8 with its mark": "\ufeff例子.中国\n", "GB 18030": chinese,
		"UTF-16": "\xff\xfe\x8b\x4fP\x5b.\x00\x2d\x4e\xfd\x56\n\x00", "UTF-16, the other way round": "\xfe\xff\x4f\x8b\x5bP\x00.\x4e\x2d\x56\xfd\x00\n"} {
		if got, err := spreadsheet.Text(strings.NewReader(text)); err != nil || got != "例子.中国\n" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	var no *spreadsheet.Error
	if _, err := spreadsheet.Text(strings.NewReader("\xff\xff")); !errors.As(err, &no) || no.Problem != spreadsheet.NotText {
		t.Errorf("a picture: %v", err)
	}
}

// TestCellsAreNoFormulas: what a registrant typed is not calculated by a spreadsheet, and
// comes back as it was.
func TestCellsAreNoFormulas(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"=1+1", "+86138", "-1", "@sum", "li", "", "'quoted'"} {
		safe := spreadsheet.Safe(s)
		if safe != "" && strings.ContainsRune("=+-@\t\r", rune(safe[0])) || spreadsheet.Plain(safe) != s {
			t.Errorf("%q goes out as %q and comes back as %q", s, safe, spreadsheet.Plain(safe))
		}
	}
}

func FuzzNames(f *testing.F) {
	f.Add("domain,account\nexample.cn,acc_1\n")
	f.Add("example.cn\n例子。中国\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := spreadsheet.Names(text, spreadsheet.Name{Account: "acc_1", Accreditation: "mainland"})
		if err != nil == (len(rows) > 0) {
			t.Errorf("%d rows and %v", len(rows), err)
		}
		for _, r := range rows {
			if r.Domain == "" || r.Account == "" || r.Line < 1 || r.Column < 1 {
				t.Errorf("%+v", r)
			}
		}
	})
}

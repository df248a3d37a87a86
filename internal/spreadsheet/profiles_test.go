package spreadsheet_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"github.com/verinym/verinym/internal/spreadsheet"
)

func TestFilesOfProfilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		text string
		want spreadsheet.Problem
		says string
	}{
		"nothing":           {"", spreadsheet.NoColumns, "its first row names the columns"},
		"an empty row":      {",,\nli\n", spreadsheet.NoColumns, "its first row names the columns"},
		"a column unknown":  {"kind,Colour\ncommon,red\n", spreadsheet.ProfileColumnUnknown, `no column "Colour"`},
		"no rows":           {"kind\n", spreadsheet.NoRow, "no row below"},
		"a column twice":    {"kind,Kind\ncommon,cnnic\n", spreadsheet.ColumnTwice, `two columns are called "Kind"`},
		"only empty rows":   {"kind,long_term\n,\n,,,\n", spreadsheet.NoRow, "no row below"},
		"an open quotation": {"kind\n\"common\n", spreadsheet.Broken, "extraneous or missing"},
	} {
		_, err := spreadsheet.Profiles(x.text)
		var got *spreadsheet.Error
		if !errors.As(err, &got) || got.Problem != x.want || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v, want %s that says %q", name, err, x.want, x.says)
		}
	}
}

// TestProfilesAsSpreadsheetsWriteThem: semicolons, tabs, empty columns at the end and empty rows make no difference.
func TestProfilesAsSpreadsheetsWriteThem(t *testing.T) {
	t.Parallel()
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("kind\tname_zh\r\ncommon\t李思远\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"commas":         "kind,name_zh\ncommon,李思远\n",
		"semicolons":     "kind;name_zh\ncommon;李思远\n",
		"tabs":           "\ufeffkind\tname_zh\r\ncommon\t李思远\r\n",
		"Unicode text":   wide,
		"quotation":      "\"kind\",\"name_zh\"\n\"common\",\"李思远\"\n",
		"empty at last":  "kind,name_zh,,\ncommon,李思远,,\n,,,\n,\n",
		"spaces outside": " kind , name_zh \n common , 李思远 \n",
	} {
		text, err := spreadsheet.Text(strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := spreadsheet.Profiles(text)
		want := []spreadsheet.ProfileRow{{Line: 2, Cells: []string{"common", "李思远"}, Values: map[string]string{"kind": "common", "name_zh": "李思远"}, Flags: map[string]bool{}}}
		if err != nil || !reflect.DeepEqual(got.Rows, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestWhatIsWrongWithARowStandsInTheRow: the others are read all the same. A row that stands there again says where it
// stood first, and columns that only come out are passed over.
func TestWhatIsWrongWithARowStandsInTheRow(t *testing.T) {
	t.Parallel()
	got, err := spreadsheet.Profiles("id,kind,phone,long_term,line,reason\n" +
		"pro_1,common,'+86138,yes,7,a reason\n" +
		",common,12,perhaps\n" +
		",common,12,no,,,one,more\n" +
		"pro_1,common,'+86138,yes,7,a reason\n")
	if err != nil || len(got.Rows) != 4 {
		t.Fatalf("%+v, %v", got, err)
	}
	first, flag, long, again := got.Rows[0], got.Rows[1], got.Rows[2], got.Rows[3]
	if len(first.Wrong) > 0 || !reflect.DeepEqual(first.Values, map[string]string{"kind": "common", "phone": "+86138"}) || !first.Flags["long_term"] || first.As != 0 {
		t.Errorf("the first row: %+v", first)
	}
	if len(flag.Wrong) != 1 || *flag.Wrong[0] != (spreadsheet.Error{Problem: spreadsheet.NoFlag, Line: 3, Column: 4, Word: "perhaps"}) {
		t.Errorf("a flag that is none: %+v", flag)
	}
	if len(long.Wrong) != 1 || *long.Wrong[0] != (spreadsheet.Error{Problem: spreadsheet.TooManyCells, Line: 4, Column: 7}) || len(long.Cells) != 8 {
		t.Errorf("more cells than columns: %+v", long)
	}
	if again.As != 2 || flag.As != 0 || again.Line != 5 {
		t.Errorf("a row that stands there again: %+v", again)
	}
}

func FuzzProfiles(f *testing.F) {
	f.Add("kind,name_zh,long_term\ncommon,李思远,yes\n")
	f.Add("kind;phone\ncommon;'+86138\n\n;;;\n")
	f.Fuzz(func(t *testing.T, text string) {
		sheet, err := spreadsheet.Profiles(text)
		if err != nil {
			return
		}
		if len(sheet.Rows) == 0 {
			t.Error("no rows, and no error")
		}
		for _, r := range sheet.Rows {
			if r.Line < 2 || r.As >= r.Line || len(r.Cells) == 0 || len(r.Wrong) == 0 && len(r.Cells) > len(sheet.Columns) {
				t.Errorf("%+v", r)
			}
			for name := range r.Values {
				if !slices.Contains(spreadsheet.ProfileColumns, name) {
					t.Errorf("a value of %q", name)
				}
			}
		}
	})
}

package sandbox

import (
	"testing"

	"github.com/verinym/verinym/epp/cnnic"
)

func TestCheckNumber(t *testing.T) {
	t.Parallel()
	tests := []struct{ kind, number, want string }{
		{cnnic.SFZ, "11010519491231002X", ""},
		{cnnic.SFZ, "440524188001010014", ""},
		{cnnic.SFZ, "11010519491231002x", "number_checksum"},
		{cnnic.SFZ, "110105194912310021", "number_checksum"},
		{cnnic.SFZ, "11010519490231002X", "number_checksum"},
		{cnnic.SFZ, "110105194902310026", "number_birthdate"},
		{cnnic.SFZ, "1101051949123100", "number_length"},
		{cnnic.SFZ, "A1010519491231002X", "number_checksum"},
		{cnnic.GATJZZ, "810000199408230021", ""},
		{cnnic.GATJZZ, "810000199408230022", "number_checksum"},
		{cnnic.TYDM, "91350100M000100Y43", ""},
		{cnnic.TYDM, "91350100M000100Y44", "number_checksum"},
		{cnnic.TYDM, "91350100M000100I43", "number_checksum"},
		{cnnic.TYDM, "350100100000001", "number_length"},
		{cnnic.YYZZ, "350100100000001", ""},
		{cnnic.YYZZ, "91350100M000100Y44", "number_checksum"},
		{cnnic.HZ, "E12345678", ""},
		{cnnic.HZ, "", "number_length"},
	}
	for _, tt := range tests {
		if got := checkNumber(tt.kind, tt.number); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.kind, tt.number, got, tt.want)
		}
	}
}

func TestReasonsFitTheSchema(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"name_prohibited":                      "failed: name_prohibited",
		"authority_rejected_other":             "failed: authority_rejected_other",
		"superseded_by_new_association":        "superseded_by_new_association",
		"a_code_longer_than_the_schema_allows": "a_code_longer_than_the_schema_al",
	} {
		if got := failureReason(code); got != want || len(got) > longestReason {
			t.Errorf("%s: %q", code, got)
		}
	}
}

package dsn_test

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/verinym/verinym/internal/dsn"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const tag = "0h4m2vabcdefghjkmnpqrstvwx@registrar.example"

func TestReportsAreRead(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]dsn.Report{
		"hard.eml": {
			Recipients: []dsn.Recipient{{"nobody@registrant.example", "failed", "5.1.1", "550 5.1.1 <nobody@registrant.example>: Recipient address rejected: User unknown"}},
			SentTo:     []string{"bounces+" + tag, "bounces+" + tag}, MessageIDs: []string{tag},
		},
		"delayed.eml": {
			Recipients: []dsn.Recipient{{"nobody@registrant.example", "delayed", "4.4.1", ""}},
			SentTo:     []string{"bounces+" + tag, "bounces+" + tag}, MessageIDs: []string{tag},
		},
		"complaint.eml": {
			Recipients: []dsn.Recipient{{Address: "somebody@provider.example"}},
			Complaint:  "abuse", SentTo: []string{"abuse@registrar.example"}, MessageIDs: []string{tag},
		},
	} {
		got, err := dsn.Parse(bytes.NewReader(file(t, name)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func TestWhatIsHardStandsInTheStatus(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		action, status string
		hard           bool
	}{
		{"failed", "5.1.1", true}, {"failed", "5.2.2", true}, {"failed", "4.4.7", false}, // given up after days of trying: the address may be good
		{"delayed", "4.4.1", false}, {"delayed", "5.0.0", false}, {"delivered", "2.1.5", false}, {"failed", "", false}, {"relayed", "", false},
	} {
		if got := (dsn.Recipient{Action: tt.action, Status: tt.status}).Hard(); got != tt.hard {
			t.Errorf("%s %s: hard is %v", tt.action, tt.status, got)
		}
	}
}

// Mail servers do not all follow the standard to the letter.
func TestReportsOfOtherShapesAreReadToo(t *testing.T) {
	t.Parallel()
	hard := string(file(t, "hard.eml"))
	for what, raw := range map[string]string{
		"CRLF":                       strings.ReplaceAll(hard, "\n", "\r\n"),
		"no report-type":             strings.Replace(hard, "report-type=delivery-status;", "", 1),
		"mixed, not report":          strings.Replace(hard, "multipart/report", "multipart/mixed", 1),
		"capitals":                   strings.Replace(strings.Replace(hard, "message/delivery-status", "Message/Delivery-Status", 1), "Action: failed", "Action: FAILED", 1),
		"international":              strings.Replace(strings.Replace(hard, "message/delivery-status", "message/global-delivery-status", 1), "message/rfc822\n", "message/global\n", 1),
		"a status with words":        strings.Replace(hard, "Status: 5.1.1", "Status: 5.1.1 (bad destination mailbox address)", 1),
		"the status in the words":    strings.Replace(hard, "Status: 5.1.1\n", "", 1),
		"no blank line between":      strings.Replace(hard, "(CST)\n\nFinal-Recipient", "(CST)\nFinal-Recipient", 1),
		"original recipient only":    strings.Replace(hard, "Final-Recipient: rfc822; nobody@registrant.example\n", "", 1),
		"no end of the last part":    strings.TrimSuffix(hard, "--4Q.1780279203/mx.registrant.example--\n"),
		"a charset nobody knows":     strings.Replace(hard, "charset=us-ascii", "charset=x-mars", 1),
		"forwarded as an attachment": "To: postmaster@registrar.example\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\n" + hard + "\n--outer--\n",
	} {
		got, err := dsn.Parse(strings.NewReader(raw))
		if err != nil || len(got.Recipients) != 1 || !got.Recipients[0].Hard() || got.Recipients[0].Address != "nobody@registrant.example" || !slices.Contains(got.MessageIDs, tag) {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}

func TestManyRecipientsAreReadEachForThemselves(t *testing.T) {
	t.Parallel()
	raw := strings.Replace(string(file(t, "hard.eml")), "\nFinal-Recipient:", "\nFinal-Recipient: rfc822; there@registrant.example\nAction: delivered\nStatus: 2.1.5\n\nFinal-Recipient:", 1)
	got, err := dsn.Parse(strings.NewReader(raw))
	if err != nil || len(got.Recipients) != 2 || got.Recipients[0].Failed() || !got.Recipients[1].Hard() {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestMailThatIsNoReportIsRefused(t *testing.T) {
	t.Parallel()
	for what, raw := range map[string]string{
		"an answer":            "From: li@registrant.example\nTo: bounces+" + tag + "\nSubject: Re: Please confirm\n\nDone.\n",
		"out of office":        "To: bounces+" + tag + "\nAuto-Submitted: auto-replied\nContent-Type: text/plain\n\nFinal-Recipient: rfc822; li@registrant.example\nAction: failed\nStatus: 5.1.1\n",
		"an empty status":      "Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n\n--x--\n",
		"feedback of no type":  "Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/feedback-report\n\nVersion: 1\n\n--x--\n",
		"nothing":              "\n",
		"too deep":             nested(8),
		"a boundary too many":  "Content-Type: multipart/report\n\n--x--\n",
		"a type of no meaning": "Content-Type: ;;;\n\nx",
	} {
		if got, err := dsn.Parse(strings.NewReader(raw)); err == nil || !errors.Is(err, dsn.ErrNone) {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
	if _, err := dsn.Parse(strings.NewReader("X: " + strings.Repeat("x", 1<<20))); err == nil || errors.Is(err, dsn.ErrNone) {
		t.Errorf("a header without an end: %v", err)
	}
}

// nested wraps a status in so many parts.
func nested(n int) string {
	in := "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n"
	for range n {
		in = "Content-Type: multipart/mixed; boundary=b" + strings.Repeat("b", n) + "\n\n--b" + strings.Repeat("b", n) + "\n" + in + "\n--b" + strings.Repeat("b", n) + "--\n"
		n--
	}
	return in
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"hard.eml", "delayed.eml", "complaint.eml"} {
		f.Add(file(f, name))
	}
	f.Add([]byte(nested(3)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := dsn.Parse(bytes.NewReader(raw))
		if err != nil {
			if len(got.Recipients)+len(got.MessageIDs)+len(got.SentTo) > 0 {
				t.Errorf("an error with a report: %+v, %v", got, err)
			}
			return
		}
		if len(got.Recipients) == 0 && got.Complaint == "" {
			t.Error("a report of nothing")
		}
		for _, r := range got.Recipients {
			if !utf8.ValidString(r.Words) || strings.ContainsAny(r.Words, "\r\n\x00") || r.Hard() && !r.Failed() {
				t.Errorf("%+q", r)
			}
		}
		for _, id := range got.MessageIDs {
			if strings.ContainsAny(id, "<> \r\n") {
				t.Errorf("the message id %q", id)
			}
		}
	})
}

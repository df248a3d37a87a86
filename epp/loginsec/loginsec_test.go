package loginsec_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/loginsec"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	epptest.CommandExtension(t, "login", epp.Login{
		ClientID: "verinym", Password: loginsec.Placeholder, NewPassword: loginsec.Placeholder, Objects: []string{domain.NS}, Extensions: []string{loginsec.NS},
	}, loginsec.Login{
		UserAgent: loginsec.UserAgent{App: "verinym 1.0", Tech: "go1.26", OS: "linux/amd64"},
		Password:  "this is a long password", NewPassword: "new password that is still long",
	}, loginsec.ParseLogin)
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	epptest.AnswerExtension(t, "warnings", nil, loginsec.Data{Events: []loginsec.Event{
		{Type: loginsec.EventPassword, Level: loginsec.Warning, ExDate: time.Date(2026, 4, 1, 22, 0, 0, 0, time.UTC), Text: "Password expiration soon", Lang: "en"},
		{Type: loginsec.EventStat, Name: "failedLogins", Level: loginsec.Warning, Value: "100", Duration: "P1D", Text: "Excessive invalid daily logins"},
	}}, loginsec.ParseData)
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "command-login", "answer-warnings")
	readers := epptest.Readers{
		"login": epptest.ExtensionReader(loginsec.ParseLogin),
		"data":  epptest.ExtensionReader(loginsec.ParseData),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}

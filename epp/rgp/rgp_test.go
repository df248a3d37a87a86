package rgp_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/rgp"
)

var when = time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)

func report() *rgp.RestoreReport {
	return &rgp.RestoreReport{
		PreData: "Registration as it was.", PostData: "Registration as it is.", DelTime: when, ResTime: when.AddDate(0, 0, 2),
		ResReason:  "Registrant error.",
		Statements: [2]string{"Not restored for the registrar's own use.", "All of this is true."},
		Other:      "Nothing else.",
	}
}

func TestRestores(t *testing.T) {
	t.Parallel()
	body := domain.Update{Name: "example.cn"}
	epptest.CommandExtension(t, "request", body, rgp.Update{Op: rgp.Request}, rgp.ParseUpdate)
	epptest.CommandExtension(t, "report", body, rgp.Update{Op: rgp.Report, Report: report()}, rgp.ParseUpdate)
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	info := rgp.Data{Statuses: []epp.Status{{Value: rgp.AddPeriod, Text: "endDate=2026-03-06", Lang: "en"}, {Value: rgp.RenewPeriod}}}
	epptest.AnswerExtension(t, "info", nil, info, rgp.ParseData)
	epptest.AnswerExtension(t, "restored", nil, rgp.Data{Restored: true, Statuses: epp.Statuses(rgp.PendingRestore)}, rgp.ParseData)
	epptest.Data(t, "poll", epp.CodeMessage, rgp.PollData{Name: "example.cn", Status: rgp.PendingRestore, ReqDate: when, ReportDue: when.AddDate(0, 0, 5)}, rgp.ParsePollData)
	if !info.Has(rgp.RenewPeriod) || info.Has(rgp.PendingDelete) {
		t.Error("Has does not find what is there, or finds what is not")
	}
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "command-request", "command-report", "answer-info", "answer-restored", "answer-poll")
	readers := epptest.Readers{
		"update": epptest.ExtensionReader(rgp.ParseUpdate),
		"data":   epptest.ExtensionReader(rgp.ParseData),
		"poll":   epptest.DataReader(rgp.ParsePollData),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}

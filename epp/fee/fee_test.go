package fee_test

import (
	"testing"

	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/internal/epptest"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	epptest.CommandExtension(t, "check", domain.Check{Names: []string{"example.cn", "premium.cn"}},
		fee.Check{Currency: "CNY", Commands: []fee.Command{{Name: fee.Create, Years: 2}, {Name: fee.Renew}, {Name: fee.Restore}}}, fee.ParseCheck)
	epptest.AnswerExtension(t, "check", domain.CheckData{{Name: "example.cn", Available: true}, {Name: "premium.cn"}}, fee.CheckData{
		Currency: "CNY",
		Objects: []fee.Object{
			{ID: "example.cn", Available: true, Class: "standard", Commands: []fee.Price{
				{Command: fee.Create, Standard: true, Years: 2, Amounts: []fee.Amount{
					{Value: "70.00", Description: "Registration fee", Refundable: true, GracePeriod: "P5D"},
					{Value: "-5.00", Description: "Promotion", Credit: true},
				}},
				{Command: fee.Restore, Amounts: []fee.Amount{{Value: "500.00", Applied: "delayed"}}},
				{Command: fee.Renew, Years: 1, Reason: "not registered"},
			}},
			{ID: "premium.cn", Reason: "ask the registry"},
		},
	}, fee.ParseCheckData)
}

func TestWhatACommandCost(t *testing.T) {
	t.Parallel()
	epptest.AnswerExtension(t, "create", nil, fee.Data{
		Element: "creData", Currency: "CNY", Years: 1, Amounts: []fee.Amount{{Value: "35.00", Refundable: true, GracePeriod: "P5D"}},
		Balance: "1000.00", CreditLimit: "500.00",
	}, fee.ParseData)
	epptest.AnswerExtension(t, "delete", nil, fee.Data{
		Element: "delData", Currency: "CNY", Amounts: []fee.Amount{{Value: "-35.00", Description: "AGP Credit", Credit: true}}, Balance: "1035.00",
	}, fee.ParseData)
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "command-check", "answer-check", "answer-create", "answer-delete")
	readers := epptest.Readers{
		"check":   epptest.ExtensionReader(fee.ParseCheck),
		"chkData": epptest.ExtensionReader(fee.ParseCheckData),
		"creData": epptest.ExtensionReader(fee.ParseData),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}

package app

import (
	"context"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/portfolio"
)

// PortfolioName is a name of a portfolio, as a dump or a registry has it.
type PortfolioName = portfolio.Name

// PortfolioAnswer is where a name of a portfolio stands.
type PortfolioAnswer struct {
	Domain  string     `json:"domain"`
	Outcome string     `json:"outcome"`
	HoldAt  *time.Time `json:"hold_at,omitempty"`
	Code    string     `json:"code"`
	Reason  struct {
		EN string `json:"en"`
		ZH string `json:"zh"`
	} `json:"reason"`
	AtRisk bool `json:"at_risk"`
}

// PortfolioOutcomes lists the outcomes, the gravest first.
func PortfolioOutcomes() (out []string) {
	for _, o := range portfolio.Outcomes() {
		out = append(out, string(o))
	}
	return out
}

// ReadPortfolio reads a CSV dump; days without a time are those of the policy's zone.
func (d *Desk) ReadPortfolio(text string) ([]PortfolioName, error) {
	return portfolio.ReadCSV(text, d.Policies.Calendar.Zone())
}

// AskPortfolio completes a name with what a registry says now; found is false for one
// that the registry does not show to us.
func AskPortfolio(ctx context.Context, conn *epp.Conn, n PortfolioName) (out PortfolioName, found bool, err error) {
	return portfolio.Ask(ctx, conn, n)
}

// JudgePortfolio says where a name stands at a time, under an accreditation.
func (d *Desk) JudgePortfolio(accreditation string, at time.Time, n PortfolioName) PortfolioAnswer {
	found := portfolio.Auditor{Policies: d.Policies, Accreditation: policy.Accreditation(accreditation), Now: at}.Judge(n)
	return d.portfolioAnswer(found)
}

// NotShown is the answer about a name that a registry does not show.
func (d *Desk) NotShown(n PortfolioName) PortfolioAnswer {
	return d.portfolioAnswer(portfolio.Answer{Name: n, Outcome: portfolio.Unclear, Why: fault.New(fault.NotFound, "portfolio_not_shown")})
}

func (d *Desk) portfolioAnswer(found portfolio.Answer) PortfolioAnswer {
	out := PortfolioAnswer{Domain: domain.Display(found.Name.Name), Outcome: string(found.Outcome), Code: found.Why.Code, AtRisk: found.Outcome.AtRisk()}
	words := d.texts.Both(found.Why.Code, found.Why.Params)
	out.Reason.EN, out.Reason.ZH = words.EN, words.ZH
	if !found.HoldAt.IsZero() {
		at := found.HoldAt.In(d.Policies.Calendar.Zone())
		out.HoldAt = &at
	}
	return out
}

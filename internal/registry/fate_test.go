package registry_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestWhatBecomesOfACommand(t *testing.T) {
	t.Parallel()
	const pendingFor = time.Hour
	create := func(attempt int) registry.Command {
		return registry.Command{Kind: registry.DomainCreate, State: registry.Inflight, Attempt: attempt}
	}
	change, info := registry.Command{Kind: registry.DomainRegistrant, State: registry.Inflight, Attempt: 1}, registry.Command{Kind: registry.DomainInfo, State: registry.Inflight, Attempt: 1}
	doubt := registry.Command{Kind: registry.DomainRegistrant, State: registry.Doubt, Attempt: 1}
	papers := registry.Command{Kind: registry.Evidence, State: registry.Inflight, Attempt: 31}
	failing := func(c registry.Command, n int) registry.Command { c.Failures = n; return c }
	refused := func(code int) registry.Reply { return registry.Reply{Outcome: registry.OutcomeRefused, Code: code} }
	again := func(code int) registry.Reply {
		return registry.Reply{Outcome: registry.OutcomeRefused, Code: code, Again: true}
	}
	for name, tt := range map[string]struct {
		command registry.Command
		reply   registry.Reply
		event   registry.Event
		wait    time.Duration
	}{
		"done":                                    {change, registry.Reply{Outcome: registry.OutcomeDone, Code: epp.CodeOK}, registry.Succeed, 0},
		"pending":                                 {change, registry.Reply{Outcome: registry.OutcomePending, Code: epp.CodePending}, registry.Pend, pendingFor},
		"refused":                                 {change, refused(epp.CodePolicy), registry.Refuse, 0},
		"name exists at the first attempt":        {create(1), refused(epp.CodeExists), registry.Refuse, 0},
		"name exists at the second":               {create(2), refused(epp.CodeExists), registry.Lose, 0},
		"not sent":                                {change, registry.Reply{Unsent: true}, registry.Retry, 200 * time.Millisecond},
		"not sent, for the hundredth time":        {failing(change, 100), registry.Reply{Unsent: true}, registry.Retry, 10 * time.Minute},
		"the session ended before it, often":      {failing(change, 100), registry.Reply{Unsent: true, Blameless: true}, registry.Retry, 200 * time.Millisecond},
		"its session ended, often":                {failing(doubt, 100), registry.Reply{Outcome: registry.OutcomeRefused, Again: true, Blameless: true}, registry.Retry, 200 * time.Millisecond},
		"no answer":                               {change, registry.Reply{Lost: true}, registry.Lose, 2 * time.Second},
		"no answer to a question":                 {info, registry.Reply{Lost: true}, registry.Lose, 2 * time.Second},
		"2400 to a change":                        {change, again(epp.CodeFailed), registry.Lose, 0},
		"2400 to a create":                        {create(1), again(epp.CodeFailed), registry.Lose, 0},
		"2400 to a question":                      {info, again(epp.CodeFailed), registry.Retry, 200 * time.Millisecond},
		"looked at: not carried out":              {doubt, again(0), registry.Retry, 200 * time.Millisecond},
		"looked at, often: never arrives":         {failing(doubt, 1000), again(0), registry.Retry, 10 * time.Minute},
		"looked at: carried out":                  {doubt, registry.Reply{Outcome: registry.OutcomeDone, Code: epp.CodeOK}, registry.Succeed, 0},
		"looked at: pending":                      {doubt, registry.Reply{Outcome: registry.OutcomePending, Code: epp.CodePending}, registry.Pend, pendingFor},
		"the registry fails it, for a while":      {failing(doubt, 29), again(epp.CodeFailed), registry.Retry, 10 * time.Minute},
		"the registry fails it, for hours":        {failing(doubt, 30), again(epp.CodeFailed), registry.Refuse, 0},
		"the document channel is out of order":    {failing(papers, 100), again(503), registry.Retry, 10 * time.Minute},
		"our balance is used up, for a long time": {failing(create(40), 40), again(epp.CodeBilling), registry.Retry, 10 * time.Minute},
	} {
		event, at := registry.FateOf(tt.command, tt.reply, storetest.Monday, pendingFor)
		wait := time.Duration(0)
		if !at.IsZero() {
			wait = at.Sub(storetest.Monday)
		}
		if event != tt.event || wait != tt.wait {
			t.Errorf("%s: %s in %v, want %s in %v", name, event, wait, tt.event, tt.wait)
		}
		if !registry.Table.Allows(tt.command.State, event) {
			t.Errorf("%s: %s is no move from %s", name, event, tt.command.State)
		}
	}
}

func TestBackingOffGrowsToTenMinutes(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]time.Duration{
		0: 200 * time.Millisecond, 1: 400 * time.Millisecond, 5: 6400 * time.Millisecond, 11: 409600 * time.Millisecond,
		12: 10 * time.Minute, 63: 10 * time.Minute, 100_000: 10 * time.Minute,
	} {
		if got := registry.BackoffFor(failures); got != want {
			t.Errorf("after %d failures: %v, want %v", failures, got, want)
		}
	}
	total := time.Duration(0)
	for i := range 30 {
		total += registry.BackoffFor(i)
	}
	if total < 2*time.Hour {
		t.Errorf("a command is given up after %v of the registry's failures, want hours", total)
	}
}

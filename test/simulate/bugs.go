//go:build seededbugs

package simulate

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/verinym/verinym/internal/bug"
)

// speaksOf are the invariants that name a bug when they are violated.
var speaksOf = map[bug.Bug][]string{
	bug.LiftForeignHold:      {foreignStays},
	bug.LiftWithFirstCause:   {holdWhileCause, foreignStays},
	bug.HoldOutlivesAnswer:   {answerCounts, holdGoes},
	bug.AnswerInBusinessDays: {answerInCalendar},
	bug.ReviewInCalendarDays: {reviewInBusiness},
	bug.NoMakeUpDays:         {reviewInBusiness},
	bug.WrongVersion:         {rightVersion},
	bug.DeskForRegistry:      {decidersVerdict},
	bug.ContactOfAnother:     {rightVersion, ownContact},
	bug.NormalWithoutNaming:  {normalHasVerdicts},
	bug.OldVerdictsKept:      {decidersVerdict, normalHasVerdicts},
	bug.BounceIgnored:        {doubtAsked},
	bug.LinkForEver:          {linkLimited},
	bug.MailTwice:            {mailOnce},
	bug.MailLost:             {noMailLost},
	bug.CaseLost:             {noCaseLost},
	bug.MessageLost:          {noVerdictLost},
	bug.ResentBlindly:        {nothingTwice},
	bug.LateInSilence:        {overdueTold},
	bug.OthersNames:          {onlyOwn},
}

// Bugs runs the world of c once with each bug on purpose, and writes what caught it and when.
// The error says which were not caught by an invariant that speaks of them; before them all
// the world without a bug has to be free of violations.
func Bugs(ctx context.Context, c Config, only string, to io.Writer) error {
	var missed []bug.Bug
	if only == "" {
		r, err := Run(ctx, c)
		if err != nil {
			return err
		}
		if len(r.Violations) > 0 {
			r.Print(to)
			return fmt.Errorf("simulate: without a bug there are %d violations", len(r.Violations))
		}
	}
	fmt.Fprintf(to, "%-66s %-6s %s\n", "bug", "caught", "by the invariant")
	for _, b := range bug.All {
		if only != "" && string(b) != only {
			continue
		}
		bug.Plant(b)
		c.StopAt = speaksOf[b]
		r, err := Run(ctx, c)
		bug.Plant("")
		if err != nil {
			return fmt.Errorf("simulate: with the bug %q: %w", b, err)
		}
		at := slices.IndexFunc(r.Violations, func(v Violation) bool { return slices.Contains(speaksOf[b], v.Invariant) })
		if at < 0 {
			missed = append(missed, b)
			fmt.Fprintf(to, "%-66s %-6s %d other violations\n", b, "NO", len(r.Violations))
			continue
		}
		v := r.Violations[at]
		fmt.Fprintf(to, "%-66s day %-2d %s (%s: %s)\n", b, v.Day, v.Invariant, v.Subject, v.Found)
	}
	if len(missed) > 0 {
		return fmt.Errorf("simulate: %d of %d bugs were not caught: %v", len(missed), len(bug.All), missed)
	}
	return nil
}

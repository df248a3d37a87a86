package simulate

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"
)

// Figures are what a run was made of.
type Figures struct {
	Profiles, Pictures, Submissions, Resubmissions     int
	RefusedAtEntry, RefusedPictures                    int
	Preflights, RefusedAtPreflight                     int
	Orders, Imports, Associations, HolderChanges       int
	Transfers, Holds, ForeignHolds, Enhanced           int
	Outages, Bounces, Complaints, Mails                int
	Commands, Looks, Overdue, HoldsAvoided, Violations int
	Calls                                              int // of the API, by people and staff
}

// Report is what a run found.
type Report struct {
	Config     Config
	Figures    Figures
	Names      int // there at the end
	Normal     int // of these
	Violations []Violation
	Took       time.Duration
	// Verdicts are how long profiles and names took from their submission or payment to their
	// verdicts, sorted.
	ProfileVerdicts, NameVerdicts []time.Duration
	// Held are the names that went on serverHold for their verdicts.
	Held int
}

func (w *world) report(ctx context.Context) (Report, error) {
	w.lookAtBills()
	if len(w.config.StopAt) == 0 {
		if err := w.lookAtAll(ctx); err != nil {
			return Report{}, err
		}
	}
	r := Report{
		Config: w.config, Figures: w.figures, Violations: w.found, Took: time.Since(w.began),
		ProfileVerdicts: w.profileVerdicts, NameVerdicts: w.nameVerdicts, Held: len(w.serverHeld),
	}
	r.Figures.Calls = int(calls.n.Load() - w.callsBefore)
	slices.Sort(r.ProfileVerdicts)
	slices.Sort(r.NameVerdicts)
	for _, c := range w.customers {
		list, err := c.api.Domains(ctx, "")
		if err != nil {
			return r, err
		}
		for _, d := range list {
			if over(d.Status) {
				continue
			}
			r.Names++
			if d.Status == "normal" {
				r.Normal++
			}
		}
	}
	return r, nil
}

// share is a of b in a hundred.
func share(a, b int) string {
	if b == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(a)/float64(b))
}

// days is a time in days.
func days(d time.Duration) string { return fmt.Sprintf("%.1f d", d.Hours()/24) }

// spread is the median, the ninetieth in a hundred and the longest.
func spread(v []time.Duration) string {
	if len(v) == 0 {
		return "none"
	}
	return fmt.Sprintf("median %s, p90 %s, longest %s", days(v[len(v)/2]), days(v[len(v)*9/10]), days(v[len(v)-1]))
}

// Print writes the report for people.
func (r Report) Print(to io.Writer) {
	f := r.Figures
	line := func(what, format string, args ...any) {
		fmt.Fprintf(to, "  %-26s %s\n", what, fmt.Sprintf(format, args...))
	}
	line("profiles", "%d typed in, %d refused at once; %d pictures, %d refused", f.Profiles, f.RefusedAtEntry, f.Pictures, f.RefusedPictures)
	line("refused at pre-flight", "%s of %d", share(f.RefusedAtPreflight, f.Preflights), f.Preflights)
	line("submitted", "%d, %d of them again; verdict: %s", f.Submissions, f.Resubmissions, spread(r.ProfileVerdicts))
	line("overdue cases", "%d", f.Overdue)
	line("names", "%d ordered, %d imported, %d transfers asked for; %d there in the end, %s Normal", f.Orders, f.Imports, f.Transfers, r.Names, share(r.Normal, r.Names))
	line("verdicts of names", "%s", spread(r.NameVerdicts))
	line("holds avoided", "%d names verified in time, %d on serverHold", f.HoldsAvoided, r.Held)
	line("holders", "%d associations, %d changes", f.Associations, f.HolderChanges)
	line("holds", "%d by staff, %d by strangers", f.Holds, f.ForeignHolds)
	line("troubles", "%d outages, %d bounces, %d complaints, %d enhanced verifications", f.Outages, f.Bounces, f.Complaints, f.Enhanced)
	if n := f.Calls + f.Commands + f.Mails; n > 0 {
		line("cost", "%d calls of people, %d commands at the registry, %d mails: %.2f ms each; %d looks; %s in all", f.Calls, f.Commands, f.Mails, 1e3*r.Took.Seconds()/float64(n), f.Looks, r.Took.Round(time.Second))
	}
	for _, v := range r.Violations {
		fmt.Fprintf(to, "  VIOLATED on day %d, %s: %s: %s: %s\n", v.Day, v.At.In(shanghai).Format("01-02 15:04"), v.Invariant, v.Subject, v.Found)
	}
}

// Verdict is the report in one line.
func (r Report) Verdict() string {
	return fmt.Sprintf("%d days, %d profiles, %d names, %d looks without a violation, in %s (seed %d)", r.Config.Days, r.Figures.Profiles, r.Names, r.Figures.Looks, r.Took.Round(time.Second), r.Config.Seed)
}

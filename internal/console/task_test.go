package console

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/policies"
)

// What the registry has of a cancelled task is not left alone: it is carried out, and counts.
func TestACancelledTaskLeavesAloneWhatItHasTakenBackOnly(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	ctx := ui.With(t.Context(), &ui.Page{Texts: texts, Lang: locale.EN})
	groups := func(done, failed, sent, queued, cancelled int) (out []domain.Group) {
		for state, n := range map[domain.ItemState]int{domain.ItemSucceeded: done, domain.ItemFailed: failed, domain.ItemAtRegistry: sent, domain.ItemQueued: queued, domain.ItemCancelled: cancelled} {
			out = append(out, domain.Group{State: state, Items: n})
		}
		return out
	}
	for name, x := range map[string]struct {
		state            domain.TaskState
		expanded, walked int
		groups           []domain.Group
		words            string
		queued           string
	}{
		"running":              {domain.TaskRunning, 300, 0, groups(14, 1, 5, 280, 0), "14 done, 1 failed, 5 at the registry, 280 not sent yet", "queued"},
		"being taken back":     {domain.TaskCancelling, 300, 0, groups(14, 0, 0, 186, 100), "14 done, 0 failed, 0 at the registry, 186 not sent yet, 100 not processed", "queued"},
		"taken back":           {domain.TaskCancelling, 300, 300, groups(14, 0, 1, 183, 102), "14 done, 0 failed, 184 at the registry, 102 not processed", "at_registry"},
		"cancelled":            {domain.TaskCancelled, 300, 300, groups(198, 0, 0, 0, 102), "198 done, 0 failed, 0 at the registry, 102 not processed", "at_registry"},
		"cancelled unbegun":    {domain.TaskCancelled, 0, 0, nil, "0 done, 0 failed, 0 at the registry, 300 not processed", "at_registry"},
		"cancelled half-taken": {domain.TaskCancelling, 100, 0, groups(10, 0, 0, 90, 0), "10 done, 0 failed, 0 at the registry, 90 not sent yet, 200 not processed", "queued"},
	} {
		p := taskView{taskRow: taskRow{Task: domain.Task{State: x.state, Total: 300, Expanded: x.expanded, Walked: x.walked}}, groups: x.groups}
		if got := taskWords(p.shares(ctx)); got != x.words {
			t.Errorf("%s: %q, want %q", name, got, x.words)
		}
		if got := p.stateOf(domain.Item{State: domain.ItemQueued}); got != x.queued {
			t.Errorf("%s: a name that is not answered is %s, want %s", name, got, x.queued)
		}
		if got := p.stateOf(domain.Item{State: domain.ItemCancelled}); got != string(domain.ItemCancelled) {
			t.Errorf("%s: a name that is left alone is %s", name, got)
		}
	}
}

func TestWhatATaskLeftAloneCanBeChosenForAnother(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	ctx := ui.With(t.Context(), &ui.Page{Texts: texts, Lang: locale.EN})
	for name, x := range map[string]struct {
		operation domain.Operation
		walked    int
		left      int
		tab       bool
		again     string
	}{
		"submitted":          {domain.SubmitVerification, 3, 2, true, "/associations/new?state=cancelled&task=tsk_1"},
		"holder changed":     {domain.ChangeHolder, 3, 2, true, "/holder-changes/new?state=cancelled&task=tsk_1"},
		"begun by itself":    {domain.UpdateDetails, 3, 2, true, ""},
		"not all taken back": {domain.SubmitVerification, 1, 2, true, ""},
		"none not processed": {domain.SubmitVerification, 3, 0, false, ""},
	} {
		p := taskView{taskRow: taskRow{Task: domain.Task{PublicID: "tsk_1", Operation: x.operation, State: domain.TaskCancelling, Total: 3, Expanded: 3, Walked: x.walked}}}
		if x.left > 0 {
			p.groups = []domain.Group{{State: domain.ItemCancelled, Items: x.left}}
		}
		if got := p.chooseAgain(); got != x.again {
			t.Errorf("%s: %q, want %q", name, got, x.again)
		}
		tab := ui.Tab{Path: "/associations/tsk_1?state=cancelled#names", Text: "Not processed", Count: "2"}
		if got := slices.Contains(p.tabs(ctx), tab); got != x.tab {
			t.Errorf("%s: the tabs are %+v", name, p.tabs(ctx))
		}
	}
}

package simulate

import (
	"slices"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
)

// command is the latest that changed an object, and whether somebody has looked since.
type command struct {
	sandbox.Received
	looked bool
}

var transforms = []string{"create", "delete", "renew"}

// readLog reads what the registry has received since the last look: of the commands that make
// or end something none may come again but after its answer was lost, and after an <info>.
func (w *world) readLog() error {
	log := w.registry.LogSince(w.logged)
	w.logged += len(log)
	w.figures.Commands += len(log)
	for _, r := range log {
		if r.Fault != "" {
			w.broken[r.Session] = true
		}
	}
	for _, r := range log {
		if r.Object == "domain" {
			w.touched[r.Name] = true
		}
		if r.Channel != "epp" || r.Name == "" || len(r.ClTRID) < 3 || r.ClTRID[:3] != "vn-" && r.Verb != "info" {
			continue
		}
		object := r.Object + " " + r.Name
		before := w.sent[object]
		if r.Verb == "info" && before != nil && (r.Code == epp.CodeOK || r.Code == epp.CodeNotExists) {
			before.looked = true
		}
		if !slices.Contains(transforms, r.Verb) {
			continue
		}
		if before != nil && before.Verb == r.Verb && r.Time.Sub(before.Time) < 10*day {
			switch {
			case !before.looked:
				w.violated(nothingTwice, object, "%s came again without a look (%s, then %s)", r.Verb, before.ClTRID, r.ClTRID)
			case before.Code == epp.CodeOK && before.Fault == "" && !w.broken[before.Session] && w.figures.Outages == 0:
				w.violated(nothingTwice, object, "%s came again though it was answered (%s, then %s)", r.Verb, before.ClTRID, r.ClTRID)
			}
		}
		w.sent[object] = &command{Received: r}
	}
	return nil
}

// repeated are mails that have come once more since the last look.
func (p *postOffice) repeated() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.twice
	p.twice = nil
	return out
}

// counted looks at whether the counters of a task are right.
func (w *world) counted(t client.Task) {
	if t.State == "finished" && t.Succeeded+t.Failed+t.Cancelled != t.Total {
		w.violated(noCaseLost, t.ID, "a finished task of %d has %d, %d and %d", t.Total, t.Succeeded, t.Failed, t.Cancelled)
	}
}

// lookAtBills wants every name that was ordered on the registry's bill once, and none that
// nobody has paid for.
func (w *world) lookAtBills() {
	billed := map[string]int{}
	for _, e := range w.registry.Ledger("") {
		if e.Command == "create" && e.Client != rival {
			billed[e.Object]++
		}
	}
	for fqdn, times := range billed {
		n := w.byName[fqdn]
		if times > 1 || n == nil || n.order != "" && !n.paid {
			w.violated(paidOnce, fqdn, "it is on the bill %d times, paid for by its owner: %v", times, n != nil && n.paid)
		}
	}
}

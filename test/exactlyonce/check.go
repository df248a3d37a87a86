package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the server's file, read from outside

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/test/stage"
)

// database opens the server's file.
func (t *story) database(mode string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+t.server.DatabaseFile()+"?mode="+mode+"&_pragma=busy_timeout(10000)")
}

// open counts what the server has not ended yet.
func (t *story) open() (n int, err error) {
	db, err := t.database("ro")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	return n, db.QueryRow(`SELECT (SELECT count(*) FROM registry_command WHERE state IN ('blocked', 'ready', 'inflight', 'doubt', 'waiting'))
		+ (SELECT count(*) FROM poll_inbox WHERE state = 'new')`).Scan(&n)
}

// check reads both ends.
func (t *story) check(ctx context.Context) (f figures, err error) {
	t.say("checking", 0, 1)
	state, err := t.registry.State(ctx)
	if err != nil {
		return f, err
	}
	var log []sandbox.Received
	if err := t.registry.Admin(ctx, http.MethodGet, "/log", nil, &log); err != nil {
		return f, err
	}
	if len(log) < state.Commands {
		return f, fmt.Errorf("the registry has forgotten %d of %d commands: too many to be checked", state.Commands-len(log), state.Commands)
	}
	var ledger []sandbox.LedgerEntry
	if err := t.registry.Admin(ctx, http.MethodGet, "/ledger?client="+t.registry.Registrars[0].ClientID, nil, &ledger); err != nil {
		return f, err
	}
	f.domains, f.kills = len(t.old)+len(t.fresh), len(t.died)
	ahead := time.Until(state.Time) // the registry's clock was moved before the first kill, if at all
	var died []time.Time
	for _, at := range t.died {
		died = append(died, at.Add(ahead))
	}
	if f.repeats, err = repeats(log, died); err != nil {
		return f, errors.Join(err, t.keep(log))
	}
	if f.commands, f.struck, err = t.struck(log); err != nil {
		return f, err
	}
	if err := t.paid(ledger); err != nil {
		return f, err
	}
	db, err := t.database("ro")
	if err != nil {
		return f, err
	}
	defer db.Close()
	if err := t.held(db, state); err != nil {
		return f, err
	}
	f.messages, err = t.applied(db)
	return f, err
}

// keep leaves the registry's record beside the server's files, for whoever looks into
// what went wrong.
func (t *story) keep(log []sandbox.Received) error {
	b, err := json.MarshalIndent(log, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(t.run.dir, t.name, "received.json"), b, 0o600)
}

// createPrice is what the sandbox takes for a year, in hundredths.
const createPrice = 3500

// paid wants every name on the bill once.
func (t *story) paid(ledger []sandbox.LedgerEntry) error {
	var sum int64
	for _, e := range ledger {
		sum += e.Amount
	}
	if want := -int64(len(t.old)+len(t.fresh)) * createPrice; sum != want {
		return fmt.Errorf("the ledger says %d, want %d", sum, want)
	}
	return nil
}

// struck counts the faults; each kind must have met more than one in a hundred.
func (t *story) struck(log []sandbox.Received) (commands, struck int, err error) {
	kinds := map[string]int{}
	for _, r := range log {
		if r.Fault != "" {
			struck++
			if r.Channel == "epp" { // the documents' interface has its own codes
				kinds[kindOf(r)]++
			}
		}
	}
	if !t.faults {
		return len(log), struck, nil
	}
	under := 0 // commands since the faults began: not those of yesterday, nor the imports
	for _, r := range log {
		if r.Fault != "" || under > 0 {
			under++
		}
	}
	if len(kinds) != 10 {
		return 0, 0, fmt.Errorf("faults of %d kinds struck, want all ten: %v", len(kinds), kinds)
	}
	for kind, n := range kinds {
		if n*100 < under {
			return 0, 0, fmt.Errorf("%s struck %d of %d commands, want one in a hundred", kind, n, under)
		}
	}
	return len(log), struck, nil
}

func kindOf(r sandbox.Received) string {
	if r.Fault == sandbox.FaultCode {
		return fmt.Sprintf("%s %d", r.Fault, r.Code)
	}
	return string(r.Fault)
}

// patience is how long a registry that mixes up answers waits for a second command.
const patience = 50 * time.Millisecond

// heard reports whether the answer to a command came: whole, if slowly. One that was
// held back to be mixed up came in its turn when no other command was sent meanwhile.
func heard(log []sandbox.Received, i int) bool {
	r := log[i]
	switch r.Fault {
	case "", sandbox.FaultSlow:
		return true
	case sandbox.FaultReorder:
		next := slices.IndexFunc(log[i+1:], func(x sandbox.Received) bool { return x.Session == r.Session })
		return next < 0 || log[i+1+next].Time.Sub(r.Time) >= patience
	}
	return false
}

var transforms = []string{"create", "update", "delete", "renew", "transfer"}

// repeats reads the registry's record of every command that it received. What
// changes an object may only come again after its answer was lost, be it by a
// fault in its session or by the death of the server (died, in the registry's
// time), and after an <info> of that object.
func repeats(log []sandbox.Received, died []time.Time) (n int, err error) {
	broken := map[uint64]bool{} // sessions in which a fault struck
	cut := false
	for _, r := range log {
		broken[r.Session] = broken[r.Session] || r.Fault != ""
		cut = cut || r.Fault == sandbox.FaultCut
	}
	type sent struct {
		sandbox.Received
		looked bool
	}
	last := map[string]*sent{}
	for i, r := range log {
		if r.Channel != "epp" || r.Name == "" {
			continue
		}
		object := r.Object + " " + r.Name
		before := last[object]
		if r.Verb == "info" && before != nil && heard(log, i) && (r.Code == epp.CodeOK || r.Code == epp.CodeNotExists) {
			before.looked = true
		}
		if !slices.Contains(transforms, r.Verb) {
			continue
		}
		if before != nil && before.Verb == r.Verb {
			n++
			killed := slices.ContainsFunc(died, func(at time.Time) bool { return !at.Before(before.Time.Add(-2 * time.Minute)) })
			switch {
			case !before.looked:
				return n, fmt.Errorf("%s %s came again (%s, then %s) without an <info> in between", r.Verb, object, before.ClTRID, r.ClTRID)
			case !broken[before.Session] && !cut && !killed:
				return n, fmt.Errorf("%s %s came again (%s, then %s) though its answer was not lost", r.Verb, object, before.ClTRID, r.ClTRID)
			case before.ClTRID == r.ClTRID:
				return n, fmt.Errorf("%s %s came again under the same clTRID %s", r.Verb, object, r.ClTRID)
			}
		}
		last[object] = &sent{Received: r}
	}
	return n, nil
}

// held wants every domain to have its holder and its verdicts, at the registry and
// in the database alike.
func (t *story) held(db *sql.DB, state stage.State) error {
	rows, err := db.Query("SELECT name, state, registrant, naming_state, holder_state, statuses FROM domain")
	if err != nil {
		return err
	}
	defer rows.Close()
	seen := map[string]string{}
	for rows.Next() {
		var name, st, registrant, naming, holder, statuses string
		if err := rows.Scan(&name, &st, &registrant, &naming, &holder, &statuses); err != nil {
			return err
		}
		at := state.Domains[name]
		if st != "registered" || registrant == "" || registrant != at.Registrant || naming != "verified" || holder != "verified" {
			return fmt.Errorf("%s is %s with %s, %s, %s; at the registry it has %+v", name, st, registrant, naming, holder, at)
		}
		if strings.Contains(statuses, "Hold") || slices.Contains(at.Statuses, string(epp.ServerHold)) {
			return fmt.Errorf("%s is on hold: %s, %v", name, statuses, at.Statuses)
		}
		seen[name] = registrant
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(seen) != len(t.old)+len(t.fresh) || len(state.Domains) != len(seen) {
		return fmt.Errorf("%d domains here and %d at the registry, want %d", len(seen), len(state.Domains), len(t.old)+len(t.fresh))
	}
	taken := map[string]bool{stage.OldHolder: true}
	for i := range holders {
		contact := seen[t.share(i)[0]]
		if taken[contact] {
			return fmt.Errorf("task %d has the contact %s, which is another's", i, contact)
		}
		taken[contact] = true
		for _, n := range t.share(i) {
			if seen[n] != contact {
				return fmt.Errorf("%s has the registrant %s, want %s", n, seen[n], contact)
			}
		}
	}
	return nil
}

// applied wants the two verdicts of every domain to have come and to have been
// told once, and no message left over.
func (t *story) applied(db *sql.DB) (messages int, err error) {
	var left int
	if err := db.QueryRow("SELECT count(*), coalesce(sum(state <> 'applied'), 0) FROM poll_inbox").Scan(&messages, &left); err != nil {
		return 0, err
	}
	if left > 0 {
		return messages, fmt.Errorf("%d messages were not applied", left)
	}
	want := len(t.old) + len(t.fresh)
	for _, typ := range []string{"domain.naming_verified", "domain.real_name_verified"} {
		var told, about int
		err := db.QueryRow("SELECT count(*), count(DISTINCT e.subject) FROM event e WHERE type = ?1 AND NOT EXISTS (SELECT 1 FROM event c WHERE c.account_id = e.account_id AND c.subject = e.subject AND c.type = 'domain.holder_changed' AND c.id > e.id)", typ).Scan(&told, &about)
		if err != nil {
			return messages, err
		}
		if told != want || about != want {
			return messages, fmt.Errorf("%s was told %d times of %d domains, want once of each of %d", typ, told, about, want)
		}
	}
	return messages, nil
}

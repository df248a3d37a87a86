package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func (w *world) tables() (out []string) {
	w.Helper()
	q := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if w.store.Engine() == "postgres" {
		q = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
	}
	if err := w.store.R.NewRaw(q).Scan(w.Context(), &out); err != nil {
		w.Fatal(err)
	}
	return out
}

// read puts every value of a table, as text, with the others.
func (w *world) read(table string, into map[string]string) {
	w.Helper()
	rows, err := w.store.R.QueryContext(w.Context(), "SELECT * FROM "+table)
	if err != nil {
		w.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		w.Fatal(err)
	}
	for n := 0; rows.Next(); n++ {
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			w.Fatal(err)
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			into[fmt.Sprintf("%s.%s, row %d", table, columns[i], n)] = fmt.Sprint(v)
		}
	}
	if err := rows.Err(); err != nil {
		w.Fatal(err)
	}
}

// Commands are sent, refused, lost and repeated, a contact is looked up and
// messages come: nowhere in the database, nor in the log, stands a document number
// or a transfer password in clear.
func TestNeitherNumbersNorPasswordsStandInClear(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		all := []string{"example.cn", "lost.cn", "refused.cn", "old.cn"}
		w := open(t, s, c, setting{sandbox: seeded("old.cn")})
		err := w.server.SetFaults(sandbox.Fault{Verb: "create", Name: "lost.cn", Kind: sandbox.FaultDropAfter, Times: 1},
			sandbox.Fault{Verb: "create", Name: "refused.cn", Kind: sandbox.FaultCode, Code: epp.CodePolicy},
			sandbox.Fault{Verb: "create", Object: "contact", Kind: sandbox.FaultGarbage, Times: 1})
		if err != nil {
			t.Fatal(err)
		}
		w.run(w.desk)
		id := w.contactFor("pv_li", "李思远")
		for _, n := range all[:3] {
			w.create(n, id)
		}
		w.refresh("old.cn")
		w.lookUp("old-holder")
		w.change("old.cn", id, registry.Bulk)
		w.pass("all commands to end", w.ended)
		w.server.Advance(reviewDelay + namingDelay)
		w.until("the verdicts", func() bool { return w.sink.notices("example.cn") >= 2 && w.sink.notices("lost.cn") >= 2 })
		hash, err := w.config.Vault.NumberHash(liNumber)
		if err != nil {
			t.Fatal(err)
		}
		looked, ok, err := registry.KnownContact(t.Context(), s.R, "cn", "old-holder")
		if err != nil || !ok || looked.HolderName != "赵未名" || string(looked.NumberHash) != string(hash) {
			t.Errorf("the contact that was looked up is known as %+v (%v), want its name and the hash of its number", looked, err)
		}
		places := map[string]string{"the log": w.log.String()}
		for _, table := range w.tables() {
			w.read(table, places)
		}
		if len(places) < 200 {
			t.Fatalf("only %d places were looked at", len(places))
		}
		for where, text := range places {
			for _, n := range all {
				if strings.Contains(text, secretOf(n)) {
					t.Errorf("the password of %s stands in %s: %.200s", n, where, text)
				}
			}
			if strings.Contains(text, liNumber) {
				t.Errorf("the document number stands in %s: %.200s", where, text)
			}
		}
	})
}

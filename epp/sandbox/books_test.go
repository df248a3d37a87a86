package sandbox_test

import (
	"testing"
	"time"
)

// Whoever plays with the registry reads its books, which show more than a registrar is told.
func TestBooksShowWhatTheRegistryHas(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("books-1", "李思远")
	read := len(w.server.Log())
	w.register("books.cn", "books-1")
	if log := w.server.LogSince(read); len(log) != 1 || log[0].Verb != "create" || log[0].Name != "books.cn" {
		t.Errorf("the log since then: %+v", log)
	}
	d, ok := w.server.Domain("books.cn")
	if !ok || d.Sponsor != "verinym" || d.Registrant != "books-1" || d.Naming.State != "in_review" || d.Password == "" || !d.Due.Equal(start.Add(hold)) {
		t.Errorf("the name is %+v", d)
	}
	w.server.Advance(naming + time.Minute)
	if d, _ = w.server.Domain("books.cn"); d.Naming.State != "verified" || d.RealName.State == "verified" {
		t.Errorf("its verdicts are %+v and %+v", d.Naming, d.RealName)
	}
	c, ok := w.server.Contact("books-1")
	if !ok || c.Data.Postal[0].Name != "李思远" || c.Identity.IDNumber == "" || c.Evidence {
		t.Errorf("the holder is %+v", c)
	}
	if _, ok := w.server.Domain("none.cn"); ok || w.server.Sponsored("verinym") != 1 || w.server.Queued("verinym") == 0 || w.server.Queued("nobody") != 0 {
		t.Errorf("%d names, %d messages", w.server.Sponsored("verinym"), w.server.Queued("verinym"))
	}
}

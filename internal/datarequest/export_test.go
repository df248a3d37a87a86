package datarequest_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/test/pictures/samples"
)

// unpack reads the files of an export.
func unpack(t *testing.T, file []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = content(t, r)
		if strings.HasSuffix(f.Name, ".json") && !json.Valid(out[f.Name]) {
			t.Errorf("%s is no JSON: %s", f.Name, out[f.Name])
		}
	}
	return out
}

func TestExportHoldsOnesOwnDataAndNobodyElses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		p := h.profile(h.li)
		h.profile(h.chen)
		h.name(p, "li.cn")
		r := h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Export})
		h.settle()
		if got := h.read(r); got.State != datarequest.Ready || got.Bytes == 0 {
			t.Fatalf("made: %+v", got.Request)
		}
		f, err := h.Fetch(t.Context(), h.as(h.li), r.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		files := unpack(t, content(t, f))
		all := ""
		pictures := 0
		for name, b := range files {
			if strings.HasPrefix(name, "documents/") {
				pictures++
				if !bytes.Equal(b, samples.Li) {
					t.Errorf("%s is not what was uploaded", name)
				}
				continue
			}
			all += string(b)
		}
		if pictures != 2 {
			t.Errorf("%d pictures, want both sides", pictures)
		}
		for _, want := range append(h.li.values()[:4], h.li.typed["name_zh"], h.li.typed["address_zh"], "li.cn", "name_mismatch", "the card says", "profile.verified") {
			if !strings.Contains(all, want) {
				t.Errorf("%q is not in it", want)
			}
		}
		for _, others := range append(h.chen.values(), "seen ", "called ", rui.ID) {
			if strings.Contains(all, others) {
				t.Errorf("%q is in it", others)
			}
		}
		for _, name := range []string{"about.json", "account.json", "profiles/" + p.PublicID + ".json", "domains.json", "messages.json", "mails.json", "consents.json", "email_addresses.json", "sign_ins.json"} {
			if files[name] == nil {
				t.Errorf("%s is missing", name)
			}
		}
	})
}

func TestExportIsFetchedByWhoAskedAfterAProofAndForAWeek(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	p := h.profile(h.li)
	r := h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Export, Profile: p.PublicID})
	fetch := func(what string, a actor.Actor, code string) {
		t.Helper()
		f, err := h.Fetch(t.Context(), a, r.PublicID)
		if err == nil {
			_ = content(t, f)
		}
		if fault.Code(err) != code {
			t.Errorf("%s: %v, want %q", what, err, code)
		}
	}
	fetch("before it is made", h.as(h.li), "data_request_no_file")
	h.settle()
	all, same := h.vaulted(nil)
	if all != 7 || same != 0 { // two documents of three pictures each, and the file
		t.Errorf("%d things are in the vault", all)
	}
	stale := h.as(h.li)
	stale.ProvedAt = c.Now().Add(-time.Hour)
	colleague := h.as(h.li)
	colleague.ID = "per_colleague"
	fetch("proved an hour ago", stale, "proof_required")
	fetch("by a colleague", colleague, "data_request_not_yours")
	fetch("by an admin", ada, "data_request_not_yours")
	fetch("from another account", h.as(h.chen), "data_request_not_found")
	fetch("by who asked", h.as(h.li), "")
	var fetched int
	if err := s.R.NewRaw("SELECT count(*) FROM audit_entry WHERE action = 'data_request.fetch'").Scan(t.Context(), &fetched); err != nil || fetched != 1 {
		t.Errorf("%d fetches are on record, %v", fetched, err)
	}
	// The sweep of pictures that no document names leaves it alone.
	if _, err := h.documents.SweepOrphans(t.Context()); err != nil {
		t.Fatal(err)
	}
	fetch("after a sweep", h.as(h.li), "")
	c.Advance(7 * day)
	fetch("after a week", h.as(h.li), "data_request_no_file")
	h.settle()
	if all, _ := h.vaulted(nil); all != 6 || h.read(r).State != datarequest.Expired {
		t.Errorf("%d things are left in the vault, the request is %s", all, h.read(r).State)
	}
}

// The file of an export goes with what it is of.
func TestErasureTakesTheFilesOfExports(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	p := h.profile(h.li)
	export := h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Export})
	h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Erasure, Profile: p.PublicID})
	c.Advance(3 * day)
	h.settle()
	if all, _ := h.vaulted(nil); all != 0 || h.read(export).State != datarequest.Expired {
		t.Errorf("%d things are left in the vault, the export is %s", all, h.read(export).State)
	}
}

func TestRequestIsAnsweredWithinAMonthOrTheBusinessDaysOfPolicy(t *testing.T) {
	t.Parallel()
	for what, tt := range map[string]struct{ edit, at, due string }{
		"a month":                  {"", "2026-06-01T02:00:00Z", "2026-07-01T16:00:00Z"},
		"a month without that day": {"", "2027-01-31T02:00:00Z", "2027-02-28T16:00:00Z"},
		"fifteen business days":    {"{business_days: 15, sources: [PIPL-50], confidence: assumed}", "2026-06-01T02:00:00Z", "2026-06-23T16:00:00Z"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			p := policytest.Shipped()
			if tt.edit != "" {
				p = policytest.ChangedIn(t, "limits.yaml", "{months: 1, sources: [GDPR-12], confidence: source}", tt.edit)
			}
			at, err := time.Parse(time.RFC3339, tt.at)
			if err != nil {
				t.Fatal(err)
			}
			c.Advance(at.Sub(c.Now()))
			h := newHouseUnder(t, s, c, p)
			if r := h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Export}); r.DueAt.Format(time.RFC3339) != tt.due {
				t.Errorf("due %s, want %s", r.DueAt.Format(time.RFC3339), tt.due)
			}
		})
	}
}

func TestFilesOfExportsAreSealedUnderNewKeys(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	p := h.profile(h.li)
	r := h.ask(h.as(h.li), datarequest.Asking{Kind: datarequest.Export, Profile: p.PublicID})
	h.settle()
	read := func() []byte {
		t.Helper()
		f, err := h.Fetch(t.Context(), h.as(h.li), r.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		return content(t, f)
	}
	before, key := read(), h.read(r).BlobKey
	if err := vault.Rotate(h.keys); err != nil {
		t.Fatal(err)
	}
	if n, err := h.Sealed(t.Context()); n != 1 || err != nil {
		t.Errorf("%d files are sealed, %v", n, err)
	}
	if _, looked, err := h.Reseal(t.Context(), 0, 10); looked != 1 || err != nil {
		t.Errorf("%d were looked at, %v", looked, err)
	}
	if h.read(r).BlobKey == key || !bytes.Equal(read(), before) {
		t.Error("the file is as it was sealed, or has changed")
	}
	if all, _ := h.vaulted(nil); all != 7 {
		t.Errorf("%d things are in the vault: the old file is left", all)
	}
}

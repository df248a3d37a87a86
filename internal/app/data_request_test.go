package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
)

const admin = "admin@registrar.example"

// A registrant asks for a file of their data and gets it; what they ask to have erased is
// refused by an admin, whose acts stand in the audit record of their account.
func TestDataAreExportedAndRequestsAnsweredOverTheInterface(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	key, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["admin"])
	profile := s.verifiedProfile(t, key, "common")
	var refused *client.Error
	if _, err := key.AskData(ctx, client.DataWish{Kind: "export"}); !errors.As(err, &refused) || refused.Code != "session_required" {
		t.Errorf("a key asks for an export: %v", err)
	}
	session, err := client.New(s.URL()).SignIn(ctx, li, "correct-horse-battery")
	if err != nil {
		t.Fatal(err)
	}
	me := client.New(s.URL()).As(session.Token)
	r, err := me.AskData(ctx, client.DataWish{Kind: "export", Profile: profile})
	if err != nil || r.Kind != "export" || r.DueAt.IsZero() || r.RequestedBy != "" {
		t.Fatalf("%+v, %v", r, err)
	}
	soon(t, "the file", func() (bool, error) {
		r, err = me.DataRequest(ctx, r.ID)
		return r.File != nil, err
	})
	var file bytes.Buffer
	if err := me.FetchData(ctx, r.ID, &file); err != nil || int64(file.Len()) != r.File.Bytes {
		t.Fatalf("%d bytes, want %d, %v", file.Len(), r.File.Bytes, err)
	}
	if z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len())); err != nil || len(z.File) < 6 {
		t.Errorf("the file: %v", err)
	}
	if err := office.FetchData(ctx, r.ID, &file); !errors.As(err, &refused) || refused.Code != "data_request_not_yours" {
		t.Errorf("an admin fetches it: %v", err)
	}

	p, err := me.PreviewErasure(ctx, "", profile)
	if err != nil || len(p.Parts) != 1 || p.Erases["profiles"] != 1 || len(p.Stays) != 4 {
		t.Errorf("the preview: %+v, %v", p, err)
	}
	e, err := me.AskData(ctx, client.DataWish{Kind: "erasure", Profile: profile})
	if err != nil || e.State != "open" || e.BeginAt == nil {
		t.Fatalf("%+v, %v", e, err)
	}
	first := e.DueAt
	if _, err := me.ExtendDataRequest(ctx, e.ID, "complexity", ""); !errors.As(err, &refused) || refused.Code != "forbidden" {
		t.Errorf("who asked takes longer: %v", err)
	}
	if _, err = office.ExtendDataRequest(ctx, e.ID, "complexity", "three archives"); err != nil {
		t.Fatal(err)
	}
	if e, err = me.DataRequest(ctx, e.ID); err != nil || !e.DueAt.After(first.AddDate(0, 0, 50)) || e.Extension.Code != "complexity" || e.Extension.Text.ZH == "" || e.Extension.Note != "three archives" || e.ExtendedBy != "" {
		t.Errorf("due first %s, extended: %+v, %v", first, e, err)
	}
	if e, err = office.RefuseDataRequest(ctx, e.ID, "identity_doubtful", "please call us"); err != nil || e.State != "refused" || e.Refusal.Text.ZH == "" {
		t.Errorf("refused: %+v, %v", e, err)
	}
	if e, err = me.AskData(ctx, client.DataWish{Kind: "erasure", Profile: profile}); err != nil {
		t.Fatal(err)
	}
	if e, err = me.WithdrawDataRequest(ctx, e.ID); err != nil || e.State != "withdrawn" {
		t.Errorf("withdrawn: %+v, %v", e, err)
	}
	in, err := office.AskData(ctx, client.DataWish{Kind: "erasure", Profile: profile, Account: s.accounts["registrant"], Evidence: "letter of 1 June"})
	if err != nil || in.Origin != "staff" || in.Evidence == "" {
		t.Fatalf("entered: %+v, %v", in, err)
	}
	if _, err = office.AcceptDataRequest(ctx, in.ID); err != nil {
		t.Fatal(err)
	}
	soon(t, "the erasure", func() (bool, error) {
		in, err = me.DataRequest(ctx, in.ID)
		return in.State == "completed", err
	})
	if _, err := me.Profile(ctx, profile); !errors.As(err, &refused) || refused.Code != "profile_not_found" {
		t.Errorf("the erased profile: %v", err)
	}
	if found, err := me.DataRequests(ctx, false); err != nil || len(found) != 4 {
		t.Errorf("%d requests, want four, %v", len(found), err)
	}
	if found, err := office.DataRequests(ctx, true); err != nil || len(found) != 0 {
		t.Errorf("%d requests are to be answered, %v", len(found), err)
	}

	entries, next, err := office.AuditEntries(ctx, client.AuditFilter{Account: s.accounts["registrant"], Action: "data_request.open"})
	if err != nil || next != "" || len(entries) != 3 {
		t.Errorf("what Li's people asked for: %+v, %v", entries, err)
	}
	for _, x := range entries {
		if x.Account != s.accounts["registrant"] || x.Actor != session.Person {
			t.Errorf("of somebody else: %+v", x)
		}
	}
	if entries, _, err = office.AuditEntries(ctx, client.AuditFilter{Subject: in.ID}); err != nil || len(entries) == 0 || entries[len(entries)-1].Action != "data_request.open" {
		t.Errorf("about one request: %+v, %v", entries, err)
	}
	if chain, err := office.VerifyAudit(ctx); err != nil || !chain.OK {
		t.Errorf("the chain: %+v, %v", chain, err)
	}
	if _, _, err := key.AuditEntries(ctx, client.AuditFilter{}); !errors.As(err, &refused) || refused.Code != "forbidden" {
		t.Errorf("a registrant searches the record: %v", err)
	}
}

// TestAuditRecordIsReadInPages: each page goes on where the one before has ended.
func TestAuditRecordIsReadInPages(t *testing.T) {
	t.Parallel()
	s := start(t)
	var seen []string
	for after := ""; ; {
		status, body, _ := s.json(t, "admin", "GET", "/api/v1/audit/entries?limit=5&after="+after, "")
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		var page struct {
			Items []client.AuditEntry `json:"items"`
			Next  string              `json:"next"`
		}
		if err := json.Unmarshal(body, &page); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Items {
			seen = append(seen, e.Action)
		}
		if after = page.Next; after == "" {
			break
		}
		if len(page.Items) != 5 {
			t.Fatalf("a page in between has %d entries", len(page.Items))
		}
	}
	if all := s.count(t, "audit_entry"); len(seen) != all || all < 12 {
		t.Errorf("%d entries are read, %d are there", len(seen), all)
	}
}

// TestOnesDataAreAskedForInTheConsole: a file, with the preview of an erasure, and what an
// admin does with it.
func TestOnesDataAreAskedForInTheConsole(t *testing.T) {
	t.Parallel()
	s := start(t)
	me := client.New(s.URL()).As(s.keys["registrant"])
	profile := s.verifiedProfile(t, me, "common")
	own, office := s.signedIn(t, li), s.signedIn(t, admin)
	list := own.get("/data-requests")
	asked := own.post("/data-requests", list.fill("/data-requests", "profile", profile))
	if asked.status != http.StatusOK || !strings.Contains(asked.text, "profile 李思远") || strings.Contains(asked.text, "profile "+profile) {
		t.Fatalf("%d at %s", asked.status, asked.path)
	}
	soon(t, "the file", func() (bool, error) { return strings.Contains(own.get(asked.path).text, "Download the file"), nil })
	resp, err := own.Post(own.base+asked.path+"/file", "application/x-www-form-urlencoded", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/zip" || resp.ContentLength < 1000 {
		t.Errorf("the file: %d %s, %d bytes", resp.StatusCode, resp.Header.Get("Content-Type"), resp.ContentLength)
	}
	preview := own.get("/data-requests/preview?of=" + profile)
	for _, want := range []string{"will be erased", "the audit record", "Request the erasure"} {
		if !strings.Contains(preview.text, want) {
			t.Errorf("the preview does not say %q", want)
		}
	}
	erasure := own.post("/data-requests", preview.fill("/data-requests"))
	if !strings.Contains(erasure.text, "It begins automatically") || !strings.Contains(office.get("/data-requests").text, erasure.path) {
		t.Errorf("the erasure at %s is not with the admin", erasure.path)
	}
	page := office.get(erasure.path)
	longer := office.post(erasure.path+"/extension", page.fill(erasure.path+"/extension", "reason", "complexity", "extension_note", "three archives"))
	if !strings.Contains(longer.text, "The time to answer is extended") || strings.Contains(longer.text, erasure.path+"/extension") {
		t.Errorf("extended: %d at %s", longer.status, longer.path)
	}
	if again := office.post(erasure.path+"/extension", page.fill(erasure.path+"/extension", "reason", "complexity")); !strings.Contains(again.text, "already extended") {
		t.Errorf("extended again: %d at %s", again.status, again.path)
	}
	if got := own.get(erasure.path); !strings.Contains(got.text, "it is complex") || !strings.Contains(got.text, "three archives") || strings.Contains(got.text, "Extended by") {
		t.Error("the registrant does not read why it takes longer, or more than is theirs")
	}
	if !strings.Contains(own.get("/data-requests").text, "it is complex") {
		t.Error("the list does not say why it takes longer")
	}
	refused := office.post(erasure.path+"/refusal", page.fill(erasure.path+"/refusal", "ground", "legal_claim", "note", "case 12 is open"))
	if !strings.Contains(refused.text, "needed for a legal claim") {
		t.Errorf("%d at %s", refused.status, refused.path)
	}
	if got := own.get(erasure.path); !strings.Contains(got.text, "case 12 is open") || strings.Contains(got.text, "Accepted by") {
		t.Error("the registrant does not read why, or more than is theirs")
	}
	bare := office.post("/data-requests", office.get("/data-requests").fill("/data-requests", "kind", "erasure", "account", "acc_none", "evidence", "letter of 1 June"))
	if !strings.Contains(bare.text, "There is no such account") || !strings.Contains(bare.text, "letter of 1 June") {
		t.Errorf("an account that is none: %d", bare.status)
	}
	if got := office.get("/audit?account=" + s.accounts["registrant"] + "&action=data_request.open&chain=check"); !strings.Contains(got.text, "The chain is intact") || strings.Count(got.text, ">data_request.open<") != 2 {
		t.Errorf("the audit page has %d such acts of Li's people", strings.Count(got.text, ">data_request.open<"))
	}
}

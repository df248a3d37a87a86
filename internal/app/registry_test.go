package app_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/test/pictures/samples"
)

// soon waits for something that is done in the background.
func soon(t *testing.T, what string, ok func() (bool, error)) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		done, err := ok()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if done {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("waited for %s in vain", what)
		}
	}
}

// submittedProfile makes a profile and submits it to an authority.
func (s *server) submittedProfile(t *testing.T, c *client.Client, kind, authority string, more ...string) string {
	t.Helper()
	fields := client.Fields{
		"name_zh": "李思远", "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000", "phone": "13800000000",
		"email": "li@registrant.example", "document_kind": "resident_id", "document_number": "990000199003071171"}
	for i := 0; i < len(more); i += 2 {
		fields[more[i]] = more[i+1]
	}
	p, err := c.CreateProfile(t.Context(), client.NewProfile{Accreditation: "mainland", Kind: kind, HolderType: "individual", Fields: fields})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.UploadDocument(t.Context(), p.ID, client.Picture{Name: "id.jpg", Content: bytes.NewReader(samples.Li)}); err != nil {
		t.Fatal(err)
	}
	address, _ := fields["email"].(string)
	asked, err := c.RequestEmailVerification(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	soon(t, "the mail", func() (bool, error) {
		for _, m := range s.Sink().Messages() {
			if m.To == address && len(m.Links) > 0 {
				resp, err := http.Post(m.Links[0], "application/x-www-form-urlencoded", nil)
				if err != nil {
					return false, err
				}
				_ = resp.Body.Close()
				now, err := c.EmailVerification(t.Context(), asked.ID)
				return now.State == "verified", err
			}
		}
		return false, nil
	})
	if p, err = c.SubmitProfile(t.Context(), p.ID, authority); err != nil {
		t.Fatal(err)
	}
	return p.ID
}

// verifiedProfile makes a profile that the sandbox authority has verified.
func (s *server) verifiedProfile(t *testing.T, c *client.Client, kind string, more ...string) string {
	t.Helper()
	id := s.submittedProfile(t, c, kind, "sandbox", more...)
	soon(t, "the verdict", func() (bool, error) {
		p, err := c.Profile(t.Context(), id)
		return p.State == "verified", err
	})
	return id
}

// A name under a suffix that wants codes is ordered, held and released, and another one
// comes in from another registrar: over the interface, with the embedded registry.
func TestNamesWithCodesHoldsAndTransfersOverTheInterface(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	profile := s.verifiedProfile(t, me, "common")
	if _, err := office.AssertIdentity(ctx, s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}

	o, err := me.PlaceOrder(ctx, "example.网址", profile, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := office.ConfirmPayment(ctx, o.ID); err != nil {
		t.Fatal(err)
	}
	normal := func(name string) func() (bool, error) {
		return func() (bool, error) {
			d, err := office.Domain(ctx, name)
			return d.Status == "normal", err
		}
	}
	soon(t, "example.网址 to be normal", normal("example.网址"))

	held, err := office.PlaceHold(ctx, "example.网址", "abuse", "report 12")
	if err != nil || len(held) != 1 || held[0].Evidence != "report 12" {
		t.Fatalf("held: %+v, %v", held, err)
	}
	soon(t, "the hold", func() (bool, error) {
		d, err := me.Domain(ctx, "example.网址")
		return d.Status == "client_hold" && len(d.Holds) == 1 && d.Holds[0].Cause == "abuse" && d.Holds[0].Evidence == "" && slices.Contains(d.Statuses, epp.ClientHold), err
	})
	d, err := me.Domain(ctx, "example.网址")
	i := slices.IndexFunc(d.Explained, func(x client.StatusOf) bool { return x.Code == epp.ClientHold })
	if err != nil || i < 0 || d.Explained[i].Cause == nil || !d.Explained[i].Cause.Known || d.Explained[i].Cause.Code != "hold.abuse" || d.Explained[i].LiftedBy[0].Code != "registrar" {
		t.Fatalf("the owner is told %+v, %v", d.Explained, err)
	}
	if d, err = office.NoteStatus(ctx, "example.网址", epp.ClientHold, "report 12 of the registry"); err != nil {
		t.Fatal(err)
	}
	if x, err := me.Status(ctx, "client hold"); err != nil || x.Code != epp.ClientHold || !x.SpoilsNormal || x.Meaning.ZH == "" {
		t.Errorf("clientHold is %+v, %v", x, err)
	}
	if all, err := me.Statuses(ctx); err != nil || len(all) < 30 {
		t.Errorf("%d statuses, %v", len(all), err)
	}
	if _, err := office.LiftHold(ctx, "example.网址", "abuse", "removed"); err != nil {
		t.Fatal(err)
	}
	soon(t, "example.网址 to be released", normal("example.网址"))
	if all, err := me.Holds(ctx, "example.网址"); err != nil || len(all) != 1 || all[0].LiftedAt == nil || all[0].Author != "" {
		t.Errorf("the owner sees %+v, %v", all, err)
	}

	told, err := me.DomainTimeline(ctx, "example.网址", "")
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, h := range told.Items {
		types = append(types, h.Type)
		if h.Text.EN == "" || h.Text.ZH == "" || h.At.IsZero() {
			t.Errorf("the timeline tells %+v", h)
		}
	}
	for _, want := range []string{"order.placed", "order.paid", "domain.registered", "domain.real_name_verified", "domain.hold_placed", "domain.hold_lifted", "email.verified",
		"command.domain_create", "command.domain_hold", "command.domain_release"} {
		if !slices.Contains(types, want) {
			t.Errorf("the timeline does not tell of %s: %v", want, types)
		}
	}
	terms := func(c *client.Client) (out []string) {
		p, err := c.DomainTimeline(ctx, "example.网址", "")
		if err != nil {
			t.Error(err)
		}
		for _, h := range p.Items {
			if x := h.Sent; x != nil {
				out = append(out, fmt.Sprintf("%s %d %t", x.Command, x.Code, strings.HasPrefix(x.ClTRID, "vn-") && !x.At.After(h.At)))
			}
		}
		return out
	}
	if own, staff := terms(me), terms(office); len(own) > 0 || !slices.Equal(staff, []string{"domain:update 1000 true", "domain:update 1000 true", "domain:create 1000 true", "nv:create 1000 true"}) {
		t.Errorf("the registry's commands: the owner sees %v, an operator %v", own, staff)
	}
	if !slices.ContainsFunc(told.Expected, func(e client.Expected) bool { return e.Code == "expiry" && !e.Overdue }) {
		t.Errorf("expected next: %+v", told.Expected)
	}
	if _, err := client.New(s.URL()).As(s.keys["other"]).DomainTimeline(ctx, "example.网址", ""); err == nil {
		t.Error("another account reads the timeline")
	}
	if p, err := me.ProfileTimeline(ctx, profile, ""); err != nil || !slices.ContainsFunc(p.Items, func(h client.Happening) bool { return h.Type == "profile.verified" }) ||
		!slices.ContainsFunc(p.Items, func(h client.Happening) bool { return h.Type == "command.holder_code" }) {
		t.Errorf("the profile's timeline: %+v, %v", p, err)
	}
	if _, err := client.New(s.URL()).As(s.keys["other"]).ProfileTimeline(ctx, profile, ""); err == nil {
		t.Error("another account reads the profile's timeline")
	}

	rival, err := epp.Dial(ctx, s.Sandbox().Addr(), epp.Options{TLS: s.Sandbox().TLS(), ClientID: "gaining", Password: s.SandboxLogin().Password})
	if err != nil {
		t.Fatal(err)
	}
	defer rival.Close()
	for _, n := range []string{"coming.com", "staying.com"} {
		if _, err := rival.Do(ctx, epp.Command{Body: domain.Create{Name: n, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}}); err != nil {
			t.Fatal(err)
		}
	}
	coming, err := me.RequestTransfer(ctx, "coming.com", profile, "domain-pw", 1)
	if err != nil {
		t.Fatal(err)
	}
	staying, err := me.RequestTransfer(ctx, "staying.com", profile, "domain-pw", 1)
	if err != nil {
		t.Fatal(err)
	}
	state := func(x client.Transfer, want string) func() (bool, error) {
		return func() (bool, error) {
			x, err := me.Transfer(ctx, x.ID)
			return x.State == want, err
		}
	}
	soon(t, "both to be pending", state(coming, "pending"))
	soon(t, "both to be pending", state(staying, "pending"))
	if _, err := me.CancelTransfer(ctx, staying.ID); err != nil {
		t.Fatal(err)
	}
	soon(t, "staying.com to stay", state(staying, "cancelled"))
	if _, err := rival.Do(ctx, epp.Command{Body: domain.Transfer{Op: epp.TransferOpApprove, Name: "coming.com"}}); err != nil {
		t.Fatal(err)
	}
	soon(t, "coming.com to come in", state(coming, "completed"))
	soon(t, "coming.com to be normal", normal("coming.com"))
	if found, err := office.RegistryFindings(ctx); err != nil || len(found) != 0 {
		t.Errorf("findings: %+v, %v", found, err)
	}
}

package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/signature"
)

const providerSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// examples are the code blocks of a language in the contract for providers.
func examples(t *testing.T, language string) (out []string) {
	t.Helper()
	b, err := os.ReadFile("../../docs/authority-http.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(b), -1) {
		out = append(out, m[1])
	}
	return out
}

// asked is a case as a provider gets it.
type asked struct {
	raw       []byte
	Case      string
	Fields    map[string]string
	Documents []struct{ URL, SHA256 string }
	Verdict   string `json:"verdict_url"`
	Dossier   string `json:"dossier_url"`
}

// startBureau plays a provider that says nothing of itself, and a verinym whose profiles
// it decides.
func startBureau(t *testing.T) (*server, chan asked) {
	t.Helper()
	cases := make(chan asked, 10)
	bureau := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if _, err := signature.Verify(r.Header, []string{providerSecret}, time.Now(), b); err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.Method != http.MethodPut {
			_, _ = io.WriteString(w, `{"verdict":"pending"}`)
			return
		}
		o := asked{raw: b}
		_ = json.Unmarshal(b, &o)
		cases <- o
	}))
	t.Cleanup(bureau.Close)
	s := startWith(t, func(c *app.Config) {
		c.Review.Authority, c.Review.Allowed, c.Review.Plain, c.Review.Allow = "bureau", []string{"sandbox"}, true, []string{"127.0.0.0/8"}
		c.Review.Providers = []app.Provider{{Name: "bureau", URL: bureau.URL, Secrets: []string{providerSecret}}}
	})
	return s, cases
}

// shell runs the contract's own example of a signed request.
func shell(t *testing.T, method, url, id, body string) string {
	t.Helper()
	script := examples(t, "sh")[0]
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
	cmd.Env = append(os.Environ(), "SECRET="+providerSecret, "METHOD="+method, "URL="+url, "ID="+id, "BODY="+body)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// A provider's engineer follows docs/authority-http.md to the letter, with openssl and
// curl: reads what to check, its picture, and sends the verdict.
func TestProviderFollowsTheContract(t *testing.T) {
	t.Parallel()
	s, cases := startBureau(t)
	me := client.New(s.URL()).As(s.keys["registrant"])
	profile := s.submittedProfile(t, me, "cnnic", "bureau")
	o := <-cases
	if o.Fields["name_zh"] != "李思远" || o.Fields["document_number"] == "" || len(o.Documents) == 0 || o.Verdict != s.URL()+"/api/v1/authorities/bureau/verdicts" {
		t.Fatalf("it was put %s", o.raw)
	}
	shape(t, examples(t, "json")[0], o.raw)

	ola := client.New(s.URL()).As(s.keys["operator"])
	at := func() client.ProviderCase {
		c, err := ola.Review(t.Context(), o.Case)
		if err != nil || c.Provider == nil {
			t.Fatalf("the case is %+v, %v", c, err)
		}
		return *c.Provider
	}
	soon(t, "the case to be noted as sent", func() (bool, error) { return at().State == "opened", nil })
	if got := at(); got.Authority != "bureau" || got.SentAt == nil || got.ExpectedAt == nil || got.NextAt == nil || got.Attempts != 1 || got.Failures != 0 {
		t.Errorf("at the provider it is %+v", got)
	}

	var again asked
	if err := json.Unmarshal([]byte(shell(t, "GET", o.Dossier, o.Case+".1", "")), &again); err != nil || again.Case != o.Case {
		t.Fatalf("the dossier again: %+v, %v", again, err)
	}
	resp, err := http.Get(again.Documents[0].URL)
	if err != nil {
		t.Fatal(err)
	}
	picture, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if sum := sha256.Sum256(picture); resp.StatusCode != http.StatusOK || resp.Header.Get("Cache-Control") != "no-store" || hex.EncodeToString(sum[:]) != again.Documents[0].SHA256 || !bytes.HasPrefix(picture, []byte{0xff, 0xd8}) {
		t.Errorf("the picture: %d, %d bytes, %v", resp.StatusCode, len(picture), resp.Header)
	}
	if resp, err := http.Get(strings.Replace(again.Documents[0].URL, "signature=", "signature=0", 1)); err != nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("an address that was altered: %+v, %v", resp, err)
	}

	verdict := strings.ReplaceAll(strings.TrimSpace(examples(t, "json")[2]), "rev_0h4m2v8k3x", o.Case)
	if got := shell(t, "POST", o.Verdict, "msg_1", verdict); !strings.Contains(got, `"taken"`) {
		t.Errorf("the verdict: %s", got)
	}
	if got := shell(t, "POST", o.Verdict, "msg_1", verdict); !strings.Contains(got, `"repeated"`) {
		t.Errorf("the same again: %s", got)
	}
	if got := at(); got.State != "closed" || got.ExpectedAt != nil || got.NextAt != nil {
		t.Errorf("decided, at the provider it is %+v", got)
	}
	p, err := me.Profile(t.Context(), profile)
	if err != nil || p.State != "failed" || p.Review == nil {
		t.Fatalf("the profile is %+v, %v", p, err)
	}
	var codes []string
	for _, r := range p.Review.Reasons {
		codes = append(codes, r.Code)
	}
	if got, want := strings.Join(codes, " "), "name_mismatch glare authority_rejected_other"; got != want {
		t.Errorf("its reasons are %s, want %s", got, want)
	}
	if got := shell(t, "POST", o.Verdict, "msg_2", `{"case":"`+o.Case+`","verdict":"maybe"}`); !strings.Contains(got, `"body_invalid"`) {
		t.Errorf("a verdict that is none: %s", got)
	}
	all, err := client.New(s.URL()).As(s.keys["operator"]).Authorities(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "bureau" || all[0].Circuit != "closed" || all[0].Waiting != 0 {
		t.Errorf("the operator sees %+v, %v", all, err)
	}
}

// shape compares the members of what is sent with those of the example, but for fields,
// which differ with what a registrant has filled in.
func shape(t *testing.T, example string, sent []byte) {
	t.Helper()
	var want, got map[string]any
	if err := json.Unmarshal([]byte(example), &want); err != nil {
		t.Fatalf("the example is no JSON: %v", err)
	}
	if err := json.Unmarshal(sent, &got); err != nil {
		t.Fatal(err)
	}
	for name := range want["fields"].(map[string]any) {
		if _, ok := got["fields"].(map[string]any)[name]; !ok {
			t.Errorf("the example has the field %s, what is sent has not", name)
		}
	}
	for where, pair := range map[string][2]map[string]any{
		"": {want, got}, "documents ": {want["documents"].([]any)[0].(map[string]any), got["documents"].([]any)[0].(map[string]any)},
	} {
		for name := range pair[0] {
			if _, ok := pair[1][name]; !ok {
				t.Errorf("the example has %s%s, what is sent has not", where, name)
			}
		}
		for name := range pair[1] {
			if _, ok := pair[0][name]; !ok {
				t.Errorf("what is sent has %s%s, the example has not", where, name)
			}
		}
	}
}

// flood is a body of so many bytes, which counts how many of them somebody has read.
type flood struct {
	left int64
	read atomic.Int64
}

func (f *flood) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), f.left)
	for i := range p[:n] {
		p[i] = ' '
	}
	f.left -= n
	f.read.Add(n)
	return int(n), nil
}

// Whoever has no secret of a provider must not fill the memory: a message is read no
// further than one may be long, with or without a length that is said beforehand.
func TestMessageToAuthorityIsReadNoFurtherThanItMayBe(t *testing.T) {
	t.Parallel()
	s, _ := startBureau(t)
	for name, said := range map[string]int64{"of a length that is said": 64 << 20, "of any length": -1} {
		body := &flood{left: 64 << 20}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/api/v1/authorities/bureau/verdicts", io.NopCloser(body))
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = said
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err == nil { // else the connection was closed while the body was being written
			b, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(b), "256 KB") {
				t.Errorf("a message %s: %d %s", name, resp.StatusCode, b)
			}
		}
		if read := body.read.Load(); read > 16<<20 {
			t.Errorf("of a message %s %d bytes were read", name, read)
		}
	}
}

func TestProviderThatCannotBeEndsTheStart(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*app.Review){
		"a provider in clear": func(r *app.Review) {
			r.Providers = []app.Provider{{Name: "x", URL: "http://x.example", Secrets: []string{providerSecret}}}
		},
		"a network that is none": func(r *app.Review) { r.Allow = []string{"10.0.0.1"} },
	} {
		c := app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"}}
		change(&c.Review)
		a, err := app.Start(t.Context(), c, "test", slog.New(slog.DiscardHandler))
		if err == nil {
			a.Stop()
			t.Errorf("%s: it starts", name)
		}
	}
}

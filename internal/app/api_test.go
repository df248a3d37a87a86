package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/test/pictures/samples"
)

// TestMain lets the test binary decode pictures in jail, as the program does.
func TestMain(m *testing.M) {
	app.Prisoner()
	os.Exit(m.Run())
}

var update = flag.Bool("update", false, "rewrite golden files")

// server is a running verinym with its sample accounts.
type server struct {
	*app.App
	keys     map[string]string // by role; "other" is a registrant of another account
	accounts map[string]string
}

func start(t *testing.T) *server { return startWith(t, func(*app.Config) {}) }

func startWith(t *testing.T, change func(*app.Config)) *server {
	t.Helper()
	config := app.Config{
		Addr: "127.0.0.1:0", Data: t.TempDir(),
		OCR:     app.OCR{Engine: "off"},
		Review:  app.Review{Allowed: []string{"sandbox"}, SandboxDelay: 10 * time.Millisecond},
		Sandbox: app.Sandbox{HoldAfter: time.Hour, NamingDelay: 20 * time.Millisecond, ReviewDelay: 20 * time.Millisecond, ReleaseDelay: 10 * time.Millisecond},
	}
	change(&config)
	a, err := app.Start(t.Context(), config, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	people, err := a.MakeSampleAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := &server{App: a, keys: map[string]string{"nobody": ""}, accounts: map[string]string{}}
	for _, p := range people {
		role := p.Role
		if s.keys[role] != "" {
			role = "other"
		}
		s.keys[role], s.accounts[role] = p.APIKey, p.Account
	}
	return s
}

// request sends a request as somebody and returns status and body.
func (s *server) request(t *testing.T, role, method, path, contentType string, body io.Reader, header ...string) (int, []byte, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if key := s.keys[role]; key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, b, resp.Header
}

func (s *server) json(t *testing.T, role, method, path, body string, header ...string) (int, []byte, http.Header) {
	t.Helper()
	return s.request(t, role, method, path, "application/json", strings.NewReader(body), header...)
}

const goodProfile = `{"accreditation":"mainland","kind":"cnnic","holder_type":"individual","name_zh":"李思远","country":"CN","province_zh":"浙江","city_zh":"杭州市","address_zh":"虚构路18号","postal_code":"310000","phone":"13800000000","email":"li@registrant.example","document_kind":"resident_id","document_number":"990000199003071171"}`

func (s *server) profile(t *testing.T) string {
	t.Helper()
	status, body, _ := s.json(t, "registrant", "POST", "/api/v1/profiles", goodProfile)
	var p struct{ ID string }
	if err := json.Unmarshal(body, &p); err != nil || status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	return p.ID
}

// TestProfileComesBackAsItWasSent: whatever field a registrant fills in is read again.
func TestProfileComesBackAsItWasSent(t *testing.T) {
	t.Parallel()
	s := start(t)
	sent := map[string]any{"name_zh": "陈一帆", "name_en": "chan yat fan", "country": "CN", "residence": "HK", "province_zh": "浙江", "province_en": "zhe jiang", "city_zh": "杭州市", "city_en": "hang zhou shi",
		"address_zh": "虚构路18号", "address_en": "18 Made-up Road", "postal_code": "310000", "phone": "057188886666", "phone_extension": "12", "email": "chen@registrant.example",
		"document_kind": "hk_macao_travel_permit", "document_number": "H00000001", "issued_on": "2020-01-02", "valid_from": "2020-01-02", "valid_to": "2030-01-01", "long_term": true}
	body := maps.Clone(sent)
	maps.Copy(body, map[string]any{"accreditation": "mainland", "kind": "common", "holder_type": "individual"})
	b, _ := json.Marshal(body)
	status, answer, _ := s.json(t, "registrant", "POST", "/api/v1/profiles", string(b))
	var p client.Profile
	if err := json.Unmarshal(answer, &p); err != nil || status != http.StatusCreated {
		t.Fatalf("%d %s", status, answer)
	}
	if p.ICP.State != "eligible_when_verified" || p.ICP.Text.EN == "" || p.ICP.Text.ZH == "" {
		t.Errorf("of ICP filings it says %+v", p.ICP)
	}
	sent["phone"], sent["document_number"] = "+8657188886666", "H0*****01"
	for name, want := range sent {
		if p.Fields[name] != want {
			t.Errorf("%s comes back as %v, want %v", name, p.Fields[name], want)
		}
	}
}

func TestBadRequestsGetACodeAFieldAndTwoLanguages(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.profile(t)
	form := func(parts ...string) (string, *bytes.Buffer) {
		var buf bytes.Buffer
		w := multipart.NewWriter(&buf)
		for i := 0; i < len(parts); i += 2 {
			if name, isFile := strings.CutPrefix(parts[i], "file:"); isFile {
				p, _ := w.CreateFormFile("file", name)
				_, _ = io.WriteString(p, parts[i+1])
			} else {
				_ = w.WriteField(parts[i], parts[i+1])
			}
		}
		_ = w.Close()
		return w.FormDataContentType(), &buf
	}
	gif := "GIF89a" + strings.Repeat("\x00", 70_000)
	with := func(field, value string) string {
		var m map[string]any
		_ = json.Unmarshal([]byte(goodProfile), &m)
		m[field] = value
		b, _ := json.Marshal(m)
		return string(b)
	}
	for name, tt := range map[string]struct {
		role, method, path, body string
		form                     []string
		status                   int
		code, field              string
	}{
		"a parameter that nobody reads":     {"registrant", "GET", "/profiles?colour=red", "", nil, 422, "query_unknown", "colour"},
		"a parameter of a public address":   {"nobody", "POST", "/session?colour=red", `{}`, nil, 422, "query_unknown", "colour"},
		"a parameter that the body has":     {"registrant", "PATCH", "/profiles/" + id + "?new_version=true", `{"fields":{}}`, nil, 422, "query_in_body", "new_version"},
		"an upload with a stray parameter":  {"registrant", "POST", "/profiles/" + id + "/documents?side=back", "", []string{"file:id.jpg", "x"}, 422, "query_unknown", "side"},
		"a parameter without a sign-in":     {"nobody", "GET", "/profiles?colour=red", "", nil, 401, "unauthenticated", ""},
		"a body that is no JSON":            {"registrant", "POST", "/profiles", "{", nil, 400, "body_invalid", ""},
		"no body at all":                    {"registrant", "POST", "/orders", "", nil, 400, "body_invalid", ""},
		"a list instead of an object":       {"registrant", "POST", "/profiles", "[]", nil, 422, "body_invalid", ""},
		"a name that is no UTF-8":           {"registrant", "POST", "/profiles", with("name_zh", "X") + "\xff", nil, 400, "body_invalid", ""},
		"bytes of another encoding":         {"registrant", "POST", "/profiles", strings.Replace(goodProfile, "李思远", "\xc0\xee\xcb\xbc\xd4\xb6", 1), nil, 400, "body_invalid", ""},
		"half a surrogate pair":             {"registrant", "POST", "/profiles", strings.Replace(goodProfile, "李思远", `\ud842`, 1), nil, 400, "body_invalid", ""},
		"two halves that do not fit":        {"registrant", "POST", "/profiles", strings.Replace(goodProfile, "李思远", `\ud842\ud842`, 1), nil, 400, "body_invalid", ""},
		"a NUL in a name":                   {"registrant", "POST", "/profiles", strings.Replace(goodProfile, "李思远", `李\u0000`, 1), nil, 400, "body_invalid", ""},
		"a NUL in an address":               {"nobody", "POST", "/session", `{"email":"\u0000","password":"x"}`, nil, 400, "body_invalid", ""},
		"a NUL in a path":                   {"registrant", "GET", "/profiles/%00", "", nil, 404, "not_found", ""},
		"a NUL in a query":                  {"registrant", "GET", "/profiles?after=%00", "", nil, 404, "not_found", ""},
		"a path that is no UTF-8":           {"registrant", "GET", "/profiles/%ff", "", nil, 404, "not_found", ""},
		"an unknown field":                  {"registrant", "POST", "/profiles", with("nam_zh", "x"), nil, 422, "field_unknown", "nam_zh"},
		"a wrong type":                      {"registrant", "POST", "/profiles", strings.Replace(goodProfile, `"CN"`, `7`, 1), nil, 422, "field_wrong_type", "country"},
		"a missing field":                   {"registrant", "POST", "/orders", `{"domain":"a.cn"}`, nil, 422, "field_required", "profile"},
		"a question without its parameter":  {"registrant", "GET", "/orders/choices", "", nil, 422, "field_required", "domain"},
		"a value outside its list":          {"registrant", "POST", "/profiles", strings.Replace(goodProfile, `"mainland"`, `"moon"`, 1), nil, 422, "field_wrong_type", "accreditation"},
		"a wrong check digit":               {"registrant", "POST", "/profiles", with("document_number", "990000199003071170"), nil, 422, "number_checksum", "document_number"},
		"a country that is a word":          {"registrant", "POST", "/profiles", with("country", "China"), nil, 422, "country_invalid", "country"},
		"an e-mail address that is none":    {"registrant", "POST", "/profiles", with("email", "li at home"), nil, 422, "email_invalid", "email"},
		"letters in an extension":           {"registrant", "POST", "/profiles", with("phone_extension", "room 3"), nil, 422, "phone_extension_invalid", "phone_extension"},
		"a Hong Kong permit for Hangzhou":   {"registrant", "POST", "/profiles", strings.Replace(strings.Replace(goodProfile, `"resident_id"`, `"hk_macao_travel_permit"`, 1), "990000199003071171", "H00000001", 1), nil, 422, "type_wrong_for_region", "document_kind"},
		"a text that is empty":              {"reviewer", "POST", "/reviews/rev_x/escalation", `{"cause":""}`, nil, 422, "field_required", "cause"},
		"a body of two megabytes":           {"registrant", "POST", "/profiles", `{"name_zh":"` + strings.Repeat("a", 2<<20) + `"}`, nil, 413, "body_too_large", ""},
		"an unknown profile":                {"registrant", "GET", "/profiles/prf_none", "", nil, 404, "profile_not_found", ""},
		"somebody else's profile":           {"other", "GET", "/profiles/" + id, "", nil, 404, "profile_not_found", ""},
		"editing somebody else's profile":   {"other", "PATCH", "/profiles/" + id, `{"city_zh":"上海市"}`, nil, 404, "profile_not_found", ""},
		"submitting somebody else's":        {"other", "POST", "/profiles/" + id + "/submission", "{}", nil, 404, "profile_not_found", ""},
		"a submission that is not complete": {"registrant", "POST", "/profiles/" + id + "/submission", "{}", nil, 422, "invalid_input", ""},
		"withdrawing what is not in review": {"registrant", "DELETE", "/profiles/" + id + "/submission", "", nil, 409, "profile_state", ""},
		"an authority that may not be used": {"registrant", "POST", "/profiles/" + id + "/submission", `{"authority":"moon"}`, nil, 422, "authority_not_allowed", "authority"},
		"an old row version":                {"registrant", "PATCH", "/profiles/" + id, `{"city_zh":"上海市","row_version":99}`, nil, 412, "row_version_stale", ""},
		"no token":                          {"nobody", "GET", "/profiles", "", nil, 401, "unauthenticated", ""},
		"a registrant at the desk":          {"registrant", "GET", "/reviews", "", nil, 403, "forbidden", ""},
		"a reviewer among profiles":         {"reviewer", "GET", "/profiles", "", nil, 403, "forbidden", ""},
		"a path that does not exist":        {"registrant", "GET", "/nothing", "", nil, 404, "not_found", ""},
		"a method that is not taken":        {"registrant", "PUT", "/profiles", "{}", nil, 405, "method_not_allowed", ""},
		"a limit that is no number":         {"registrant", "GET", "/domains?limit=x", "", nil, 422, "field_wrong_type", "limit"},
		"an order by an unverified account": {"registrant", "POST", "/orders", `{"domain":"a.cn","profile":"` + id + `"}`, nil, 409, "account_unverified", ""},
		"a wrong password":                  {"nobody", "POST", "/session", `{"email":"li@registrant.example","password":"wrong"}`, nil, 401, "sign_in_failed", ""},
		"paying as a registrant":            {"registrant", "POST", "/orders/ord_none/payment", "", nil, 403, "forbidden", ""},
		"an unknown order":                  {"operator", "POST", "/orders/ord_none/payment", "", nil, 404, "order_not_found", ""},
		"deciding an unknown case":          {"reviewer", "POST", "/reviews/rev_none/decision", `{"verdict":"pass"}`, nil, 404, "review_not_found", ""},
		"failing without a reason":          {"reviewer", "POST", "/reviews/rev_none/decision", `{"verdict":"fail"}`, nil, 422, "reason_required", "reasons"},
		"an association of nothing":         {"registrant", "POST", "/associations", `{"operation":"submit_verification","profile":"` + id + `","domains":[]}`, nil, 422, "field_wrong_type", "domains"},
		"a change of holder without a word": {"registrant", "POST", "/associations", `{"operation":"change_holder","profile":"` + id + `","domains":["a.cn"]}`, nil, 422, "consent_required", "consent"},
		"an upload without a form":          {"registrant", "POST", "/profiles/" + id + "/documents", "{}", nil, 422, "body_invalid", ""},
		"an upload without a file":          {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"side", "front"}, 422, "field_required", "file"},
		"a side that does not exist":        {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"side", "left", "file:id.jpg", "x"}, 422, "side_unknown", "side"},
		"an unsupported format":             {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"file:id.gif", gif}, 422, "document_rejected", "front"},
		"bytes that are no picture":         {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"file:id.jpg", strings.Repeat("noise", 20_000)}, 422, "document_rejected", "front"},
		"half a picture":                    {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"file:id.jpg", string(samples.Li[:100_000])}, 422, "document_rejected", "front"},
		"a part that nobody knows":          {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"colour", "red", "file:id.jpg", "x"}, 422, "field_unknown", "colour"},
		"a note of 501 characters":          {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"note", strings.Repeat("x", 501), "file:id.jpg", "x"}, 422, "field_too_long", "note"},
		"asking a person, perhaps":          {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"ask_person", "perhaps", "file:id.jpg", "x"}, 422, "field_wrong_type", "ask_person"},
		"asking a person about a GIF":       {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"ask_person", "true", "file:id.gif", gif}, 422, "document_rejected", "front"},
		"taking away what is not there":     {"registrant", "DELETE", "/profiles/" + id + "/documents/back", "", nil, 422, "side_not_there", "side"},
		"the thumbnail of nothing":          {"registrant", "GET", "/documents/doc_none/thumbnail", "", nil, 404, "document_not_found", ""},
		"a reason about no field":           {"reviewer", "POST", "/reviews/rev_none/decision", `{"verdict":"fail","reasons":[{"code":"field_required"}]}`, nil, 422, "reason_points_nowhere", "reasons"},
		"a picture over five megabytes":     {"registrant", "POST", "/profiles/" + id + "/documents", "", []string{"file:id.jpg", string(samples.Li) + strings.Repeat("x", 5<<20)}, 422, "document_rejected", "front"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contentType, body := "application/json", io.Reader(strings.NewReader(tt.body))
			if tt.form != nil {
				contentType, body = form(tt.form...)
			}
			status, got, header := s.request(t, tt.role, tt.method, "/api/v1"+tt.path, contentType, body)
			var p struct {
				Status      int
				Code, Field string
				Text        struct{ EN, ZH string }
				Errors      []struct {
					Code string
					Text struct{ EN, ZH string }
				}
			}
			if err := json.Unmarshal(got, &p); err != nil {
				t.Fatalf("%d %s: %v", status, got, err)
			}
			if status != tt.status || p.Status != tt.status || p.Code != tt.code || p.Field != tt.field {
				t.Errorf("%d %s at %q, want %d %s at %q: %s", status, p.Code, p.Field, tt.status, tt.code, tt.field, got)
			}
			if header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("the content type is %s", header.Get("Content-Type"))
			}
			for _, words := range append([]struct{ EN, ZH string }{p.Text}, textsOf(p.Errors)...) {
				if words.EN == "" || words.ZH == "" || words.EN == p.Code || strings.Contains(words.EN+words.ZH, "<no value>") {
					t.Errorf("the texts are %+v", words)
				}
			}
		})
	}
	t.Cleanup(func() {
		if files := leftIn(t, filepath.Join(s.Data(), "documents")); len(files) > 0 {
			t.Errorf("refused uploads left %v behind", files)
		}
	})
}

func textsOf(in []struct {
	Code string
	Text struct{ EN, ZH string }
}) (out []struct{ EN, ZH string }) {
	for _, e := range in {
		out = append(out, e.Text)
	}
	return out
}

func leftIn(t *testing.T, dir string) (out []string) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return nil
	})
	return out
}

// TestWhoMayCallWhat sends every operation as every role, with nothing useful in
// it, and compares who is turned away at the door with the golden file.
func TestWhoMayCallWhat(t *testing.T) {
	t.Parallel()
	s := start(t)
	status, body, _ := s.request(t, "nobody", "GET", "/openapi.json", "", nil)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		}
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	roles := []string{"nobody", "registrant", "reviewer", "operator", "admin"}
	var lines []string
	for path, methods := range doc.Paths {
		for method, o := range methods {
			line := fmt.Sprintf("%-26s", o.OperationID)
			for _, role := range roles {
				verdict := "may"
				code := s.knock(t, role, strings.ToUpper(method), path)
				switch code {
				case "unauthenticated":
					verdict = "sign in"
				case "forbidden", "session_required": // a key is nobody who signs in
					verdict = "-"
				}
				line += fmt.Sprintf(" %-9s", verdict)
			}
			lines = append(lines, strings.TrimRight(line, " "))
		}
	}
	slices.Sort(lines)
	got := fmt.Sprintf("%-26s", "operation")
	for _, r := range roles {
		got += fmt.Sprintf(" %-9s", r)
	}
	got = strings.TrimRight(got, " ") + "\n" + strings.Join(lines, "\n") + "\n"
	golden(t, "testdata/roles.golden", got)
}

// knock calls an operation with a body that passes its schema but names nothing
// that exists, and returns the code of the answer.
func (s *server) knock(t *testing.T, role, method, path string) string {
	t.Helper()
	path = strings.NewReplacer("/jobs/{id}", "/jobs/4711", "{id}", "none", "{person}", "none", "{name}", "none.cn", "{code}", "serverHold", "{case}", "none", "{document}", "none").Replace(path)
	bodies := map[string]string{
		"/api/v1/profiles":                                 goodProfile,
		"/api/v1/session":                                  `{"email":"a@b.example","password":"x"}`,
		"/api/v1/me/password":                              `{"current":"x","password":"x"}`,
		"/api/v1/password-links":                           `{"email":"a@b.example"}`,
		"/api/v1/password-links/use":                       `{"token":"x","password":"x"}`,
		"/api/v1/session/proof":                            `{"password":"x"}`,
		"/api/v1/data-requests":                            `{"kind":"export"}`,
		"/api/v1/data-requests/none/refusal":               `{"ground":"unfounded"}`,
		"/api/v1/data-requests/none/extension":             `{"reason":"complexity"}`,
		"/api/v1/email-verifications":                      `{"email":"a@b.example"}`,
		"/api/v1/orders":                                   `{"domain":"none.cn","profile":"none"}`,
		"/api/v1/domains/none.cn/statuses/serverHold/note": `{"words":"x"}`,
		"/api/v1/domains/none.cn/holds":                    `{"cause":"abuse","evidence":"x"}`,
		"/api/v1/domains/none.cn/answers":                  `{"means":"telephone","evidence":"x"}`,
		"/api/v1/domains/none.cn/accuracy-complaints":      `{"evidence":"x"}`,
		"/api/v1/transfers":                                `{"domain":"none.cn","profile":"none","auth_info":"x"}`,
		"/api/v1/associations":                             `{"operation":"submit_verification","profile":"none","domains":["none.cn"]}`,
		"/api/v1/associations/preview":                     `{"operation":"submit_verification","profile":"none","domains":["none.cn"]}`,
		"/api/v1/reviews/none/decision":                    `{"verdict":"pass"}`,
		"/api/v1/reviews/none/assignee":                    `{"reviewer":"none"}`,
		"/api/v1/reviews/none/priority":                    `{"priority":1}`,
		"/api/v1/reviews/none/request":                     `{"side":"back"}`,
		"/api/v1/reviews/none/escalation":                  `{"cause":"x"}`,
		"/api/v1/reviews/none/reversal":                    `{"cause":"x"}`,
		"/api/v1/reviews/assignment":                       `{"cases":["none"],"reviewer":"none"}`,
		"/api/v1/reviews/return":                           `{"cases":["none"],"reasons":[{"code":"submission_failed"}]}`,
		"/api/v1/accounts":                                 `{"name":"x"}`,
		"/api/v1/accounts/none/people":                     `{"email":"a@b.example","name":"x","password":"long-enough-x","roles":["registrant"]}`,
		"/api/v1/accounts/none/identity":                   `{"verified":true,"source":"x"}`,
		"/api/v1/accounts/none/people/none/roles":          `{"roles":["registrant"]}`,
		"/api/v1/accounts/none/suspension":                 `{"cause":"x"}`,
		"/api/v1/authorities/none.cn/pause":                `{"cause":"x"}`,
		"/api/v1/registries/none.cn/pause":                 `{"cause":"x"}`,
		"/api/v1/mails/test":                               `{"address":"nobody"}`,
		"/api/v1/imports":                                  `{"account":"none","accreditation":"mainland","domains":["none.cn"]}`,
		"/api/v1/import-lists":                             `{"names":[]}`,
		"/api/v1/consents/none/attestation":                `{"agree":true,"means":"telephone","evidence":"x"}`,
		"/api/v1/designated-agents":                        `{"account":"none","address":"a@b.example","evidence":"x"}`,
		"/api/v1/webhooks":                                 `{"url":"https://hooks.registrar.example/in"}`,
		"/api/v1/webhooks/none/replay":                     `{"since":"2026-06-01T00:00:00Z"}`,
		"/api/v1/enhanced-verifications":                   `{"profile":"none","cause":"x"}`,
		"/api/v1/qualifications/none":                      `{"pattern":"A"}`,
		"/api/v1/account/identity":                         `{"profile":"none"}`,
		"/api/v1/email-bounces":                            `{"address":"a@b.example","hard":true}`,
	}
	body := bodies[path]
	if body == "" {
		body = "{}"
	}
	if method == "DELETE" && strings.HasPrefix(path, "/api/v1/enhanced-verifications/") {
		path += "?reason=x"
	}
	if path == "/api/v1/orders/choices" {
		path += "?domain=none.cn"
	}
	if strings.HasSuffix(path, "/holds/{cause}") {
		path = strings.ReplaceAll(path, "{cause}", "abuse") + "?reason=x"
	}
	if method == "GET" || method == "DELETE" {
		body = ""
	}
	if path == "/api/v1/session" && method == "DELETE" {
		role = map[bool]string{true: "nobody", false: role}[role == "nobody"]
	}
	contentType := "application/json"
	if path == "/api/v1/email-bounces/mail" {
		contentType, body = "message/rfc822", "Subject: x\n\nx\n"
	}
	if strings.HasSuffix(path, "/documents") {
		contentType, body = "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"id.jpg\"\r\n\r\nx\r\n--x--\r\n"
	}
	_, got, _ := s.request(t, role, method, path, contentType, strings.NewReader(body))
	var p struct{ Code string }
	_ = json.Unmarshal(got, &p)
	return p.Code
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", path, got)
	}
}

func TestRepeatedRequestIsAnsweredFromTheFirstAnswer(t *testing.T) {
	t.Parallel()
	s := start(t)
	create := func(key, body string) (int, string, string) {
		t.Helper()
		status, got, header := s.json(t, "registrant", "POST", "/api/v1/profiles", body, "Idempotency-Key", key)
		var p struct{ ID, Code string }
		_ = json.Unmarshal(got, &p)
		return status, p.ID + p.Code, header.Get("Idempotent-Replayed")
	}
	status, first, _ := create("order-66", goodProfile)
	if status != http.StatusCreated {
		t.Fatalf("%d %s", status, first)
	}
	if status, again, replayed := create("order-66", goodProfile); status != http.StatusCreated || again != first || replayed != "true" {
		t.Errorf("sent again: %d %s %s, want the first answer %s", status, again, replayed, first)
	}
	if status, code, _ := create("order-66", strings.Replace(goodProfile, "18号", "19号", 1)); status != http.StatusUnprocessableEntity || code != "idempotency_key_reused" {
		t.Errorf("another body under the same key: %d %s", status, code)
	}
	if status, code, _ := create("order-67", "{"); status != http.StatusBadRequest {
		t.Errorf("a broken body: %d %s", status, code)
	}
	list, err := client.New(s.URL()).As(s.keys["registrant"]).Profiles(context.Background())
	if err != nil || len(list) != 1 {
		t.Errorf("%d profiles, %v; want the one", len(list), err)
	}
	var seen []string
	for range 4 {
		status, _, _ := s.json(t, "other", "POST", "/api/v1/profiles", goodProfile, "Idempotency-Key", "order-66")
		seen = append(seen, fmt.Sprint(status))
	}
	if strings.Join(seen, " ") != "201 201 201 201" {
		t.Errorf("another account's key: %v", seen)
	}
}

// A process that died held a key: its request is done again when it had not been
// carried out, and only then.
func TestKeyOfADeadProcessIsTakenOver(t *testing.T) {
	t.Parallel()
	s := start(t)
	send := func(key string) (int, string) {
		t.Helper()
		status, got, _ := s.json(t, "registrant", "POST", "/api/v1/profiles", goodProfile, "Idempotency-Key", key)
		var p struct{ ID, Code string }
		_ = json.Unmarshal(got, &p)
		return status, p.ID + p.Code
	}
	dies := func(key string, ago time.Duration, carriedOut bool) {
		t.Helper()
		if status, _ := send(key); status != http.StatusCreated {
			t.Fatal(status)
		}
		err := s.Store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewRaw("UPDATE idempotency SET status = 0, body = NULL, holder = 'gone', carried_out = ?, created_at = ? WHERE key = ?", carriedOut, store.At(tx.Now().Add(-ago)), key).Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	dies("just now", time.Second, false)
	if status, code := send("just now"); code != "idempotency_key_busy" {
		t.Errorf("it may still be at work: %d %s", status, code)
	}
	dies("before it did it", time.Minute, false)
	if status, id := send("before it did it"); status != http.StatusCreated {
		t.Errorf("not carried out: %d %s", status, id)
	}
	dies("before it answered", time.Minute, true)
	if status, code := send("before it answered"); code != "idempotency_answer_lost" {
		t.Errorf("carried out: %d %s", status, code)
	}
	list, err := client.New(s.URL()).As(s.keys["registrant"]).Profiles(context.Background())
	if err != nil || len(list) != 4 { // one each, and the one that was done again
		t.Errorf("%d profiles, %v; want 4", len(list), err)
	}
}

func TestPasswordsAreNotGuessedFast(t *testing.T) {
	t.Parallel()
	s := start(t)
	var codes []string
	for range 12 {
		_, got, _ := s.json(t, "nobody", "POST", "/api/v1/session", `{"email":"li@registrant.example","password":"a wrong one"}`)
		var p struct{ Code string }
		_ = json.Unmarshal(got, &p)
		codes = append(codes, p.Code)
	}
	if codes[9] != "sign_in_failed" || codes[10] != "sign_in_wait" || codes[11] != "sign_in_wait" {
		t.Errorf("%v", codes)
	}
	if status, got, _ := s.json(t, "nobody", "POST", "/api/v1/session", `{"email":"chen@other.example","password":"correct-horse-battery"}`); status != http.StatusCreated {
		t.Errorf("somebody else from there: %d %s", status, got)
	}
}

func TestPagesStandOnTheirOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	for path, want := range map[string]string{"/docs": "POST", "/": "Sign in", "/healthz": "ok", "/openapi.json": "openapi"} {
		status, body, _ := s.request(t, "nobody", "GET", path, "", nil)
		if status != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d without %q", path, status, want)
		}
		for _, outside := range []string{"cdn.", "unpkg", "googleapis"} {
			if strings.Contains(string(body), outside) {
				t.Errorf("%s asks %s for something", path, outside)
			}
		}
	}
	status, body, header := s.request(t, "nobody", "GET", "/email/confirm/no-such-token", "", nil, "Accept-Language", "zh-CN")
	if status != http.StatusNotFound || !strings.Contains(string(body), "链接已失效") || header.Get("Content-Security-Policy") == "" {
		t.Errorf("an invalid link: %d", status)
	}
}

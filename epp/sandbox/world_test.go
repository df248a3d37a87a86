package sandbox_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/vcode"
)

// start is the moment at which every test's registry opens.
var start = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// Delays of the test registry's zone cn.
const (
	naming  = time.Hour
	review  = 2 * time.Hour
	slow    = 3 * day
	release = time.Hour
	hold    = 5 * day
)

// world is a registry whose clock stands still, with a registrar's session.
type world struct {
	*testing.T
	server *sandbox.Server
	conn   *epp.Conn
	http   *http.Client
}

// open starts a registry; change may alter its configuration.
func open(t *testing.T, change func(*sandbox.Config)) *world {
	t.Helper()
	config := sandbox.DefaultConfig()
	config.Clock = sandbox.NewFrozenClock(start)
	for i := range config.Zones {
		z := &config.Zones[i]
		z.NamingDelay, z.ReviewDelay, z.SlowDelay, z.ReleaseDelay = naming, review, slow, release
		z.HoldAfter, z.HoldAfterHolderChange = hold, hold
	}
	if change != nil {
		change(&config)
	}
	traffic.record(&config)
	server, err := sandbox.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	w := &world{T: t, server: server}
	w.http = &http.Client{Transport: &http.Transport{TLSClientConfig: server.TLS()}}
	t.Cleanup(w.http.CloseIdleConnections)
	w.conn = w.dial("verinym", nil)
	return w
}

// cn alters the zone cn.
func cn(alter func(*sandbox.Zone)) func(*sandbox.Config) {
	return func(c *sandbox.Config) { alter(&c.Zones[0]) }
}

func (w *world) dial(client string, change func(*epp.Options)) *epp.Conn {
	w.Helper()
	o := epp.Options{TLS: w.server.TLS(), ClientID: client, Password: client + "-pw", KeepAlive: -1}
	if change != nil {
		change(&o)
	}
	c, err := epp.Dial(w.Context(), w.server.Addr(), o)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { c.Close() })
	return c
}

// do sends a command that must be answered with code.
func (w *world) do(code int, body epp.Body, extensions ...epp.Extension) *epp.Response {
	w.Helper()
	return w.doOn(w.conn, code, body, extensions...)
}

func (w *world) doOn(conn *epp.Conn, code int, body epp.Body, extensions ...epp.Extension) *epp.Response {
	w.Helper()
	response, err := conn.Do(w.Context(), epp.Command{Body: body, Extensions: extensions})
	if response == nil {
		w.Fatalf("%T: no answer: %v", body, err)
	}
	if response.Code() != code {
		w.Fatalf("%T: answered %d (%v), want %d", body, response.Code(), err, code)
	}
	return response
}

// A holder whose number passes its check.
const (
	goodNumber = "11010519491231002X"
	goodCredit = "91350100M000100Y43"
)

// person creates a contact for a person.
func (w *world) person(id, name string) {
	w.Helper()
	w.do(epp.CodeOK, personalContact(id, name), cnnic.ContactCreate(identityOf(goodNumber)))
}

func identityOf(number string) cnnic.Contact {
	return cnnic.Contact{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: number}
}

func personalContact(id, name string) contact.Create {
	return contact.Create{
		ID: id, Email: "holder@example.cn", Voice: contact.Phone{Number: "+86.13800000000"}, AuthInfo: &epp.AuthInfo{PW: "contact-pw"},
		Postal: []contact.PostalInfo{
			{Type: contact.Loc, Name: name, Addr: contact.Address{Street: []string{"中关村南四街4号"}, City: "北京", CC: "CN"}},
			{Type: contact.Int, Name: "Holder", Addr: contact.Address{City: "Beijing", CC: "CN"}},
		},
	}
}

// register creates a domain.
func (w *world) register(name, registrant string) {
	w.Helper()
	w.do(epp.CodeOK, domain.Create{Name: name, Registrant: registrant, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}, NS: domain.NameServers{Objects: []string{"ns1.example.net"}}})
}

// info reads a domain.
func (w *world) info(name string) (*domain.InfoData, *vcode.InfoData) {
	w.Helper()
	response := w.do(epp.CodeOK, domain.Info{Name: name})
	info, err := domain.ParseInfoData(response.Data)
	if err != nil {
		w.Fatal(err)
	}
	verification, err := vcode.ParseInfoData(response.Extension(vcode.NS))
	if err != nil {
		w.Fatal(err)
	}
	return info, verification
}

// statuses reads a domain's statuses, "a b c".
func (w *world) statuses(name string) string {
	w.Helper()
	info, _ := w.info(name)
	var list []string
	for _, s := range info.Statuses {
		list = append(list, s.Value)
	}
	return strings.Join(list, " ")
}

// news takes all messages out of the poll queue, each as "name: operation op
// reason [statuses] compliance", or "name: done" for the end of a pending update.
func (w *world) news() []string {
	w.Helper()
	var list []string
	for {
		response, err := w.conn.Do(w.Context(), epp.Command{Body: epp.Poll{}})
		if err != nil {
			w.Fatal(err)
		}
		if response.Code() == epp.CodeNoMessages {
			return list
		}
		list = append(list, w.headline(response))
		w.do(epp.CodeOK, epp.Ack{ID: response.Queue.ID})
	}
}

func (w *world) headline(r *epp.Response) string {
	w.Helper()
	if r.Queue.Message == "" || r.Queue.Date.IsZero() {
		w.Errorf("message without text or date: %s", r.Raw)
	}
	if r.Data.Is(domain.NS, "panData") {
		pending, err := domain.ParsePendingData(r.Data)
		if err != nil {
			w.Fatal(err)
		}
		return fmt.Sprintf("%s: pending update of %s done=%t", pending.Name, pending.ClTRID, pending.Done)
	}
	info, err := domain.ParseInfoData(r.Data)
	if err != nil {
		w.Fatal(err)
	}
	change, err := changepoll.ParseChangeData(r.Extension(changepoll.NS))
	if err != nil {
		w.Fatal(err)
	}
	verification, err := vcode.ParseInfoData(r.Extension(vcode.NS))
	if err != nil {
		w.Fatal(err)
	}
	held := ""
	if info.Has(epp.ServerHold) {
		held = " serverHold"
	}
	return fmt.Sprintf("%s: %s %s %s, %s%s", info.Name, change.State, strings.TrimSpace(change.Operation+" "+change.Op), change.Reason, verification.Status, held)
}

// expect compares the poll queue with what should be in it, in this order.
func (w *world) expect(want ...string) {
	w.Helper()
	got := w.news()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.Errorf("poll messages:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// submission is evidence as a registrar sends it.
type submission struct {
	Name, Type, IDType, IDNumber string
	Documents                    [][]byte
	WrongDigest, Truncated       bool
}

func personal(name string) submission {
	return submission{Name: name, Type: "I", IDType: cnnic.SFZ, IDNumber: goodNumber, Documents: [][]byte{[]byte("front image"), []byte("back image")}}
}

// body writes the submission as multipart/form-data.
func (s submission) body() (contentType string, body []byte) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.SetBoundary("boundary")
	holder, _ := m.CreateFormField("holder")
	json.NewEncoder(holder).Encode(map[string]string{"name": s.Name, "type": s.Type, "id_type": s.IDType, "id_number": s.IDNumber})
	for i, d := range s.Documents {
		digest := sha256.Sum256(d)
		if s.WrongDigest {
			digest[0]++
		}
		part, _ := m.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="document"; filename="%d.jpg"`, i)},
			"Content-Type":        {"image/jpeg"},
			"Document-Side":       {[]string{"front", "back"}[i%2]},
			"Document-Sha256":     {hex.EncodeToString(digest[:])},
		})
		part.Write(d)
	}
	if !s.Truncated {
		m.Close()
	}
	return m.FormDataContentType(), b.Bytes()
}

// put sends evidence as verinym, as it is.
func (w *world) put(path, contentType string, body []byte) (*http.Response, error) {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), "PUT", w.server.AuditURL()+path, bytes.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	request.SetBasicAuth("verinym", "verinym-pw")
	request.Header.Set("Content-Type", contentType)
	response, err := w.http.Do(request)
	if err == nil {
		response.Body.Close()
	}
	return response, err
}

// audit calls the audit interface as a registrar.
func (w *world) audit(client, method, path string, s *submission) (int, map[string]any) {
	w.Helper()
	var body io.Reader
	contentType := ""
	if s != nil {
		var b []byte
		contentType, b = s.body()
		body = bytes.NewReader(b)
	}
	request, err := http.NewRequestWithContext(w.Context(), method, w.server.AuditURL()+path, body)
	if err != nil {
		w.Fatal(err)
	}
	request.SetBasicAuth(client, client+"-pw")
	request.Header.Set("Content-Type", contentType)
	response, err := w.http.Do(request)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		w.Fatalf("%s %s: %d: %v", method, path, response.StatusCode, err)
	}
	return response.StatusCode, answer
}

// submit sends evidence for a contact, which must be accepted.
func (w *world) submit(id string, s submission) map[string]any {
	w.Helper()
	status, answer := w.audit("verinym", "PUT", "/audit/v1/contacts/"+id+"/evidence", &s)
	if status != http.StatusAccepted {
		w.Fatalf("evidence for %s: %d %v", id, status, answer)
	}
	return answer
}

// contactState is "state reason" of a contact.
func (w *world) contactState(id string) string {
	w.Helper()
	status, answer := w.audit("verinym", "GET", "/audit/v1/contacts/"+id, nil)
	if status != http.StatusOK {
		w.Fatalf("contact %s: %d %v", id, status, answer)
	}
	return strings.TrimSpace(fmt.Sprint(answer["state"], " ", answer["reason"]))
}

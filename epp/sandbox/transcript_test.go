package sandbox_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/vcode"
)

// transcript writes down a conversation with golden files.
type transcript struct {
	*world
	step int
}

// say sends a command and compares the registry's answer with its golden file.
func (s *transcript) say(name string, code int, body epp.Body, extensions ...epp.Extension) *epp.Response {
	s.Helper()
	s.step++
	cmd := epp.Command{Body: body, Extensions: extensions, ClTRID: fmt.Sprintf("VN-%04d", s.step)}
	response, err := s.conn.Do(s.Context(), cmd)
	if response == nil {
		s.Fatalf("%s: %v", name, err)
	}
	if response.Code() != code {
		s.Fatalf("%s: answered %d (%v), want %d", name, response.Code(), err, code)
	}
	epptest.Golden(s, fmt.Sprintf("%02d-%s", s.step, name), response.Raw)
	return response
}

// poll takes a message.
func (s *transcript) poll(name string) {
	s.Helper()
	response := s.say(name, epp.CodeMessage, epp.Poll{})
	s.say("ack", epp.CodeOK, epp.Ack{ID: response.Queue.ID})
}

// A domain's life in golden files: they show each form of answer and of poll
// message that the registry has.
func TestTranscript(t *testing.T) {
	t.Parallel()
	s := &transcript{world: open(t, cn(func(z *sandbox.Zone) { z.HoldAfter = naming; z.DeleteOnNamingFailure = true }))}
	s.say("contact-check", epp.CodeOK, contact.Check{IDs: []string{"holder-1"}})
	s.say("contact-create", epp.CodeOK, personalContact("holder-1", "张三"), cnnic.ContactCreate(identityOf(goodNumber)))
	s.say("contact-info", epp.CodeOK, contact.Info{ID: "holder-1"})
	s.say("domain-check", epp.CodeOK, domain.Check{Names: []string{"example.cn", "example.org"}})
	create := domain.Create{
		Name: "example.cn", Registrant: "holder-1", AuthInfo: &epp.AuthInfo{PW: "domain-pw"},
		NS: domain.NameServers{Objects: []string{"ns1.example.net"}},
	}
	s.say("domain-create", epp.CodeOK, create, cnnic.DomainCreate{Type: "I", Purveyor: "agent-1"})
	s.say("domain-exists", epp.CodeExists, create)
	s.say("domain-info", epp.CodeOK, domain.Info{Name: "example.cn"}, vcode.Info{})
	s.say("no-messages", epp.CodeNoMessages, epp.Poll{})
	s.say("server-hold-refused", epp.CodePolicy, domain.Update{Name: "example.cn", Rem: status(epp.ServerHold)})
	s.say("domain-update", epp.CodeOK, domain.Update{Name: "example.cn", Add: status(epp.ClientTransferProhibited)})
	s.say("domain-renew", epp.CodeOK, domain.Renew{Name: "example.cn", CurExpDate: start.AddDate(1, 0, 0), Period: domain.Years(1)})

	s.server.Advance(naming)
	s.poll("naming-verified")
	s.poll("held")
	s.submit("holder-1", personal("张三"))
	s.server.Advance(review + release)
	s.poll("real-name-verified")
	s.poll("released")
	s.say("domain-info-compliant", epp.CodeOK, domain.Info{Name: "example.cn"})

	create.Name = "failing.cn"
	s.say("domain-create-failing", epp.CodeOK, create)
	s.poll("real-name-verified-at-once")
	s.server.Advance(naming)
	s.poll("naming-failed")
	s.poll("deleted")
	s.say("domain-delete", epp.CodeOK, domain.Delete{Name: "example.cn"})
	s.say("contact-delete", epp.CodeOK, contact.Delete{ID: "holder-1"})
	s.say("logout", epp.CodeEnding, epp.Logout{})
}

func TestTranscriptOfAnAsynchronousChange(t *testing.T) {
	t.Parallel()
	s := &transcript{world: open(t, cn(func(z *sandbox.Zone) { z.AsyncUpdates = true })), step: 50}
	s.person("holder-1", "张三")
	s.person("holder-2", "李四")
	s.register("example.cn", "holder-1")
	s.server.Advance(naming)
	s.news()
	s.say("update-pending", epp.CodePending, domain.Update{Name: "example.cn", Chg: domain.Change{Registrant: "holder-2"}})
	s.server.Advance(naming)
	s.poll("pending-done")
}

func TestSchemasAcceptTheAnswers(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}

// The greeting, and what a client without our extensions gets, as they come.
func TestSchemasAcceptWhatGoldenFilesDoNotShow(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.register("example.cn", "holder-1")
	w.server.Advance(naming)
	unhandled := w.dial("verinym", func(o *epp.Options) {
		o.Extensions = []string{"urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0"}
	})
	dir := t.TempDir()
	for name, frame := range map[string][]byte{
		"greeting":  w.conn.Greeting().Raw,
		"unhandled": w.doOn(unhandled, epp.CodeMessage, epp.Poll{}).Raw,
		"refused":   w.do(epp.CodeSyntax, epp.RawBody{Name: epp.VerbCheck, XML: []byte(`<check/>`)}).Raw,
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".xml"), frame, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	epptest.Validate(t, filepath.Join(dir, "*.xml"))
}

package stage

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
)

// Registry is the sandbox registry in a process of its own.
type Registry struct {
	cmd        *exec.Cmd
	Addr       string `json:"epp_addr"`
	AdminURL   string `json:"admin_url"`
	AuditURL   string `json:"audit_url"`
	CAFile     string `json:"ca_file"`
	Registrars []struct {
		ClientID string `json:"client_id"`
		Password string `json:"password"`
	} `json:"registrars"`
}

// StartRegistry starts binary's registry-sandbox and waits until it is ready.
func StartRegistry(ctx context.Context, binary string, args ...string) (*Registry, error) {
	args = append([]string{"registry-sandbox", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"}, args...)
	r := &Registry{cmd: exec.CommandContext(ctx, binary, args...)}
	r.cmd.Cancel = func() error { return r.cmd.Process.Signal(syscall.SIGTERM) }
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return r, json.Unmarshal(line, r)
}

// Stop ends the process.
func (r *Registry) Stop() {
	_ = r.cmd.Process.Signal(syscall.SIGTERM)
	_ = r.cmd.Wait()
}

// TLS is how a client trusts the registry.
func (r *Registry) TLS() (*tls.Config, error) {
	pem, err := os.ReadFile(r.CAFile)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return &tls.Config{RootCAs: roots}, nil
}

// Dial opens a session of the first registrar.
func (r *Registry) Dial(ctx context.Context, depth int) (*epp.Conn, error) {
	config, err := r.TLS()
	if err != nil {
		return nil, err
	}
	return epp.Dial(ctx, r.Addr, epp.Options{TLS: config, ClientID: r.Registrars[0].ClientID, Password: r.Registrars[0].Password, Depth: depth})
}

// Admin asks the admin interface; in and out may be nil.
func (r *Registry) Admin(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.AdminURL+path, body)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		b, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, b)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// State is what the admin interface tells of the registry.
type State struct {
	Time     time.Time      `json:"time"`
	Commands int            `json:"commands"` // received so far
	Queues   map[string]int `json:"queues"`
	Domains  map[string]struct {
		Registrant string                 `json:"registrant"`
		Statuses   []string               `json:"statuses"`
		Naming     struct{ State string } `json:"naming"`
		RealName   struct{ State string } `json:"real_name"`
	} `json:"domains"`
}

// State reads it.
func (r *Registry) State(ctx context.Context) (s State, err error) {
	return s, r.Admin(ctx, http.MethodGet, "/state", nil, &s)
}

// The holder of what a registrar of yesterday has registered.
const (
	OldHolder       = "old-holder"
	oldHolderNumber = "990000198502282213"
)

// Yesterday has names registered for an old holder, as if long ago, and reads the
// messages about them.
func (r *Registry) Yesterday(ctx context.Context, names []string) error {
	const depth = 16
	conn, err := r.Dial(ctx, depth)
	if err != nil {
		return err
	}
	defer conn.Close()
	holder := contact.Create{
		ID: OldHolder, Email: "old@registrant.example", Voice: contact.Phone{Number: "+86.13800000000"}, AuthInfo: &epp.AuthInfo{PW: "contact-pw-1"},
		Postal: []contact.PostalInfo{{Type: contact.Loc, Name: "赵未名", Addr: contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", CC: "CN"}}},
	}
	identity := cnnic.ContactCreate{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: oldHolderNumber}
	if _, err := conn.Do(ctx, epp.Command{Body: holder, Extensions: []epp.Extension{identity}}); err != nil {
		return err
	}
	calls := make(chan *epp.Call, 2*depth)
	failed := make(chan error, 1)
	go func() {
		var first error
		for call := range calls {
			if _, err := call.Wait(ctx); err != nil && first == nil {
				first = err
			}
		}
		failed <- first
	}()
	for _, n := range names {
		create := domain.Create{Name: n, Registrant: OldHolder, AuthInfo: &epp.AuthInfo{PW: "domain-pw-1"},
			Contacts: []domain.Contact{{Type: "admin", ID: OldHolder}, {Type: "tech", ID: OldHolder}}}
		call, err := conn.Start(ctx, epp.Command{Body: create, Extensions: []epp.Extension{cnnic.DomainCreate{Type: cnnic.Individual, Purveyor: r.Registrars[0].ClientID}}})
		if err != nil {
			close(calls)
			return err
		}
		calls <- call
	}
	close(calls)
	if err := <-failed; err != nil {
		return err
	}
	return r.drain(ctx, conn)
}

// drain lets the reviews of what was registered end, and reads the poll queue empty.
func (r *Registry) drain(ctx context.Context, conn *epp.Conn) error {
	if err := r.Admin(ctx, http.MethodPost, "/clock/advance", map[string]int{"seconds": 60}, nil); err != nil {
		return err
	}
	resp, err := conn.Do(ctx, epp.Command{Body: epp.Poll{}})
	for ; err == nil && resp.Code() == epp.CodeMessage; resp, err = conn.Do(ctx, epp.Command{Body: epp.Poll{}}) {
		if _, err := conn.Do(ctx, epp.Command{Body: epp.Ack{ID: resp.Queue.ID}}); err != nil {
			return err
		}
	}
	return err
}

// Patiently asks until ok, at most for a time.
func Patiently(ctx context.Context, what string, d time.Duration, ok func() (bool, error)) error {
	for end := time.Now().Add(d); ; {
		done, err := ok()
		if done || err != nil {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("waited %s in vain for %s", d, what)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

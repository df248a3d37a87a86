package stage

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/test/pictures/samples"
)

// Server is verinym on a data folder of its own; its process may come and go.
type Server struct {
	Dir     string // of configuration, data and log
	binary  string // the real program, for all but serving
	config  string
	url     string
	mailURL string

	// Registrant and Operator are clients of the two accounts.
	Registrant, Operator *client.Client
	// Account is the registrant's.
	Account string

	cmd    *exec.Cmd
	exited chan error
}

// Settings say how a server runs.
type Settings struct {
	Database   string // "" is SQLite
	Depth      int
	Sessions   int
	PollEvery  time.Duration
	PendingFor time.Duration
}

// NewServer makes an installation in dir that has an account at the registry, a
// registrant whose identity is known, and an operator. It does not run yet.
func NewServer(ctx context.Context, binary, dir string, r *Registry, set Settings) (*Server, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	s := &Server{Dir: dir, binary: binary, config: filepath.Join(dir, "verinym.yaml")}
	addr, mail, err := twoAddresses()
	if err != nil {
		return nil, err
	}
	s.url, s.mailURL = "http://"+addr, "http://"+mail
	config := fmt.Sprintf(`data: %s
addr: %s
database: %q
mail: {sink_addr: %q}
review: {authority: sandbox, allowed: [sandbox], sandbox_delay: 1ms}
registries:
  - {name: cn, driver: cnnic, addr: %q, client_id: %s, password: %s, ca_file: %q, suffixes: [cn], audit_url: %q, sessions: %d, depth: %d, poll_every: %s, pending_for: %s}
`, filepath.Join(dir, "data"), addr, set.Database, mail, r.Addr, r.Registrars[0].ClientID, r.Registrars[0].Password, r.CAFile, r.AuditURL,
		set.Sessions, set.Depth, set.PollEvery, set.PendingFor)
	if err := os.WriteFile(s.config, []byte(config), 0o600); err != nil {
		return nil, err
	}
	var key string
	if s.Account, key, err = s.account(ctx, "Li Siyuan", "registrant"); err != nil {
		return nil, err
	}
	s.Registrant = client.New(s.url).As(key)
	if _, key, err = s.account(ctx, "Registrar", "operator"); err != nil {
		return nil, err
	}
	s.Operator = client.New(s.url).As(key)
	return s, nil
}

// twoAddresses are free now; nobody else here wants them.
func twoAddresses() (a, b string, err error) {
	for _, to := range []*string{&a, &b} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", "", err
		}
		defer l.Close()
		*to = l.Addr().String()
	}
	return a, b, nil
}

// account makes an account with one key.
func (s *Server) account(ctx context.Context, name, role string) (id, key string, err error) {
	out, err := s.run(ctx, "correct-horse-battery\n", "user", "add", "--config", s.config, "--organisation", name, "--email", role+"@verinym.example", "--name", name, "--role", role)
	if err != nil {
		return "", "", err
	}
	for _, word := range strings.Fields(out) {
		if strings.HasPrefix(word, "acc_") {
			id = strings.Trim(word, ".,")
		}
	}
	key, err = s.run(ctx, "", "key", "create", "--config", s.config, "--account", id, "--role", role)
	return id, strings.TrimSpace(key), err
}

func (s *Server) run(ctx context.Context, stdin string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", args[0], err, said.String())
	}
	return string(out), nil
}

// Start serves, with the real program or with another that takes the same
// configuration, and waits until it answers.
func (s *Server) Start(ctx context.Context, program ...string) error {
	if len(program) == 0 {
		program = []string{s.binary, "serve", "--config"}
	}
	log, err := os.OpenFile(filepath.Join(s.Dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = exec.CommandContext(ctx, program[0], append(program[1:], s.config)...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	cmd, exited := s.cmd, make(chan error, 1)
	s.exited = exited
	go func() { exited <- cmd.Wait() }()
	return Patiently(ctx, "the server", time.Minute, func() (bool, error) {
		select {
		case err := <-exited:
			exited <- err
			return true, nil // it may die soon: that is seen by Dead
		default:
		}
		resp, err := http.Get(s.url + "/healthz")
		if err != nil {
			return false, nil //nolint:nilerr // not yet
		}
		return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK, nil
	})
}

// Pid is the process at work.
func (s *Server) Pid() int { return s.cmd.Process.Pid }

// Kill ends it without warning.
func (s *Server) Kill() error {
	_ = s.cmd.Process.Kill()
	return s.Wait()
}

// Stop ends it in an orderly way.
func (s *Server) Stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	return s.Wait()
}

// Wait waits for its end.
func (s *Server) Wait() error { err := <-s.exited; s.exited <- err; return err }

// Dead reports whether it has ended.
func (s *Server) Dead() bool {
	select {
	case err := <-s.exited:
		s.exited <- err
		return true
	default:
		return false
	}
}

// DatabaseFile is the SQLite file.
func (s *Server) DatabaseFile() string { return filepath.Join(s.Dir, "data", "verinym.db") }

// Open makes the account's identity and its e-mail address known.
func (s *Server) Open(ctx context.Context) error {
	if _, err := s.Operator.AssertIdentity(ctx, s.Account, true, "customer register"); err != nil {
		return err
	}
	const address = "li@registrant.example"
	if _, err := s.Registrant.RequestEmailVerification(ctx, address); err != nil {
		return err
	}
	return Patiently(ctx, "the mail", 20*time.Second, func() (bool, error) {
		var mails []struct {
			To    string   `json:"to"`
			Links []string `json:"links"`
		}
		b, err := fetch(ctx, http.MethodGet, s.mailURL+"/messages")
		if err != nil {
			return false, err
		}
		if err := json.Unmarshal(b, &mails); err != nil {
			return false, err
		}
		for _, m := range mails {
			if m.To == address && len(m.Links) > 0 {
				_, err := fetch(ctx, http.MethodPost, m.Links[0])
				return err == nil, err
			}
		}
		return false, nil
	})
}

func fetch(ctx context.Context, method, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New(method + " " + url + ": " + resp.Status)
	}
	return io.ReadAll(resp.Body)
}

// Profile makes a verified profile of 李思远 and returns its id.
func (s *Server) Profile(ctx context.Context) (string, error) {
	p, err := s.Registrant.CreateProfile(ctx, client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "individual", Fields: client.Fields{
		"name_zh": "李思远", "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "样张区虚构路18号院3号楼501室", "postal_code": "310000",
		"phone": "138 0000 0000", "email": "li@registrant.example", "document_kind": "resident_id", "document_number": "990000199003071171"}})
	if err != nil {
		return "", err
	}
	if _, err := s.Registrant.UploadDocument(ctx, p.ID, client.Picture{Name: "id.jpg", Content: bytes.NewReader(samples.Li)}); err != nil {
		return "", err
	}
	if _, err := s.Registrant.SubmitProfile(ctx, p.ID, "sandbox"); err != nil {
		return "", err
	}
	return p.ID, Patiently(ctx, "the profile's verdict", time.Minute, func() (bool, error) {
		p, err := s.Registrant.Profile(ctx, p.ID)
		return p.State == "verified", err
	})
}

// Import takes names that the registry has into the registrant's account, and
// waits until it is done.
func (s *Server) Import(ctx context.Context, names []string, progress func(int)) error {
	const most = 1000
	for i := 0; i < len(names); i += most {
		some := names[i:min(i+most, len(names))]
		out, err := s.Operator.ImportDomains(ctx, s.Account, "mainland", some...)
		if err != nil {
			return err
		}
		for _, o := range out {
			if o.Error != nil {
				return fmt.Errorf("import of %s: %s", o.Domain, o.Error.Code)
			}
		}
		progress(i + len(some))
	}
	last := names[len(names)-1]
	return Patiently(ctx, "the imports", 2*time.Hour, func() (bool, error) {
		i, err := s.Operator.Import(ctx, last)
		return i.State == "imported", err
	})
}

// CPU is how long the process has run on a core, 0 where that cannot be known.
func (s *Server) CPU() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.Pid()))
	if err != nil {
		return 0
	}
	// The fields behind the name, which may have spaces: the 12th and 13th are user and
	// system time in ticks of a hundredth of a second (proc(5)).
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// Memory is the resident memory of the process in megabytes, 0 where that cannot
// be known.
func (s *Server) Memory() (mb float64) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", s.Pid()))
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kb float64
		if _, err := fmt.Sscanf(lines.Text(), "VmRSS: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}

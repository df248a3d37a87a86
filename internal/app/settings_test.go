package app_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/app"
)

// Each setting stands in the manuals, in one of their blocks of YAML.
func TestEverySettingIsInTheManuals(t *testing.T) {
	t.Parallel()
	var blocks string
	for _, file := range []string{"operation.md", "authority-http.md"} {
		manual, err := os.ReadFile(filepath.Join("../../docs", file))
		if err != nil {
			t.Fatal(err)
		}
		blocks += strings.Join(regexp.MustCompile("(?sm)^```ya?ml.*?^```$").FindAllString(string(manual), -1), "")
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)[\s{#-]([a-z_]+):`).FindAllStringSubmatch(blocks, -1) {
		known[m[1]] = true
	}
	if len(known) < 50 {
		t.Fatalf("only %d settings were found in the manuals", len(known))
	}
	var walk func(at string, of reflect.Type)
	walk = func(at string, of reflect.Type) {
		if of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			return
		}
		for i := range of.NumField() {
			f := of.Field(i)
			key := f.Tag.Get("koanf")
			if key == "" || key == "-" {
				continue
			}
			if !known[key] {
				t.Errorf("%s%s stands nowhere in the manuals", at, key)
			}
			walk(at+key+".", f.Type)
		}
	}
	walk("", reflect.TypeFor[app.Config]())
}

func TestPasswordsStandInFilesOfTheirOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("mail", "post office\n")
	write("epp", " with spaces \r\n")
	write("empty", "\n")
	config := func(registry string) string {
		return strings.ReplaceAll(`data: DIR
mail: {smtp: smtp.example:25, password_file: DIR/mail}
registries:
  - {name: cnnic, driver: cnnic, addr: "epp.example:700", client_id: registrar, `+registry+`}
`, "DIR", dir)
	}
	c, err := app.LoadConfig(write("good.yaml", config("password_file: DIR/epp")))
	if err != nil || c.Mail.Password != "post office" || c.Registries[0].Password != " with spaces " {
		t.Errorf("read: %q and %q, %v", c.Mail.Password, c.Registries[0].Password, err)
	}
	for registry, want := range map[string]string{
		"password_file: DIR/none":                  "none",
		"password_file: DIR/empty":                 "is empty",
		"password: secret, password_file: DIR/epp": "leave one out",
	} {
		if _, err := app.LoadConfig(write("bad.yaml", config(registry))); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "registries: cnnic") {
			t.Errorf("%s: %v, want %q of cnnic", registry, err, want)
		}
	}
}

// An account at a registry is written down as people write: what no session could be opened
// with, or what would register nothing, is said at the start.
func TestRegistriesAreCheckedAtTheStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	load := func(registries string) (app.Config, error) {
		t.Helper()
		path := filepath.Join(dir, "verinym.yaml")
		if err := os.WriteFile(path, []byte("data: "+dir+"\nregistries:\n"+registries), 0o600); err != nil {
			t.Fatal(err)
		}
		return app.LoadConfig(path)
	}
	good := `  - {name: cnnic, driver: cnnic, addr: "epp.example:700", client_id: registrar, password: secret, suffixes: [CN, .中国]}` + "\n"
	c, err := load(good)
	if err != nil || !slices.Equal(c.Registries[0].Suffixes, []string{"cn", "xn--fiqs8s"}) {
		t.Errorf("suffixes as people write them: %v, %v", c.Registries, err)
	}
	if c, err = load(`  - {name: thick, driver: standard, addr: "epp.example:700", client_id: registrar, password: secret, contact_roles: [], poll_every: -1s}` + "\n"); err != nil || c.Registries[0].ContactRoles == nil || c.Registries[0].PollEvery != -time.Second {
		t.Errorf("no roles and no poll: %#v, %v", c.Registries, err)
	}
	if c, err = load(`  - {name: served, driver: thin, addr: "epp.example:700", client_id: registrar, password: secret, name_servers: [NS1.dns.example., ns2.例子.example], host_attributes: true}` + "\n"); err != nil || !slices.Equal(c.Registries[0].NameServers, []string{"ns1.dns.example", "ns2.xn--fsqu00a.example"}) || !c.Registries[0].HostAttributes {
		t.Errorf("name servers as people write them: %#v, %v", c.Registries, err)
	}
	for what, tt := range map[string]struct{ entry, want string }{
		"no host":        {`{name: gtld, driver: thin, addr: "epp.example:700", client_id: r, password: secret, name_servers: [192.0.2.1]}`, `gtld: name_servers`},
		"a host twice":   {`{name: gtld, driver: thin, addr: "epp.example:700", client_id: r, password: secret, name_servers: [ns1.dns.example, NS1.dns.example]}`, `gtld: name_servers`},
		"no port":        {`{name: gtld, driver: thin, addr: epp.example, client_id: r, password: secret}`, `gtld: addr is HOST:PORT`},
		"no client":      {`{name: gtld, driver: thin, addr: "epp.example:700", password: secret}`, `gtld: client_id is missing`},
		"no password":    {`{name: gtld, driver: thin, addr: "epp.example:700", client_id: r}`, `gtld: password or password_file is missing`},
		"no name":        {`{driver: thin, addr: "epp.example:700", client_id: r, password: secret}`, `entry 2: name is missing`},
		"a suffix twice": {`{name: gtld, driver: thin, addr: "epp.example:700", client_id: r, password: secret, suffixes: [xn--fiqs8s]}`, `xn--fiqs8s is that of cnnic`},
		"no suffix":      {`{name: gtld, driver: thin, addr: "epp.example:700", client_id: r, password: secret, suffixes: ["-"]}`, `"-" is no suffix`},
		"too many kept":  {`{name: gtld, driver: thin, addr: "epp.example:700", client_id: r, password: secret, sessions: 1, min_sessions: 2}`, `min_sessions 2`},
	} {
		if _, err := load(good + "  - " + tt.entry + "\n"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", what, err, tt.want)
		}
	}
}

package app

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
	"golang.org/x/net/idna"

	"github.com/verinym/verinym/internal/domain"
)

// LoadConfig reads a configuration file. A key that nobody knows is an error: a
// misspelt setting must not be ignored.
func LoadConfig(path string) (c Config, err error) {
	k := koanf.New(".")
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	conf := koanf.UnmarshalConf{Tag: "koanf", DecoderConfig: strictDecoder(&c)}
	if err := k.UnmarshalWithConf("", &c, conf); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := c.withDefaults(); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if err := c.readPasswords(); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if err := c.settleRegistries(); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// strictDecoder refuses keys that no field takes and reads durations as text.
func strictDecoder(into any) *mapstructure.DecoderConfig {
	return &mapstructure.DecoderConfig{
		Result: into, TagName: "koanf", ErrorUnused: true, WeaklyTypedInput: false,
		DecodeHook: mapstructure.StringToTimeDurationHookFunc(),
	}
}

// settleRegistries finds what no account at a registry can do without, and writes suffixes and
// name servers as A-labels. Without it a slip would show as a registry that is away, or as a
// suffix under which nothing can be registered.
func (c *Config) settleRegistries() error {
	var wrong []error
	at := map[string]string{} // the account of a suffix
	for i := range c.Registries {
		r := &c.Registries[i]
		say := func(format string, args ...any) {
			wrong = append(wrong, fmt.Errorf("registries: %s: %w", cmp.Or(r.Name, fmt.Sprintf("entry %d", i+1)), fmt.Errorf(format, args...)))
		}
		for _, needed := range []struct{ setting, value string }{{"name", r.Name}, {"client_id", r.ClientID}, {"password or password_file", r.Password}} {
			if needed.value == "" {
				say("%s is missing", needed.setting)
			}
		}
		if host, port, err := net.SplitHostPort(r.Addr); err != nil || host == "" || port == "" {
			say("addr is HOST:PORT, as epp.registry.example:700, not %q", r.Addr)
		}
		if r.MinSessions > r.Sessions && r.Sessions > 0 {
			say("min_sessions %d is more than sessions %d", r.MinSessions, r.Sessions)
		}
		for j, suffix := range r.Suffixes {
			label, err := idna.Lookup.ToASCII(strings.Trim(suffix, "."))
			if err != nil || label == "" {
				say("suffixes: %q is no suffix", suffix)
				continue
			}
			if other, taken := at[label]; taken {
				say("suffixes: %s is that of %s already", suffix, other)
			}
			at[label], r.Suffixes[j] = r.Name, label
		}
		servers, err := domain.NameServers(r.NameServers)
		if err != nil {
			say("name_servers: at most 13 host names, each once, not %q", r.NameServers)
		}
		r.NameServers = servers
	}
	return errors.Join(wrong...)
}

// readPasswords puts those in their places that stand in files of their own.
func (c *Config) readPasswords() error {
	read := func(setting, file string, into *string) error {
		if file == "" {
			return nil
		}
		if *into != "" {
			return fmt.Errorf("%s: password and password_file, leave one out", setting)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("%s: password_file: %w", setting, err)
		}
		if *into = strings.TrimRight(string(text), "\r\n"); *into == "" {
			return fmt.Errorf("%s: password_file: %s is empty", setting, file)
		}
		return nil
	}
	err := read("mail", c.Mail.PasswordFile, &c.Mail.Password)
	for i := range c.Registries {
		r := &c.Registries[i]
		err = errors.Join(err, read("registries: "+r.Name, r.PasswordFile, &r.Password))
	}
	return err
}

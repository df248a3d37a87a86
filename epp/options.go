package epp

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"time"

	"github.com/verinym/verinym/epp/loginsec"
)

// Options describes a session. The zero value of every field but ClientID and
// Password is a good default.
type Options struct {
	// TLS holds client certificate and trusted roots. Nil means the system's
	// roots. An empty ServerName is taken from the address.
	TLS *tls.Config

	// ClientID and Password log in. With an empty ClientID [Dial] stops after
	// the greeting, and the session can only say hello.
	ClientID string
	Password string

	// NewPassword, if not empty, replaces Password at login.
	NewPassword string

	// UserAgent is told to registries that offer login security (RFC 8807).
	// With them passwords may have more than 16 characters.
	UserAgent loginsec.UserAgent

	// Lang is the language of the registry's texts; default "en".
	Lang string

	// Objects and Extensions are the namespaces to declare at login. Nil means
	// all that the greeting offers; a slice that is empty but not nil means none.
	Objects    []string
	Extensions []string

	// Depth is how many commands may be under way at once (pipelining, RFC 5734
	// section 3). Default 1, which every registry bears; some read one command
	// and answer it before they read the next.
	Depth int

	// MaxFrame is the size in bytes above which a frame from the registry ends
	// the session; default 1 MiB.
	MaxFrame int

	// DialTimeout bounds connecting, greeting and login together; default 30 s.
	DialTimeout time.Duration

	// CommandTimeout ends the session, with [ErrTimeout], when commands are under
	// way and none has been answered for so long; default 60 s. To stop waiting
	// for one command earlier, end its context.
	CommandTimeout time.Duration

	// KeepAlive is how long a session may be idle before it says hello, so that
	// the registry does not close it; default 5 minutes, negative never.
	KeepAlive time.Duration

	// Extend, if not nil, adds to each command what the registry of that greeting wants
	// with it; see package namestore.
	Extend func(*Greeting, Command) Command

	// Log gets the session's beginning and end, and at debug level every frame,
	// redacted. Nil means silence.
	Log *slog.Logger

	// DialContext replaces the TCP dialer, for a fixed source address or a
	// tunnel. TLS is spoken over what it returns.
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error)

	// Record, if not nil, gets every frame of the session as it is, secrets
	// included: sent ones before they are written, received ones before they are
	// understood. It must not keep the session waiting.
	Record func(sent bool, frame []byte)

	observe func(*Response)             // of a pool: sees every answer
	admit   func(Command) error         // of a pool: may refuse a command before it is sent
	turn    func(context.Context) error // of a pool with a rate: waits until a command may be sent
}

const (
	defaultMaxFrame       = 1 << 20
	defaultDialTimeout    = 30 * time.Second
	defaultCommandTimeout = time.Minute
	defaultKeepAlive      = 5 * time.Minute
)

func (o Options) withDefaults() Options {
	if o.Depth <= 0 {
		o.Depth = 1
	}
	if o.MaxFrame <= 0 {
		o.MaxFrame = defaultMaxFrame
	}
	if o.DialTimeout <= 0 {
		o.DialTimeout = defaultDialTimeout
	}
	if o.CommandTimeout <= 0 {
		o.CommandTimeout = defaultCommandTimeout
	}
	if o.KeepAlive == 0 {
		o.KeepAlive = defaultKeepAlive
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.DialContext == nil {
		o.DialContext = new(net.Dialer).DialContext
	}
	return o
}

// tlsFor is the TLS configuration for a server at addr.
func (o Options) tlsFor(addr string) *tls.Config {
	config := o.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	if config.ServerName == "" {
		if host, _, err := net.SplitHostPort(addr); err == nil {
			config.ServerName = host
		}
	}
	if config.MinVersion == 0 {
		config.MinVersion = tls.VersionTLS12 // RFC 9325 section 3.1.1
	}
	return config
}

package epp

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/verinym/verinym/epp/loginsec"
	"github.com/verinym/verinym/epp/wire"
)

// readBuffer holds a good number of usual answers, so that pipelined ones are
// read together.
const readBuffer = 32 << 10

// Dial opens a session with the registry at addr ("host:700"): TCP, TLS,
// greeting and, with a ClientID, login.
//
// A refused login is an [*Error] with the registry's code: 2200 for wrong
// credentials, 2502 or 2501 for too many sessions. The context bounds opening
// the session, not its life.
func Dial(ctx context.Context, addr string, o Options) (*Conn, error) {
	o = o.withDefaults()
	ctx, cancel := context.WithTimeout(ctx, o.DialTimeout)
	defer cancel()
	tcp, err := o.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("epp: dial %s: %w", addr, err)
	}
	secured := tls.Client(tcp, o.tlsFor(addr))
	if err := secured.HandshakeContext(ctx); err != nil {
		tcp.Close()
		return nil, fmt.Errorf("epp: dial %s: %w", addr, err)
	}
	c, err := open(ctx, secured, o)
	if err != nil {
		secured.Close()
		return nil, fmt.Errorf("epp: dial %s: %w", addr, err)
	}
	o.Log.Info("epp: session opened", "addr", addr, "server", c.Greeting().ServerID, "client", o.ClientID)
	return c, nil
}

// open greets and logs in over a connection.
func open(ctx context.Context, nc net.Conn, o Options) (*Conn, error) {
	c := &Conn{
		nc:     nc,
		br:     bufio.NewReaderSize(nc, readBuffer),
		o:      o,
		prefix: rand.Text()[:10],
		slots:  make(chan struct{}, o.Depth),
		kick:   make(chan struct{}, 1),
		done:   make(chan struct{}),
		flight: make([]*Call, 0, o.Depth),

		progress: time.Now(),
	}
	greeting, err := c.readGreeting(ctx)
	if err != nil {
		return nil, fmt.Errorf("greeting: %w", err)
	}
	c.greeting.Store(greeting)
	go c.read()
	go c.write()
	go c.watch()
	if o.ClientID == "" {
		return c, nil
	}
	login, err := c.login()
	if err == nil {
		c.loginResponse, err = c.Do(ctx, login)
	}
	if err != nil {
		c.end(ErrClosed)
		return nil, fmt.Errorf("login: %w", err)
	}
	return c, nil
}

// readGreeting reads the first frame, before any goroutine does.
func (c *Conn) readGreeting(ctx context.Context) (*Greeting, error) {
	stop := context.AfterFunc(ctx, func() { c.nc.SetReadDeadline(time.Unix(1, 0)) })
	frame, err := wire.ReadFrame(c.br, c.o.MaxFrame)
	if !stop() && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	c.trace(directionReceived, frame)
	return ParseGreeting(frame, c.limits())
}

func (c *Conn) login() (Command, error) {
	greeting := c.Greeting()
	l := Login{
		ClientID:    c.o.ClientID,
		Password:    c.o.Password,
		NewPassword: c.o.NewPassword,
		Lang:        c.o.Lang,
		Objects:     c.o.Objects,
		Extensions:  c.o.Extensions,
	}
	if l.Objects == nil {
		l.Objects = greeting.Objects
	}
	if l.Extensions == nil {
		l.Extensions = greeting.Extensions
	}
	if !greeting.Offers(loginsec.NS) {
		if max(len(l.Password), len(l.NewPassword)) > loginsec.LongestPassword {
			return Command{}, &Error{Err: ErrLongPassword}
		}
		return Command{Body: l}, nil
	}
	if !slices.Contains(l.Extensions, loginsec.NS) {
		if max(len(l.Password), len(l.NewPassword)) <= loginsec.LongestPassword {
			return Command{Body: l}, nil
		}
		l.Extensions = append(slices.Clone(l.Extensions), loginsec.NS)
	}
	return Command{Body: l.secured(), Extensions: []Extension{c.o.loginSecurity()}}, nil
}

// secured leaves passwords that are too long for the login to the extension.
func (l Login) secured() Login {
	for _, password := range []*string{&l.Password, &l.NewPassword} {
		if len(*password) > loginsec.LongestPassword {
			*password = loginsec.Placeholder
		}
	}
	return l
}

// loginSecurity is the extension of a login to a registry that offers it.
func (o Options) loginSecurity() loginsec.Login {
	security := loginsec.Login{UserAgent: o.UserAgent}
	if len(o.Password) > loginsec.LongestPassword {
		security.Password = o.Password
	}
	if len(o.NewPassword) > loginsec.LongestPassword {
		security.NewPassword = o.NewPassword
	}
	return security
}

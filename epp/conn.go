package epp

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verinym/verinym/epp/wire"
)

// Conn is a session with a registry. Its methods may be called by any number of
// goroutines.
//
// Three goroutines serve it until it ends: one reads answers, one writes what
// several commands left to be written together, one watches the time.
type Conn struct {
	nc       net.Conn
	br       *bufio.Reader
	o        Options
	prefix   string        // of the clTRIDs that the Conn makes up
	serial   atomic.Uint64 // of the last one
	greeting atomic.Pointer[Greeting]

	loginResponse *Response // nil without a login

	slots chan struct{} // holds one token per command under way; its capacity is Options.Depth
	kick  chan struct{} // wakes the writing goroutine
	done  chan struct{} // closed when the session has ended

	mu       sync.Mutex
	err      error     // why the session ended; nil while it lives
	flight   []*Call   // commands under way, in the order of their frames
	unsent   int       // how many at the end of flight are still in out
	out      []byte    // frames not yet given to nc
	spare    []byte    // the buffer that out swaps with
	writing  bool      // somebody is in nc.Write
	progress time.Time // of the last answer, or of the first command since then
}

// Greeting is the latest greeting: that of the session's start, or of the last
// hello.
func (c *Conn) Greeting() *Greeting { return c.greeting.Load() }

// LoginResponse is the answer to the login, nil if there was none. It may carry
// warnings about the password or the certificate: see package loginsec.
func (c *Conn) LoginResponse() *Response { return c.loginResponse }

// Done is closed when the session has ended, for whatever reason.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err says why the session ended. It is nil while the session lives.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Do sends a command and waits for its answer.
//
// For a code of 2000 and above it returns both the response and an [*Error].
// Without an answer it returns an [*Error] with code 0 alone. If the context
// ends first, the command stays under way and its answer is dropped when it
// comes; the session remains usable.
func (c *Conn) Do(ctx context.Context, cmd Command) (*Response, error) {
	call, err := c.Start(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return call.Wait(ctx)
}

// Start sends a command without waiting for its answer. It blocks while
// Options.Depth commands are under way. A command that Start returned an error
// for has not been sent.
func (c *Conn) Start(ctx context.Context, cmd Command) (*Call, error) {
	return c.start(ctx, cmd, c.acquire)
}

// DoFrame sends a document as it is, valid or not, and waits for what comes back:
// for tests of registries, and for extensions that nothing here knows. If the
// registry carries a clTRID back, it must be clTRID. A greeting, the answer to a
// hello, is returned as the raw document alone.
func (c *Conn) DoFrame(ctx context.Context, document []byte, clTRID string) (*Response, error) {
	if err := c.acquire(ctx); err != nil {
		return nil, &Error{ClTRID: clTRID, Err: err}
	}
	call := &Call{clTRID: clTRID, raw: true, done: make(chan struct{})}
	if err := c.enqueue(call, wire.AppendFrame(nil, document)); err != nil {
		return nil, err
	}
	c.push()
	return call.Wait(ctx)
}

// StartAll sends several commands in as few writes as the pipeline's depth
// allows, such as the ack of one message with the poll for the next. With an
// error it returns the calls that it has started before; the other commands have
// not been sent.
func (c *Conn) StartAll(ctx context.Context, cmds ...Command) ([]*Call, error) {
	defer c.push()
	calls := make([]*Call, 0, len(cmds))
	for _, cmd := range cmds {
		call, err := c.queue(ctx, cmd, func(ctx context.Context) error {
			if c.tryAcquire() {
				return nil
			}
			c.push() // what is queued may be what has to be answered first
			return c.acquire(ctx)
		})
		if err != nil {
			return calls, err
		}
		calls = append(calls, call)
	}
	return calls, nil
}

// start queues a command and sees to its being written.
func (c *Conn) start(ctx context.Context, cmd Command, acquire func(context.Context) error) (*Call, error) {
	call, err := c.queue(ctx, cmd, acquire)
	if err != nil {
		return nil, err
	}
	c.push()
	return call, nil
}

// queue encodes a command, takes its place in the pipeline and puts it with what
// is to be written.
func (c *Conn) queue(ctx context.Context, cmd Command, acquire func(context.Context) error) (*Call, error) {
	if c.o.admit != nil {
		if err := c.o.admit(cmd); err != nil {
			return nil, &Error{ClTRID: cmd.ClTRID, Err: err}
		}
	}
	if c.o.Extend != nil {
		cmd = c.o.Extend(c.Greeting(), cmd)
	}
	if cmd.ClTRID != "" && !validTRID(cmd.ClTRID) {
		return nil, &Error{ClTRID: cmd.ClTRID, Err: ErrClTRID}
	}
	if c.o.turn != nil {
		c.push() // what is queued need not wait with this one
		if err := c.o.turn(ctx); err != nil {
			return nil, &Error{ClTRID: cmd.ClTRID, Err: err}
		}
	}
	if cmd.ClTRID == "" {
		cmd.ClTRID = c.prefix + "-" + strconv.FormatUint(c.serial.Add(1), 10)
	}
	buffer := frames.Get().(*[]byte)
	defer frames.Put(buffer)
	*buffer = wire.EndFrame(cmd.AppendXML(wire.BeginFrame((*buffer)[:0])), 0)
	if err := acquire(ctx); err != nil {
		return nil, &Error{ClTRID: cmd.ClTRID, Err: err}
	}
	call := &Call{clTRID: cmd.ClTRID, login: cmd.Body.Verb() == VerbLogin, done: make(chan struct{})}
	if err := c.enqueue(call, *buffer); err != nil {
		return nil, err
	}
	return call, nil
}

// Hello asks for a new greeting, which shows the registry's present services
// and clock.
func (c *Conn) Hello(ctx context.Context) (*Greeting, error) {
	if err := c.acquire(ctx); err != nil {
		return nil, &Error{Err: err}
	}
	call, err := c.startHello()
	if err != nil {
		return nil, err
	}
	if _, err := call.Wait(ctx); err != nil {
		return nil, err
	}
	return call.greeting, nil
}

// Logout waits until no command is under way, logs out and closes the session.
func (c *Conn) Logout(ctx context.Context) error {
	defer c.Close()
	call, err := c.start(ctx, Command{Body: Logout{}}, c.acquireAll)
	if err != nil {
		return err
	}
	_, err = call.Wait(ctx)
	return err
}

// Close ends the session at once. Commands under way fail with [ErrClosed].
func (c *Conn) Close() error {
	c.end(ErrClosed)
	return nil
}

// acquire takes a place in the pipeline.
func (c *Conn) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.tryAcquire() {
		return nil
	}
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-c.done:
		return c.Err()
	}
}

// tryAcquire takes a place if there is one at once.
func (c *Conn) tryAcquire() bool {
	select {
	case c.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

// acquireAll takes every place: nothing is under way then, and nothing follows.
func (c *Conn) acquireAll(ctx context.Context) error {
	for range cap(c.slots) {
		if err := c.acquire(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c *Conn) release() { <-c.slots }

// end ends the session, once, and fails what was under way.
func (c *Conn) end(cause error) {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	c.err = cause
	calls, sent := c.flight, len(c.flight)-c.unsent
	c.flight, c.unsent, c.out = nil, 0, nil
	c.mu.Unlock()

	c.o.Log.Info("epp: session ended", "client", c.o.ClientID, "cause", cause, "under_way", len(calls))
	close(c.done)
	for i, call := range calls {
		call.fail(&Error{ClTRID: call.clTRID, Sent: i < sent, Err: cause})
	}
	c.nc.Close()
}

// watch ends a session that is not answered and says hello in one that is idle.
func (c *Conn) watch() {
	timer := time.NewTimer(c.untilCheck())
	defer timer.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-timer.C:
			c.check()
			timer.Reset(c.untilCheck())
		}
	}
}

// untilCheck is how long nothing can be due. A command that starts meanwhile is
// due CommandTimeout later at the earliest, and a session that falls idle
// KeepAlive later.
func (c *Conn) untilCheck() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	since, underWay := time.Since(c.progress), len(c.flight) > 0
	timeout, keepAlive := c.o.CommandTimeout, c.o.KeepAlive
	if underWay {
		timeout -= since
	} else {
		keepAlive -= since
	}
	if c.o.KeepAlive > 0 {
		timeout = min(timeout, keepAlive)
	}
	return max(timeout, time.Millisecond)
}

func (c *Conn) check() {
	c.mu.Lock()
	idle, since := len(c.flight) == 0, time.Since(c.progress)
	c.mu.Unlock()
	switch {
	case !idle && since >= c.o.CommandTimeout:
		c.end(ErrTimeout)
	case idle && c.o.KeepAlive > 0 && since >= c.o.KeepAlive:
		if c.tryAcquire() { // otherwise somebody is about to send a command
			c.startHello()
		}
	}
}

func (c *Conn) limits() wire.Limits { return wire.Limits{Bytes: c.o.MaxFrame} }

// trace logs a frame at debug level, and records it.
func (c *Conn) trace(direction string, frame []byte) {
	if c.o.Record != nil {
		c.o.Record(direction == directionSent, bytes.Clone(frame))
	}
	if c.o.Log.Enabled(context.Background(), slog.LevelDebug) {
		c.o.Log.Debug("epp: frame "+direction, "client", c.o.ClientID, "frame", string(Redact(frame)))
	}
}

// traceSent logs and records frames that are about to be written.
func (c *Conn) traceSent(frames []byte) {
	if c.o.Record == nil && !c.o.Log.Enabled(context.Background(), slog.LevelDebug) {
		return
	}
	for r := bytes.NewReader(frames); r.Len() > 0; {
		frame, err := wire.ReadFrame(r, len(frames))
		if err != nil {
			return
		}
		c.trace(directionSent, frame)
	}
}

const (
	directionSent     = "sent"
	directionReceived = "received"
)

// lost is the cause of a session that ended by itself.
func lost(err error) error { return fmt.Errorf("epp: connection lost: %w", err) }

// TLS is how the connection is secured; ok is false for one that is not, as in a
// test.
func (c *Conn) TLS() (state tls.ConnectionState, ok bool) {
	if secured, is := c.nc.(*tls.Conn); is {
		return secured.ConnectionState(), true
	}
	return state, false
}

package epp

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/verinym/verinym/epp/wire"
)

// Call is a command under way.
type Call struct {
	clTRID   string
	hello    bool
	login    bool
	raw      bool // of DoFrame
	done     chan struct{}
	response *Response
	greeting *Greeting // of a hello
	err      error
}

// ClTRID is the command's client transaction identifier.
func (k *Call) ClTRID() string { return k.clTRID }

// Done is closed when the answer, or the end of the session, has come. [Call.Wait]
// does not block then.
func (k *Call) Done() <-chan struct{} { return k.done }

// Wait returns the answer as [Conn.Do] does. If the context ends first, the error
// has Sent set, and Wait may be called again.
func (k *Call) Wait(ctx context.Context) (*Response, error) {
	select {
	case <-k.done:
		return k.response, k.err
	default:
	}
	select {
	case <-k.done:
		return k.response, k.err
	case <-ctx.Done():
		return nil, &Error{ClTRID: k.clTRID, Sent: true, Err: ctx.Err()}
	}
}

func (k *Call) fail(err error) {
	k.err = err
	close(k.done)
}

// frames are buffers for encoding commands outside the Conn's lock.
var frames = sync.Pool{New: func() any { return new([]byte) }}

// startHello queues a hello. The caller has acquired its place.
func (c *Conn) startHello() (*Call, error) {
	call := &Call{hello: true, done: make(chan struct{})}
	hello := append(wire.BeginFrame(nil), frameHead+"<hello/>"+frameTail...)
	if err := c.enqueue(call, wire.EndFrame(hello, 0)); err != nil {
		return nil, err
	}
	c.push()
	return call, nil
}

// directWrite is how much is written by the goroutine that starts a command,
// instead of waking another. If all that was sent before is answered, the
// registry has read it, so that so little cannot block.
const directWrite = 8 << 10

// enqueue puts a frame with what is to be written. The caller has acquired its
// place; it is released on an error.
func (c *Conn) enqueue(call *Call, frame []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		c.release()
		return &Error{ClTRID: call.clTRID, Err: c.err}
	}
	if len(c.flight) == 0 {
		c.progress = time.Now()
	}
	c.out = append(c.out, frame...)
	c.flight = append(c.flight, call)
	c.unsent++
	return nil
}

// push sees to it that what is queued gets written.
func (c *Conn) push() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.flight) == c.unsent && !c.writing && len(c.out) <= directWrite {
		c.flush()
	}
	if len(c.out) == 0 || c.writing {
		return
	}
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

// largestSpare is the size of the buffers that a Conn keeps.
const largestSpare = 64 << 10

// flush gives all queued frames to the connection in one Write. c.mu is held,
// and released meanwhile.
func (c *Conn) flush() {
	if len(c.out) == 0 {
		return
	}
	frames := c.out
	c.out, c.spare = c.spare[:0], nil
	c.unsent = 0
	c.writing = true
	c.mu.Unlock()
	c.traceSent(frames)
	_, err := c.nc.Write(frames)
	if err != nil {
		c.end(lost(err))
	}
	c.mu.Lock()
	c.writing = false
	if cap(frames) <= largestSpare {
		c.spare = frames[:0]
	}
}

// write is the goroutine that writes what several commands have queued.
func (c *Conn) write() {
	for {
		select {
		case <-c.done:
			return
		case <-c.kick:
		}
		c.mu.Lock()
		for len(c.out) > 0 && !c.writing && c.err == nil {
			c.flush()
		}
		c.mu.Unlock()
	}
}

// read is the goroutine that takes the registry's frames.
func (c *Conn) read() {
	for {
		frame, err := wire.ReadFrame(c.br, c.o.MaxFrame)
		if err != nil {
			c.end(lost(err))
			return
		}
		c.trace(directionReceived, frame)
		code, err := c.settle(frame)
		if err != nil {
			c.end(err)
			return
		}
		if endsSession(code) {
			c.end(fmt.Errorf("%w by the registry: %d %s", ErrClosed, code, CodeText(code)))
			return
		}
	}
}

// settle gives a frame to the oldest command under way. It returns the answer's
// code, 0 for a greeting.
func (c *Conn) settle(frame []byte) (int, error) {
	root, err := wire.Parse(frame, c.limits())
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrOutOfStep, err)
	}
	if root.Child(NS, "greeting") != nil {
		return 0, c.settleHello(root, frame)
	}
	response, err := responseOf(root, frame)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrOutOfStep, err)
	}
	call, err := c.take(func(oldest *Call) bool { return oldest.answeredBy(response) })
	if err != nil {
		return 0, err
	}
	call.response, call.err = response, errorOf(response)
	if c.o.observe != nil && !call.login {
		c.o.observe(response)
	}
	close(call.done)
	return response.Code(), nil
}

func (c *Conn) settleHello(root *wire.Element, frame []byte) error {
	greeting, err := greetingOf(root, frame)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOutOfStep, err)
	}
	call, err := c.take(func(oldest *Call) bool { return oldest.hello || oldest.raw })
	if err != nil {
		return err
	}
	c.greeting.Store(greeting)
	call.greeting = greeting
	if call.raw {
		call.response = &Response{Raw: frame}
	}
	close(call.done)
	return nil
}

// answeredBy reports whether a response belongs to the command. A registry that
// could not read the command cannot echo its clTRID, so that a failure may come
// without one.
func (k *Call) answeredBy(r *Response) bool {
	return !k.hello && (r.ClTRID == k.clTRID || collapsed(r.ClTRID) == k.clTRID || r.ClTRID == "" && (k.raw || r.Code() >= CodeUnknownCommand))
}

// take removes the oldest command whose frame was written, if it fits, and frees
// its place in the pipeline.
func (c *Conn) take(fits func(*Call) bool) (*Call, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return nil, c.err
	}
	if len(c.flight) == c.unsent {
		return nil, fmt.Errorf("%w: a frame that nobody asked for", ErrOutOfStep)
	}
	oldest := c.flight[0]
	if !fits(oldest) {
		return nil, fmt.Errorf("%w: not the answer to %s", ErrOutOfStep, or(oldest.clTRID, "hello"))
	}
	c.flight = append(c.flight[:0], c.flight[1:]...)
	c.progress = time.Now()
	c.release()
	return oldest, nil
}

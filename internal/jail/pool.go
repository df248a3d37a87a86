package jail

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// ErrKilled says that a picture took too much: time, memory or a decoder's life.
// The picture is to blame, not the caller.
var ErrKilled = errors.New("jail: the picture took too much time or memory")

// ErrTooLarge says that a picture does not fit into the jail.
var ErrTooLarge = errors.New("jail: the picture is larger than the jail takes")

// Config describes a pool; the zero value of every field is good.
type Config struct {
	// Path is the program to start, with Args; this one when empty.
	Path string
	Args []string
	// Width is how many children work at once; 2 when 0.
	Width int
	// MaxBytes is the largest picture; 24 MiB when 0.
	MaxBytes int
	// Memory is how much a child may have, in bytes; 1 GiB when 0.
	Memory int64
	// Timeout is how long one picture may take; 30 seconds when 0.
	Timeout time.Duration
	// Recycle is after how many pictures a child is replaced; 200 when 0.
	Recycle int
}

// Pool keeps children at work.
type Pool struct {
	config Config
	idle   chan *child // nil stands for one that is not started yet
	once   sync.Once
	done   chan struct{}
}

// New returns a pool. Children are started when they are needed.
func New(c Config) (*Pool, error) {
	if c.Path == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("jail: %w", err)
		}
		c.Path = self
	}
	if c.Width == 0 {
		c.Width = 2
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = 24 << 20
	}
	if c.Memory == 0 {
		c.Memory = 1 << 30
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	if c.Recycle == 0 {
		c.Recycle = 200
	}
	p := &Pool{config: c, idle: make(chan *child, c.Width), done: make(chan struct{})}
	for range c.Width {
		p.idle <- nil
	}
	return p, nil
}

// Close ends the children; calls under way finish first.
func (p *Pool) Close() {
	p.once.Do(func() {
		close(p.done)
		for range p.config.Width {
			if k := <-p.idle; k != nil {
				k.end()
			}
		}
	})
}

// Picture opens the bytes that a function is to see. It is called when a child is
// free, so that pictures that wait need no memory.
type Picture func() (io.ReadCloser, error)

// Bytes is a picture that is in memory already.
func Bytes(b []byte) Picture {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// Do runs the function called name on a picture. It waits for a free child, which
// is the back-pressure on many uploads at once; the picture then goes straight
// into the memory that is shared with it. Errors: ErrKilled, ErrTooLarge, the
// context's, those of the picture's reader, or what the function returned.
func (p *Pool) Do(ctx context.Context, name string, picture Picture, args []byte) ([]byte, error) {
	var k *child
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.done:
		return nil, errors.New("jail: closed")
	case k = <-p.idle:
	}
	reply, keep, err := p.with(ctx, k, name, picture, args)
	p.idle <- keep
	return reply, err
}

// with does one call in a child, and returns the child that is to be used next:
// nil when this one is gone.
func (p *Pool) with(ctx context.Context, k *child, name string, picture Picture, args []byte) (reply []byte, keep *child, err error) {
	if k == nil {
		if k, err = p.start(); err != nil {
			return nil, nil, err
		}
	}
	inline, n, err := k.take(picture, p.config.MaxBytes)
	if err != nil {
		return nil, k, err
	}
	ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
	defer cancel()
	// Whoever gives up takes the child along: its answer would be the next one's.
	stop := context.AfterFunc(ctx, func() { _ = k.cmd.Process.Kill() })
	answer, reply, err := k.ask(header{Func: name, Bytes: n, Inline: k.shared == nil}, append(inline, args...))
	if !stop() || err != nil {
		k.end()
		if cause := context.Cause(ctx); errors.Is(cause, context.Canceled) {
			return nil, nil, cause
		}
		return nil, nil, ErrKilled
	}
	k.served++
	keep = k
	if answer.Panic != "" || k.served >= p.config.Recycle {
		k.end()
		keep = nil
	}
	switch {
	case answer.Panic != "":
		return nil, keep, fmt.Errorf("%w: %s", ErrKilled, answer.Panic)
	case answer.Error != "":
		return nil, keep, errors.New(answer.Error)
	}
	return reply, keep, nil
}

// Confined reports whether children are held back by more than limits of time.
func Confined() bool { return confines }

// child is one process in jail.
type child struct {
	cmd    *exec.Cmd
	in     *bufio.Writer
	out    *bufio.Reader
	close  func()
	shared []byte
	filled int // bytes of shared that the last picture took
	served int
}

func (p *Pool) start() (*child, error) {
	file, shared, err := makeShared(p.config.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("jail: %w", err)
	}
	cmd := exec.Command(p.config.Path, p.config.Args...)
	cmd.Env = []string{envInside + "=1", envMemory + "=" + strconv.FormatInt(p.config.Memory, 10), "GOTRACEBACK=none"}
	if file != nil {
		defer file.Close()
		cmd.ExtraFiles = []*os.File{file}
	}
	cmd.Dir = "/"
	cmd.SysProcAttr = childAttr()
	stdin, err1 := cmd.StdinPipe()
	stdout, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		unmap(shared)
		return nil, fmt.Errorf("jail: %w", err)
	}
	if err := cmd.Start(); err != nil {
		unmap(shared)
		return nil, fmt.Errorf("jail: %w", err)
	}
	k := &child{cmd: cmd, in: bufio.NewWriter(stdin), out: bufio.NewReader(stdout), shared: shared, close: func() { _ = stdin.Close() }}
	hello, _, err := receive(k.out)
	if err == nil && hello.Error != "" {
		err = errors.New(hello.Error)
	}
	if err != nil {
		k.end()
		return nil, fmt.Errorf("jail: the child did not confine itself: %w", err)
	}
	return k, nil
}

// take reads a picture of n bytes into the shared memory, or gives it back where
// there is none.
func (k *child) take(picture Picture, most int) (inline []byte, n int, err error) {
	r, err := picture()
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	if k.shared == nil {
		inline, err = io.ReadAll(io.LimitReader(r, int64(most)+1))
		if err == nil && len(inline) > most {
			err = ErrTooLarge
		}
		return inline, len(inline), err
	}
	n, err = io.ReadFull(r, k.shared)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
	case err != nil:
		return nil, 0, err
	default:
		if more, _ := io.ReadFull(r, make([]byte, 1)); more > 0 {
			return nil, 0, ErrTooLarge
		}
	}
	if n < k.filled { // of the picture before this one
		clear(k.shared[n:k.filled])
	}
	k.filled = n
	return nil, n, nil
}

// ask sends one request and reads its answer.
func (k *child) ask(h header, body []byte) (header, []byte, error) {
	if err := send(k.in, h, body); err != nil {
		return header{}, nil, err
	}
	return receive(k.out)
}

// end ends a child, also one that does not want to.
func (k *child) end() {
	k.close()
	_ = k.cmd.Process.Kill()
	_ = k.cmd.Wait()
	unmap(k.shared)
}

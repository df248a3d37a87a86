package ocr

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"
)

// Limits of an engine's process. The zero value of every field is good.
type Limits struct {
	// Timeout is how long one picture may take, the start of the process included; 60 seconds when 0.
	Timeout time.Duration
	// Memory is how much the process may have, in bytes; 2 GiB when 0. On Linux only.
	Memory uint64
	// Recycle is after how many pictures the process is replaced; 500 when 0.
	Recycle int
}

func (l Limits) withDefaults() Limits {
	if l.Timeout == 0 {
		l.Timeout = time.Minute
	}
	if l.Memory == 0 {
		l.Memory = 2 << 30
	}
	if l.Recycle == 0 {
		l.Recycle = 500
	}
	return l
}

// Child is an engine that speaks the protocol of this package. Its process is started when it is first needed and kept.
type Child struct {
	path   string
	limits Limits

	turn chan struct{} // one picture at a time
	mu   sync.Mutex    // of name
	name string
	at   *process // of whoever has the turn
}

var _ Engine = (*Child)(nil)

// NewChild returns the engine whose program is at path.
func NewChild(path string, l Limits) *Child {
	return &Child{path: path, limits: l.withDefaults(), turn: make(chan struct{}, 1), name: path}
}

// Name is what the process calls itself, its path until it has been started.
func (c *Child) Name() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.name
}

// Recognize implements Engine. A process that fails is ended, and the next picture gets a new one.
func (c *Child) Recognize(ctx context.Context, p Picture, zones []Zone) ([]Line, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, c.limits.Timeout)
	defer cancel()
	lines, err := c.recognize(ctx, p, zones)
	if err == nil {
		return lines, nil
	}
	c.end()
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("%w: %w", ErrFailed, err)
}

func (c *Child) recognize(ctx context.Context, p Picture, zones []Zone) ([]Line, error) {
	if c.at == nil {
		if err := c.start(ctx); err != nil {
			return nil, err
		}
	}
	// Whoever gives up takes the process along: its answer would be the next one's.
	stop := context.AfterFunc(ctx, c.at.kill)
	lines, err := ask(c.at.in, c.at.out, p, zones)
	if !stop() {
		return nil, context.Cause(ctx)
	}
	if c.at.served++; c.at.served >= c.limits.Recycle && err == nil {
		c.end()
	}
	return lines, err
}

// process is a running engine.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	served int
}

func (p *process) kill() { _ = p.cmd.Process.Kill() }

func (c *Child) start(ctx context.Context) error {
	cmd := exec.Command(c.path)
	cmd.Env = []string{} // nil would be ours
	cmd.Dir = "/"
	cmd.SysProcAttr = attributes()
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.at = &process{cmd: cmd, in: in, out: newReader(out)}
	limitMemory(cmd.Process.Pid, c.limits.Memory)
	defer context.AfterFunc(ctx, c.at.kill)()
	hello, err := readReply(c.at.out)
	switch {
	case err != nil:
		return fmt.Errorf("%s does not begin: %w", c.path, err)
	case hello.Error != "":
		return errors.New(hello.Error)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.name = hello.Name
	return nil
}

// end ends the process, also one that does not want to.
func (c *Child) end() {
	if c.at == nil {
		return
	}
	_ = c.at.in.Close()
	c.at.kill()
	_ = c.at.cmd.Wait()
	c.at = nil
}

// Close ends the process after the picture under way. A later call starts another.
func (c *Child) Close() {
	c.turn <- struct{}{}
	defer func() { <-c.turn }()
	c.end()
}

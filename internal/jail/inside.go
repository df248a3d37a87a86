package jail

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
)

// Func is something that is done with a picture inside the jail. args and reply
// are its own affair.
type Func func(ctx context.Context, picture, args []byte) (reply []byte, err error)

// Here does in this process what a Pool does in children: for programs whose only
// work is one picture, and for tests of what is above.
type Here map[string]Func

// Do runs the function called name on a picture.
func (h Here) Do(ctx context.Context, name string, picture Picture, args []byte) ([]byte, error) {
	r, err := picture()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return h[name](ctx, b, args)
}

// environment variables that tell a child what it is.
const (
	envInside = "VERINYM_JAIL"
	envMemory = "VERINYM_JAIL_MEMORY"
)

// Inside reports whether this process is a child in jail. A program that uses
// jails asks so first thing in main, and calls Serve.
func Inside() bool { return os.Getenv(envInside) != "" }

// Confine takes from this process, for good, what reading pixels does not need: files, sockets, other programs and, on Linux,
// the system calls that reach them. It is for programs that are children of another kind: they load what they need first. A
// limit of memory that somebody has set stays.
func Confine() error { return confine(0) }

// Serve is the child's life: it confines itself, then does what it is asked, one
// picture after another, until its parent closes the pipe. It never returns.
func Serve(funcs map[string]Func) {
	memory, _ := strconv.ParseInt(os.Getenv(envMemory), 10, 64)
	os.Clearenv()
	shared, err := mapShared(os.NewFile(3, "picture"))
	if err == nil {
		debug.SetMemoryLimit(memory * 3 / 4) // collect before the limit is met
		err = confine(memory)
	}
	out := bufio.NewWriter(os.Stdout)
	hello := header{Confined: confines}
	if err != nil {
		hello.Error = err.Error()
	}
	if send(out, hello, nil) != nil || err != nil {
		os.Exit(1)
	}
	in := bufio.NewReader(os.Stdin)
	for {
		ask, args, err := receive(in)
		if err != nil {
			os.Exit(0)
		}
		answer, reply := do(funcs, ask, shared, args)
		if send(out, answer, reply) != nil {
			os.Exit(0)
		}
	}
}

// do calls one function; a panic of a decoder is an answer too.
func do(funcs map[string]Func, ask header, shared, args []byte) (answer header, reply []byte) {
	defer func() {
		if p := recover(); p != nil {
			answer, reply = header{Panic: fmt.Sprint(p)}, nil
		}
	}()
	f := funcs[ask.Func]
	picture := shared
	if ask.Inline {
		picture = args
	}
	if f == nil || ask.Bytes < 0 || ask.Bytes > len(picture) {
		return header{Error: "jail: no such function or too many bytes"}, nil
	}
	if ask.Inline {
		args = args[ask.Bytes:]
	}
	reply, err := f(context.Background(), picture[:ask.Bytes:ask.Bytes], args)
	if err != nil {
		return header{Error: err.Error()}, nil
	}
	return header{}, reply
}

// header goes before each message in either direction.
type header struct {
	Func     string `json:"func,omitempty"`
	Bytes    int    `json:"bytes,omitempty"`  // of the picture
	Inline   bool   `json:"inline,omitempty"` // it comes before the arguments, not in shared memory
	Error    string `json:"error,omitempty"`
	Panic    string `json:"panic,omitempty"`
	Confined bool   `json:"confined,omitempty"`
}

// maxMessage bounds what either side believes of the other.
const maxMessage = 64 << 20

func send(w *bufio.Writer, h header, body []byte) error {
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	var sizes [8]byte
	binary.BigEndian.PutUint32(sizes[:4], uint32(len(b)))
	binary.BigEndian.PutUint32(sizes[4:], uint32(len(body)))
	for _, part := range [][]byte{sizes[:], b, body} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return w.Flush()
}

func receive(r *bufio.Reader) (h header, body []byte, err error) {
	var sizes [8]byte
	if _, err := io.ReadFull(r, sizes[:]); err != nil {
		return h, nil, err
	}
	n, m := binary.BigEndian.Uint32(sizes[:4]), binary.BigEndian.Uint32(sizes[4:])
	if n > maxMessage || m > maxMessage {
		return h, nil, fmt.Errorf("jail: a message of %d bytes", max(n, m))
	}
	b := make([]byte, int(n)+int(m))
	if _, err := io.ReadFull(r, b); err != nil {
		return h, nil, err
	}
	return h, b[n:], json.Unmarshal(b[:n], &h)
}

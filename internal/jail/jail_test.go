package jail_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
	"unsafe"

	"github.com/verinym/verinym/internal/jail"
)

// TestMain lets the test binary be its own prisoner.
func TestMain(m *testing.M) {
	if jail.Inside() {
		jail.Serve(map[string]jail.Func{
			"echo": func(_ context.Context, picture, args []byte) ([]byte, error) {
				return append(bytes.Clone(picture), args...), nil
			},
			"refuse": func(context.Context, []byte, []byte) ([]byte, error) { return nil, errors.New("not a picture") },
			"crash":  func(context.Context, []byte, []byte) ([]byte, error) { panic("index out of range") },
			"spin":   func(context.Context, []byte, []byte) ([]byte, error) { select {} },
			"die":    func(context.Context, []byte, []byte) ([]byte, error) { os.Exit(3); return nil, nil },
			"hoard":  hoard,
			"escape": escape,
			"beyond": beyond,
			"write":  func(_ context.Context, picture, _ []byte) ([]byte, error) { picture[0] = 1; return nil, nil },
		})
	}
	os.Exit(m.Run())
}

// beyond reads where a decoder must not.
func beyond(_ context.Context, picture, _ []byte) ([]byte, error) {
	return bytes.Clone(unsafe.Slice(unsafe.SliceData(picture), 1<<20)[len(picture):]), nil
}

// hoard takes more memory than a child may have.
func hoard(context.Context, []byte, []byte) ([]byte, error) {
	var kept [][]byte
	for range 64 {
		b := make([]byte, 64<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		kept = append(kept, b)
	}
	return kept[0][:1], nil
}

// otherWays are ways out of one system only.
var otherWays []func() string

// escape tries the ways out, and names those that work.
func escape(context.Context, []byte, []byte) ([]byte, error) {
	var open []string
	if _, err := os.ReadFile("/etc/hostname"); err == nil {
		open = append(open, "read a file")
	}
	if f, err := os.CreateTemp("", "x"); err == nil {
		open = append(open, "wrote "+f.Name())
	}
	if _, err := net.DialTimeout("tcp", "127.0.0.1:1", time.Second); err == nil || strings.Contains(err.Error(), "refused") {
		open = append(open, "opened a socket")
	}
	if err := exec.Command("/bin/true").Run(); err == nil {
		open = append(open, "started a program")
	}
	for _, try := range otherWays {
		if done := try(); done != "" {
			open = append(open, done)
		}
	}
	if len(os.Environ()) > 0 {
		open = append(open, "saw the environment")
	}
	return []byte(strings.Join(open, ", ")), nil
}

func pool(t *testing.T, c jail.Config) *jail.Pool {
	t.Helper()
	p, err := jail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestPictureAndArgumentsComeThrough(t *testing.T) {
	t.Parallel()
	p := pool(t, jail.Config{Recycle: 3})
	for i := range 10 { // over several generations of children
		picture := bytes.Repeat([]byte{byte(i + 1)}, 1_000_000+i)
		got, err := p.Do(t.Context(), "echo", jail.Bytes(picture), []byte("args"))
		if err != nil || !bytes.Equal(got, append(picture, "args"...)) {
			t.Fatalf("round %d: %d bytes, %v", i, len(got), err)
		}
	}
	if _, err := p.Do(t.Context(), "refuse", jail.Bytes([]byte("x")), nil); err == nil || err.Error() != "not a picture" {
		t.Errorf("the function's own error became %v", err)
	}
	if _, err := p.Do(t.Context(), "nothing", jail.Bytes(nil), nil); err == nil {
		t.Error("a function that does not exist answered")
	}
}

func TestHostilePictureCostsOneChildOnly(t *testing.T) {
	t.Parallel()
	p := pool(t, jail.Config{Width: 1, Memory: 512 << 20, Timeout: 20 * time.Second})
	short := pool(t, jail.Config{Width: 1, Timeout: 200 * time.Millisecond})
	for _, tt := range []struct {
		does string
		in   *jail.Pool
	}{{"crash", p}, {"die", p}, {"hoard", p}, {"write", p}, {"spin", short}} {
		if tt.does == "hoard" && runtime.GOOS != "linux" {
			continue
		}
		if _, err := tt.in.Do(t.Context(), tt.does, jail.Bytes([]byte("x")), nil); !errors.Is(err, jail.ErrKilled) {
			t.Errorf("%s: %v, want ErrKilled", tt.does, err)
		}
		if got, err := p.Do(t.Context(), "echo", jail.Bytes([]byte("the next one")), nil); err != nil || string(got) != "the next one" {
			t.Errorf("after %s the next picture got %q, %v", tt.does, got, err)
		}
	}
}

func TestChildCannotReachAnything(t *testing.T) {
	t.Parallel()
	if !jail.Confined() {
		t.Skip("children are confined on Linux only")
	}
	got, err := pool(t, jail.Config{}).Do(t.Context(), "escape", jail.Bytes(nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) > 0 {
		t.Errorf("the child %s", got)
	}
}

func TestManyPicturesWaitForAFreeChild(t *testing.T) {
	t.Parallel()
	p := pool(t, jail.Config{Width: 2})
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			want := bytes.Repeat([]byte{byte(i)}, 10_000)
			got, err := p.Do(t.Context(), "echo", jail.Bytes(want), nil)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("picture %d came back as another one, %v", i, err)
			}
		})
	}
	wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Do(ctx, "echo", jail.Bytes(nil), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who has gone: %v", err)
	}
	if _, err := p.Do(t.Context(), "echo", jail.Bytes(make([]byte, 25<<20)), nil); !errors.Is(err, jail.ErrTooLarge) {
		t.Errorf("a picture of 25 MiB: %v", err)
	}
}

// A picture that cannot be read is nobody's fault in there: the child goes on.
func TestPictureThatCannotBeRead(t *testing.T) {
	t.Parallel()
	p := pool(t, jail.Config{Width: 1})
	gone := errors.New("the vault does not answer")
	for name, picture := range map[string]jail.Picture{
		"not opened": func() (io.ReadCloser, error) { return nil, gone },
		"broken off": func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(gone))), nil
		},
	} {
		if _, err := p.Do(t.Context(), "echo", picture, nil); !errors.Is(err, gone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := p.Do(t.Context(), "echo", jail.Bytes([]byte("the next one")), nil); err != nil || string(got) != "the next one" {
		t.Errorf("the next picture got %q, %v", got, err)
	}
}

// What was shown before is gone from the shared memory: all of it is looked at.
func TestNothingOfAnEarlierPictureIsLeft(t *testing.T) {
	t.Parallel()
	p := pool(t, jail.Config{Width: 1, MaxBytes: 1 << 20})
	if _, err := p.Do(t.Context(), "echo", jail.Bytes(bytes.Repeat([]byte("secret "), 100_000)), nil); err != nil {
		t.Fatal(err)
	}
	got, err := p.Do(t.Context(), "beyond", jail.Bytes([]byte("short")), nil)
	if err != nil || len(bytes.Trim(got, "\x00")) > 0 {
		t.Errorf("%d bytes of another picture, %v", len(bytes.Trim(got, "\x00")), err)
	}
}

func BenchmarkOverheadOfOneCall(b *testing.B) {
	p, err := jail.New(jail.Config{Width: 1, Recycle: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	picture := make([]byte, 4_400_000)
	for b.Loop() {
		if _, err := p.Do(context.Background(), "refuse", jail.Bytes(picture), nil); err == nil {
			b.Fatal("no answer")
		}
	}
}

//go:build linux

package screen

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// envCapped makes this test binary a process that screens one file under limits: seconds of processor time, bytes of
// memory, file.
const envCapped = "SCREEN_CAPPED"

func TestMain(m *testing.M) {
	if limits := os.Getenv(envCapped); limits != "" {
		os.Exit(capped(strings.Split(limits, ",")))
	}
	os.Exit(m.Run())
}

func capped(limits []string) int {
	seconds, _ := strconv.ParseUint(limits[0], 10, 64)
	memory, _ := strconv.ParseUint(limits[1], 10, 64)
	for resource, n := range map[int]uint64{syscall.RLIMIT_CPU: seconds, syscall.RLIMIT_DATA: memory} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
			fmt.Println(err)
			return 3
		}
	}
	f, err := os.Open(limits[2])
	if err != nil {
		return 3
	}
	info, _ := f.Stat()
	r, err := Screen(context.Background(), f, info.Size(), Options{Kind: "business_licence"})
	if err != nil {
		fmt.Println(err)
		return 3
	}
	fmt.Print(r.Image.Format, r.Image.Width, "×", r.Image.Height)
	for _, f := range r.Findings {
		fmt.Print(" ", f.Code)
	}
	return 0
}

// TestNoFormatTakesMoreThanItsCaps screens the worst file of each format in a process that has no more than the package's
// documentation says.
func TestNoFormatTakesMoreThanItsCaps(t *testing.T) {
	if testing.Short() {
		t.Skip("decodes hundreds of millions of pixels")
	}
	const mb = 1 << 20
	for _, tt := range []struct {
		name    string
		seconds int
		memory  int
		file    func(t *testing.T) []byte
	}{
		{"jpeg", 8, 256 * mb, func(t *testing.T) []byte { return asJPEG(t, largeSheet(8600, 5800), 60) }},
		{"jpeg of many scans", 8, 256 * mb, func(t *testing.T) []byte { return manyScans(t, 8600, 5800, 190) }},
		{"png", 10, 768 * mb, func(t *testing.T) []byte { return asPNG(t, largeSheet(8600, 5800)) }},
		{"png of 16 bits", 10, 768 * mb, func(t *testing.T) []byte { return deepPNG(t, 8600, 5800) }},
		{"bmp", 10, 768 * mb, func(*testing.T) []byte { return paletteBMP(2400, 2000) }},
		{"webp", 15, 768 * mb, func(t *testing.T) []byte { return blankWebP(7000, 7000) }},
		{"heic", 15, 768 * mb, func(t *testing.T) []byte { return sample(t, "resident-id-li-12mp.heic") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := tt.file(t)
			if len(b) > 5*mb {
				t.Fatalf("%d bytes are no upload", len(b))
			}
			path := t.TempDir() + "/picture"
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			exe, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(exe)
			cmd.Env = []string{fmt.Sprintf("%s=%d,%d,%s", envCapped, tt.seconds, tt.memory, path), fmt.Sprintf("GOMEMLIMIT=%d", tt.memory*3/4)}
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %.600s", err, out)
			}
			u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
			t.Logf("%s: %.1f s of processor time, %d MB", strings.TrimSpace(string(out)), cmd.ProcessState.UserTime().Seconds()+cmd.ProcessState.SystemTime().Seconds(), u.Maxrss>>10)
		})
	}
}

// largeSheet is a large sheet with lines of marks.
func largeSheet(w, h int) *image.Gray {
	im := image.NewGray(image.Rect(0, 0, w, h))
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range im.Pix {
		im.Pix[i] = 230
	}
	for y := 200; y < h-200; y += 90 {
		for x := 200; x < w-200; x += 45 {
			for j := range 30 {
				for i := range 4 {
					im.Pix[(y+j)*w+x+rng.IntN(20)+i] = 30
				}
			}
		}
	}
	return im
}

// manyScans is a progressive JPEG of empty scans: a hundred bytes each, which visit every block.
func manyScans(t *testing.T, w, h, scans int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	out := bytes.Clone(b.Bytes()[:bytes.Index(b.Bytes(), []byte{0xff, 0xda})])
	sof := bytes.Index(out, []byte{0xff, 0xc0})
	out[sof+1] = 0xc2
	binary.BigEndian.PutUint16(out[sof+5:], uint16(h))
	binary.BigEndian.PutUint16(out[sof+7:], uint16(w))
	blocks := ((w + 7) / 8) * ((h + 7) / 8)
	// An AC table whose only code, one bit, ends the band of 16384 blocks and more.
	table := append([]byte{0xff, 0xc4, 0, 20, 0x10, 1}, make([]byte, 15)...)
	out = append(append(out, table...), 0xe0)
	out = append(out, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0) // the means: code 00 is a difference of no bits
	out = append(out, make([]byte, blocks/4+1)...)
	for i := range scans {
		k := byte(1 + i%63)
		out = append(out, 0xff, 0xda, 0, 8, 1, 1, 0, k, k, 0)
		out = append(out, make([]byte, (blocks/16384+1)*15/8+1)...)
	}
	return append(out, 0xff, 0xd9)
}

// deepPNG has sixteen bits a channel and four channels.
func deepPNG(t *testing.T, w, h int) []byte {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := e.Encode(&b, uniform16{image.Rect(0, 0, w, h)}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type uniform16 struct{ r image.Rectangle }

func (u uniform16) ColorModel() color.Model { return color.NRGBA64Model }
func (u uniform16) Bounds() image.Rectangle { return u.r }
func (u uniform16) At(x, y int) color.Color { return color.NRGBA64{0xe000, 0xe100, 0xe000, 0xf000} }

// paletteBMP has a byte a pixel, the most pixels that fit.
func paletteBMP(w, h int) []byte {
	const offset = 54 + 256*4
	b := make([]byte, offset+w*h)
	copy(b, "BM")
	put := func(at, v int) { binary.LittleEndian.PutUint32(b[at:], uint32(v)) }
	put(2, len(b))
	put(10, offset)
	put(14, 40)
	put(18, w)
	put(22, h)
	b[26], b[28] = 1, 8
	for i := range 256 {
		put(54+4*i, i*0x10101)
	}
	for i := range w * h {
		b[offset+i] = 200
	}
	return b
}

// blankWebP is a lossless picture of one colour: a dozen bytes of any size.
func blankWebP(w, h int) []byte {
	var bits, n uint64
	var data []byte
	put := func(v uint64, k uint64) {
		for i := range k {
			bits |= (v >> i & 1) << n
			if n++; n == 8 {
				data = append(data, byte(bits))
				bits, n = 0, 0
			}
		}
	}
	put(0x2f, 8)
	put(uint64(w-1), 14)
	put(uint64(h-1), 14)
	put(0, 1+3) // no alpha, version
	put(0, 1)   // no transform
	put(0, 1)   // no colour cache
	put(0, 1)   // one group of codes
	for _, v := range []uint64{200, 200, 200, 255, 0} {
		put(1, 1) // a simple code
		put(0, 1) // of one symbol
		put(1, 1) // of eight bits
		put(v, 8)
	}
	put(0, 16)
	chunk := append([]byte("VP8L"), binary.LittleEndian.AppendUint32(nil, uint32(len(data)))...)
	chunk = append(chunk, data...)
	if len(chunk)%2 == 1 {
		chunk = append(chunk, 0)
	}
	out := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(4+len(chunk)))...)
	return append(append(out, "WEBP"...), chunk...)
}

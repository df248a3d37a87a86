package document_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"golang.org/x/image/draw"

	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

// What the server itself may hold for uploads that wait for their turn in jail, each; the package documentation says so.
// The children hold the pictures: at most as many at once as there are children.
const waiting = 1 << 20

// TestFiftyUploadsAtOnceWaitTheirTurn: fifty pictures of five megabytes come at once. All are taken, a few at a time, and
// the server never holds what would be a fifth of them.
func TestFiftyUploadsAtOnceWaitTheirTurn(t *testing.T) {
	const uploads = 50
	s, _ := storetest.SQLite(t)
	c := newCounter(t, s)
	picture := heavy(t, 5<<20-1024)
	runtime.GC()
	before, stop := held(), make(chan struct{})
	most := make(chan uint64)
	go func() {
		top := uint64(0)
		for {
			select {
			case <-stop:
				most <- top
				return
			case <-time.After(2 * time.Millisecond):
				top = max(top, held())
			}
		}
	}()
	var wg sync.WaitGroup
	for i := range uploads {
		wg.Go(func() {
			u := card(nil)
			u.ProfileKind, u.Body = policy.Common, bytes.NewReader(picture)
			who := c.li
			if i%2 == 1 {
				who = c.chen
			}
			if _, err := c.Take(t.Context(), who, u, nowhere); err != nil {
				t.Errorf("upload %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	close(stop)
	if top := <-most; top > before+uploads*waiting {
		t.Errorf("%d uploads of %d bytes made the server hold %d MB more; at most %d MB were promised", uploads, len(picture), (top-before)>>20, uploads*waiting>>20)
	}
	if _, rows, _ := c.kept(); rows != uploads {
		t.Errorf("%d of %d uploads were kept", rows, uploads)
	}
}

// held is how much memory the heap's objects have, those included that the collector has not met yet.
func held() uint64 {
	m := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(m)
	return m[0].Value.Uint64()
}

// heavy is a card in a picture of a megapixel, with comments that make the file as large as wanted.
func heavy(t *testing.T, size int) []byte {
	t.Helper()
	im, err := jpeg.Decode(bytes.NewReader(samples.Li))
	if err != nil {
		t.Fatal(err)
	}
	small := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	draw.BiLinear.Scale(small, small.Rect, im, im.Bounds(), draw.Src, nil)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: 88}); err != nil {
		t.Fatal(err)
	}
	out := bytes.Clone(b.Bytes()[:2])
	for left := size - b.Len(); left > 4; {
		n := min(left-2, 0xffff)
		out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xfe), uint16(n))
		out = append(out, make([]byte, n-2)...)
		left -= n + 2
	}
	return append(out, b.Bytes()[2:]...)
}

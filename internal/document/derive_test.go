package document

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/verinym/verinym/screen"
	"github.com/verinym/verinym/test/pictures/samples"
)

// withEXIF puts an EXIF segment with an orientation into a JPEG.
func withEXIF(picture []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	tiff := []byte("MM")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II")
	}
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2) // two entries: the maker, the orientation
	for _, e := range [][2]uint16{{0x010f, 0}, {0x0112, orientation}} {
		tiff = order.AppendUint16(tiff, e[0])
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, e[1])
		tiff = order.AppendUint16(tiff, 0)
	}
	tiff = append(tiff, "GPS 39.9042 N 116.4074 E"...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, picture[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	out = append(out, segment...)
	return append(out, picture[2:]...)
}

// flag is a picture whose four quarters differ: red, green, blue, yellow from the
// top left, row by row.
func flag(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, quarters[2*(2*y/h)+2*x/w])
		}
	}
	return m
}

var quarters = []color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 0, 255}}

// legibility names the quarters of a picture, row by row, and its shape.
func legibility(m image.Image) (out string, wide bool) {
	b := m.Bounds()
	for _, p := range [][2]int{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
		r, g, bl, _ := m.At(b.Min.X+b.Dx()*p[0]/4, b.Min.Y+b.Dy()*p[1]/4).RGBA()
		switch {
		case r > 0x8000 && g > 0x8000:
			out += "y"
		case r > 0x8000:
			out += "r"
		case g > 0x8000:
			out += "g"
		case bl > 0x8000:
			out += "b"
		default:
			out += "?"
		}
	}
	return out, b.Dx() > b.Dy()
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func copyOf(picture []byte, least, most int64) ([]byte, error) {
	report, err := screen.Screen(context.Background(), bytes.NewReader(picture), int64(len(picture)), screen.Options{})
	if err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	c, err := derive(img, report.Image.Orientation, least, most)
	return c.Copy, err
}

func TestCopyStandsUprightHoweverThePhoneWasHeld(t *testing.T) {
	t.Parallel()
	picture := asJPEG(t, flag(128, 64))
	for orientation, want := range map[uint16]string{
		0: "rgby", 1: "rgby", 2: "gryb", 3: "ybgr", 4: "byrg", 5: "rbgy", 6: "bryg", 7: "ygbr", 8: "gyrb", 9: "rgby",
	} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			out, err := copyOf(withEXIF(picture, order, orientation), 1, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			got, wide := legibility(decode(t, out))
			if lying := orientation >= 5 && orientation <= 8; got != want || wide == lying {
				t.Errorf("orientation %d (%v): the copy reads %s, wide %v; want %s", orientation, order, got, wide, want)
			}
		}
	}
}

func TestCopyFitsTheRegistryAndTellsNothingElse(t *testing.T) {
	t.Parallel()
	const least, most = 56_320, 1_048_576
	out, err := copyOf(withEXIF(samples.Li, binary.BigEndian, 1), least, most)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(out); n < least || n > most {
		t.Errorf("the copy has %d bytes", n)
	}
	if bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("GPS")) {
		t.Error("the copy carries EXIF")
	}
	if size := decode(t, out).Bounds().Size(); size != image.Pt(1920, 1440) {
		t.Errorf("the copy has %v pixels", size)
	}
}

func TestTransparentPartsLieOnWhitePaper(t *testing.T) {
	t.Parallel()
	m := image.NewNRGBA(image.Rect(0, 0, 64, 64)) // nothing but glass
	var buf bytes.Buffer
	if err := png.Encode(&buf, m); err != nil {
		t.Fatal(err)
	}
	out, err := copyOf(buf.Bytes(), 1, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := decode(t, out).At(32, 32).RGBA(); r < 0xf000 || g < 0xf000 || b < 0xf000 {
		t.Errorf("the glass has become %x %x %x", r, g, b)
	}
}

// noise is a picture with as much in it as a JPEG can hold.
func noise(w, h int) image.Image {
	rnd := rand.New(rand.NewPCG(1, 1))
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = uint8(96 + rnd.IntN(64))
	}
	return m
}

// A phone's photo has more pixels than fit into a registry's megabyte: its copy
// has fewer of them, and no more than needed are left out.
func TestPhotoOfManyMegapixelsStillGivesACopy(t *testing.T) {
	t.Parallel()
	const least, most = 56_320, 140_000
	out, err := copyOf(asJPEG(t, noise(2140, 400)), least, most)
	if err != nil {
		t.Fatal(err)
	}
	size := decode(t, out).Bounds().Size()
	if n := len(out); n < least || n > most || size != image.Pt(1605, 300) {
		t.Errorf("the copy has %d bytes and %v pixels", n, size)
	}
	if out, err := copyOf(asJPEG(t, noise(640, 480)), least, 60_000); err != errNoHonestCopy {
		t.Errorf("640 pixels into 60 kB: %d bytes, %v; want no honest copy", len(out), err)
	}
}

func TestPictureWithTooLittleInItIsNeverPadded(t *testing.T) {
	t.Parallel()
	if out, err := copyOf(asJPEG(t, flag(640, 480)), 56_320, 1<<20); err != errNoHonestCopy {
		t.Errorf("%d bytes, %v", len(out), err)
	}
	if _, err := copyOf([]byte("no picture"), 1, 1<<20); err == nil {
		t.Error("no picture was copied")
	}
}

// TestWhatWasMeasuredStaysOnItsPlace: a place of the picture as stored is the same place
// of the upright one, whichever way a camera was held.
func TestWhatWasMeasuredStaysOnItsPlace(t *testing.T) {
	t.Parallel()
	stored := flag(80, 40)
	for orientation := range 9 {
		m := upright(stored, orientation)
		for i, p := range [][2]float64{{20, 10}, {60, 10}, {20, 30}, {60, 30}} {
			x, y := turned(p[0], p[1], 80, 40, orientation)
			if got := m.At(int(x), int(y)); got != color.Color(quarters[i]) {
				t.Errorf("orientation %d: %v is at %v,%v, which is %v, want %v", orientation, p, x, y, got, quarters[i])
			}
		}
	}
	for orientation, wide := range map[uint16]bool{1: true, 6: false} {
		reply, err := lookInside(t.Context(), withEXIF(samples.Li, binary.BigEndian, orientation), []byte(`{"Most":5000000}`))
		var a answer
		if err == nil {
			err = json.Unmarshal(reply, &a)
		}
		if err != nil || len(a.Corners) != 4 || a.Image.Width > a.Image.Height != wide {
			t.Fatalf("orientation %d: %d by %d, corners %v, %v", orientation, a.Image.Width, a.Image.Height, a.Corners, err)
		}
		for _, c := range a.Corners {
			if c.X < 0 || c.Y < 0 || c.X > float64(a.Image.Width) || c.Y > float64(a.Image.Height) {
				t.Errorf("orientation %d: a corner at %v of %d by %d", orientation, c, a.Image.Width, a.Image.Height)
			}
		}
	}
}

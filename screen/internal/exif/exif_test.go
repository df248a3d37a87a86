package exif_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/verinym/verinym/screen/internal/exif"
)

// tiff is a header with one directory: the maker, then the orientation.
func tiff(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("MM")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b = []byte("II")
	}
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	for _, e := range [][2]uint16{{0x010f, 0}, {0x0112, orientation}} {
		b = order.AppendUint16(b, e[0])
		b = order.AppendUint16(b, 3)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint16(b, e[1])
		b = order.AppendUint16(b, 0)
	}
	return b
}

func png(chunks ...[]byte) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	for _, c := range chunks { // type and body
		b = binary.BigEndian.AppendUint32(b, uint32(len(c)-4))
		b = append(append(b, c...), 0, 0, 0, 0)
	}
	return b
}

func webp(chunks ...[]byte) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WEBP")
	for _, c := range chunks {
		b = append(b, c[:4]...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(c)-4))
		b = append(b, c[4:]...)
		if len(c)%2 == 1 {
			b = append(b, 0)
		}
	}
	return b
}

func chunk(name string, body []byte) []byte { return append([]byte(name), body...) }

func TestPictureIsTurnedAsItsMetadataSays(t *testing.T) {
	t.Parallel()
	for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
		for said, want := range map[uint16]int{0: 0, 1: 1, 3: 3, 6: 6, 8: 8, 9: 0} {
			x := tiff(order, said)
			for where, got := range map[string]int{
				"bare":                     exif.Orientation(x),
				"behind JPEG's prefix":     exif.Orientation(append([]byte(exif.Prefix), x...)),
				"PNG, before the pixels":   exif.InPNG(png(chunk("IHDR", make([]byte, 13)), chunk("eXIf", x), chunk("IDAT", nil))),
				"PNG, after the pixels":    exif.InPNG(png(chunk("IHDR", make([]byte, 13)), chunk("IDAT", make([]byte, 99)), chunk("eXIf", x))),
				"WebP, after odd chunks":   exif.InWebP(webp(chunk("VP8X", make([]byte, 10)), chunk("VP8 ", make([]byte, 33)), chunk("EXIF", x))),
				"WebP, with JPEG's prefix": exif.InWebP(webp(chunk("EXIF", append([]byte(exif.Prefix), x...)))),
			} {
				if got != want {
					t.Errorf("%s, %v, %d: %d, want %d", where, order, said, got, want)
				}
			}
		}
	}
}

func TestPictureWithoutMetadataSaysNothing(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{"nothing": nil, "a signature": png(), "pixels only": png(chunk("IDAT", make([]byte, 20))), "a RIFF header": webp(), "a chunk that is cut": webp(chunk("VP8 ", make([]byte, 40)))[:30]} {
		if got := exif.InPNG(b) + exif.InWebP(b) + exif.Orientation(b); got != 0 {
			t.Errorf("%s: %d", name, got)
		}
	}
}

// TestBrokenMetadataIsNoOrientation: whatever stands there, reading ends and gives an orientation or none.
func TestBrokenMetadataIsNoOrientation(t *testing.T) {
	t.Parallel()
	for _, whole := range [][]byte{tiff(binary.LittleEndian, 6), png(chunk("eXIf", tiff(binary.BigEndian, 6))), webp(chunk("EXIF", tiff(binary.LittleEndian, 6)))} {
		for at := range whole {
			for _, v := range []byte{0, 1, 0x7f, 0xff} {
				broken := bytes.Clone(whole)
				broken[at] = v
				for _, b := range [][]byte{broken, whole[:at]} {
					for _, got := range []int{exif.Orientation(b), exif.InPNG(b), exif.InWebP(b)} {
						if got < 0 || got > 8 {
							t.Errorf("byte %d is %#x: %d", at, v, got)
						}
					}
				}
			}
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(tiff(binary.LittleEndian, 6))
	f.Add(png(chunk("eXIf", tiff(binary.BigEndian, 8))))
	f.Add(webp(chunk("EXIF", tiff(binary.LittleEndian, 3))))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, got := range []int{exif.Orientation(b), exif.InPNG(b), exif.InWebP(b)} {
			if got < 0 || got > 8 {
				t.Errorf("%d", got)
			}
		}
	})
}

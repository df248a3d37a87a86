package heif

import (
	"encoding/binary"
	"errors"
	"testing"
)

func wrap(kind string, parts ...[]byte) []byte {
	b := append([]byte{0, 0, 0, 0}, kind...)
	for _, p := range parts {
		b = append(b, p...)
	}
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

// photograph is the skeleton of what a phone writes: tiles of 512 pixels and a grid item that joins them.
func photograph(width, height uint32, quarters byte) []byte {
	size := func(w, h uint32) []byte {
		return wrap("ispe", binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(make([]byte, 4), w), h))
	}
	return append(wrap("ftyp", []byte("heic\x00\x00\x00\x00mif1heic")), wrap("meta", make([]byte, 4),
		wrap("hdlr", make([]byte, 24)),
		wrap("pitm", []byte{0, 0, 0, 0, 0, 49}),
		wrap("iprp",
			wrap("ipco", size(512, 512), size(width, height), wrap("irot", []byte{quarters})),
			wrap("ipma", []byte{0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 1, 0x81, 0, 49, 2, 2, 0x83})))...)
}

func TestSizeOfThePrimaryPicture(t *testing.T) {
	for name, tt := range map[string]struct {
		file []byte
		want Config
	}{
		"upright":        {photograph(4032, 3024, 0), Config{4032, 3024}},
		"phone upright":  {photograph(4032, 3024, 3), Config{3024, 4032}},
		"upside down":    {photograph(4032, 3024, 2), Config{4032, 3024}},
		"beyond a bound": {photograph(60000, 60000, 0), Config{60000, 60000}},
	} {
		if got, err := ReadConfig(tt.file); err != nil || got != tt.want {
			t.Errorf("%s: %v, %v, want %v", name, got, err, tt.want)
		}
	}
}

func TestEveryCutFileIsCorrupt(t *testing.T) {
	whole := photograph(4032, 3024, 1)
	for n := range whole {
		if _, err := ReadConfig(whole[:n]); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
}

func FuzzReadConfig(f *testing.F) {
	f.Add(photograph(4032, 3024, 1))
	f.Add(photograph(0, 0, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := ReadConfig(b); err == nil && (c.Width <= 0 || c.Height <= 0) {
			t.Fatalf("%v without an error", c)
		}
	})
}

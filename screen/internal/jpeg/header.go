package jpeg

import (
	"bytes"
	"errors"

	"github.com/verinym/verinym/screen/internal/exif"
)

var (
	ErrCorrupt     = errors.New("jpeg: damaged or incomplete")
	ErrUnsupported = errors.New("jpeg: a mode that is not decoded here")
)

// component is one colour plane of the picture.
type component struct {
	id, h, v, tq int
	// Blocks in both directions: those that carry picture, and those stored, which fill whole MCUs.
	blocksX, blocksY int
	storedX, storedY int
	dc, ac           uint8 // Huffman tables of the current scan
}

// header is what the segments before a scan have said so far.
type header struct {
	width, height int
	comps         []component
	hmax, vmax    int
	mcusX, mcusY  int
	progressive   bool
	quant         [4]*[64]uint16 // in zigzag order
	dcTab, acTab  [4]*huffman
	restart       int
	adobe         int // the Adobe segment's colour transform, or -1
	orientation   int
}

// Config is what a picture says about itself.
type Config struct {
	Width, Height int
	Components    int
	Progressive   bool
	Orientation   int // EXIF: 1 upright … 8; 0 unknown
}

// ReadConfig reads up to the frame header.
func ReadConfig(b []byte) (Config, error) {
	h := &header{adobe: -1}
	if _, err := h.read(b, 0, true); err != nil {
		return Config{}, err
	}
	return h.config(), nil
}

func (h *header) config() Config {
	return Config{h.width, h.height, len(h.comps), h.progressive, h.orientation}
}

const (
	mSOF0, mSOF1, mSOF2 = 0xc0, 0xc1, 0xc2
	mDHT, mRST0, mSOI   = 0xc4, 0xd0, 0xd8
	mEOI, mSOS, mDQT    = 0xd9, 0xda, 0xdb
	mDNL, mDRI          = 0xdc, 0xdd
	mAPP1, mAPP14       = 0xe1, 0xee
)

// read takes segments from offset p until a scan begins, and returns the offset of the scan's header; at the end of the
// picture it returns -1. With frameOnly it stops after the frame header.
func (h *header) read(b []byte, p int, frameOnly bool) (int, error) {
	if p == 0 {
		if len(b) < 4 || b[0] != 0xff || b[1] != mSOI {
			return 0, ErrCorrupt
		}
		p = 2
	}
	for {
		m, next := marker(b, p)
		if next < 0 {
			return 0, ErrCorrupt
		}
		p = next
		switch {
		case m == 0 || m == 1 || m >= mRST0 && m <= mRST0+7: // no segment follows
			continue
		case m == mEOI:
			return -1, nil
		case m == mSOI:
			return 0, ErrCorrupt
		}
		if p+2 > len(b) {
			return 0, ErrCorrupt
		}
		n := int(b[p])<<8 | int(b[p+1])
		if n < 2 || p+n > len(b) {
			return 0, ErrCorrupt
		}
		if m == mSOS {
			return p, nil
		}
		if err := h.segment(m, b[p+2:p+n]); err != nil {
			return 0, err
		}
		if frameOnly && (m == mSOF0 || m == mSOF1 || m == mSOF2) {
			return p, nil
		}
		p += n
	}
}

// marker finds the next marker from offset p on, and the offset behind it; -1 where there is none.
func marker(b []byte, p int) (m byte, next int) {
	for p < len(b) && b[p] != 0xff { // stray bytes between segments: tolerated, as everywhere
		p++
	}
	for p < len(b) && b[p] == 0xff {
		p++
	}
	if p >= len(b) {
		return 0, -1
	}
	return b[p], p + 1
}

// segment takes what the segment behind a marker says.
func (h *header) segment(m byte, s []byte) error {
	switch {
	case m == mSOF0, m == mSOF1, m == mSOF2:
		h.progressive = m == mSOF2
		return h.frame(s)
	case m == mDHT:
		return h.huffmanTables(s)
	case m == mDQT:
		return h.quantTables(s)
	case m == mDRI:
		if len(s) < 2 {
			return ErrCorrupt
		}
		h.restart = int(s[0])<<8 | int(s[1])
	case m >= mSOF0 && m < mRST0 || m == mDNL:
		return ErrUnsupported
	case m == mAPP14:
		if len(s) >= 12 && string(s[:5]) == "Adobe" {
			h.adobe = int(s[11])
		}
	case m == mAPP1:
		if h.orientation == 0 && bytes.HasPrefix(s, []byte(exif.Prefix)) {
			h.orientation = exif.Orientation(s)
		}
	}
	return nil
}

func (h *header) frame(s []byte) error {
	if h.comps != nil {
		return ErrCorrupt
	}
	if len(s) < 6 {
		return ErrCorrupt
	}
	h.height, h.width = int(s[1])<<8|int(s[2]), int(s[3])<<8|int(s[4])
	n := int(s[5])
	if s[0] != 8 || h.height == 0 || n != 1 && n != 3 && n != 4 {
		return ErrUnsupported
	}
	if h.width == 0 || len(s) < 6+3*n {
		return ErrCorrupt
	}
	for i := range n {
		c := component{id: int(s[6+3*i]), h: int(s[7+3*i] >> 4), v: int(s[7+3*i] & 15), tq: int(s[8+3*i])}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.tq > 3 {
			return ErrCorrupt
		}
		for _, o := range h.comps {
			if o.id == c.id {
				return ErrCorrupt
			}
		}
		h.comps = append(h.comps, c)
	}
	if n == 1 { // of one component the factors mean nothing (A.2.2)
		h.comps[0].h, h.comps[0].v = 1, 1
	}
	blocks := 0
	for _, c := range h.comps {
		h.hmax, h.vmax = max(h.hmax, c.h), max(h.vmax, c.v)
		blocks += c.h * c.v
	}
	h.mcusX, h.mcusY = ceilDiv(h.width, 8*h.hmax), ceilDiv(h.height, 8*h.vmax)
	for i := range h.comps {
		c := &h.comps[i]
		c.blocksX = ceilDiv(ceilDiv(h.width*c.h, h.hmax), 8)
		c.blocksY = ceilDiv(ceilDiv(h.height*c.v, h.vmax), 8)
		c.storedX, c.storedY = h.mcusX*c.h, h.mcusY*c.v
	}
	if blocks > 10 && n > 1 { // the standard's limit for an interleaved scan (B.2.3)
		return ErrUnsupported
	}
	return nil
}

func (h *header) quantTables(s []byte) error {
	for len(s) > 0 {
		id, wide := s[0]&15, s[0]>>4
		if id > 3 || wide > 1 {
			return ErrCorrupt
		}
		n := 64 << wide
		if len(s) < 1+n {
			return ErrCorrupt
		}
		q := new([64]uint16)
		for i := range q {
			if wide == 0 {
				q[i] = uint16(s[1+i])
			} else {
				q[i] = uint16(s[1+2*i])<<8 | uint16(s[2+2*i])
			}
		}
		h.quant[id] = q
		s = s[1+n:]
	}
	return nil
}

func (h *header) huffmanTables(s []byte) error {
	for len(s) > 0 {
		if len(s) < 17 {
			return ErrCorrupt
		}
		class, id := s[0]>>4, s[0]&15
		if class > 1 || id > 3 {
			return ErrCorrupt
		}
		n := 0
		for _, k := range s[1:17] {
			n += int(k)
		}
		if n == 0 || n > 256 || len(s) < 17+n {
			return ErrCorrupt
		}
		t, err := newHuffman(s[1:17], s[17:17+n], class == 1)
		if err != nil {
			return err
		}
		if class == 0 {
			h.dcTab[id] = t
		} else {
			h.acTab[id] = t
		}
		s = s[17+n:]
	}
	return nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

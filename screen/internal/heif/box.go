package heif

import "encoding/binary"

// box is one box of an ISO base media file (ISO/IEC 14496-12, 4.2).
type box struct {
	kind string
	body []byte
}

// next splits the first box off b. ok is false at the end, and where a box claims more than there is.
func next(b []byte) (x box, rest []byte, ok bool) {
	if len(b) < 8 {
		return box{}, nil, false
	}
	size, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
	x.kind = string(b[4:8])
	switch {
	case size == 0: // to the end
		size = uint64(len(b))
	case size == 1:
		if len(b) < 16 {
			return box{}, nil, false
		}
		size, head = binary.BigEndian.Uint64(b[8:]), 16
	}
	if size < head || size > uint64(len(b)) {
		return box{}, nil, false
	}
	x.body = b[head:size]
	return x, b[size:], true
}

// each visits the boxes of b in order until visit returns false.
func each(b []byte, visit func(box) bool) {
	for {
		x, rest, ok := next(b)
		if !ok || !visit(x) {
			return
		}
		b = rest
	}
}

// child is the body of the first box of a kind inside b.
func child(b []byte, kind string) (body []byte) {
	each(b, func(x box) bool {
		if x.kind == kind {
			body = x.body
		}
		return x.kind != kind
	})
	return body
}

// full skips the version and flags of a full box.
func full(b []byte) (version byte, flags uint32, rest []byte) {
	if len(b) < 4 {
		return 0, 0, nil
	}
	return b[0], binary.BigEndian.Uint32(b) & 0xffffff, b[4:]
}

// reader takes big-endian numbers off the front; after the end it gives zeros and remembers.
type reader struct {
	b    []byte
	over bool
}

func (r *reader) take(n int) (v uint32) {
	if len(r.b) < n {
		r.b, r.over = nil, true
		return 0
	}
	for _, c := range r.b[:n] {
		v = v<<8 | uint32(c)
	}
	r.b = r.b[n:]
	return v
}

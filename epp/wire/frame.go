package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// headerLen is the size of the data unit header: a 32-bit big-endian length
// that counts itself (RFC 5734 section 4).
const headerLen = 4

// ErrFrameLength is returned, wrapped, by [ReadFrame] when a data unit announces
// a length that is too small to be one or larger than the caller allows.
// The stream is unusable afterwards: its next byte is not the start of a frame.
var ErrFrameLength = errors.New("wire: frame length out of bounds")

// ReadFrame reads one data unit from r and returns its payload, the XML without
// the length header, in a slice of its own. max is the largest payload in bytes.
//
// It returns io.EOF if the stream ended between frames, io.ErrUnexpectedEOF if it
// ended inside one, and an error wrapping [ErrFrameLength] for a bad length.
func ReadFrame(r io.Reader, max int) ([]byte, error) {
	var head [headerLen]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	total := int64(binary.BigEndian.Uint32(head[:]))
	if total <= headerLen || total-headerLen > int64(max) {
		return nil, fmt.Errorf("%w: %d bytes announced, at most %d allowed", ErrFrameLength, total, int64(max)+headerLen)
	}
	payload := make([]byte, total-headerLen)
	if _, err := io.ReadFull(r, payload); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return payload, nil
}

// AppendFrame appends payload as one data unit, header first, so that the whole
// unit can be handed to a single Write.
func AppendFrame(dst, payload []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(headerLen+len(payload)))
	return append(dst, payload...)
}

// BeginFrame appends an empty header, for a payload that is appended in place.
// [EndFrame] with the length that dst had before BeginFrame fills it in.
func BeginFrame(dst []byte) []byte {
	return append(dst, 0, 0, 0, 0)
}

// EndFrame writes the length of the data unit that starts at dst[start] and
// reaches to the end of dst.
func EndFrame(dst []byte, start int) []byte {
	binary.BigEndian.PutUint32(dst[start:], uint32(len(dst)-start))
	return dst
}

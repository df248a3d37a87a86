package wire

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

func TestReadFrame(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		stream  string
		payload string
		err     error
	}{
		"a frame":             {"\x00\x00\x00\x07abc", "abc", nil},
		"largest frame":       {"\x00\x00\x00\x0cabcdefgh", "abcdefgh", nil},
		"one byte more":       {"\x00\x00\x00\x0dabcdefghi", "", ErrFrameLength},
		"nothing in it":       {"\x00\x00\x00\x04", "", ErrFrameLength},
		"shorter than itself": {"\x00\x00\x00\x03", "", ErrFrameLength},
		"four gigabytes":      {"\xff\xff\xff\xffabc", "", ErrFrameLength},
		"end of stream":       {"", "", io.EOF},
		"end in header":       {"\x00\x00", "", io.ErrUnexpectedEOF},
		"end after header":    {"\x00\x00\x00\x07", "", io.ErrUnexpectedEOF},
		"end in payload":      {"\x00\x00\x00\x07ab", "", io.ErrUnexpectedEOF},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payload, err := ReadFrame(bytes.NewReader([]byte(tt.stream)), 8)
			if string(payload) != tt.payload || !errors.Is(err, tt.err) {
				t.Errorf("%q, %v", payload, err)
			}
		})
	}
}

func TestFramesAreBuiltInPlace(t *testing.T) {
	t.Parallel()
	out := []byte("before")
	start := len(out)
	out = append(BeginFrame(out), "abc"...)
	out = EndFrame(out, start)
	if want := AppendFrame([]byte("before"), []byte("abc")); !bytes.Equal(out, want) {
		t.Errorf("%q, want %q", out, want)
	}
}

package sandbox

import (
	"strconv"
	"testing"
)

// A log that is bounded keeps the latest commands, and who reads it as it grows reads each
// of them once.
func TestLogKeepsTheLatestCommands(t *testing.T) {
	t.Parallel()
	const received = 5*recordChunk + 7
	for name, tt := range map[string]struct{ keep, least, most int }{
		"all":                {-1, received, received},
		"one":                {1, 1, 2 * recordChunk},
		"a chunk":            {recordChunk, recordChunk, 2 * recordChunk},
		"one more":           {recordChunk + 1, recordChunk + 1, 3 * recordChunk},
		"more than came yet": {received * 2, received, received},
	} {
		l, read := newRecord(tt.keep, 3), 0
		for i := range received {
			l.add(Received{Name: strconv.Itoa(i)}, []byte("<frame/>"))
			if i%1000 == 0 {
				for _, e := range l.since(read) {
					if e.Name != strconv.Itoa(read) {
						t.Fatalf("%s: read %s as command %d", name, e.Name, read)
					}
					read++
				}
				if read != i+1 {
					t.Fatalf("%s: %d of %d commands were read", name, read, i+1)
				}
			}
		}
		kept := l.since(0)
		if n := len(kept); n < tt.least || n > tt.most || l.len() != received {
			t.Errorf("%s: %d of %d are kept, want %d to %d of %d", name, n, l.len(), tt.least, tt.most, received)
		}
		for i, e := range kept {
			if want := received - len(kept) + i; e.Name != strconv.Itoa(want) || (e.Frame != "") != (want >= received-3) {
				t.Fatalf("%s: entry %d is %s with the frame %q, want %d", name, i, e.Name, e.Frame, want)
			}
		}
	}
}

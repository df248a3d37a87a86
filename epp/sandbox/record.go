package sandbox

import (
	"slices"
	"time"

	"github.com/verinym/verinym/epp"
)

// Received is one command that reached the registry, whether or not it had an
// effect or was answered.
type Received struct {
	Time    time.Time `json:"time"`
	Channel string    `json:"channel"` // "epp", "audit" or "vsp"
	Session uint64    `json:"session,omitempty"`
	Client  string    `json:"client"` // "" before login
	ClTRID  string    `json:"cltrid,omitempty"`
	SvTRID  string    `json:"svtrid,omitempty"`
	Verb    string    `json:"verb"`             // of EPP; "evidence" or "state" of the audit interface; "" if it could not be read
	Object  string    `json:"object,omitempty"` // "domain", "contact", "host", "verification"
	Name    string    `json:"name,omitempty"`   // of the object; the first one of a check
	Code    int       `json:"code"`             // result code or HTTP status; 0 if the command was not carried out
	Fault   FaultKind `json:"fault,omitempty"`  // that struck it
	Frame   string    `json:"frame,omitempty"`  // redacted; of the latest commands only
}

// record is the log of received commands. Chunks keep growing it cheap, and forgetting
// what is old.
type record struct {
	chunks [][]Received
	most   int           // chunks that are kept, 0 for all
	gone   int           // entries that were forgotten
	frames []loggedFrame // a ring of the latest frames, as received
	next   int           // place in the ring
}

// loggedFrame belongs to an entry of the log.
type loggedFrame struct {
	entry *Received
	frame []byte
}

const recordChunk = 4096

// newRecord returns a log that keeps that many of the latest commands at least, all when
// fewer than none, and the frames of some of them.
func newRecord(commands, frames int) *record {
	l := &record{frames: make([]loggedFrame, frames)}
	if commands >= 0 {
		l.most = 1 + (commands+recordChunk-1)/recordChunk
	}
	return l
}

// add logs a command. The entry's strings must not be parts of the frame, lest
// they keep it in memory.
func (l *record) add(entry Received, frame []byte) {
	last := len(l.chunks) - 1
	if last < 0 || len(l.chunks[last]) == recordChunk {
		if l.most > 0 && len(l.chunks) == l.most {
			l.chunks = slices.Delete(l.chunks, 0, 1)
			l.gone += recordChunk
			last--
		}
		l.chunks = append(l.chunks, make([]Received, 0, recordChunk))
		last++
	}
	l.chunks[last] = append(l.chunks[last], entry)
	if frame == nil {
		return
	}
	l.frames[l.next] = loggedFrame{&l.chunks[last][len(l.chunks[last])-1], frame}
	l.next = (l.next + 1) % len(l.frames)
}

// list returns the entries that are wanted, oldest first, without the first n.
func (l *record) list(n int, wanted func(*Received) bool) []Received {
	frames := make(map[*Received][]byte, len(l.frames))
	for _, f := range l.frames {
		frames[f.entry] = f.frame
	}
	list := []Received{}
	n = max(0, n-l.gone)
	for at := n / recordChunk; at < len(l.chunks); at++ {
		chunk := l.chunks[at]
		for i := max(0, n-at*recordChunk); i < len(chunk); i++ {
			entry := &chunk[i]
			if wanted != nil && !wanted(entry) {
				continue
			}
			list = append(list, *entry)
			if frame := frames[entry]; frame != nil {
				list[len(list)-1].Frame = string(epp.Redact(frame))
			}
		}
	}
	return list
}

// len is how many commands were received.
func (l *record) len() int {
	if len(l.chunks) == 0 {
		return 0
	}
	last := len(l.chunks) - 1
	return l.gone + last*recordChunk + len(l.chunks[last])
}

// since is what was logged after the first n entries.
func (l *record) since(n int) []Received { return l.list(n, nil) }

// forgetFrames drops the frames of restored entries but the latest.
func (l *record) forgetFrames(keep int) {
	for i := range l.len() - l.gone - keep {
		l.chunks[i/recordChunk][i%recordChunk].Frame = ""
	}
}

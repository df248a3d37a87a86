package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Recording is a conversation, from the greeting on.
type Recording struct {
	// About says what was recorded, for whoever reads the file.
	About  string  `json:"about,omitempty"`
	Frames []Frame `json:"frames"`
}

// Frame is one document, redacted.
type Frame struct {
	Sent bool   `json:"sent"` // by the client
	XML  string `json:"xml"`
}

// Recorder records a session. Its Record goes into epp.Options.
type Recorder struct {
	mu     sync.Mutex
	frames []Frame
}

// Record takes a frame.
func (r *Recorder) Record(sent bool, frame []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.frames = append(r.frames, Frame{sent, string(epp.RedactPersonal(frame))})
}

// Recording is what was recorded so far.
func (r *Recorder) Recording(about string) *Recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &Recording{About: about, Frames: append([]Frame(nil), r.frames...)}
}

// Write writes the recording as JSON.
func (r *Recording) Write(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Read reads a recording.
func Read(from io.Reader) (*Recording, error) {
	r := &Recording{}
	if err := json.NewDecoder(from).Decode(r); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	if len(r.Frames) == 0 || r.Frames[0].Sent {
		return nil, fmt.Errorf("record: a recording begins with a greeting")
	}
	return r, nil
}

// answer is a recorded answer with the clTRID that it carries.
type answer struct {
	xml    string
	clTRID string
}

// script maps commands, as [key] has them, to their answers in turn. The last
// answer is given again when a command comes more often than it was recorded.
func (r *Recording) script() map[string][]answer {
	script := map[string][]answer{}
	var waiting []Frame
	for _, f := range r.Frames {
		switch {
		case f.Sent:
			waiting = append(waiting, f)
		case len(waiting) > 0:
			asked := waiting[0]
			waiting = waiting[1:]
			question, clTRID := key([]byte(asked.XML))
			script[question] = append(script[question], answer{f.XML, clTRID})
		}
	}
	return script
}

// key is a command without what differs from one time to the next: its secrets,
// and its clTRID, which is returned too.
func key(frame []byte) (question, clTRID string) {
	redacted := epp.RedactPersonal(frame)
	root, err := wire.Parse(redacted, wire.Limits{})
	if err != nil {
		return string(redacted), ""
	}
	e := root.Child(epp.NS, "command").Child(epp.NS, "clTRID")
	if e == nil {
		return string(redacted), ""
	}
	return string(bytes.Replace(redacted, e.Raw, nil, 1)), e.Value()
}

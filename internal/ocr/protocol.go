package ocr

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The protocol between this program and an engine's process, over its standard input and output.
//
// The engine begins with one line of JSON, {"name":"pp-ocrv4"}, when it is ready; {"error":"…"} says that it cannot work. A
// question is one line of JSON, {"width":W,"height":H,"zones":[…]}, followed by 3·W·H bytes of pixels. The answer is one line
// of JSON for each line of text and {"done":true} or {"error":"…"} at the end. Questions come one after another; the engine
// ends when its input does.

// question is the first line of what is asked.
type question struct {
	Picture
	Zones []Zone `json:"zones,omitempty"`
}

// reply is one line of an answer.
type reply struct {
	Name  string `json:"name,omitempty"`
	Line  *Line  `json:"line,omitempty"`
	Done  bool   `json:"done,omitempty"`
	Error string `json:"error,omitempty"`
}

// longestReply and mostLines bound what is believed of an engine.
const (
	longestReply = 64 << 10
	mostLines    = 4000
)

// ask writes a question and reads its answer.
func ask(w io.Writer, r *bufio.Reader, p Picture, zones []Zone) ([]Line, error) {
	head, err := json.Marshal(question{Picture: p, Zones: zones})
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(append(head, '\n')); err != nil {
		return nil, err
	}
	if _, err := w.Write(p.Pix); err != nil {
		return nil, err
	}
	var lines []Line
	for range mostLines {
		a, err := readReply(r)
		switch {
		case err != nil:
			return nil, err
		case a.Error != "":
			return nil, errors.New(a.Error)
		case a.Done:
			return lines, nil
		case a.Line == nil:
			return nil, errors.New("an answer that is no line")
		}
		lines = append(lines, *a.Line)
	}
	return nil, fmt.Errorf("more than %d lines", mostLines)
}

func readReply(r *bufio.Reader) (a reply, err error) {
	b, err := readLine(r)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(b, &a)
}

// newReader buffers as much as the longest line that is believed.
func newReader(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, longestReply) }

// readLine reads a line of JSON.
func readLine(r *bufio.Reader) ([]byte, error) {
	b, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, errors.New("a line that is too long")
	}
	return b, err
}

// Recognizer is the inside of an engine's process.
type Recognizer func(p Picture, zones []Zone) ([]Line, error)

// Serve is the life of an engine's process: it answers questions until its input ends. A picture that cannot be read is an
// answer; an input that is not understood is an error.
func Serve(in io.Reader, out io.Writer, name string, recognize Recognizer) error {
	r, w := newReader(in), bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	if err := errors.Join(enc.Encode(reply{Name: name}), w.Flush()); err != nil {
		return err
	}
	for {
		q, err := readQuestion(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		lines, err := recognize(q.Picture, q.Zones)
		for i := range lines {
			if err := enc.Encode(reply{Line: &lines[i]}); err != nil {
				return err
			}
		}
		end := reply{Done: true}
		if err != nil {
			end = reply{Error: err.Error()}
		}
		if err := errors.Join(enc.Encode(end), w.Flush()); err != nil {
			return err
		}
	}
}

// Refuse is what an engine's process says that cannot begin. It returns why.
func Refuse(out io.Writer, why error) error {
	return errors.Join(why, json.NewEncoder(out).Encode(reply{Error: why.Error()}))
}

func readQuestion(r *bufio.Reader) (q question, err error) {
	head, err := readLine(r)
	if err != nil {
		return q, err
	}
	if err := json.Unmarshal(head, &q); err != nil {
		return q, err
	}
	if q.Width < 1 || q.Height < 1 || q.Width > largestSide || q.Height > largestSide {
		return q, fmt.Errorf("a picture of %d × %d", q.Width, q.Height)
	}
	q.Pix = make([]byte, 3*q.Width*q.Height)
	if _, err := io.ReadFull(r, q.Pix); err != nil {
		return q, fmt.Errorf("pixels: %w", io.ErrUnexpectedEOF)
	}
	return q, nil
}

package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// The log of received commands is kept beside the state file, one JSON object a
// line, so that a duplicate shows over restarts too. Frames in it are redacted.
// It only grows; to begin anew, remove both files.

func (s *Server) logFile() string { return s.config.StateFile + ".log" }

// saveLog appends entries to the file, which is then complete up to that many commands.
func (s *Server) saveLog(entries []Received, upTo int) error {
	if len(entries) == 0 {
		return nil
	}
	f, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	lines := json.NewEncoder(w)
	for _, e := range entries {
		if err = lines.Encode(e); err != nil {
			break
		}
	}
	if flushErr := w.Flush(); err == nil {
		err = flushErr
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.logged = upTo
	s.mu.Unlock()
	return nil
}

// restoreLog reads what was logged before a restart.
func (s *Server) restoreLog() error {
	f, err := os.Open(s.logFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sandbox: log: %w", err)
	}
	defer f.Close()
	for lines := bufio.NewReader(f); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break // at the end, or in a line that a crash has cut off
		}
		var e Received
		if json.Unmarshal(line, &e) == nil {
			s.record.add(e, nil)
		}
	}
	s.record.forgetFrames(s.config.LogFrames)
	s.logged = s.record.len()
	return nil
}

package app

import (
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/jail"
)

// Prisoner is called first thing in main: a process that was started to decode
// hostile pictures does so, and nothing else, until its parent ends it.
func Prisoner() {
	if jail.Inside() {
		jail.Serve(document.Inside())
	}
}

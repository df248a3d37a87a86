package app

import (
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/policies"
	"github.com/verinym/verinym/screen"
)

// Texts loads the shipped texts, for commands that need no server.
func Texts() (*locale.Texts, error) { return locale.Load(policies.FS) }

// Findings turns what screening found into what texts are made for.
func Findings(in []screen.Finding) []document.Finding { return document.Present(in) }

package sandbox

import (
	"errors"
	"fmt"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// refusal is why a command is not carried out: a result code and a reason in
// English. A nil refusal is success.
type refusal struct {
	Code   int
	Reason string
	Value  *wire.Element // the offending element, if there is one to show
}

func refuse(code int, format string, args ...any) *refusal {
	return &refusal{Code: code, Reason: fmt.Sprintf(format, args...)}
}

// malformed turns the error of a mapping's Parse function into a refusal.
func malformed(err error) *refusal {
	code := epp.CodeSyntax
	var value *wire.ValueError
	if errors.As(err, &value) {
		switch {
		case value.Missing:
			code = epp.CodeMissing
		case !value.Unexpected:
			code = epp.CodeValueSyntax
		}
	}
	return &refusal{Code: code, Reason: err.Error()}
}

// fill writes the refusal into an answer.
func (f *refusal) fill(reply *epp.Reply) {
	reply.Code = f.Code
	if f.Reason != "" || f.Value != nil {
		reply.Reasons = []epp.Reason{{Value: f.Value, Text: f.Reason}}
	}
}

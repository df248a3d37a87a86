package identifier

import (
	"errors"

	"github.com/verinym/verinym/identifier/internal/today"
	"github.com/verinym/verinym/identifier/mrz"
)

// A machine-readable zone as one more kind of number; package mrz reads it.

func (n *Number) checkZone(c today.Clock) *fault {
	var d mrz.Document
	var err error
	if day, stopped := c.Stopped(); stopped {
		err = d.ReadAt(n.Typed, day)
	} else {
		err = d.Read(n.Typed)
	}
	if err != nil {
		n.Normal = mrz.Normalise(n.Typed)
		return zoneFault(err)
	}
	n.Normal = d.Text
	n.Format, n.Birth, n.Sex, n.Nationality = zoneFormat(d.Format), d.Birth, Sex(d.Sex), d.Nationality
	return nil
}

func repairedZone(text string, c today.Clock) (fixed string, ok bool) {
	var r mrz.Repaired
	if day, stopped := c.Stopped(); stopped {
		r, ok = mrz.RepairAt(text, day)
	} else {
		r, ok = mrz.Repair(text)
	}
	return r.Text, ok
}

func zoneFault(err error) *fault {
	var e *mrz.Error
	if !errors.As(err, &e) {
		return &fault{code: CodeFormat, at: nowhere, cause: err}
	}
	return &fault{code: e.Code, at: nowhere, want: e.Want, cause: e}
}

func zoneFormat(f mrz.Format) Format {
	switch f {
	case mrz.TD1:
		return FormatTD1
	case mrz.TD2:
		return FormatTD2
	}
	return FormatTD3
}

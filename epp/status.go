package epp

import "github.com/verinym/verinym/epp/wire"

// Status is a status of an object with the registry's explanation, if it gave
// one. The values are the constants of this package.
type Status struct {
	Value string
	Text  string // often empty
	Lang  string // of Text; "" is "en"
}

// Statuses makes statuses without explanations.
func Statuses(values ...string) []Status {
	list := make([]Status, len(values))
	for i, v := range values {
		list[i].Value = v
	}
	return list
}

// HasStatus reports whether a status is in a list.
func HasStatus(list []Status, value string) bool {
	for i := range list {
		if list[i].Value == value {
			return true
		}
	}
	return false
}

// AppendStatuses appends <tag s="…"> elements; tag carries the mapping's prefix.
func AppendStatuses(b []byte, tag string, statuses []Status) []byte {
	for _, s := range statuses {
		b = append(b, '<')
		b = append(b, tag...)
		b = wire.AppendAttr(b, "s", s.Value)
		if s.Lang != "" {
			b = wire.AppendAttr(b, "lang", s.Lang)
		}
		if s.Text == "" {
			b = append(b, '/', '>')
			continue
		}
		b = append(b, '>')
		b = wire.AppendText(b, s.Text)
		b = wire.AppendEnd(b, tag)
	}
	return b
}

// ParseStatuses reads the children of e called local in a namespace.
func ParseStatuses(e *wire.Element, space, local string) []Status {
	if e == nil {
		return nil
	}
	var statuses []Status
	for _, c := range e.Children {
		if c.Is(space, local) {
			statuses = append(statuses, Status{c.Attr("s"), c.Value(), c.Attr("lang")})
		}
	}
	return statuses
}

// Availability answers a check of one name: whether it is free, and if not, why.
type Availability struct {
	Name      string
	Available bool
	Reason    string // at most 32 characters
	Lang      string // of Reason
}

package policy

import (
	"slices"

	"github.com/verinym/verinym/internal/reading"
)

// layout says on which side a document shows what.
type layout struct {
	Code  string
	Front []reading.Field
	Back  []reading.Field
}

// label is words that stand beside a field on the documents of a kind of holder.
type label struct {
	Code   string
	Field  reading.Field
	Holder string
	Words  []string
}

// Form is what the document called code looks like to whoever reads its picture; ok is false when there is no such document.
func (p *Policies) Form(code string) (f reading.Form, ok bool) {
	d, ok := p.Document(code)
	if !ok {
		return f, false
	}
	f = reading.Form{Organization: d.Holder == string(Organization), Shows: p.shows(d), Labels: map[reading.Field][]string{}}
	f.Number, _ = p.NumberKind(code)
	for _, l := range p.labels {
		if l.Holder == d.Holder {
			f.Labels[l.Field] = append(f.Labels[l.Field], l.Words...)
		}
	}
	return f, true
}

// shows is a document's layout, or what it has, all on its front.
func (p *Policies) shows(d Document) map[string][]reading.Field {
	if i := slices.IndexFunc(p.layouts, func(l layout) bool { return l.Code == d.Code }); i >= 0 {
		return map[string][]reading.Field{"front": p.layouts[i].Front, "back": p.layouts[i].Back}
	}
	front := []reading.Field{reading.Name, reading.Number}
	for _, x := range []struct {
		has    bool
		fields []reading.Field
	}{
		{d.Has.IssueDate, []reading.Field{reading.IssuedOn}}, {d.Has.Expiry, []reading.Field{reading.ValidFrom, reading.ValidTo}},
		{d.Has.MRZ, []reading.Field{reading.MRZ}}, {d.Has.QR, []reading.Field{reading.QR}},
	} {
		if x.has {
			front = append(front, x.fields...)
		}
	}
	return map[string][]reading.Field{"front": front}
}

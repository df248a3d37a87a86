package reading

// sure is the confidence from which a value is offered to somebody who asked for the form to be filled in.
const sure = 0.8

// Prefill is what a form may be filled in with, by field: what was read well. The registrant sees it and decides; nothing of it
// is taken for typed. The MRZ and the QR code are no fields of a form.
func (o Fields) Prefill() map[Field]Value {
	out := map[Field]Value{}
	for field, v := range o.Values {
		if v.Confidence >= sure && field != MRZ && field != QR {
			out[field] = v
		}
	}
	return out
}

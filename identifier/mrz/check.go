package mrz

// value is what a character counts in a check digit (Doc 9303-3, 4.9): digits
// as they are, A to Z as 10 to 35, the filler as 0.
var value = func() (v [256]uint8) {
	for i, c := range digits + upper {
		v[c] = uint8(i)
	}
	return v
}()

// CheckDigit is the check digit of a field, '0' to '9': weights 7, 3, 1 in
// turn, modulo 10. ok is false if the field holds anything but digits, capital
// letters and fillers.
func CheckDigit(field string) (digit byte, ok bool) {
	for i := range len(field) {
		if memberOf[field[i]]&classFor['x'] == 0 {
			return 0, false
		}
	}
	return thirdsOf(field).digit(), true
}

// weights of a check digit, in turn.
var weights = [cycle]uint32{7, 3, 1}

const cycle = 3

// thirds are the values of a field, those with the same weight added up. They
// give the field's own check digit and, where the cycle of weights begins
// elsewhere, its part in the composite one.
type thirds struct{ first, second, third uint32 }

func thirdsOf(field string) (t thirds) {
	for len(field) >= 2*cycle { // two turns at once: a date is that long
		t.first += uint32(value[field[0]]) + uint32(value[field[3]])
		t.second += uint32(value[field[1]]) + uint32(value[field[4]])
		t.third += uint32(value[field[2]]) + uint32(value[field[5]])
		field = field[2*cycle:]
	}
	if len(field) >= cycle {
		t.first += uint32(value[field[0]])
		t.second += uint32(value[field[1]])
		t.third += uint32(value[field[2]])
		field = field[cycle:]
	}
	switch len(field) {
	case 2:
		t.first += uint32(value[field[0]])
		t.second += uint32(value[field[1]])
	case 1:
		t.first += uint32(value[field[0]])
	}
	return t
}

func (t thirds) digit() byte { return '0' + byte((7*t.first+3*t.second+t.third)%10) }

// checkDigits checks the digit of each field and the composite one.
func (l *layout) checkDigits(text string) error {
	composite := uint32(0)
	for i := range l.composite {
		p := &l.composite[i]
		t := thirdsOf(unfilled(p.of(text))) // a filler counts 0
		composite += p.weights[0]*t.first + p.weights[1]*t.second + p.weights[2]*t.third
		if !p.digit {
			continue
		}
		digit := text[p.to]
		composite += p.digitWeight * uint32(value[digit])
		if digit != t.digit() && !l.mayLackDigit(p.span, text) {
			return l.errorIn(CodeChecksum, p.span)
		}
	}
	if text[l.compositeCheck] != '0'+byte(composite%10) {
		return l.errorIn(CodeChecksum, span{l.compositeCheck, l.compositeCheck})
	}
	return nil
}

// mayLackDigit: a filler stands for the check digit of an optional field that is
// empty, and of a number that goes on elsewhere and has its digit there.
func (l *layout) mayLackDigit(field span, text string) bool {
	return text[field.to] == filler && (field == l.number || unfilled(field.of(text)) == "")
}

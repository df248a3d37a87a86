package mrz

// value is what a character counts in a check digit (Doc 9303-3, 4.9): digits
// as they are, A to Z as 10 to 35, the filler as 0.
var value = func() (v [256]uint8) {
	for i := range byte(10) {
		v['0'+i] = i
	}
	for i := range byte(26) {
		v['A'+i] = 10 + i
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
	return '0' + byte(sum(field)%10), true
}

var weights = [3]uint8{7, 3, 1}

// sum adds up a field whose characters are known to be good.
func sum(field string) int {
	total := 0
	for len(field) >= 3 {
		total += 7*int(value[field[0]]) + 3*int(value[field[1]]) + int(value[field[2]])
		field = field[3:]
	}
	for i := range len(field) {
		total += int(weights[i]) * int(value[field[i]])
	}
	return total
}

// agrees tells whether the digit after the field is the field's check digit.
func agrees(text string, field span) bool {
	return text[field.to] == '0'+byte(sum(field.of(text))%10)
}

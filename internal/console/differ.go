package console

// run is a piece of text that stands on both sides, or on this one only.
type run struct {
	text   string
	differ bool
}

// differences cuts two texts into runs, so that what one has and the other has not can
// be marked: the longest common subsequence of their characters stays unmarked.
func differences(a, b string) (left, right []run) {
	x, y := []rune(a), []rune(b)
	// common[i][j] is how long that of x[i:] and y[j:] is.
	common := make([][]int, len(x)+1)
	for i := range common {
		common[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if common[i][j] = max(common[i+1][j], common[i][j+1]); x[i] == y[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			left, right = add(left, x[i], false), add(right, y[j], false)
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && common[i+1][j] >= common[i][j+1]:
			left = add(left, x[i], true)
			i++
		default:
			right = add(right, y[j], true)
			j++
		}
	}
	return left, right
}

func add(runs []run, r rune, differ bool) []run {
	if n := len(runs); n > 0 && runs[n-1].differ == differ {
		runs[n-1].text += string(r)
		return runs
	}
	return append(runs, run{string(r), differ})
}

package pictures

import (
	"runtime"
	"sync"
)

// parallel splits rows over the cores. Work on a row must not depend on the split, so that a seed always gives the same
// picture.
func parallel(rows int, do func(y0, y1 int)) {
	n := min(runtime.GOMAXPROCS(0), rows)
	if n <= 1 {
		do(0, rows)
		return
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { do(rows*i/n, rows*(i+1)/n) })
	}
	wg.Wait()
}

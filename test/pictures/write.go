package pictures

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// Write makes pictures and their truth.json below dir, on all cores. It calls done for each, in no order.
func Write(dir string, items []Item, done func(t Truth)) error {
	truth := make([]Truth, len(items))
	errs := make([]error, len(items))
	next := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				b, t := items[i].Make()
				truth[i] = t
				path := filepath.Join(dir, filepath.FromSlash(t.File))
				if errs[i] = os.MkdirAll(filepath.Dir(path), 0o755); errs[i] == nil {
					errs[i] = os.WriteFile(path, b, 0o644)
				}
				if done != nil {
					mu.Lock()
					done(t)
					mu.Unlock()
				}
			}
		})
	}
	for i := range items {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	b, err := json.MarshalIndent(truth, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "truth.json"), append(b, '\n'), 0o644)
}

// ReadTruth reads what Write wrote.
func ReadTruth(dir string) ([]Truth, error) {
	b, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		return nil, err
	}
	var ts []Truth
	return ts, json.Unmarshal(b, &ts)
}

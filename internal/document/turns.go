package document

import (
	"context"
	"sync"
)

// atOnce is how many pictures of one account stand in the jail's queue at a time:
// who sends a hundred does not keep everybody else waiting.
const atOnce = 2

// turns lets few pictures of each account through at once.
type turns struct {
	mu sync.Mutex
	of map[int64]*turn
}

type turn struct {
	slots chan struct{}
	users int
}

func newTurns() *turns { return &turns{of: map[int64]*turn{}} }

// take waits for the account's turn and returns how to end it.
func (t *turns) take(ctx context.Context, account int64) (end func(), err error) {
	t.mu.Lock()
	one := t.of[account]
	if one == nil {
		one = &turn{slots: make(chan struct{}, atOnce)}
		t.of[account] = one
	}
	one.users++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if one.users--; one.users == 0 {
			delete(t.of, account)
		}
	}
	select {
	case one.slots <- struct{}{}:
		return func() { <-one.slots; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

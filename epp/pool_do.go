package epp

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"
)

// Do sends a command on one of the sessions and waits for its answer, as
// [Conn.Do] does. A command that only asks ([Command.Query]), or that has
// certainly not reached the registry, is sent again after a failure, up to
// Attempts times.
func (p *Pool) Do(ctx context.Context, cmd Command) (*Response, error) {
	return p.DoLooking(ctx, cmd, nil)
}

// DoLooking is [Pool.Do] for a command with an effect. When its answer was lost,
// or the registry failed, look finds out on another session what became of it, and
// only a command that was not carried out is sent again, under another clTRID. A
// nil look leaves that to the caller: see [Error.Advice].
func (p *Pool) DoLooking(ctx context.Context, cmd Command, look Look) (*Response, error) {
	given := cmd.ClTRID
	for attempt := 1; ; attempt++ {
		response, err := p.once(ctx, cmd)
		e := errorIn(err)
		if e == nil || attempt == p.o.Attempts || ctx.Err() != nil || !mayRepeat(e) {
			return response, err
		}
		if e.Sent && !cmd.Query() {
			if look == nil {
				return response, err
			}
			fate, found, lookErr := look(ctx, func(question Command) (*Response, error) { return p.Do(ctx, question) })
			switch {
			case lookErr != nil || fate == FateUnknown:
				return response, err
			case fate == FateDone:
				return found, nil
			}
		}
		if given != "" {
			cmd.ClTRID = attemptID(given, attempt+1)
		}
	}
}

// mayRepeat reports whether another attempt could end otherwise.
func mayRepeat(e *Error) bool {
	switch e.Advice() {
	case SendAgain, LookFirst, BackOff, FewerSessions:
		return !slices.ContainsFunc(final, func(cause error) bool { return errors.Is(e.Err, cause) })
	}
	return false
}

// final are causes that the next attempt would meet again.
var final = []error{ErrPoolClosed, ErrBorrowTimeout, ErrLoginsStopped, ErrBillingStopped, ErrClTRID}

// attemptID marks a clTRID with the number of the attempt.
func attemptID(clTRID string, attempt int) string {
	suffix := "-" + strconv.Itoa(attempt)
	kept := []rune(clTRID)
	return string(kept[:min(len(kept), longestTRID-len(suffix))]) + suffix
}

// once sends a command once.
func (p *Pool) once(ctx context.Context, cmd Command) (*Response, error) {
	if err := p.rest(ctx); err != nil {
		return nil, &Error{ClTRID: cmd.ClTRID, Err: err}
	}
	s, err := p.acquire(ctx, false)
	if err != nil {
		return nil, err
	}
	defer p.release(s, 1)
	return s.conn.Do(ctx, cmd)
}

// rest waits for the end of the pause after a 2400.
func (p *Pool) rest(ctx context.Context) error {
	p.mu.Lock()
	left := time.Until(p.backOff.until)
	p.mu.Unlock()
	if left <= 0 {
		return nil
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-p.ctx.Done():
		return ErrPoolClosed
	}
}

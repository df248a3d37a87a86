package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/test/stage"
)

// powerCut has the power fail, several times, after a message was committed
// relaxed and acknowledged: the server is killed there, and what the disk would
// not have had yet is taken out of the database. The registry never says it again.
func (t *story) powerCut(ctx context.Context) error {
	// Each domain brings two messages: all the cuts come before the last of them.
	const cuts = 5
	share := max(len(t.old)*2/(cuts+2), 2)
	for i := range cuts {
		_ = t.server.Kill()
		t.died = append(t.died, time.Now())
		if err := t.start(ctx, "--die", string(registry.Acked), "--at", strconv.Itoa(share/2+t.run.random.IntN(share/2))); err != nil {
			return err
		}
		if err := stage.Patiently(ctx, "a message of the registry", time.Minute, func() (bool, error) { return t.server.Dead(), nil }); err != nil {
			return err
		}
		t.deaths[registry.Acked]++
		t.died = append(t.died, time.Now())
		lost, err := t.loseRelaxed()
		if err != nil {
			return err
		}
		t.lost += lost
		t.say(fmt.Sprintf("power cuts; %d messages lost", t.lost), i+1, cuts)
		if err := t.start(ctx); err != nil {
			return err
		}
	}
	if t.lost == 0 {
		return errors.New("no message was lost: this shows nothing")
	}
	return nil
}

// loseRelaxed takes out the answers to waiting commands that came last and were
// not applied: no durable commit has followed them.
func (t *story) loseRelaxed() (int64, error) {
	db, err := t.database("rw")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	res, err := db.Exec("DELETE FROM poll_inbox WHERE state = 'new' AND raw LIKE '%panData%'")
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

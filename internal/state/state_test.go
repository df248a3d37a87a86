package state_test

import (
	"testing"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/state"
)

type (
	lamp   string
	finger string
)

var table = state.Table[lamp, finger]{
	Noun: "lamp",
	Moves: map[lamp]map[finger]lamp{
		"off":    {"press": "on", "smash": "broken"},
		"on":     {"press": "off", "smash": "broken"},
		"broken": {},
	},
}

func TestOnlyTheTableMovesAState(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from  lamp
		event finger
		to    lamp
		ok    bool
	}{
		{"off", "press", "on", true}, {"on", "press", "off", true}, {"on", "smash", "broken", true},
		{"broken", "press", "broken", false}, {"on", "sing", "on", false}, {"melted", "press", "melted", false},
	} {
		to, err := table.Next(tt.from, tt.event)
		if to != tt.to || (err == nil) != tt.ok || table.Allows(tt.from, tt.event) != tt.ok {
			t.Errorf("%s on %s: %s, %v, allowed %v; want %s, %v", tt.event, tt.from, to, err, table.Allows(tt.from, tt.event), tt.to, tt.ok)
		}
	}
}

func TestRefusalSaysWhichStateRefusesWhat(t *testing.T) {
	t.Parallel()
	_, err := table.Next("broken", "press")
	f := fault.From(err)
	if f.Kind != fault.Conflict || f.Code != "lamp_state" || f.Params["State"] != "broken" || f.Params["Event"] != "press" {
		t.Errorf("got %+v", f)
	}
}

func TestTableReadsAsEveryStateAgainstEveryEvent(t *testing.T) {
	t.Parallel()
	want := "broken         press              -\n" +
		"broken         smash              -\n" +
		"off            press              on\n" +
		"off            smash              broken\n" +
		"on             press              off\n" +
		"on             smash              broken\n"
	if got := table.Golden(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

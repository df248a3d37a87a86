package console

import (
	"context"
	"net/url"

	"github.com/verinym/verinym/internal/console/ui"
)

// keyed is a key of the desk, or several, with what they do.
type keyed struct {
	names []string
	text  string
}

// keysOf lists the keys of a page of the desk. What each presses stands on the page too.
func keysOf(ctx context.Context, of string) (out []keyed) {
	add := func(text string, names ...string) { out = append(out, keyed{names, ui.T(ctx, text)}) }
	if of == "queue" {
		add("keys.next", "N")
		add("keys.move", "J", "K")
		add("keys.open", "↵")
		add("keys.all", "?")
		return out
	}
	add("keys.approve", "A")
	add("keys.reject", "R")
	add("keys.toggle", "1", "–", "9")
	add("keys.side", "S")
	add("keys.escalate", "E")
	add("keys.note", "M")
	add("keys.give_back", "U")
	add("keys.sides", "F")
	add("keys.zoom", "+", "-", "0")
	add("keys.turn", "O")
	add("keys.brightness", "B")
	add("keys.corners", "C")
	add("keys.text", "T")
	add("keys.compare", "D")
	add("keys.search", "/")
	add("keys.confirm", "Ctrl", "↵")
	add("keys.all", "?")
	return out
}

// keysState is on, or off where the reader wants no keys of a single letter.
func keysState(ctx context.Context) string {
	if ui.On(ctx).NoKeys {
		return "off"
	}
	return "on"
}

// here is the address of the page that a template is on.
func here(ctx context.Context) *url.URL {
	u, err := url.Parse(ui.On(ctx).Here)
	if err != nil {
		return &url.URL{Path: "/"}
	}
	return u
}

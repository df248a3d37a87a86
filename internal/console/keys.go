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
		add("keyboard.next", "N")
		add("keyboard.move", "J", "K")
		add("keyboard.open", "↵")
		add("keyboard.all", "?")
		return out
	}
	add("keyboard.approve", "A")
	add("keyboard.reject", "R")
	add("keyboard.toggle", "1", "–", "9")
	add("keyboard.side", "S")
	add("keyboard.escalate", "E")
	add("keyboard.note", "M")
	add("keyboard.give_back", "U")
	add("keyboard.sides", "F")
	add("keyboard.zoom", "+", "-", "0")
	add("keyboard.turn", "O")
	add("keyboard.brightness", "B")
	add("keyboard.corners", "C")
	add("keyboard.text", "T")
	add("keyboard.compare", "D")
	add("keyboard.search", "/")
	add("keyboard.confirm", "Ctrl", "↵")
	add("keyboard.all", "?")
	return out
}

// keysState is on, or off where the reader wants no keys of a single letter.
func keysState(ctx context.Context) string {
	if ui.On(ctx).NoKeys {
		return "off"
	}
	return "on"
}

// pageURL is the address of the page that a template is on.
func pageURL(ctx context.Context) *url.URL {
	u, err := url.Parse(ui.On(ctx).Here)
	if err != nil {
		return &url.URL{Path: "/"}
	}
	return u
}

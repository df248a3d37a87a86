package main

import (
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/client"
)

// Who paused an account is told by name, where there is one, and by id.
func TestStatusOfARegistryNamesWhoPausedIt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ by, want string }{
		"a person who is known":  {"Ola Operator", "by Ola Operator (usr_1): Maintenance."},
		"an id without its name": {"", "by usr_1: Maintenance."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			printRegistry(&out, client.Registry{Name: "cn", Pause: &client.RegistryPause{At: time.Unix(0, 0).UTC(), By: "usr_1", ByName: tt.by, Cause: "Maintenance."}})
			if !strings.Contains(out.String(), tt.want) {
				t.Errorf("it says\n%s\nwant %q in it", out.String(), tt.want)
			}
		})
	}
}

// Two accounts may have the same trouble: a finding says whose it is. What a registry has
// written does not steer the terminal.
func TestFindingNamesItsAccount(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	printFinding(&out, client.RegistryFinding{ID: "fnd_1", Registry: "cnnic", Code: "login_warning", Subject: "password", LastAt: time.Unix(0, 0).UTC(), Text: client.Words{EN: "It says: \x1b[2Jsoon."}})
	if want := "  cnnic  login_warning password\n"; !strings.Contains(out.String(), want) || strings.Contains(out.String(), "\x1b") {
		t.Errorf("it says\n%q\nwant %q in it, and nothing that steers", out.String(), want)
	}
}

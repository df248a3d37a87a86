// Package policytest gives tests the policies that come with verinym.
package policytest

import (
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/policies"
)

// Shipped are the policies that come with verinym, read once: they are never written.
var Shipped = sync.OnceValue(func() *policy.Policies {
	p, err := policy.Load(policies.FS)
	if err != nil {
		panic(err)
	}
	return p
})

// Changed are the shipped policies with one passage of limits.yaml replaced.
func Changed(t testing.TB, old, with string) *policy.Policies {
	t.Helper()
	return ChangedIn(t, "limits.yaml", old, with)
}

// ChangedIn are the shipped policies with one passage of a file replaced.
func ChangedIn(t testing.TB, file, old, with string) *policy.Policies {
	t.Helper()
	text, err := fs.ReadFile(policies.FS, file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s does not say %q", file, old)
	}
	own := fstest.MapFS{file: {Data: []byte(strings.Replace(string(text), old, with, 1))}}
	p, err := policy.Load(policy.Layered(policies.FS, own))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

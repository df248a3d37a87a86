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
	limits, err := fs.ReadFile(policies.FS, "limits.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(limits), old) {
		t.Fatalf("limits.yaml does not say %q", old)
	}
	own := fstest.MapFS{"limits.yaml": {Data: []byte(strings.Replace(string(limits), old, with, 1))}}
	p, err := policy.Load(policy.Layered(policies.FS, own))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

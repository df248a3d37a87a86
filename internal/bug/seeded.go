//go:build seededbugs

package bug

import "sync/atomic"

var planted atomic.Value

// Plant puts one bug in, or with "" none, in the place of any before.
func Plant(b Bug) { planted.Store(b) }

// Seeded reports whether the bug is in.
func Seeded(b Bug) bool { return planted.Load() == b }

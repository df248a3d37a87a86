//go:build !unix

package app

// lockData cannot lock a folder here.
func lockData(string) (unlock func(), err error) { return func() {}, nil }

//go:build !seededbugs

package simulate

import (
	"context"
	"errors"
	"io"
)

// Bugs needs a program that was built with bugs.
func Bugs(context.Context, Config, string, io.Writer) error {
	return errors.New("simulate: built without the tag seededbugs, there are no bugs on purpose")
}

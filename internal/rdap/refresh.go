package rdap

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/openrdap/rdap/bootstrap"
)

// Refresh fetches the list of servers from an address, IANA where it is "", and writes it
// to a file once it has been read and found to be one. It returns when it was published.
func (c *Client) Refresh(ctx context.Context, from, file string) (published string, err error) {
	if from == "" {
		from = IANA
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Within)
	defer cancel()
	b, err := c.get(ctx, from)
	if err != nil {
		return "", err
	}
	list, err := bootstrap.NewDNSRegistry(b)
	if err != nil {
		return "", fmt.Errorf("rdap: %s: %w", from, err)
	}
	if len(list.File().Entries) == 0 {
		return "", errors.New("rdap: the list has no servers")
	}
	draft, err := os.CreateTemp(filepath.Dir(file), ".rdap-*")
	if err != nil {
		return "", fmt.Errorf("rdap: %w", err)
	}
	defer os.Remove(draft.Name())
	if _, err = draft.Write(b); err == nil {
		err = draft.Sync()
	}
	if err = errors.Join(err, draft.Close()); err == nil {
		err = os.Rename(draft.Name(), file)
	}
	if err != nil {
		return "", fmt.Errorf("rdap: %w", err)
	}
	return list.File().Publication, nil
}

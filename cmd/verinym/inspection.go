package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

type inspectionCmd struct {
	Domain  inspectionDomainCmd  `cmd:"" help:"Write the pack of a domain to a file."`
	Profile inspectionProfileCmd `cmd:"" help:"Write the pack of a profile to a file."`
	Verify  inspectionVerifyCmd  `cmd:"" help:"Check the signature of a pack; exit 1 if it does not match."`
	Key     inspectionKeyCmd     `cmd:"" help:"Print the public key of an installation, for those who check packs."`
}

// packing is how a pack is asked for and where it is put.
type packing struct {
	remote
	Out string `short:"o" required:"" help:"The file to write; an existing file is not replaced."`
}

// write asks for a pack and writes it, readable by its owner alone: it is about a person.
func (p packing) write(ask func(*client.Client) ([]byte, error)) error {
	c, err := p.client()
	if err != nil {
		return err
	}
	pack, err := ask(c)
	if err != nil {
		return exit{1, err}
	}
	f, err := os.OpenFile(p.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return exit{2, err}
	}
	_, err = f.Write(pack)
	return errors.Join(err, f.Close())
}

type inspectionDomainCmd struct {
	packing
	Name string `arg:"" help:"The domain name."`
}

func (i *inspectionDomainCmd) Run(ctx context.Context) error {
	return i.write(func(c *client.Client) ([]byte, error) { return c.DomainInspection(ctx, i.Name) })
}

type inspectionProfileCmd struct {
	packing
	ID string `arg:"" help:"The profile's id."`
}

func (i *inspectionProfileCmd) Run(ctx context.Context) error {
	return i.write(func(c *client.Client) ([]byte, error) { return c.ProfileInspection(ctx, i.ID) })
}

type inspectionVerifyCmd struct {
	File string `arg:"" type:"existingfile" help:"The pack."`
	Key  string `type:"existingfile" help:"The registrar's public key (PEM). Default: the one in the pack, which does not prove who signed it."`
}

func (i *inspectionVerifyCmd) Run() error {
	pack, err := os.ReadFile(i.File)
	if err != nil {
		return exit{2, err}
	}
	var key []byte
	if i.Key != "" {
		if key, err = os.ReadFile(i.Key); err != nil {
			return exit{2, err}
		}
	}
	c, err := app.CheckInspection(pack, key)
	if err != nil {
		return exit{1, err}
	}
	if !c.Signed {
		return exit{1, fmt.Errorf("%s: the signature is not right: the pack was changed, or signed with another key", i.File)}
	}
	fmt.Printf("%s: as it was signed; about %s, of %s\nkey (SHA-256): %s\n", i.File, c.About, c.MadeAt.Format(time.RFC3339), c.Fingerprint)
	if i.Key == "" {
		fmt.Println("This is the key in the pack itself: compare it with the registrar's, or give theirs with --key.")
	}
	return nil
}

type inspectionKeyCmd struct{ database }

func (i *inspectionKeyCmd) Run() error {
	c, err := i.config()
	if err != nil {
		return err
	}
	key, err := app.InspectionKey(c)
	if err != nil {
		return err
	}
	fmt.Print(string(key))
	return nil
}

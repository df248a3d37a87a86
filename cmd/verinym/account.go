package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
)

type accountCmd struct {
	Password       accountPasswordCmd       `cmd:"" help:"Change your password; asks for the current and the new one on standard input."`
	ForgotPassword accountForgotPasswordCmd `cmd:"" help:"Request a mail with a link for a new password."`
	ResetPassword  accountResetPasswordCmd  `cmd:"" help:"Choose a new password with a mailed link; asks for it on standard input."`
	Sessions       accountSessionsCmd       `cmd:"" help:"List where you are signed in, and end sessions; asks for your password on standard input."`
}

// server says which server a person talks to.
type server struct {
	URL string `help:"The server." required:"" env:"VERINYM_URL"`
}

// person is somebody who signs in for one command: what is about themselves is not for keys.
type person struct {
	server
	Email string `help:"The address you sign in with." required:"" env:"VERINYM_EMAIL"`
}

// signedIn does something in a session that ends with it. ask are further secrets to be
// asked for, beside the password, which stands first among those that do is given.
func (p person) signedIn(ctx context.Context, do func(c *client.Client, secrets []string) error, ask ...string) error {
	secrets, err := askSecrets(append([]string{"Your password"}, ask...)...)
	if err != nil {
		return err
	}
	c := client.New(p.URL)
	s, err := c.SignIn(ctx, p.Email, secrets[0])
	if err != nil {
		return exit{1, err}
	}
	c = c.As(s.Token)
	err = do(c, secrets)
	if out := c.SignOut(context.WithoutCancel(ctx)); err == nil {
		err = out
	}
	return err
}

// askSecrets reads a line for each prompt from standard input.
func askSecrets(prompts ...string) ([]string, error) {
	in, out := bufio.NewReader(os.Stdin), make([]string, len(prompts))
	for i, p := range prompts {
		fmt.Fprint(os.Stderr, p+": ")
		line, err := in.ReadString('\n')
		if out[i] = strings.TrimRight(line, "\r\n"); out[i] == "" {
			return nil, usage("nothing on standard input for %q", p)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
	}
	return out, nil
}

// newPassword is the prompt for one.
const newPassword = "New password (at least 10 characters)"

type accountPasswordCmd struct{ person }

func (a *accountPasswordCmd) Run(ctx context.Context) error {
	err := a.signedIn(ctx, func(c *client.Client, secrets []string) error { return c.ChangePassword(ctx, secrets[0], secrets[1]) }, newPassword)
	if err == nil {
		fmt.Println("Your password is changed; you are signed out everywhere else.")
	}
	return err
}

type accountForgotPasswordCmd struct{ person }

func (a *accountForgotPasswordCmd) Run(ctx context.Context) error {
	if err := client.New(a.URL).ForgetPassword(ctx, a.Email); err != nil {
		return err
	}
	fmt.Printf("If %s is used to sign in, a link is on its way there. Open it in a browser, or use verinym account reset-password.\n", a.Email)
	return nil
}

type accountResetPasswordCmd struct {
	server
	Link string `arg:"" help:"The mailed link, or its end."`
}

func (a *accountResetPasswordCmd) Run(ctx context.Context) error {
	secrets, err := askSecrets(newPassword)
	if err != nil {
		return err
	}
	token := a.Link[strings.LastIndexByte(a.Link, '/')+1:]
	if err := client.New(a.URL).ResetPassword(ctx, token, secrets[0]); err != nil {
		return err
	}
	fmt.Println("Your new password is set; you are signed out everywhere.")
	return nil
}

type accountSessionsCmd struct {
	person
	End       string `help:"End the session of this id." xor:"end"`
	EndOthers bool   `help:"End every other session." xor:"end"`
	JSON      bool   `help:"Print the list as JSON."`
}

func (a *accountSessionsCmd) Run(ctx context.Context) error {
	return a.signedIn(ctx, func(c *client.Client, _ []string) error {
		switch {
		case a.End != "":
			return c.EndSession(ctx, a.End)
		case a.EndOthers:
			n, err := c.EndOtherSessions(ctx)
			if err == nil {
				fmt.Printf("%d ended\n", n)
			}
			return err
		}
		all, err := c.Sessions(ctx)
		if err != nil || a.JSON {
			return errors.Join(err, printJSON(all))
		}
		for _, s := range all {
			here := ""
			if s.Here {
				here = " (this command)"
			}
			fmt.Printf("%s  %s  %s  %s  %s%s\n", s.ID, s.CreatedAt.Local().Format(time.DateTime), s.Means, s.Place, s.Program, here)
		}
		return nil
	})
}

// Package client is the Go client of verinym's REST interface.
//
//	c := client.New("https://verinym.example")
//	session, err := c.SignIn(ctx, "me@example.com", "secret")
//	...
//	profile, err := c.As(session.Token).CreateProfile(ctx, client.NewProfile{…})
//
// Every refusal of the server is an *Error with its stable code, the field it
// points at and its text in two languages. The client never retries by itself; a
// call that may be repeated safely takes an idempotency key (see WithKey).
package client

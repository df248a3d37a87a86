// Package client is the Go client of verinym's REST interface.
//
//	c := client.New("https://verinym.example")
//	session, err := c.SignIn(ctx, "me@example.com", "secret")
//	...
//	profile, err := c.As(session.Token).CreateProfile(ctx, client.NewProfile{…})
//
// A program signs in with an API key instead: client.New(base).As(key).
//
// What an account does not own is not found. What needs another role (a reviewer's, an
// operator's) is refused with the code forbidden. Identifiers are opaque strings that the
// server gives.
//
// # What it promises
//
//   - Every refusal of the server is an [*Error] with its stable code, the field it points
//     at and its text in two languages. Any other error means that the answer is not known.
//   - It never retries by itself. A call whose answer was lost may be repeated safely under
//     an idempotency key, see [Client.WithKey].
//   - Lists come in pages. Where a method takes the mark of the page before, "" is the first
//     page, and the mark that it returns is "" on the last one.
//   - A [Client] is safe for concurrent use, except a copy made by [Client.WithReplay].
package client

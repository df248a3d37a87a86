// Package epp is a client of the Extensible Provisioning Protocol (RFC 5730,
// over TLS as in RFC 5734), the protocol in which a registrar tells a registry
// what to do with domains and contacts.
//
// [Dial] opens a session: TCP, TLS, greeting, login. [Conn.Do] sends one command
// and waits for its answer; [Conn.Start] and [Call.Wait] keep several commands
// under way on one session. The commands' bodies live in the object packages
// beside this one: domain and contact (RFC 5731, RFC 5733), with the extensions
// cnnic, changepoll (RFC 8590) and vcode.
//
//	conn, err := epp.Dial(ctx, "epp.registry.example:700", epp.Options{
//		ClientID: "registrar", Password: secret,
//	})
//	...
//	response, err := conn.Do(ctx, epp.Command{Body: domain.Info{Name: "example.cn"}})
//	...
//	info, err := domain.ParseInfoData(response.Data)
//
// # What it promises
//
//   - Every refusal of the registry is an [*Error] with its result code, its
//     reasons and the transaction identifiers. So is every failure of the
//     connection, with code 0.
//   - [Error.Sent] says whether the command may have reached the registry. False
//     means that it certainly has not, and may be sent again. True with code 0
//     means that only an <info> can tell.
//   - A session never gets out of step. Answers are matched in order and checked
//     against the clTRID; a command whose context ended is still answered by the
//     registry, and that answer is read and dropped. Anything unexpected ends
//     the session and fails all that was under way.
//   - A [Conn] may be used by any number of goroutines.
//
// # What it never does
//
// It never sends a command twice, never reconnects, never retries: what a lost
// answer means is for the caller to find out. It never logs passwords or
// authorisation information, see [Redact]. It never judges names, contacts or
// identity numbers; that is the registry's part.
//
// The half of the protocol that a registry speaks ([ParseRequest], [Reply]) is
// here too, for test servers such as the one in epp/sandbox.
package epp

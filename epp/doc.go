// Package epp is a client of the Extensible Provisioning Protocol (RFC 5730,
// over TLS as in RFC 5734), the protocol in which a registrar tells a registry
// what to do with domains and contacts.
//
// [Dial] opens a session: TCP, TLS, greeting, login. [Conn.Do] sends one command
// and waits for its answer; [Conn.Start] and [Call.Wait] keep several commands
// under way on one session. [NewPool] keeps several sessions, and does what the
// result codes ask for. The commands' bodies live in the object packages beside
// this one:
//
//	domain, host, contact   RFC 5731, RFC 5732, RFC 5733
//	nv                      name verification, spoken to a verification service provider
//
// and their extensions:
//
//	rgp, secdns, fee        grace periods (RFC 3915), DNSSEC (RFC 5910), prices (RFC 8748)
//	changepoll, loginsec    changes by the registry (RFC 8590), login security (RFC 8807)
//	vcode, signedcode       verification codes; making and checking signed ones
//	namestore               which of Verisign's registries a command is for
//	cnnic                   CNNIC's contacts, domains and repositories
//
// Package probe gets to know a registry, record keeps a conversation and plays it
// to tests, sandbox is a registry to develop against.
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
//   - A [Conn] may be used by any number of goroutines, and so may a [Pool].
//   - What a registry sends that nothing here knows is kept as it came, in
//     [Response.Extensions], or in [Response.Unhandled] (RFC 9038).
//
// # What it never does
//
// A [Conn] never sends a command twice, never reconnects, never retries: what a
// lost answer means is for the caller to find out, or for [Pool.DoLooking], which
// looks before it sends again. Nothing here logs passwords, authorisation
// information or the numbers and pictures of identity documents, see [Redact]. It never judges names, contacts or
// identity numbers; that is the registry's part.
//
// The half of the protocol that a registry speaks ([ParseRequest], [Reply]) is
// here too, for test servers such as the one in epp/sandbox.
package epp

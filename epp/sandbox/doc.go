// Package sandbox is an EPP registry for development: a real server, over TLS,
// with domains, hosts, contacts, transfers, grace periods, billing, poll messages
// and the real-name policy of Chinese registries, in one process and in memory.
//
// A registrar points its client at it and lives through what a production
// registry would do to it: a domain is created, its name reviewed, its holder's
// documents reviewed, it is put on serverHold when the verdicts are not in by
// the due date, and released when they are. [Start] runs one; [DefaultConfig]
// has two thick zones with real-name policy (cn, xn--fiqs8s), two thin ones
// without (com, net), and a thin one whose registrars bring verification codes
// (xn--ses554g).
//
// # The real-name policy
//
// A domain in a zone with Verify set needs two verdicts. They are decided
// independently and in any order:
//
//   - naming: the registry reviews the name, NamingDelay after the domain was
//     created or got another registrant;
//   - real name: the registry reviews the registrant contact, ReviewDelay after
//     evidence for it has arrived over the audit interface.
//
// A real-name verdict is "verified" only if the documents arrived whole, the
// evidence names the contact's own holder and number, and the number passes the
// check of its kind. It belongs to the contact: every domain with that
// registrant has it, at once or when it gets that registrant.
//
// A domain without both verdicts when HoldAfter has passed since its creation
// (HoldAfterHolderChange since it got another registrant) gets serverHold, which
// is lifted ReleaseDelay after both are in.
//
// Some values force an outcome, so that tests can have each:
//
//	contact name or organisation contains FAIL        real name failed: authority_rejected_other
//	                            … FAIL-<reason_code>  real name failed: reason_code
//	                            … PENDING             real name stays in review
//	                            … SLOW                decided SlowDelay instead of ReviewDelay after the evidence
//	label of the domain contains fail                 naming failed: name_prohibited
//	                         … pending                naming stays in review
//
// # Codes, and who issues them
//
// In a zone with [CodePolicy] the registrar has names and holders verified by a
// verification service provider, and brings the signed codes with the create or
// with a later update. What is missing HoldAfter after the creation makes the
// domain nonCompliant and puts it on serverHold, until it comes. [VSP] runs such
// a provider beside the registry: it speaks nv-1.0, decides by the same magic
// values, and issues codes that the registry believes. Of its own codes the
// registry knows for which name they were issued.
//
// # A domain's life
//
// Zones say how long grace periods last (RFC 3915), whether a registration is
// renewed by itself at its end, how long a transfer waits for the losing
// registrar, and what all of it costs. Commands are billed to registrars'
// balances, 2104 is answered to those that cannot pay, and [Server.Ledger] has
// every movement. A transfer in a zone with Verify starts with a review of the
// name; one that fails stays where it is.
//
// # Poll messages
//
// Every verdict, hold, release and deletion of a domain is told to its sponsor
// by a poll message: domain:infData (the state just after the change; just
// before it for a deletion), changePoll:changeData, and verificationCode:infData.
//
//	event          operation  op                      reason
//	naming         custom     naming-verification     verified | failed: <code>
//	real name      custom     real-name-verification  verified | failed: <code>
//	hold           update     server-hold             verification_missing | registry_decision
//	release        update     server-release          verified | registry_decision
//	status         update     server-status           registry_decision
//	deletion       delete                             failed: <code>
//	renewal        autoRenew                          expired
//	expiry         autoDelete                         expired
//	purge          autoPurge                          redemption period over
//
// A code for which "failed: " leaves no room in the schema's 32 characters comes
// without that prefix: any reason but "verified" is a failure. A command that was
// answered 1001 ends with domain:panData; each step of a transfer is told to the
// registrars that did not take it, with domain:trnData or contact:trnData.
//
// # The audit interface
//
// Registries take the images of identity documents over channels of their own.
// The sandbox's is HTTPS under the same CA, with the registrar's EPP credentials
// as HTTP Basic authentication: see [Server.AuditURL].
//
// # What it promises
//
//   - It keeps a record of every command received, effective or not, faults
//     included: [Server.Log]. A command that was sent twice shows.
//   - It refuses a client's attempt to touch a server* status, and honours the
//     client* ones.
//   - With a state file, objects, money, queues and that record survive a restart.
//   - Time is its own: [Server.Advance] moves it, and returns when all that fell
//     due has happened, in order and each at its own time.
//
// # What it never does
//
// It never stores the bytes of a document, only their digests. It is no registry
// for production: it publishes no zone, answers no WHOIS, and its admin interface
// asks nobody who they are.
package sandbox

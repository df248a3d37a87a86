// Package registry keeps the registries in step: what we want of a registry is a
// command row, written in the same unit of work as the reason for it, and sent
// over EPP until the registry has answered.
//
// One process at a time, holder of a lease with a fencing number, pumps the
// commands of a registry account; another loop reads its poll queue into an
// inbox before it acknowledges, and an applier turns inbox messages into results.
// An account speaks a dialect; policy declares for each suffix whether names have
// contacts and who reviews them when, and the registry's greeting which extensions may
// be sent. A verification service provider is an account like any other: its signed
// codes are checked, kept, and brought to the registries that want them.
//
// It promises that nothing is lost and nothing is sent twice: a command whose
// answer was lost is in doubt, and doubt is settled by <info> and comparison,
// never by sending again blindly. It keeps three things apart: what we believe
// (domain's), whether the registry has been told (commands), and the registry's
// own statuses. It never touches a hold that is not ours. What only an operator can put
// right is a finding: it is counted, not repeated, and nothing fails for it.
package registry

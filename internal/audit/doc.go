// Package audit is the append-only record of who did what.
//
// Record writes an entry in the unit of work of the act itself. One sealer in
// the whole installation, holder of a lease, gives each committed entry its
// sequence number and chains it to the one before by SHA-256, usually within a
// second; the head of the chain is never locked inside a business transaction.
// Verify walks the chain and names the first entry that was altered, removed or
// put in between. Entries that are not sealed yet are counted, not vouched for.
package audit

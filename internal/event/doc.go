// Package event is the outbox: what happened, written in the same unit of work
// as the change itself.
//
// Events are taken, never read by a cursor, because on PostgreSQL the order of
// ids is not the order of commits. Whoever takes an event expands it (mail,
// message, webhook) in the same unit of work, of which nothing may leave the
// database: if it fails the event is taken again.
package event

// Package probe has a conversation with a registry in which it changes nothing,
// and tells what the registry offers and how it says things: its capabilities,
// and its dialect.
//
// It greets, logs in, says hello, checks names and identifiers that are made up,
// asks about them as if they existed, looks at the oldest poll message without
// taking it, and sends two checks at once. Meant for test systems, it would do no
// harm elsewhere.
package probe

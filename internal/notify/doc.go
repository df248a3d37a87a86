// Package notify tells people: by mail and by internal message.
//
// It claims events from the outbox and expands each into what its receivers
// shall get, once: the row that it writes carries the event's id. Mails say which
// rule asks, what happens when, and whether a domain is at risk, in English and
// Chinese. It decides nothing about the things it tells of.
package notify

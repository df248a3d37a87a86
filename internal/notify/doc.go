// Package notify tells people: by mail and by internal message.
//
// It claims events from the outbox and expands each into what its receivers
// shall get, once: the row that it writes carries the event's id. Mails say which
// rule asks, what happens when, and whether a domain is at risk, in English and
// Chinese. It decides nothing about the things it tells of.
//
// Every mail is a row first and goes out once: what a mail server refuses for now is tried
// again, what was being handed over when the process died is in doubt and not sent again.
// News of an account are gathered for each member into few mails; what rules ask for
// cannot be switched off. The public id of a mail is in the return path and the Message-ID, so that mail which comes back is
// known by what only its recipient and the servers on its way have seen.
package notify

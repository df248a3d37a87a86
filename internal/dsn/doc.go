// Package dsn reads what mail servers send back: delivery status notifications (RFC 3464,
// RFC 6533) and complaints in the abuse reporting format (RFC 5965).
//
// What comes in is hostile: anybody can send such a mail. A report is therefore only what
// the mail says. It names every address it was sent to and every message that it says it is
// about, so that the caller can look for an identifier that nobody else knows; who it
// comes from means nothing.
package dsn

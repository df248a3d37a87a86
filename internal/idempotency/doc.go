// Package idempotency carries a request out once, however often it arrives.
//
// Clients of the API send a key with what they are not sure of, and the forms of
// the console carry one. That a request was carried out is written in the unit of
// work that does so: after a crash it is known whether to do it again. It never
// decides what a request means; it remembers what it was answered with for a day,
// and says so again to who has the key.
package idempotency

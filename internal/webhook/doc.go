// Package webhook tells an account's own systems what happened, by HTTP.
//
// An account names endpoints and the types of event that each wants. Every event of
// the outbox becomes a delivery row for each endpoint that wants it, in the unit of
// work that expands the event; a loop sends what is due, signed as Standard Webhooks
// 1.0 says, and repeats what fails over three days. Each try is kept, and what was
// delivered or given up can be sent again.
//
// An endpoint of the registrar's own systems hears of every account and is told which; only
// staff see it.
//
// It promises that a delivery is sent at least once and always under the same
// webhook-id, that an endpoint which fails holds up no other, and that no address
// inside the operator's network is dialled unless the operator allows it. It does not
// promise an order.
package webhook

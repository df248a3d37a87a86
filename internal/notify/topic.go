package notify

import (
	"slices"

	"github.com/verinym/verinym/internal/event"
)

// Topic is what a member may switch off, where no rule forbids it.
type Topic string

// The topics. Deadlines and the yearly reminder are asked for by rules and cannot be
// switched off.
const (
	Deadlines Topic = "deadlines"
	Profiles  Topic = "profiles"
	Orders    Topic = "orders"
	Domains   Topic = "domains"
	Tasks     Topic = "tasks"
	Account   Topic = "account"
)

// Topics lists them in the order in which they are shown.
var Topics = []Topic{Deadlines, Domains, Profiles, Orders, Tasks, Account}

// Required reports whether a rule asks for mails about a topic.
func (t Topic) Required() bool { return t == Deadlines }

// grave is how grave news are: ok, warn (somebody has to do something) or bad (a domain is
// suspended or lost).
type grave string

const (
	allWell grave = "ok"
	toDo    grave = "warn"
	lost    grave = "bad"
)

var gravities = []grave{allWell, toDo, lost}

type matter struct {
	topic Topic
	grave grave
}

// matters says which topic a type of event belongs to, and how grave it is. What is not
// here is mailed to nobody.
var matters = map[event.Type]matter{
	"account.verified": {Account, allWell}, "account.unverified": {Account, toDo}, "webhook.disabled": {Account, toDo},
	"email.verified": {Account, allWell}, "email.bounced": {Deadlines, toDo}, "email.doubted": {Deadlines, toDo},

	"profile.submitted": {Profiles, allWell}, "profile.withdrawn": {Profiles, allWell}, "profile.verified": {Profiles, allWell}, "profile.failed": {Profiles, toDo},
	"review.overdue":            {Deadlines, toDo},
	"profile.document_expiring": {Profiles, toDo}, "profile.document_expired": {Profiles, toDo},

	"order.placed": {Orders, allWell}, "order.paid": {Orders, allWell}, "order.expired": {Orders, allWell}, "order.failed": {Orders, toDo},
	"transfer.requested": {Orders, allWell}, "transfer.completed": {Orders, allWell}, "transfer.cancelled": {Orders, allWell}, "transfer.failed": {Orders, toDo},

	"domain.registered": {Domains, allWell}, "domain.holder_changed": {Domains, allWell}, "domain.details_changed": {Domains, allWell},
	"domain.naming_verified": {Domains, allWell}, "domain.naming_failed": {Deadlines, toDo},
	"domain.real_name_verified": {Domains, allWell}, "domain.real_name_failed": {Deadlines, toDo}, "domain.verification_overdue": {Deadlines, toDo},
	"domain.held_by_registry": {Deadlines, lost}, "domain.released_by_registry": {Domains, allWell}, "domain.hold_placed": {Deadlines, lost}, "domain.hold_lifted": {Domains, allWell},
	"domain.answer_awaited": {Deadlines, toDo}, "domain.answer_given": {Domains, allWell}, "domain.answer_overdue": {Deadlines, lost}, "domain.account_holder_overdue": {Deadlines, toDo},
	"domain.locks_changed": {Domains, allWell}, "domain.auto_renewed": {Domains, allWell}, "domain.expired": {Deadlines, lost}, "domain.deleted": {Deadlines, lost}, "domain.drift": {Domains, toDo},
	"domain.transfer_requested": {Deadlines, lost}, "domain.transfer_ended": {Domains, allWell}, "domain.transferred_away": {Deadlines, lost},
	"domain.transfer_refused": {Domains, allWell},

	"account.submitted": {Account, allWell}, "account.failed": {Account, toDo}, "account.reopened": {Account, allWell},
	"qualification.asked": {Deadlines, toDo}, "qualification.submitted": {Domains, allWell}, "qualification.returned": {Deadlines, toDo}, "qualification.passed": {Domains, allWell},
	"qualification.failed": {Deadlines, lost}, "qualification.reopened": {Domains, allWell}, "qualification.due_soon": {Deadlines, toDo},
	"enhanced.opened": {Deadlines, toDo}, "enhanced.submitted": {Domains, allWell}, "enhanced.returned": {Deadlines, toDo}, "enhanced.passed": {Domains, allWell},
	"enhanced.failed": {Deadlines, lost}, "enhanced.expired": {Deadlines, lost}, "enhanced.cancelled": {Domains, allWell}, "enhanced.reopened": {Domains, allWell},

	"data_request.opened": {Account, allWell}, "data_request.extended": {Deadlines, allWell}, "data_request.refused": {Account, toDo}, "data_request.ready": {Account, toDo}, "data_request.deferred": {Account, allWell},
	"data_request.completed": {Account, allWell}, "data_request.withdrawn": {Account, allWell}, "data_request.expired": {Account, allWell},

	"import.finished": {Domains, allWell},

	"association.consent_awaited": {Tasks, toDo}, "association.consent_given": {Tasks, allWell}, "association.consent_declined": {Tasks, toDo}, "association.consent_expired": {Tasks, toDo},
	"association.holder_changed": {Tasks, allWell},
	"association.finished":       {Tasks, allWell}, "association.cancelled": {Tasks, allWell},
}

// matterOf is the matter of an event. Names that come in are as grave as what they wait for.
func matterOf(t event.Type, data map[string]string) (m matter, told bool) {
	m, told = matters[t]
	switch {
	case t != "import.finished":
	case data["Held"] != "":
		m = matter{Deadlines, lost}
	case data["Awaiting"] != "":
		m = matter{Deadlines, toDo}
	}
	return m, told
}

// urgent reports whether news must not wait for others.
func (m matter) urgent() bool { return m.topic.Required() }

// worse returns the graver of two.
func worse(a, b grave) grave {
	if slices.Index(gravities, a) > slices.Index(gravities, b) {
		return a
	}
	return b
}

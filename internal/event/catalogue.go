package event

import "strings"

// Kind describes a type of event to those who receive it.
type Kind struct {
	Type Type
	// When says what has happened, in English, for the documentation.
	When string
	// Subject is the noun whose public id the event's subject is.
	Subject string
	// Fields are the data that an event may carry; one that is empty is left out.
	Fields []string
}

// Members are the names of the fields as JSON has them.
func (k Kind) Members() []string {
	out := make([]string, len(k.Fields))
	for i, f := range k.Fields {
		out[i] = strings.ToLower(f)
	}
	return out
}

// Catalogue are the events that an account's own systems may be told of. Those of
// reviews are the staff's, but for one that is late; what comes of a review is told by
// its profile or domain.
var Catalogue = []Kind{
	{"account.verified", "The account's own identity verification is complete.", "account", []string{"Source"}},
	{"account.unverified", "The account's own identity verification was taken back.", "account", []string{"Source"}},
	{"account.submitted", "The desk was asked to verify the account; an answer is expected by the day `expected`.", "review", []string{"Expected"}},
	{"account.failed", "The desk has not verified the account; the account has the reasons.", "review", []string{"Reason"}},
	{"account.reopened", "The desk looks at an account again that it had not verified.", "review", nil},
	{"email.verified", "Somebody has answered from an address.", "e-mail address", []string{"Address"}},
	{"email.bounced", "Mail to an address comes back for good; the address is not verified any more.", "e-mail address", []string{"Address", "Status"}},
	{"email.doubted", "An address is in doubt, because somebody says that the registrant's data are wrong.", "e-mail address", []string{"Address"}},
	{"profile.created", "A registrant profile was made.", "profile", nil},
	{"profile.edited", "A profile was edited.", "profile", nil},
	{"profile.default", "A profile became the default of its kind.", "profile", nil},
	{"profile.deleted", "A profile was deleted.", "profile", nil},
	{"profile.submitted", "A profile was submitted for review.", "profile", nil},
	{"profile.withdrawn", "A profile was withdrawn from review.", "profile", nil},
	{"profile.verified", "A profile has passed its review.", "profile", []string{"Authority"}},
	{"profile.failed", "A profile has failed its review; `reason` is the first of the reasons, the profile has all.", "profile", []string{"Authority", "Reason"}},
	{"profile.document_expiring", "The document of a verified profile is valid to the day `ends`, which is soon.", "profile", []string{"Ends"}},
	{"profile.document_expired", "The document of a verified profile was valid to the day `ends`; its domains keep their verdicts, new ones want a document that is valid.", "profile", []string{"Ends"}},
	{"profile.data_reminder", "A registrant was mailed the registration data of their domains, as once a year.", "profile", []string{"Address", "Version", "All", "Domains"}},
	{"review.overdue", "A review is not decided though its day `expected` is over; the operator knows. Nothing has to be done; a profile may be withdrawn and submitted again. `kind`: `profile_version`, `domain_name` (naming), `qualification`, `enhanced_verification`, `account_identity`; `title` says in words what it is about.", "review", []string{"Kind", "Title", "Expected"}},
	{"enhanced.opened", "Enhanced verification is asked for, to be submitted by the day `due`.", "enhanced verification", []string{"Domain", "Due", "Note"}},
	{"enhanced.submitted", "What was asked for was submitted; an answer is expected by the day `expected`.", "enhanced verification", []string{"Domain", "Expected"}},
	{"enhanced.returned", "More is asked for, to be submitted by the day `due`.", "enhanced verification", []string{"Domain", "Due", "Note", "Reason"}},
	{"enhanced.passed", "An enhanced verification has passed.", "enhanced verification", []string{"Domain"}},
	{"enhanced.failed", "An enhanced verification has failed.", "enhanced verification", []string{"Domain", "Reason"}},
	{"enhanced.reopened", "A refusal or request for more was taken back; the desk decides an enhanced verification anew.", "enhanced verification", []string{"Domain"}},
	{"enhanced.expired", "Nothing was submitted in time. It still may be.", "enhanced verification", []string{"Domain"}},
	{"enhanced.cancelled", "An enhanced verification is not asked for any more.", "enhanced verification", []string{"Domain"}},
	{"qualification.asked", "A name asks for papers beside an identity, such as proof of a mark.", "qualification", []string{"Domain"}},
	{"qualification.submitted", "The papers were submitted; an answer is expected by the day `expected`.", "qualification", []string{"Domain", "Expected"}},
	{"qualification.returned", "More papers are asked for.", "qualification", []string{"Domain", "Reason"}},
	{"qualification.passed", "The papers were accepted.", "qualification", []string{"Domain"}},
	{"qualification.failed", "The papers were refused; the qualification has the reasons, `outcome` (`deleted`) is what becomes of the name.", "qualification", []string{"Domain", "Reason", "Outcome"}},
	{"qualification.reopened", "A refusal or request for more papers was taken back; the desk decides anew.", "qualification", []string{"Domain"}},
	{"qualification.due_soon", "The time for papers ends on the day `due`, and none are submitted.", "qualification", []string{"Domain", "Due"}},
	{"order.placed", "A name was ordered.", "order", []string{"Domain"}},
	{"order.paid", "An order was paid.", "order", []string{"Domain"}},
	{"order.expired", "An order was not paid in time.", "order", []string{"Domain"}},
	{"order.failed", "An order has failed.", "order", []string{"Domain", "Reason", "Words", "Server", "Outcome"}},
	{"domain.created", "A domain is being registered or imported.", "domain", []string{"Domain"}},
	{"domain.registered", "The registry has registered the name.", "domain", []string{"Domain"}},
	{"domain.holder_changed", "The domain has another holder at the registry.", "domain", []string{"Domain", "Task"}},
	{"domain.details_changed", "The domain's holder is the same, spelled and reached as the profile says now.", "domain", []string{"Domain", "Task"}},
	{"domain.naming_verified", "The name has passed its review.", "domain", []string{"Domain", "Task", "Import"}},
	{"domain.naming_failed", "The name has failed its review (`outcome`: `deleted_refunded`, `deleted`, `kept_no_refund`, `holder_stays`).", "domain", []string{"Domain", "Reason", "Words", "Outcome", "Task", "Import"}},
	{"domain.real_name_verified", "The holder is verified at the registry.", "domain", []string{"Domain", "Task", "Import"}},
	{"domain.real_name_failed", "The registry has not accepted the holder.", "domain", []string{"Domain", "Reason", "Words", "Task", "Import"}},
	{"domain.verification_overdue", "The registry says that the domain's verification is overdue.", "domain", []string{"Domain"}},
	{"domain.held_by_registry", "The registry has taken the domain out of the zone (serverHold).", "domain", []string{"Domain", "Words"}},
	{"domain.released_by_registry", "The registry has lifted its hold.", "domain", []string{"Domain"}},
	{"domain.hold_placed", "The domain is put on clientHold for a cause.", "domain", []string{"Domain", "Cause", "Import"}},
	{"domain.hold_lifted", "A cause of clientHold was lifted.", "domain", []string{"Domain", "Cause"}},
	{"domain.answer_awaited", "The registrant has to answer by mail until a day, or the domain is suspended.", "domain", []string{"Domain", "Address", "Until"}},
	{"domain.answer_given", "The registrant has answered.", "domain", []string{"Domain", "Address", "Means"}},
	{"domain.answer_overdue", "The registrant has not answered in time.", "domain", []string{"Domain", "Address"}},
	{"domain.account_holder_overdue", "The holder of the account has not answered in time; no domain is suspended for it.", "domain", []string{"Domain", "Address"}},
	{"domain.locks_changed", "The registry has set or lifted prohibitions.", "domain", []string{"Domain", "Added", "Removed"}},
	{"domain.auto_renewed", "The registry has renewed the domain by itself.", "domain", []string{"Domain", "Expires"}},
	{"domain.expired", "The registry has let the domain expire.", "domain", []string{"Domain", "Words"}},
	{"domain.deleted", "The registry has deleted the domain.", "domain", []string{"Domain", "Reason", "Words", "Outcome", "Refund"}},
	{"domain.drift", "The registry has the domain otherwise than it was known here.", "domain", []string{"Domain", "Differences"}},
	{"domain.transfer_requested", "Another registrar asks for the domain.", "domain", []string{"Domain", "Registrar", "Status", "Until"}},
	{"domain.transfer_ended", "That request has ended without a transfer.", "domain", []string{"Domain", "Registrar", "Status"}},
	{"domain.transfer_refused", "That request is refused, because transfers of the domain are locked (`lock`: `registration`, `transfer_in`, `holder_change`) until a day.", "domain", []string{"Domain", "Registrar", "Lock", "Until"}},
	{"domain.transferred_away", "The domain is with another registrar.", "domain", []string{"Domain", "Registrar"}},
	{"import.finished", "Names have come into the account (`domain`, where it is one); `awaiting` of them are not verified, the first by the day `due`, and `held` are off line at the registry.", "import", []string{"Total", "Awaiting", "Held", "Due", "Domain"}},
	{"transfer.requested", "A transfer to us was asked for.", "transfer", []string{"Domain"}},
	{"transfer.completed", "A transfer to us is complete.", "transfer", []string{"Domain"}},
	{"transfer.cancelled", "A transfer to us was cancelled.", "transfer", []string{"Domain"}},
	{"transfer.failed", "A transfer to us has failed.", "transfer", []string{"Domain", "Reason", "Words"}},
	{"association.finished", "An association of a profile with domains has finished.", "association", []string{"Total", "Succeeded", "Failed"}},
	{"association.cancelled", "An association was cancelled, and what was at the registry has ended.", "association", []string{"Total", "Succeeded", "Failed", "Cancelled"}},
	{"association.consent_awaited", "A party to the changes of a task (`operation`: `change_holder`, or `update_details` where the e-mail address alone changes; `role`: `prior_registrant`, `new_registrant`, `both_registrants`) is asked by mail, until a day.", "association", []string{"Operation", "Role", "Address", "Until"}},
	{"association.consent_given", "A party has agreed; with both words the changes go on.", "association", []string{"Operation", "Role", "Address", "Means"}},
	{"association.consent_declined", "A party has refused; everything stays as it is.", "association", []string{"Operation", "Role", "Address", "Means"}},
	{"association.consent_expired", "A party has not answered in time; everything stays as it is.", "association", []string{"Operation", "Role", "Address"}},
	{"registry.paused", "An operator has paused the connection to a registry; told to endpoints that hear of every account, like its end.", "registry account", []string{"Cause"}},
	{"registry.resumed", "The connection to a registry is at work again.", "registry account", nil},
	{"data_request.opened", "An export or erasure of data was asked for (`wish`); it is answered by the day `due`.", "data request", []string{"Wish", "Due"}},
	{"data_request.extended", "The time to answer it is extended for a reason (`extension`: `complexity` or `number_of_requests`); it is answered by the day `due`.", "data request", []string{"Wish", "Due", "Extension"}},
	{"data_request.refused", "It was refused on a ground (`refusal`).", "data request", []string{"Wish", "Refusal"}},
	{"data_request.ready", "The file of an export can be fetched until the day `until`.", "data request", []string{"Wish", "Until"}},
	{"data_request.deferred", "Something of an erasure waits for the end of a ground.", "data request", []string{"Wish", "Ground"}},
	{"data_request.completed", "An erasure is complete.", "data request", []string{"Wish"}},
	{"data_request.withdrawn", "It was withdrawn.", "data request", []string{"Wish"}},
	{"data_request.expired", "The file of an export is deleted.", "data request", []string{"Wish"}},
	{"association.holder_changed", "A party was mailed that what they agreed to has been carried out.", "association", []string{"Operation", "Role", "Address", "Holder", "All", "Domains"}},
	{"webhook.disabled", "An endpoint was disabled because it failed for long (`failing`) or says that it is gone (`gone`).", "webhook", []string{"URL", "Reason"}},
	{"webhook.test", "Somebody asked for a test; sent to that endpoint alone, whatever it wants.", "webhook", nil},
}

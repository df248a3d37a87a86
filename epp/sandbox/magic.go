package sandbox

import (
	"regexp"
	"strings"
	"time"

	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
)

// Reasons for failures that the sandbox finds by itself.
const (
	reasonNameProhibited = "name_prohibited"
	reasonRejected       = "authority_rejected_other"
	reasonName           = "name_mismatch"
	reasonNumber         = "number_mismatch"
	reasonNumberType     = "number_type_mismatch"
)

// namingVerdict decides about a name; ok is false for one that stays in review.
func namingVerdict(name string, now time.Time) (v verdict, ok bool) {
	label, _, _ := strings.Cut(name, ".")
	switch {
	case strings.Contains(label, "fail"):
		return verdict{verdictFailed, reasonNameProhibited, now}, true
	case strings.Contains(label, "pending"):
		return verdict{State: verdictInReview}, false
	}
	return verdict{State: verdictVerified, Date: now}, true
}

var magicFailure = regexp.MustCompile(`FAIL(?:-([a-z_]+))?`)

// magicReason is the reason of a failure that a name forces.
func magicReason(words string) (reason string, forced bool) {
	m := magicFailure.FindStringSubmatch(words)
	switch {
	case m == nil:
		return "", false
	case m[1] == "":
		return reasonRejected, true
	}
	return m[1], true
}

// magicWords are all places where a magic value may stand.
func (c *contactRecord) magicWords() string {
	var words []string
	for _, p := range c.Data.Postal {
		words = append(words, p.Name, p.Org)
	}
	return strings.Join(words, "\n")
}

// slow reports whether the contact's review takes the zone's SlowDelay.
func (c *contactRecord) slow() bool { return strings.Contains(c.magicWords(), "SLOW") }

// holderVerdict decides about a contact's latest evidence; ok is false for a
// contact that stays in review.
func (c *contactRecord) holderVerdict(now time.Time) (v verdict, ok bool) {
	words := c.magicWords()
	if reason, forced := magicReason(words); forced {
		return verdict{verdictFailed, reason, now}, true
	}
	if strings.Contains(words, "PENDING") {
		return verdict{State: verdictInReview}, false
	}
	if reason := c.mismatch(); reason != "" {
		return verdict{verdictFailed, reason, now}, true
	}
	return verdict{State: verdictVerified, Date: now}, true
}

// mismatch compares the evidence with the contact and checks the number. It
// returns the reason for a failure, or "".
func (c *contactRecord) mismatch() string {
	holder := c.Evidence.Holder
	switch {
	case holder.Type != c.Identity.Type || holder.Name != c.holderName():
		return reasonName
	case holder.IDType != c.Identity.IDType:
		return reasonNumberType
	case holder.IDNumber != c.Identity.IDNumber:
		return reasonNumber
	}
	return checkNumber(c.Identity.IDType, c.Identity.IDNumber)
}

// holderName is the name that the documents must show: the localised one, or the
// internationalised one of a contact that has no other.
func (c *contactRecord) holderName() string {
	p := c.Data.PostalOf(contact.Loc)
	if p == nil {
		p = c.Data.PostalOf(contact.Int)
	}
	switch {
	case p == nil:
		return ""
	case c.Identity.Type == cnnic.Enterprise:
		return p.Org
	}
	return p.Name
}

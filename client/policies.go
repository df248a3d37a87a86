package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// PolicyVersion is a set of policy files that was in force.
type PolicyVersion struct {
	// Version is a digest of the files; cases name the one that they were decided under.
	Version string `json:"version"`
	// Dated is the day that suffixes.yaml was gone through last.
	Dated string `json:"dated"`
	// InForce is true of the one that the server has.
	InForce      bool      `json:"in_force"`
	FirstSeenAt  time.Time `json:"first_seen_at"`
	InForceSince time.Time `json:"in_force_since"`
	// LastSeenAt is when a server was last seen to have it, to the hour.
	LastSeenAt time.Time `json:"last_seen_at"`
}

// PolicyVersions lists the policies that were in force, the latest first. For staff.
func (c *Client) PolicyVersions(ctx context.Context) ([]PolicyVersion, error) {
	p, err := get[page[PolicyVersion]](ctx, c, "/policy-versions")
	return p.Items, err
}

// PolicyFiles are the files of a policy that was in force, as a ZIP archive. For staff.
func (c *Client) PolicyFiles(ctx context.Context, version string) ([]byte, error) {
	var files raw
	err := c.call(ctx, http.MethodGet, "/policy-versions/"+escape(version)+"/files", nil, &files)
	return files, err
}

// PolicyComparison is what changes from one set of policy files to another.
type PolicyComparison struct {
	From    string         `json:"from"`
	To      string         `json:"to"`
	Changes []PolicyChange `json:"changes"`
}

// PolicyChange is a block of rules that two sets of policy files do not say alike. Gone and Come
// are, of a suffix, the sentences of its explanation that stand in one set alone.
type PolicyChange struct {
	About         string             `json:"about"`
	Name          string             `json:"name"`
	Accreditation string             `json:"accreditation"`
	Gone          []Words            `json:"gone"`
	Come          []Words            `json:"come"`
	Rules         []PolicyDifference `json:"rules"`
}

// PolicyDifference is a rule that two sets of policy files do not say alike; nil where a set has
// no such rule.
type PolicyDifference struct {
	Rule   string      `json:"rule"`
	Before *PolicyFact `json:"before"`
	After  *PolicyFact `json:"after"`
}

// PolicyFact is the value of a rule, and the file and line where it stands.
type PolicyFact struct {
	Value string `json:"value"`
	At    string `json:"at"`
}

// ComparePolicies says what changes from one policy to another: each is a version, "shipped" for
// the files as verinym ships them, or "running" for those in force. For staff.
func (c *Client) ComparePolicies(ctx context.Context, from, to string) (PolicyComparison, error) {
	return get[PolicyComparison](ctx, c, "/policy-comparison?"+url.Values{"from": {from}, "to": {to}}.Encode())
}

package api

import (
	"context"
	"errors"
	"time"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
)

// PolicyVersion is a set of policy files that was in force.
type PolicyVersion struct {
	Version      string    `json:"version" doc:"A digest of the files; cases name the one that they were decided under."`
	Dated        string    `json:"dated" doc:"The day that suffixes.yaml was gone through last."`
	InForce      bool      `json:"in_force" doc:"Whether it is the one that this server has."`
	FirstSeenAt  time.Time `json:"first_seen_at" doc:"When a server first started with it."`
	InForceSince time.Time `json:"in_force_since" doc:"When a server started with it while another one was in force: of a version that came back, its return."`
	LastSeenAt   time.Time `json:"last_seen_at" doc:"When a server was last seen to have it, to the hour."`
}

// PolicyComparison is what changes from one set of policy files to another.
type PolicyComparison struct {
	From    string         `json:"from" doc:"The version."`
	To      string         `json:"to" doc:"The version."`
	Changes []PolicyChange `json:"changes"`
}

// PolicyChange is a block of rules that two sets of policy files do not say alike.
type PolicyChange struct {
	About         string             `json:"about" enum:"suffix,document,paper,reason,limits,places,icann,holidays"`
	Name          string             `json:"name,omitempty" doc:"A suffix in its own script, or a code; absent for what there is one of."`
	Accreditation string             `json:"accreditation,omitempty" enum:"mainland,overseas" doc:"Of a suffix."`
	Gone          []Words            `json:"gone" doc:"Of a suffix: the sentences of its explanation that hold no more."`
	Come          []Words            `json:"come" doc:"Of a suffix: the sentences that hold anew."`
	Rules         []PolicyDifference `json:"rules"`
}

// PolicyDifference is a rule that two sets of policy files do not say alike.
type PolicyDifference struct {
	Rule   string      `json:"rule"`
	Before *PolicyFact `json:"before,omitempty" doc:"Absent where there was no such rule."`
	After  *PolicyFact `json:"after,omitempty" doc:"Absent where there is no such rule any more."`
}

// PolicyFact is the value of a rule, and where it stands.
type PolicyFact struct {
	Value string `json:"value"`
	At    string `json:"at" doc:"File and line."`
}

func policyChangeOf(c policy.Change) PolicyChange {
	words := func(w policy.Words) Words { return Words{EN: w.EN, ZH: w.ZH} }
	fact := func(f policy.Fact) *PolicyFact {
		if len(f.At) == 0 {
			return nil
		}
		return &PolicyFact{Value: policy.Shown(f.Value), At: f.At[0].String()}
	}
	rule := func(d policy.Difference) PolicyDifference {
		return PolicyDifference{Rule: d.Rule, Before: fact(d.Before), After: fact(d.After)}
	}
	return PolicyChange{
		About: string(c.About), Name: c.Name, Accreditation: string(c.Accreditation), Gone: listOf(c.Gone, words).Items,
		Come: listOf(c.Come, words).Items, Rules: listOf(c.Rules, rule).Items,
	}
}

func (s *Server) policyVersions() {
	const tag = "Operation"
	handle(s, op{id: "list-policy-versions", method: "GET", path: "/policy-versions", summary: "The policies that were in force, the latest first", tag: tag},
		func(ctx context.Context, _ *none) (*body[list[PolicyVersion]], error) {
			all, err := s.PolicyVersions.All(ctx, actorOf(ctx))
			return answer(listOf(all, func(v policy.Version) PolicyVersion {
				return PolicyVersion{
					Version: v.Digest, Dated: v.Dated, InForce: v.Digest == s.Policies.Version,
					FirstSeenAt: v.FirstSeenAt.Time, InForceSince: v.InForceSince.Time, LastSeenAt: v.LastSeenAt.Time,
				}
			}), err)
		})
	type byVersion struct {
		Version string `path:"version" maxLength:"64"`
	}
	handle(s, op{
		id: "download-policy-version", method: "GET", path: "/policy-versions/{version}/files",
		summary: "The files of a policy that was in force, as a ZIP archive", tag: tag,
	},
		func(ctx context.Context, in *byVersion) (*file, error) {
			v, err := s.PolicyVersions.Find(ctx, actorOf(ctx), in.Version)
			if err != nil {
				return nil, err
			}
			return &file{Type: "application/zip", Cache: "no-store", NoSniff: "nosniff", Body: v.Files}, nil
		})
	type twoVersions struct {
		From string `query:"from" default:"shipped" maxLength:"64" doc:"A version, shipped for the files as verinym ships them, or running for those in force."`
		To   string `query:"to" default:"running" maxLength:"64" doc:"The same."`
	}
	handle(s, op{
		id: "compare-policies", method: "GET", path: "/policy-comparison",
		summary: "What changes from one policy to another, in words and rule by rule", tag: tag,
	},
		func(ctx context.Context, in *twoVersions) (*body[PolicyComparison], error) {
			before, err := s.policyOf(ctx, in.From)
			if err != nil {
				return nil, err
			}
			after, err := s.policyOf(ctx, in.To)
			if err != nil {
				return nil, err
			}
			changes, err := policy.Compare(s.texts, before, after)
			return answer(PolicyComparison{From: before.Version, To: after.Version, Changes: listOf(changes, policyChangeOf).Items}, err)
		})
}

// policyOf are the policies of a set; files that this program cannot read any more are a fault.
func (s *Server) policyOf(ctx context.Context, set string) (*policy.Policies, error) {
	p, err := s.PolicyVersions.Load(ctx, actorOf(ctx), set)
	var wrong policy.Problems
	if errors.As(err, &wrong) {
		return nil, fault.New(fault.Conflict, "policy_version_unreadable").With("Version", set).With("Problem", wrong[0].String())
	}
	return p, err
}

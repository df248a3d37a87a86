package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
)

// NewProfile is one of many profiles to be made. What is wrong with it is said of its row.
type NewProfile struct {
	Accreditation string `json:"accreditation,omitempty" doc:"mainland or overseas"`
	Kind          string `json:"kind,omitempty" doc:"common or cnnic"`
	HolderType    string `json:"holder_type,omitempty" doc:"individual or organization"`
	Incomplete    bool   `json:"incomplete,omitempty" doc:"Save what is there; submission asks for what is missing."`
	ProfileFields
}

func (p NewProfile) row() profile.Row {
	d := p.draft()
	d.Incomplete = p.Incomplete
	return profile.Row{
		Accreditation: policy.Accreditation(p.Accreditation), Kind: policy.ProfileKind(p.Kind),
		HolderType: policy.HolderType(p.HolderType), Draft: d,
	}
}

// Batch says what became of many profiles.
type Batch struct {
	Created  int        `json:"created" doc:"In a dry run: how many would be."`
	Existing int        `json:"existing" doc:"Rows that a profile of the same kind has already."`
	Refused  int        `json:"refused"`
	Rows     []BatchRow `json:"rows" doc:"In the order of the request."`
}

// BatchRow is what became of one of many profiles.
type BatchRow struct {
	ID       string         `json:"id,omitempty" doc:"The profile; absent in a dry run that would make one."`
	Existing bool           `json:"existing,omitempty"`
	Problems []ProblemEntry `json:"problems,omitempty" doc:"Why there is none."`
}

func (s *Server) manyProfiles() {
	type many struct {
		Body struct {
			DryRun   bool         `json:"dry_run,omitempty" doc:"Say what would become of the rows, and change nothing."`
			Before   int          `json:"before,omitempty" minimum:"0" maximum:"1000000" doc:"In a dry run: how many profiles the batches before it would have made. They count against the limit of the account."`
			Profiles []NewProfile `json:"profiles" minItems:"1" maxItems:"100"`
		}
	}
	handle(s, op{
		id: "create-profiles", method: "POST", path: "/profiles/batch", summary: "Create many registrant profiles",
		tag: "Registrant profiles", time: time.Minute,
		about: "Those that can be made are, in one unit of work; every other row says why not. Rows that are there already make no second profile, so that a batch may be sent again: the same holder and number, or all the same where there is no number. A masked number, as in exports, stands for the one of a profile that is there.",
	},
		func(ctx context.Context, in *many) (*body[Batch], error) {
			rows := make([]profile.Row, len(in.Body.Profiles))
			for i, p := range in.Body.Profiles {
				rows[i] = p.row()
			}
			var made []profile.Outcome
			var err error
			if in.Body.DryRun {
				made, err = s.Profiles.TryMany(ctx, actorOf(ctx), rows, in.Body.Before)
			} else {
				made, err = s.Profiles.CreateMany(ctx, actorOf(ctx), rows)
			}
			if err != nil {
				return nil, err
			}
			return answer(s.batchOf(made), nil)
		})
}

func (s *Server) batchOf(made []profile.Outcome) Batch {
	out := Batch{Rows: make([]BatchRow, 0, len(made))}
	for _, m := range made {
		row := BatchRow{ID: m.PublicID, Existing: m.Existing}
		switch {
		case m.Err != nil:
			out.Refused++
			row.Problems = s.entries(m.Err)
		case m.Existing:
			out.Existing++
		default:
			out.Created++
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

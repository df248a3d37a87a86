package notify

import (
	"context"
	"maps"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
)

// Named returns the news of an account with the profiles that they are about called by their
// holders, as the profiles say now: events, and what is kept of them, name nobody. One that is
// gone keeps its id. It is for those who may read the account's profiles.
func Named(ctx context.Context, ps *profile.Profiles, db bun.IDB, account int64, news []News) ([]News, error) {
	out, holders := make([]News, len(news)), map[string]string{}
	for i, n := range news {
		out[i] = n
		if !strings.HasPrefix(string(n.Type), "profile.") {
			continue
		}
		holder, known := holders[n.Subject]
		if !known {
			p, v, err := ps.Current(ctx, db, account, n.Subject)
			if err != nil && fault.Code(err) != "profile_not_found" {
				return nil, wrap("named", err)
			}
			if err == nil {
				holder = v.Holder(p)
			}
			holders[n.Subject] = holder
		}
		if holder != "" {
			out[i].Data = maps.Clone(n.Data)
			if out[i].Data == nil {
				out[i].Data = map[string]string{}
			}
			out[i].Data["Profile"] = holder
		}
	}
	return out, nil
}

package profile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// Reach is a digest of those parts of a version by which a registrant is known and
// reached: holder, email, phone, address. Two versions with the same digest are the same
// registrant at the same address.
func (v Version) Reach(parts []string) []byte {
	f := v.Fields
	values := map[string]string{
		"holder": v.HolderFold, "email": f.Email, "phone": f.Phone + "x" + f.PhoneExtension,
		"address": strings.Join([]string{f.Country, f.ProvinceZh, f.ProvinceEn, f.CityZh, f.CityEn, f.AddressZh, f.AddressEn, f.PostalCode}, "\n"),
	}
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%s %d %s\n", p, len(values[p]), values[p])
	}
	return h.Sum(nil)
}

// Since is when the account first gave what v says in these parts: in v itself, in an
// earlier version of its profile, or in another profile with the same e-mail address.
func (ps *Profiles) Since(ctx context.Context, db bun.IDB, v Version, parts []string) (time.Time, error) {
	var rows []Version
	err := db.NewSelect().Model(&rows).Where("profile_id IN (SELECT ? UNION SELECT profile_id FROM profile_term WHERE account_id = ? AND term = ?)", v.ProfileID, v.AccountID, addressTerm(v.Fields.Email)).Scan(ctx)
	since, want := v.CreatedAt.Time, v.Reach(parts)
	for _, r := range rows {
		if r.CreatedAt.Before(since) && bytes.Equal(r.Reach(parts), want) {
			since = r.CreatedAt.Time
		}
	}
	return since, wrap("since", err)
}

// VersionsAt returns the row ids of the versions that an account has with an e-mail
// address, of whichever profile and however old.
func (ps *Profiles) VersionsAt(ctx context.Context, db bun.IDB, account int64, address string) (ids []int64, err error) {
	quoted, err := json.Marshal(address)
	if err != nil {
		return nil, wrap("versions at", err)
	}
	var rows []Version
	err = db.NewSelect().Model(&rows).Column("id", "fields").Where("account_id = ?", account).Where("fields LIKE ?", `%"email":`+strings.NewReplacer("%", "_", `\`, "_").Replace(string(quoted))+`%`).OrderExpr("id").Scan(ctx)
	for _, r := range rows {
		if r.Fields.Email == address {
			ids = append(ids, r.ID)
		}
	}
	return ids, wrap("versions at", err)
}

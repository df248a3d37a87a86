package profile_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// found lists the holders that a search finds, in its order.
func (h house) found(f profile.Filter) (out []string) {
	h.t.Helper()
	after := ""
	for {
		page, next, err := h.List(h.t.Context(), h.li, f, after, 2)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, v := range page {
			out = append(out, v.Current.Fields.HolderZh(v.HolderType)+v.Current.Fields.NameEn)
		}
		if next == "" {
			return out
		}
		after = next
	}
}

func TestSearchFindsAProfileByWhatPeopleRemember(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		h.create(mainland, person())
		h.create(mainland, person().with("name_zh", "李思", "email", "si@other.example", "document_number", wangNumber))
		h.create(mainland, person().with("name_zh", "王思远", "email", "wang@registrant.example", "document_number", wangNumber))
		h.create(organization, company().with("name_zh", "赵雷", "email", "office@sample.example"))
		h.create(overseas, foreigner().with("name_en", "Ana-Maria O'Neill", "email", "ana@other.example"))
		h.create(mainland, person().with("name_zh", "次仁·卓玛（小）", "email", "ciren@sample.example", "document_number", wangNumber))
		other, err := h.Create(t.Context(), h.chen, mainland.accreditation, mainland.kind, mainland.holder, person().draft())
		if err != nil {
			t.Fatal(err)
		}
		const ciren = "次仁·卓玛（小）ci ren zhuo ma (xiao)"
		const li, si, wang, co, ana = "李思远li si yuan", "李思li si", "王思远wang si yuan", "西安样本科技有限公司zhao lei", "Ana-Maria O'Neill"
		for query, want := range map[string][]string{
			"李思":                    {li, si},
			"思远":                    {li, wang},
			"李思远":                   {li},
			"李":                     {si, li},
			"远":                     {li, wang},
			"样本 有限":                 {co},
			"李王":                    nil,
			"次仁卓玛":                  {ciren}, // signs are not typed
			"次仁・卓玛":                 {ciren},
			"玛小":                    {ciren},
			"卓玛":                    {ciren},
			"lisi":                  {si, li},
			"li si":                 {si, li},
			"siyuan":                {li, wang},
			"赵":                     {co},
			"keji":                  {co},
			"lsy":                   {li},
			"wsy":                   {wang},
			"SIYUAN 王":              {wang},
			"ana":                   {ana},
			"maria":                 {ana},
			"o'neill":               {ana},
			"oneill":                {ana},
			"li@registrant":         {li},
			"LI@registrant.":        {li},
			"@other.example":        {si, ana},
			"office":                {co},
			liNumber:                {li},
			"990000 1990 0307 1171": {li},
			"91990000yyyyn8qy5r":    {co},
			"x00123456":             {ana},
			"9900001990":            nil,
			"nobody":                nil,
			"?!":                    nil,
		} {
			got := h.found(profile.Filter{Query: query})
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", query, got, want)
			}
		}
		if page, _, err := h.List(t.Context(), h.chen, profile.Filter{Query: "李思远"}, "", 10); err != nil || len(page) != 1 || page[0].Profile.PublicID != other.Profile.PublicID {
			t.Errorf("another account finds %d profiles, %v", len(page), err)
		}
		_, _, err = h.List(t.Context(), h.li, profile.Filter{Query: "li"}, "nonsense", 10)
		check(t, "no cursor", err, "after cursor_invalid")
	})
}

func TestSearchFollowsWhatIsEditedAndDeleted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		h.mustEdit(v, form{"name_zh": "赵明"})
		if old, now := h.found(profile.Filter{Query: "李思"}), h.found(profile.Filter{Query: "赵明"}); len(old) != 0 || len(now) != 1 {
			t.Errorf("renamed: %q and %q", old, now)
		}
		if err := h.Delete(t.Context(), h.li, v.Profile.PublicID); err != nil {
			t.Fatal(err)
		}
		if left := h.found(profile.Filter{Query: "赵明"}); len(left) != 0 || h.count("profile_term") != 0 {
			t.Errorf("deleted: %q", left)
		}
	})
}

func TestListIsFiltered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		h.create(mainland, person())
		h.decided(h.submitted(cnnic, person().with("name_zh", "李四")))
		h.create(cnnicOrg, company())
		h.create(overseas, foreigner())
		yes := true
		d := form{}.draft()
		d.Default = &yes
		first, _, _ := h.List(t.Context(), h.li, profile.Filter{}, "", 1)
		if _, err := h.Edit(t.Context(), h.li, first[0].Profile.PublicID, d); err != nil {
			t.Fatal(err)
		}
		for name, x := range map[string]struct {
			f    profile.Filter
			want int
		}{
			"all":                 {profile.Filter{}, 4},
			"verified":            {profile.Filter{State: profile.Verified}, 1},
			"CNNIC":               {profile.Filter{Kind: policy.CNNIC}, 2},
			"organisations":       {profile.Filter{HolderType: policy.Organization}, 1},
			"overseas":            {profile.Filter{Accreditation: policy.Overseas}, 1},
			"default":             {profile.Filter{Default: &yes}, 1},
			"verified, by a name": {profile.Filter{Query: "li", State: profile.Verified}, 1},
			"unverified CNNIC":    {profile.Filter{State: profile.Unverified, Kind: policy.CNNIC}, 1},
		} {
			if got := h.found(x.f); len(got) != x.want {
				t.Errorf("%s: %q, want %d", name, got, x.want)
			}
		}
	})
}

// TestPagesOfASearchHoldEachProfileOnce: a profile has several terms in a range.
func TestPagesOfASearchHoldEachProfileOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		for i := range 7 {
			// Those made first come last by their terms.
			h.create(mainland, person().with("name_zh", "李丽"+string(rune('一'+i)), "name_en", fmt.Sprintf("li li lian%d", 9-i)))
		}
		got := h.found(profile.Filter{Query: "li"})
		slices.Sort(got)
		if len(got) != 7 || len(slices.Compact(got)) != 7 {
			t.Errorf("%d profiles: %q", len(got), got)
		}
	})
}

func TestDeletedProfileIsGoneForItsAccountOnly(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.submitted(mainland, person())
		id := v.Profile.PublicID
		check(t, "in review", h.Delete(t.Context(), h.li, id), "profile_in_review")
		v = h.decided(v)
		check(t, "another's", h.Delete(t.Context(), h.chen, id), "profile_not_found")
		if err := h.Delete(t.Context(), h.li, id); err != nil {
			t.Fatal(err)
		}
		check(t, "read", second(h.Get(t.Context(), h.li, id)), "profile_not_found")
		check(t, "again", h.Delete(t.Context(), h.li, id), "profile_not_found")
		check(t, "used", third(h.Usable(t.Context(), s.R, h.li.Account, id)), "profile_not_found")
		// What rests on it is read by its version, and by its reviewers.
		if _, err := h.Holder(t.Context(), v.Current.PublicID); err != nil {
			t.Errorf("a domain's holder: %v", err)
		}
		if h.count("event WHERE type = 'profile.deleted'") != 1 || h.count("audit_entry WHERE action = 'profile.deleted'") != 1 {
			t.Error("the deletion is not told of")
		}
	})
}

func TestDeletionMakesRoomUnderTheLimit(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		most := h.policies.Limits.Profiles.PerAccount.Max
		v := h.create(mainland, person())
		for range most - 1 {
			h.exec("INSERT INTO profile (public_id, account_id, accreditation, kind, holder_type, version_id, created_at, updated_at, row_version) VALUES (?, ?, 'mainland', 'common', 'individual', 0, 0, 0, 1)", store.NewID("prf"), h.li.Account)
		}
		check(t, "full", second(h.try(mainland, person())), "profile_limit")
		if err := h.Delete(t.Context(), h.li, v.Profile.PublicID); err != nil {
			t.Fatal(err)
		}
		check(t, "one deleted", second(h.try(mainland, person())))
	})
}

func TestCopyIsAnUnverifiedProfileOfItsOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person().with("organization_zh", "李思远", "name_en", "LI Siyuan")))
		same, err := h.Copy(t.Context(), h.li, v.Profile.PublicID, "", "")
		if err != nil {
			t.Fatal(err)
		}
		if f := same.Current.Fields; same.Current.State != profile.Unverified || f.NameEn != "LI Siyuan" || same.Current.NumberMask != v.Current.NumberMask || len(same.Documents) != 1 || same.IsDefault {
			t.Errorf("the copy is %+v with %d pictures", same.Current, len(same.Documents))
		}
		if same = h.submit(same); same.Current.State != profile.InReview {
			t.Errorf("the copy is %s", same.Current.State)
		}
		other, err := h.Copy(t.Context(), h.li, v.Profile.PublicID, "", policy.CNNIC)
		if err != nil {
			t.Fatal(err)
		}
		if other.Kind != policy.CNNIC || len(other.Documents) != 0 || other.Current.Fields.OrganizationZh != "" || other.Email != "verified" {
			t.Errorf("a CNNIC copy: %+v with %d pictures", other.Current.Fields, len(other.Documents))
		}
		if h.get(v).Current.State != profile.Verified {
			t.Error("the original changed")
		}
		blurred := h.decided(h.submitted(mainland, person()), review.Reason{Code: "blurred"})
		if again, err := h.Copy(t.Context(), h.li, blurred.Profile.PublicID, "", ""); err != nil || len(again.Documents) != 0 {
			t.Errorf("a copy has %d pictures that a review has refused, %v", len(again.Documents), err)
		}
		check(t, "another's", second(h.Copy(t.Context(), h.chen, v.Profile.PublicID, "", "")), "profile_not_found")
		check(t, "no kind", second(h.Copy(t.Context(), h.li, v.Profile.PublicID, "", "gold")), "kind value_unknown")
	})
}

func TestDefaultChangesNoVersion(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person()))
		yes := true
		d := form{}.draft()
		d.Default = &yes
		got, err := h.Edit(t.Context(), h.li, v.Profile.PublicID, d)
		if err != nil || !got.IsDefault || got.Current.ID != v.Current.ID || got.Current.State != profile.Verified {
			t.Errorf("%+v, %v", got.Profile, err)
		}
		next := h.create(mainland, person().with("name_zh", "李四"))
		if next, err = h.SetDefault(t.Context(), h.li, next.Profile.PublicID, true); err != nil || !next.IsDefault || h.get(v).IsDefault {
			t.Errorf("two defaults, %v", err)
		}
		if f := fault.From(second(h.SetDefault(t.Context(), h.chen, next.Profile.PublicID, true))); f.Code != "profile_not_found" {
			t.Errorf("another's: %v", f)
		}
	})
}

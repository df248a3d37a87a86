package console

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
)

// profilePages are those of registrant profiles.
func (c *Console) profilePages() []page {
	return slices.Concat([]page{
		{pattern: "GET /profiles", show: c.profiles},
		{pattern: "GET /profiles/{id}", show: c.profile},
		{pattern: "GET /profiles/{id}/documents/{document}", show: c.thumbnail},
		{pattern: "POST /profiles/{id}/copy", show: c.copyProfile},
		{pattern: "POST /profiles/{id}/default", show: c.defaultProfile},
		{pattern: "GET /profiles/{id}/delete", show: c.askDeleteProfile},
		{pattern: "POST /profiles/{id}/delete", show: c.deleteProfile},
		{pattern: "POST /profiles/{id}/withdraw", show: c.withdrawProfile},
		{pattern: "POST /profiles/{id}/number", show: c.revealNumber},
	}, c.profileFilePages(), c.wizard())
}

// profileList is what the list of profiles shows.
type profileList struct {
	filter profile.Filter
	counts profile.Counts
	most   int
	needs  []ui.Need
	more   int
	rows   []profileRow
	pages  ui.Pages
}

// profileRow is a profile with what it holds.
type profileRow struct {
	profile.View
	Held domain.Holding
}

// profilesOnPage is how many profiles a page of the list has.
const profilesOnPage = 20

func (c *Console) profiles(v *visit) error {
	q := v.r.URL.Query()
	l := profileList{most: c.Policies.Limits.Profiles.PerAccount.Max, filter: profileFilter(q)}
	var err error
	if l.counts, err = v.countProfiles(); err != nil {
		return err
	}
	if l.filter.Kind == "" && l.filter.Query == "" { // a search finds both kinds; a list begins with the one that there is most of
		l.filter.Kind = policy.Common
		if l.counts.Of(policy.CNNIC, "") > l.counts.Of(policy.Common, "") {
			l.filter.Kind = policy.CNNIC
		}
	}
	after := q.Get("after")
	views, next, err := c.Profiles.List(v.ctx(), v.actor, l.filter, after, profilesOnPage)
	if err != nil {
		return err
	}
	if l.rows, err = c.rows(v, views); err != nil {
		return err
	}
	l.pages = v.pages("after", next)
	if l.needs, l.more, err = c.profileNeeds(v, l.counts); err != nil {
		return err
	}
	return v.show(profilesPage(l))
}

// profileFilter reads a filter from an address.
func profileFilter(q url.Values) profile.Filter {
	f := profile.Filter{Query: q.Get("q"), Kind: policy.ProfileKind(q.Get("kind")), State: profile.State(q.Get("state"))}
	if !f.Kind.Known() {
		f.Kind = ""
	}
	return f
}

// profileQuery is a filter in an address.
func profileQuery(f profile.Filter) string {
	q := url.Values{}
	for name, value := range map[string]string{"kind": string(f.Kind), "state": string(f.State), "q": f.Query} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q.Encode()
}

// path is the address of the list under a filter.
func (l profileList) path(f profile.Filter) string { return "/profiles?" + profileQuery(f) }

// tabs are the kinds of profile.
func (l profileList) tabs(ctx context.Context) (out []ui.Tab) {
	for _, k := range []policy.ProfileKind{policy.Common, policy.CNNIC} {
		out = append(out, ui.Tab{
			Path: l.path(profile.Filter{Kind: k}), Text: ui.T(ctx, "profiles.kind_"+string(k)),
			Count: ui.Count(l.counts.Of(k, "")), Here: l.filter.Kind == k,
		})
	}
	return out
}

// states are the filters by state.
func (l profileList) states(ctx context.Context) (out []ui.Tab) {
	for _, s := range []profile.State{"", profile.Failed, profile.InReview, profile.Verified, profile.Unverified} {
		f := l.filter
		f.State = s
		out = append(out, ui.Tab{
			Path: l.path(f), Text: ui.T(ctx, "profiles.state_"+cmp.Or(string(s), "all")),
			Count: ui.Count(l.counts.Of(l.filter.Kind, s)), Here: l.filter.State == s,
		})
	}
	return out
}

// rows reads what profiles hold.
func (c *Console) rows(v *visit, views []profile.View) ([]profileRow, error) {
	ids := make([]int64, len(views))
	for i, x := range views {
		ids[i] = x.Profile.ID
	}
	held, err := c.Domains.Holdings(v.ctx(), v.actor, ids)
	out := make([]profileRow, len(views))
	for i, x := range views {
		out[i] = profileRow{View: x, Held: held[x.Profile.ID]}
	}
	return out, err
}

// mostNeeds is how many lines the attention list has.
const mostNeeds = 5

// profileNeeds lists what profiles need of the registrant: failed ones and addresses
// that are to be confirmed, by deadline. more is how many are left out.
func (c *Console) profileNeeds(v *visit, counts profile.Counts) (out []ui.Need, more int, err error) {
	failed, _, err := c.Profiles.List(v.ctx(), v.actor, profile.Filter{State: profile.Failed}, "", mostNeeds)
	if err != nil {
		return nil, 0, err
	}
	rows, err := c.rows(v, failed)
	if err != nil {
		return nil, 0, err
	}
	for _, r := range rows {
		out = append(out, ui.Need{
			Icon: "circle-x", Tone: "bad", What: v.T("profiles.need_failed", "Name", r.name(), "Count", strconv.Itoa(len(r.Reasons))),
			Why: r.why(v), Due: r.Held.Due, Act: ui.Act(r.path(), v.T("profiles.correct"), "", "btn-primary btn-sm"),
		})
	}
	slices.SortStableFunc(out, func(a, b ui.Need) int { return byDeadline(a.Due, b.Due) })
	more = counts.Of("", profile.Failed) - len(failed)
	open, _, err := c.Profiles.List(v.ctx(), v.actor, profile.Filter{State: profile.Unverified}, "", profilesOnPage)
	if err != nil {
		return nil, 0, err
	}
	var asked []string
	for _, x := range open {
		address := x.Current.Fields.Email
		if address == "" || x.Email == emailcheck.Verified || slices.Contains(asked, address) {
			continue
		}
		asked = append(asked, address)
		if len(out) == mostNeeds {
			more++
			continue
		}
		out = append(out, ui.Need{
			Icon: "mail-warning", Tone: "warn", What: v.T("profiles.need_email", "Address", address), Why: v.T("profiles.need_email_" + string(x.Email)),
			Act: ui.Act(profileRow{View: x}.step("contact")+"#email", v.T("profiles.confirm_email"), "", "btn-q btn-sm"),
		})
	}
	return out, more, nil
}

// byDeadline puts the earlier before the later, and what has none last.
func byDeadline(a, b time.Time) int {
	switch {
	case a.IsZero() == b.IsZero():
		return a.Compare(b)
	case a.IsZero():
		return 1
	}
	return -1
}

// name is the holder's, by which people speak of a profile; "" while nobody typed it.
func (r profileRow) name() string {
	f, t := r.Current.Fields, r.HolderType
	return cmp.Or(f.HolderZh(t), f.HolderEn(t))
}

// path is the profile's own page, step that of a step of its form.
func (r profileRow) path() string { return "/profiles/" + r.PublicID }

func (r profileRow) step(name string) string { return r.path() + "/edit/" + name }

// why says in one line what is wrong with a failed profile.
func (r profileRow) why(v *visit) string {
	var out strings.Builder
	for _, x := range r.Reasons {
		out.WriteString(v.Text(titleOf(v.Page, x.Code), x.Params) + stop(v.Lang))
	}
	if r.Held.Waiting > 0 {
		out.WriteString(v.T("profiles.need_names", "Count", ui.Count(r.Held.Waiting)))
	}
	return strings.TrimSpace(out.String())
}

// stop ends a sentence in language l, with the space that follows it there.
func stop(l locale.Lang) string {
	if l == locale.ZH {
		return "。"
	}
	return ". "
}

// draft reports whether the profile was never submitted.
func (r profileRow) draft() bool { return r.Current.State == profile.Unverified && r.Case == nil }

// inReview reports whether somebody is looking at it, failed whether reasons are to
// be worked off.
func (r profileRow) inReview() bool { return r.Current.State == profile.InReview && r.Case != nil }

func (r profileRow) failed() bool {
	return r.Case != nil && len(r.Reasons) > 0 && (r.Current.State == profile.Failed || r.Current.State == profile.Unverified && (r.Case.State == review.Failed || r.Case.State == review.Returned))
}

// expected is the business day on which an answer is expected.
func (r profileRow) expected() time.Time { return r.Case.ExpectedAt.Add(-time.Second) }

// answerBy says until when an answer is expected, and how sure that is.
func (r profileRow) answerBy(ctx context.Context) string {
	id := "profile.in_review_about"
	if !r.Case.ExpectedCertain {
		id = "profile.in_review_unsure"
	}
	return ui.T(ctx, id, "Day", ui.Day(ctx, r.expected()))
}

// late reports whether the answer should have been there.
func (r profileRow) late(now time.Time) bool { return now.After(r.Case.ExpectedAt.Time) }

func (c *Console) find(v *visit) (profileRow, error) {
	x, err := c.Profiles.Get(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return profileRow{}, err
	}
	rows, err := c.rows(v, []profile.View{x})
	if err != nil {
		return profileRow{}, err
	}
	return rows[0], nil
}

func (c *Console) copyProfile(v *visit) error {
	return v.once("done.profile_copied", func(ctx context.Context) (string, error) {
		made, err := c.Profiles.Copy(ctx, v.actor, v.r.PathValue("id"), "", "")
		return profileRow{View: made}.step("contact"), err
	})
}

func (c *Console) defaultProfile(v *visit) error {
	wanted := v.value("default") == "true"
	if _, err := c.Profiles.SetDefault(v.ctx(), v.actor, v.r.PathValue("id"), wanted); err != nil {
		return err
	}
	if wanted {
		return v.done(cmp.Or(local(v.value("here")), "/profiles"), "done.profile_default")
	}
	return v.done(cmp.Or(local(v.value("here")), "/profiles"), "done.profile_not_default")
}

func (c *Console) askDeleteProfile(v *visit) error {
	r, err := c.find(v)
	if err != nil {
		return err
	}
	return v.show(deleteProfilePage(r))
}

func (c *Console) deleteProfile(v *visit) error {
	return v.once("done.profile_deleted", func(ctx context.Context) (string, error) {
		return "/profiles", c.Profiles.Delete(ctx, v.actor, v.r.PathValue("id"))
	})
}

func (c *Console) withdrawProfile(v *visit) error {
	return v.once("done.profile_withdrawn", func(ctx context.Context) (string, error) {
		x, err := c.Profiles.Withdraw(ctx, v.actor, v.r.PathValue("id"))
		return profileRow{View: x}.path(), err
	})
}

package profile_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

func TestSideThatAReviewAsksForIsWantedFromThenOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.submitted(mainland, person())
		if !slices.Equal(v.Sides, []string{"front"}) {
			t.Fatalf("wanted at first: %v", v.Sides)
		}
		v = h.decided(v, review.Reason{Code: "back_required"})
		if !slices.Equal(v.Sides, []string{"front", "back"}) {
			t.Errorf("wanted after the review: %v", v.Sides)
		}
		next := h.mustEdit(v, form{"address_zh": "假想街88弄6号"})
		_, err := h.Submit(t.Context(), h.li, next.Profile.PublicID, "")
		check(t, "without the side", err, "back document_missing")
		passport := h.mustEdit(next, form{"document_kind": "passport", "document_number": "X00123456"})
		if !slices.Equal(passport.Sides, []string{"front"}) {
			t.Errorf("wanted of a passport, which has no back: %v", passport.Sides)
		}
		next = h.mustEdit(passport, form{"document_kind": "resident_id", "document_number": liNumber})
		h.shown(next, "back")
		if again := h.submit(next); again.Current.State != profile.InReview || again.Case.Attempt != 2 {
			t.Errorf("with it: %+v", again.Current)
		}
		if other := h.create(mainland, person()); !slices.Equal(other.Sides, []string{"front"}) {
			t.Errorf("another profile is asked for %v", other.Sides)
		}
	})
}

// A passport has one side, and a household certificate is none of an identity card: what a
// review asks for beside the sides of the document has a place of its own.
func TestWhatAReviewAsksForBesideTheDocumentHasItsPlace(t *testing.T) {
	t.Parallel()
	for name, asked := range map[string]review.More{
		"another document":                   {Document: "户籍证明"},
		"a page that the kind does not have": {Side: "page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			h := newHouse(t, s, c)
			v := h.create(mainland, person())
			h.answers(v)
			_, err := h.attach(v, document.Further, samples.Li)
			check(t, "before anybody has asked", err, "side side_unknown")
			if v, err = h.attach(v, "front", samples.Li); err != nil {
				t.Fatal(err)
			}
			v = h.submit(v)
			if _, err := h.reviews.Claim(t.Context(), h.reviewer, v.Case.PublicID); err != nil {
				t.Fatal(err)
			}
			if _, err := h.reviews.AskMore(t.Context(), h.reviewer, v.Case.PublicID, asked); err != nil {
				t.Fatal(err)
			}
			if v = h.get(v); !slices.Equal(v.Sides, []string{"front", "further"}) {
				t.Fatalf("wanted after the review: %v", v.Sides)
			}
			next := h.mustEdit(v, form{"address_zh": "假想街88弄6号"})
			if got, want := h.preflight(next, quiet), []string{"error further further_document_missing"}; !slices.Equal(got, want) {
				t.Errorf("pre-flight says %q, want %q", got, want)
			}
			_, err = h.Submit(t.Context(), h.li, next.Profile.PublicID, "")
			check(t, "without it", err, "further further_document_missing")
			if next, err = h.attach(next, document.Further, samples.Li); err != nil {
				t.Fatal(err)
			}
			again := h.submit(next)
			if papers, err := h.Papers(t.Context(), s.R, again.Current.ID); err != nil || len(papers) != 2 {
				t.Errorf("the reviewer opens %v, %v", papers, err)
			}
			sent, err := h.Evidence(t.Context(), again.Current.PublicID)
			if err != nil || len(sent) != 1 || sent[0].Side != "front" {
				t.Errorf("the registry is sent %d pictures, %v; what only the reviewer has asked for is not its business", len(sent), err)
			}
		})
	}
}

// What was shown to answer one review does not answer the next.
func TestEachThingThatReviewsAskForIsShownOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		asked := func(v profile.View, m review.More, want ...string) profile.View {
			t.Helper()
			if _, err := h.reviews.Claim(t.Context(), h.reviewer, v.Case.PublicID); err != nil {
				t.Fatal(err)
			}
			if _, err := h.reviews.AskMore(t.Context(), h.reviewer, v.Case.PublicID, m); err != nil {
				t.Fatal(err)
			}
			if v = h.get(v); !slices.Equal(v.Sides, want) {
				t.Errorf("wanted after %+v: %v, want %v", m, v.Sides, want)
			}
			return h.mustEdit(v, form{"address_zh": "假想街88弄" + v.Current.PublicID})
		}
		without := func(v profile.View, want ...string) {
			t.Helper()
			_, err := h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
			check(t, "without it", err, want...)
		}
		first := h.submitted(mainland, person())
		v := asked(first, review.More{Side: "back", Document: "户口簿首页\n\n户口簿本人页"}, "front", "back", "further", "further-2")
		without(v, "back document_missing", "further further_document_missing", "further-2 further_document_missing")
		h.shown(v, "back")
		h.shown(v, "further")
		without(v, "further-2 further_document_missing")
		h.shown(v, "further-2")
		v = asked(h.submit(v), review.More{Side: "back", Document: "派出所证明"}, "front", "back", "further", "further-2", "further-3", "further-4")
		without(v, "further-3 further_document_missing", "further-4 further_document_missing")
		h.shown(v, "further-3")
		h.shown(v, "further-4")
		if v = h.decided(h.submit(v)); !slices.Equal(v.Sides, []string{"front"}) {
			t.Errorf("wanted after a verdict that passed: %v", v.Sides)
		}

		v, err := h.Edit(t.Context(), h.li, v.Profile.PublicID, profile.Draft{Fields: map[string]*string{"address_zh": new("假想街88弄6号")}, NewVersion: true})
		if err != nil || len(v.Documents) != 6 {
			t.Fatalf("the new version has %d pictures, %v", len(v.Documents), err)
		}
		if v, err = h.Detach(t.Context(), h.li, v.Profile.PublicID, "further", false); err != nil {
			t.Fatal(err)
		}
		_, err = h.attach(v, "further", samples.Li)
		check(t, "what nobody asks for any more", err, "side side_unknown")
		if v, err = h.attach(v, "further-2", samples.Li); err != nil {
			t.Errorf("another picture in the place of one that is there: %v", err)
		}
		v = asked(h.submit(v), review.More{Document: "派出所证明\n户口簿首页"}, "front", "further", "further-5")
		without(v, "further further_document_missing", "further-5 further_document_missing")
	})
}

// A request that is taken back is not wanted; what was asked for before it is.
func TestRequestThatIsTakenBackIsNotWanted(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	v := h.decided(h.submitted(mainland, person()), review.Reason{Code: "more_documents_required", Params: map[string]string{"Documents": "户口簿"}})
	v = h.mustEdit(v, form{"address_zh": "假想街88弄6号"})
	h.shown(v, "further")
	v = h.decided(h.submit(v), review.Reason{Code: "page_missing"})
	if !slices.Equal(v.Sides, []string{"front", "further", "further-2"}) {
		t.Fatalf("wanted: %v", v.Sides)
	}
	lead := h.reviewer
	lead.Roles = append(lead.Roles, actor.Lead)
	if _, err := h.reviews.Reverse(t.Context(), lead, v.Case.PublicID, "misread", nil); err != nil {
		t.Fatal(err)
	}
	if v = h.get(v); !slices.Equal(v.Sides, []string{"front", "further"}) {
		t.Errorf("wanted after the request was taken back: %v", v.Sides)
	}
}

func TestPictureIsTakenAwayBeforeSubmissionOnly(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		h.shown(v, "front")
		detach := func(who *house, agreed bool) (profile.View, error) {
			return who.Detach(t.Context(), who.li, v.Profile.PublicID, "front", agreed)
		}
		_, err := h.Detach(t.Context(), h.li, v.Profile.PublicID, "back", false)
		check(t, "a side that was never there", err, "side side_not_there")
		stranger := h
		stranger.li = h.chen
		_, err = detach(&stranger, false)
		check(t, "somebody else", err, "profile_not_found")
		if v, err = detach(&h, false); err != nil || len(v.Documents) != 0 {
			t.Fatalf("taken away: %+v, %v", v.Documents, err)
		}
		h.answers(v)
		h.shown(v, "front")
		v = h.submit(v)
		_, err = detach(&h, false)
		check(t, "in review", err, "profile_in_review")
		v = h.decided(v)
		_, err = detach(&h, false)
		check(t, "verified", err, "profile_edit_makes_new_version")
		next, err := detach(&h, true)
		if err != nil || next.Current.Number != 2 || len(next.Documents) != 0 {
			t.Errorf("a new version without it: %+v, %v", next, err)
		}
		if n := h.count("profile_document WHERE version_id = ?", v.Current.ID); n != 1 {
			t.Error("the verified version has lost its picture")
		}
	})
}

func TestReviewRemembersThePicturesThatItRefuses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		for name, tt := range map[string]struct {
			reason  review.Reason
			refused []string
		}{
			"one side":                   {review.Reason{Code: "blurred", PointsName: "back"}, []string{"back"}},
			"the picture, whichever":     {review.Reason{Code: "glare"}, []string{"back", "front"}},
			"a failure of the system":    {review.Reason{Code: "submission_failed"}, nil},
			"a field":                    {review.Reason{Code: "name_mismatch"}, nil},
			"a side that was not there":  {review.Reason{Code: "page_missing", PointsName: "back"}, nil},
			"the kind, which is a field": {review.Reason{Code: "document_kind_mismatch"}, nil},
		} {
			v := h.create(mainland, person())
			h.answers(v)
			h.shown(v, "front")
			h.shown(v, "back")
			v = h.decided(h.submit(v), tt.reason)
			var refused []string
			err := s.R.NewRaw("SELECT document.side FROM document JOIN profile_document ON document.id = document_id WHERE version_id = ? AND rejected_reason = ? ORDER BY 1", v.Current.ID, tt.reason.Code).Scan(t.Context(), &refused)
			if err != nil || !slices.Equal(refused, tt.refused) {
				t.Errorf("%s: %v, %v; want %v", name, refused, err, tt.refused)
			}
		}
	})
}

// resting are versions on which domains rest.
type resting map[int64]bool

func (r resting) RestsOn(_ context.Context, _ *store.Tx, version int64) (bool, error) {
	return r[version], nil
}

func TestPicturesAreKeptAsLongAsSomethingRestsOnThem(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		domains := resting{}
		h.SetGrounds(domains)
		kept := func(v profile.View) (days int, ground string) {
			t.Helper()
			err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				var id int64
				if err := tx.NewRaw("SELECT document_id FROM profile_document WHERE version_id = ?", v.Current.ID).Scan(ctx, &id); err != nil {
					return err
				}
				until, why, err := h.KeptUntil(ctx, tx, id)
				days, ground = int(until.Sub(tx.Now())/day), why
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return days, ground
		}
		want := func(what string, v profile.View, days int, ground string) {
			t.Helper()
			if d, g := kept(v); d != days || g != ground {
				t.Errorf("%s: kept %d days as %s, want %d as %s", what, d, g, days, ground)
			}
		}
		draft := h.create(mainland, person())
		h.shown(draft, "front")
		want("a draft", draft, 90, "draft")
		c.Advance(89 * day)
		want("an old draft", draft, 1, "draft")
		h.answers(draft)
		v := h.submit(draft)
		want("in review", v, 30, "in_review")
		v = h.decided(v, review.Reason{Code: "name_mismatch"})
		want("refused", v, 180, "refused")
		next := h.mustEdit(v, form{"name_zh": "李思元"})
		want("refused, and in a draft made from it", v, 180, "refused")
		verified := h.decided(h.submit(next))
		want("verified, and refused not long ago", verified, 180, "refused")
		c.Advance(365 * day)
		want("verified long ago", verified, 30, "verified")
		newer, err := h.Edit(t.Context(), h.li, verified.Profile.PublicID, profile.Draft{Fields: map[string]*string{"address_zh": new("假想街88弄6号")}, NewVersion: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Detach(t.Context(), h.li, newer.Profile.PublicID, "front", false); err != nil {
			t.Fatal(err)
		}
		want("superseded", verified, 730, "superseded")
		c.Advance(729 * day)
		want("superseded long ago", verified, 1, "superseded")
		domains[verified.Current.ID] = true
		want("superseded, with a domain", verified, 30, "domain")

		gone := h.create(mainland, person().with("name_zh", "王五"))
		h.shown(gone, "front")
		sent := h.decided(h.submitted(mainland, person().with("name_zh", "赵六")))
		for _, v := range []profile.View{gone, sent} {
			if err := h.Delete(t.Context(), h.li, v.Profile.PublicID); err != nil {
				t.Fatal(err)
			}
		}
		want("a deleted draft", gone, 90, "draft")
		want("deleted after its verification", sent, 730, "superseded")
		domains[sent.Current.ID] = true
		want("deleted, with a domain", sent, 30, "domain")
	})
}

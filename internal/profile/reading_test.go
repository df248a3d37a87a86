package profile_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/ocr/ocrtest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

// reads gives a house an engine that has read these lines already.
func (h house) reads(lines []ocr.Line) {
	h.papers.SetReader(&reading.Reader{Jail: jail.Here(document.Inside()), Engine: &ocrtest.Fake{Lines: lines}, Now: h.store.Now})
}

// read does the jobs of reading the pictures of a profile, and returns it.
func (h house) read(v profile.View) profile.View {
	h.t.Helper()
	for _, d := range v.Documents {
		if err := h.papers.Read(h.t.Context(), document.Read{DocumentID: d.ID}); err != nil {
			h.t.Fatal(err)
		}
	}
	return h.get(v)
}

func doubts(v profile.View) (out []string) {
	for _, d := range v.Doubts {
		out = append(out, fmt.Sprintf("%s %s %s %s/%s", d.Side, d.Code, d.Field, d.Typed, d.Read))
	}
	return out
}

var liCard = ocrtest.Page("姓名李思远", "性别男民族汉", "住址样张区虚构路18号", "公民身份号码"+liNumber)

func TestWhatReadingCannotConfirmIsADoubtAndNoRefusal(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		h.reads(liCard)
		v, err := h.attach(h.create(mainland, person().with("name_zh", "李思源")), "front", samples.Li)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Doubts) != 0 || !v.Documents[0].ReadAt.IsZero() {
			t.Errorf("doubts before it was read: %v", doubts(v))
		}
		v = h.read(v)
		if got, want := doubts(v), []string{"front ocr_unconfirmed name_zh 李思源/李思远"}; !slices.Equal(got, want) {
			t.Errorf("doubts: %q, want %q", got, want)
		}
		if v = h.mustEdit(v, form{"name_zh": "李思远", "document_number": wangNumber}); len(v.Doubts) != 1 || v.Doubts[0].Field != "document_number" || v.Doubts[0].Read != "990***********1171" {
			t.Errorf("after an edit: %q; a number is shown masked", doubts(v))
		}
		h.answers(v)
		if v = h.submit(v); v.Current.State != profile.InReview {
			t.Errorf("a doubt stopped the submission: %s", v.Current.State)
		}
	})
}

func TestPicturesFillInTheFormForWhoeverAsks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		h.reads(liCard)
		v, err := h.attach(h.create(mainland, person().with("name_zh", "李四")), "front", samples.Li)
		if err != nil {
			t.Fatal(err)
		}
		ask := func(who actor.Actor) (profile.Offer, error) { return h.Prefill(t.Context(), who, v.Profile.PublicID) }
		if o, err := ask(h.li); err != nil || len(o.Fields) != 0 || !slices.Equal(o.Unread, []string{"front"}) || o.Off {
			t.Errorf("before it is read: %+v, %v", o, err)
		}
		h.read(v)
		o, err := ask(h.li)
		want := map[string]string{"name_zh": "李思远", "document_number": liNumber, "address_zh": "样张区虚构路18号"}
		if err != nil || !maps.Equal(o.Fields, want) || len(o.Unread) != 0 {
			t.Errorf("offered %v, %v; want %v", o.Fields, err, want)
		}
		if again := h.get(v); again.Current.Fields.NameZh != "李四" {
			t.Error("an offer changed the profile")
		}
		_, err = ask(h.chen)
		check(t, "somebody else", err, "profile_not_found")
		if n := h.count("audit_entry WHERE action = 'profile.prefill'"); n != 2 {
			t.Errorf("%d entries in the audit log", n)
		}
	})
}

// TestAReviewerSeesTypedBesideRead: the number is masked until the case is claimed, and
// what was read is closed as long.
func TestAReviewerSeesTypedBesideRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		h.reads(liCard)
		v, err := h.attach(h.create(mainland, person().with("name_zh", "李思源")), "front", samples.Li)
		if err != nil {
			t.Fatal(err)
		}
		h.read(v)
		h.answers(v)
		v = h.submit(v)
		look := func() (out []string, pages int) {
			t.Helper()
			found, _, err := h.reviews.Find(t.Context(), h.reviewer, v.Case.PublicID)
			if err != nil {
				t.Fatal(err)
			}
			seen, number, err := h.ForReview(t.Context(), h.reviewer, found)
			if err != nil {
				t.Fatal(err)
			}
			c, err := h.Compare(seen, number)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range c.Fields {
				out = append(out, fmt.Sprintf("%s %s/%s %v %v", f.Field, f.Typed, f.Read, f.Confirmed, f.Open))
			}
			return out, len(c.Pages)
		}
		address := "address_zh 陕西省西安市样张区虚构路18号院3号楼/样张区虚构路18号 false true"
		want := []string{"name_zh 李思源/李思远 false false", "document_number 990***********1171/990***********1171 true false", address}
		if got, pages := look(); !slices.Equal(got, want) || pages != 0 {
			t.Errorf("before the claim: %q, %d pages", got, pages)
		}
		if _, err := h.reviews.Claim(t.Context(), h.reviewer, v.Case.PublicID); err != nil {
			t.Fatal(err)
		}
		want[1] = "document_number " + liNumber + "/" + liNumber + " true false"
		if got, pages := look(); !slices.Equal(got, want) || pages != 1 {
			t.Errorf("in the claim: %q, %d pages", got, pages)
		}
	})
}

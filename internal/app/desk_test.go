package app_test

import (
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/client"
)

func TestReviewerAsksForFiguresAndReasons(t *testing.T) {
	t.Parallel()
	s := start(t)
	desk := client.New(s.URL()).As(s.keys["reviewer"])
	st, err := desk.ReviewStatistics(t.Context(), time.Time{}, time.Time{})
	if err != nil || st.To.Sub(st.From) != 30*24*time.Hour || st.Open != 0 {
		t.Errorf("of an idle desk: %+v, %v", st, err)
	}
	meant, err := desk.Reasons(t.Context(), "aliyun", "FileSizeLessThanMinLimit")
	if err != nil || len(meant) != 1 || meant[0].Code != "file_too_small" || meant[0].Title.ZH == "" || len(meant[0].Published) == 0 {
		t.Errorf("an error code of another registrar means %+v, %v", meant, err)
	}
	all, err := desk.Reasons(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	mapped, err := desk.Reasons(t.Context(), "tencent", "")
	if err != nil || len(mapped) == 0 || len(mapped) >= len(all) {
		t.Errorf("%d of %d reasons have words of one registrar, %v", len(mapped), len(all), err)
	}
	if err := desk.StartAbsence(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := desk.ClaimNextReview(t.Context(), client.ReviewFilter{}); err == nil || !slices.Contains(err.(*client.Error).Codes(), "review_queue_empty") {
		t.Errorf("claiming from an empty queue: %v", err)
	}
	if err := desk.EndAbsence(t.Context()); err != nil {
		t.Error(err)
	}
}

// A parameter that the interface does not know is passed over in silence, and the desk sees
// every case: so each filter is tried with a case that it wants and one that it does not.
func TestReviewerFiltersTheQueue(t *testing.T) {
	t.Parallel()
	s, me := deskOf(t)
	desk := client.New(s.URL()).As(s.keys["reviewer"])
	s.atDesk(t, me, li)
	s.atDesk(t, me, li)
	both, _, err := desk.ReviewQueue(t.Context(), client.ReviewFilter{})
	if err != nil || len(both) != 2 {
		t.Fatalf("the queue is %v, %v", both, err)
	}
	oldest, first, second := both[0].ID, both[1].ID, both[0].ID // the later one becomes urgent
	if _, err := desk.ClaimReview(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	s.set(t, "UPDATE review_case SET suffix = 'xn--fiqs8s', priority = 3, expected_at = 1, escalated_at = 1, first_by = 'usr_other' WHERE public_id = ?", first)
	s.set(t, "UPDATE review_case SET subject_kind = 'domain_name' WHERE public_id = ?", second)
	for name, tt := range map[string]struct {
		filter client.ReviewFilter
		want   []string
	}{
		"all, the urgent first":   {client.ReviewFilter{}, []string{first, second}},
		"of a kind":               {client.ReviewFilter{Kind: "domain_name"}, []string{second}},
		"for a suffix":            {client.ReviewFilter{Suffix: ".中国"}, []string{first}},
		"of a priority":           {client.ReviewFilter{Priority: "3"}, []string{first}},
		"late":                    {client.ReviewFilter{Overdue: true}, []string{first}},
		"before a lead":           {client.ReviewFilter{Escalated: true}, []string{first}},
		"of the reviewer":         {client.ReviewFilter{Mine: true}, []string{first}},
		"in nobody's hand":        {client.ReviewFilter{Free: true}, []string{second}},
		"for a second look":       {client.ReviewFilter{Second: true}, []string{first}},
		"the oldest":              {client.ReviewFilter{Order: "age", Limit: 1}, []string{oldest}},
		"urgent and of that kind": {client.ReviewFilter{Kind: "domain_name", Priority: "3"}, nil},
	} {
		got, _, err := desk.ReviewQueue(t.Context(), tt.filter)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var ids []string
		for _, c := range got {
			ids = append(ids, c.ID)
		}
		if !slices.Equal(ids, tt.want) {
			t.Errorf("cases %s are %v, want %v", name, ids, tt.want)
		}
	}
}

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
	cases, next, err := desk.ReviewQueue(t.Context(), client.ReviewFilter{Kind: "domain_name", Suffix: "cn", Priority: "3", Order: "age", Overdue: true, Free: true, Limit: 5})
	if err != nil || len(cases) != 0 || next != "" {
		t.Errorf("the queue of an idle desk: %v %q %v", cases, next, err)
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

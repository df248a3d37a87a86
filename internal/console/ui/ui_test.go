package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/policies"
)

var shanghai = time.FixedZone("CST", 8*3600)

func on(t *testing.T, l locale.Lang) context.Context {
	t.Helper()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return With(t.Context(), &Page{Texts: texts, Lang: l, Zone: shanghai, Now: time.Date(2026, 11, 24, 10, 20, 0, 0, shanghai)})
}

func TestDatesAreReadAsPeopleSayThem(t *testing.T) {
	t.Parallel()
	en, zh := on(t, locale.EN), on(t, locale.ZH)
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, shanghai)
	}
	for _, x := range []struct {
		got, want string
	}{
		{Moment(en, at(11, 26, 14, 30)), "Thu 26 Nov, 14:30"},
		{Moment(zh, at(11, 26, 14, 30)), "11月26日（周四）14:30"},
		{Day(en, at(11, 26, 0, 0)), "Thu 26 Nov"},
		{DayEnding(en, at(11, 26, 0, 0)), "Wed 25 Nov"},
		{Deadline(en, at(11, 26, 0, 0)), "Wed 25 Nov"},
		{Deadline(zh, at(11, 26, 0, 0)), "11月25日（周三）"},
		{Deadline(en, at(11, 26, 14, 30)), "Thu 26 Nov, 14:30"},
		{Day(en, time.Date(2027, 1, 14, 0, 0, 0, 0, shanghai)), "Thu 14 Jan 2027"},
		{Day(zh, time.Date(2027, 1, 14, 0, 0, 0, 0, shanghai)), "2027年1月14日（周四）"},
		{Day(en, time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC)), "Thu 26 Nov"},
		{Lately(en, at(11, 24, 9, 41)), "Today, 09:41"},
		{Lately(zh, at(11, 24, 9, 41)), "今天 09:41"},
		{Lately(en, at(11, 24, 23, 59)), "Today, 23:59"},
		{Lately(en, at(11, 23, 23, 59)), "Yesterday, 23:59"},
		{Lately(en, at(11, 22, 23, 59)), "22 Nov"},
		{Lately(en, at(11, 25, 0, 1)), "25 Nov"},
		{Span(en, 52*time.Hour), "2 d 4 h"},
		{Span(zh, 52*time.Hour), "2 天 4 小时"},
		{Span(en, 12*24*time.Hour), "12 d"},
		{Span(en, 95*time.Minute), "1 h 35 min"},
		{Span(en, 59*time.Second), "0 min"},
		{ISODay(en, "2039-05-20"), "20 May 2039"},
		{ISODay(en, "soon"), "soon"},
		{Count(21284), "21,284"}, {Count(999), "999"}, {Count(1234567), "1,234,567"},
		{On(en).zone(), "UTC+8"},
	} {
		if x.got != x.want {
			t.Errorf("%q, want %q", x.got, x.want)
		}
	}
}

func TestADeadlineTurnsWithTime(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]string{12 * 24 * time.Hour: "", 5 * 24 * time.Hour: "", 5*24*time.Hour - 1: "warn", 3 * 24 * time.Hour: "warn", 3*24*time.Hour - 1: "bad", -time.Hour: "bad"} {
		if got := dueTone(left); got != want {
			t.Errorf("%v is %q, want %q", left, got, want)
		}
	}
}

// TestEveryStatusHasIconAndWord: a status is never told by colour alone.
func TestEveryStatusHasIconAndWord(t *testing.T) {
	t.Parallel()
	for _, l := range locale.Langs {
		ctx := on(t, l)
		for name, s := range statuses {
			if icons[s.Icon] == "" {
				t.Errorf("%s has no icon %q", name, s.Icon)
			}
			if word := s.word(ctx); word == "" || strings.HasPrefix(word, "chip.") || strings.HasPrefix(word, "status.") {
				t.Errorf("%s in %s is %q", name, l, word)
			}
			of, machine, _ := strings.Cut(name, ".")
			if !strings.Contains(strings.Join(Statuses(of), " "), machine) {
				t.Errorf("%s is not listed among those of %s", machine, of)
			}
		}
	}
	if s := status("profile", "no_such"); s.Word != "no_such" {
		t.Errorf("an unknown status is shown as %+v", s)
	}
}

func TestInitials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"李思远": "思远", "Li Siyuan": "LS", "Ola": "O", "": "", "jean marie le pen": "JM"} {
		if got := initials(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

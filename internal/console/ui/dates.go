package ui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/locale"
)

var weekdays = []string{"日", "一", "二", "三", "四", "五", "六"}

// Day is a date with its weekday: "Thu 26 Nov", "11月26日（周四）"; with the year when
// it is another one.
func Day(ctx context.Context, t time.Time) string {
	p := On(ctx)
	t = t.In(p.Zone)
	year := t.Year() != p.Now.In(p.Zone).Year()
	if p.Lang == locale.ZH {
		return short(p, t) + "（周" + weekdays[t.Weekday()] + "）"
	}
	if year {
		return t.Format("Mon 2 Jan 2006")
	}
	return t.Format("Mon 2 Jan")
}

// short is a date without its weekday.
func short(p *Page, t time.Time) string {
	year := t.Year() != p.Now.In(p.Zone).Year()
	switch {
	case p.Lang == locale.ZH && year:
		return t.Format("2006年1月2日")
	case p.Lang == locale.ZH:
		return t.Format("1月2日")
	case year:
		return t.Format("2 Jan 2006")
	}
	return t.Format("2 Jan")
}

// DayEnding is the day that ends at a moment, such as the business day on which an answer is
// expected: at its end the next one begins.
func DayEnding(ctx context.Context, end time.Time) string { return Day(ctx, end.Add(-1)) }

// Deadline is the moment at which something ends; the day alone where that is the day's end.
func Deadline(ctx context.Context, t time.Time) string {
	if h, m, s := t.In(On(ctx).Zone).Clock(); h+m+s == 0 {
		return DayEnding(ctx, t)
	}
	return Moment(ctx, t)
}

// Moment is a date with its time: "Thu 26 Nov, 14:30", "11月26日（周四）14:30".
func Moment(ctx context.Context, t time.Time) string {
	p := On(ctx)
	clock := t.In(p.Zone).Format("15:04")
	if p.Lang == locale.ZH {
		return Day(ctx, t) + clock
	}
	return Day(ctx, t) + ", " + clock
}

// Lately is a moment as people say it: "Today, 09:41", "Yesterday, 16:20", "2 Nov".
func Lately(ctx context.Context, t time.Time) string {
	p := On(ctx)
	t, now := t.In(p.Zone), p.Now.In(p.Zone)
	midnight := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, p.Zone) }
	switch days := int(midnight(now).Sub(midnight(t)).Hours()+12) / 24; {
	case days == 0 && midnight(t).Equal(midnight(now)): // also a moment that has come since the page began
		return p.T("ui.today", "Time", t.Format("15:04"))
	case days == 1:
		return p.T("ui.yesterday", "Time", t.Format("15:04"))
	}
	return short(p, t)
}

// Span is a length of time in its two largest units: "2 d 4 h".
func Span(ctx context.Context, d time.Duration) string {
	p := On(ctx)
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days >= 5:
		return p.T("ui.span_days", "Days", strconv.Itoa(days))
	case days > 0:
		return p.T("ui.span_days_hours", "Days", strconv.Itoa(days), "Hours", strconv.Itoa(hours))
	case hours > 0:
		return p.T("ui.span_hours", "Hours", strconv.Itoa(hours), "Minutes", strconv.Itoa(minutes))
	}
	return p.T("ui.span_minutes", "Minutes", strconv.Itoa(minutes))
}

// ISODay is a date that a form or a document gives as 2006-01-02, as people read it;
// what is no date stays as it is.
func ISODay(ctx context.Context, s string) string { return On(ctx).isoDay(s) }

func (p *Page) isoDay(s string) string {
	t, err := time.ParseInLocation(time.DateOnly, s, p.Zone)
	if err != nil {
		return s
	}
	return short(p, t)
}

// Count is a number with its thousands apart.
func Count(n int) string {
	s := strconv.Itoa(n)
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), ",")
}

// zone names the time zone of the page's times, by its distance from UTC.
func (p *Page) zone() string {
	return strings.TrimSuffix(strings.Replace(p.Now.In(p.Zone).Format("UTC-07:00"), "+0", "+", 1), ":00")
}

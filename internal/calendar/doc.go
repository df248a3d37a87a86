// Package calendar counts business days.
//
// A review is expected "in 3 business days", and in China a Saturday may be a
// working day and a Monday may not. The package reads one holiday file a year
// and promises to say so when a forecast reaches into a year that it has no
// file for (Expected.Certain is false): it never pretends that an unknown year
// has no holidays. Days are days in the calendar's own time zone.
package calendar

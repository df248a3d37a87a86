// Package clients repeats the journey from outside, with programs that are not
// ours: curl, jq and Net::EPP against a running demo. It has tests only.
package clients

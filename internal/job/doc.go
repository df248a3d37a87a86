// Package job runs what happens after a commit: River's jobs, each one side
// effect of one transition, and the loops that look at due rows.
//
// A job runs at least once, so every worker reads the row again and does nothing
// when it has moved on. A loop is a plain function of the time, so that a test
// calls it instead of waiting for it.
package job

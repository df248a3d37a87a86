// Package backlog is what an installation still has to do, as its operators see it: the
// jobs in the queue, and the loops of this process that look at due rows again and again.
//
// It does none of the work. A job can be tried again, with an audit entry; a loop only
// tells how it went, and what is told of loops is gone with the process.
package backlog

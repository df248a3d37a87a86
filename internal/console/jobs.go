package console

import (
	"cmp"
	"strconv"

	"github.com/verinym/verinym/internal/backlog"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// jobPages are those of what is still to be done.
func (c *Console) jobPages() []page {
	return []page{
		{pattern: "GET /jobs", show: c.jobs},
		{pattern: "POST /jobs/{id}/retry", show: c.retryJob},
	}
}

// jobsOnPage is how many jobs are listed.
const jobsOnPage = 100

// jobView is what the page of jobs shows.
type jobView struct {
	backlog.Queue
	show  string
	rows  []store.QueuedJob
	loops []backlog.Loop
}

// failing is how many loops fail now.
func (x jobView) failing() (n int) {
	for _, l := range x.loops {
		if l.Failure != "" {
			n++
		}
	}
	return n
}

func (c *Console) jobs(v *visit) (err error) {
	x := jobView{show: cmp.Or(v.r.URL.Query().Get("show"), "failed")}
	if x.Queue, err = c.Backlog.Queue(v.ctx(), v.actor); err != nil {
		return err
	}
	if x.rows, err = c.Backlog.Jobs(v.ctx(), v.actor, x.show, jobsOnPage); err != nil {
		return err
	}
	if x.loops, err = c.Backlog.Loops(v.actor); err != nil {
		return err
	}
	return v.show(jobsPage(x))
}

func (c *Console) retryJob(v *visit) error {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "job_not_found")
	}
	if _, err := c.Backlog.Retry(v.ctx(), v.actor, id); err != nil {
		return err
	}
	return v.done(cmp.Or(local(v.value("here")), "/jobs"), "done.job_retried")
}

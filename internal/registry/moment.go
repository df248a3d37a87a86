package registry

// Moment is a point of the road at which the death of the process leaves
// something half done.
type Moment string

// The moments.
const (
	Written  Moment = "after write, before read"
	Answered Moment = "after answer, before commit"
	Kept     Moment = "after poll commit, before ack"
	Acked    Moment = "after ack"
	Uploaded Moment = "after audit upload, before commit"
)

func (r *Registries) reach(m Moment) {
	if r.onMoment != nil {
		r.onMoment(m)
	}
}

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

// OnMoment is called at every moment when it is set, before any Registries start.
// The server of test/exactlyonce sets it, to die there; nothing else does.
var OnMoment func(Moment)

func reach(m Moment) {
	if OnMoment != nil {
		OnMoment(m)
	}
}

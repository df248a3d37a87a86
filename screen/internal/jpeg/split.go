package jpeg

import "sync/atomic"

// Two cores can read one stream of Huffman codes, although where a code begins is known only when all before it has been
// read: a decoder set down in the middle soon falls into step with the true sequence, because most wrong beginnings end
// where a right one does. The first decoder, when it reaches the second one's beginning, compares the places at which
// its MCUs start with those that the second has noted. From the first place that both share on, the second one's work is
// right, up to a constant in the DC values.

// joinMarks is how many MCU starts a later decoder notes for the one before it.
const joinMarks = 2048

// beginnings is how many wrong beginnings a decoder tries before it gives up and leaves all the work to the one before.
const beginnings = 64

// part is a run that begins at a guessed place.
type part struct {
	start int // byte
	run   *run
	joins []mark        // its first MCU starts
	ready chan struct{} // closed when joins is complete
	// Set by its decoder when it is done.
	next  *part // whom it fell into step with; nil if it read to the end
	at    int   // index in next.joins
	pred  [4]int32
	err   error
	until chan struct{} // closed when the decoder is done
}

// split decodes total MCUs from data with n decoders. It returns runs in order that together hold them all.
func (p *plan) split(data []byte, total, n int) ([]*run, error) {
	size := len(data) - padding
	var stop atomic.Bool
	defer stop.Store(true)
	parts := make([]*part, n)
	for i := range parts {
		parts[i] = &part{start: size * i / n, ready: make(chan struct{}), until: make(chan struct{})}
	}
	for i := n - 1; i >= 0; i-- {
		go p.decodePart(data, parts[i:], total, &stop)
	}
	var runs []*run
	var joint mark
	skip, mcu := 0, 0
	var offset [4]int32
	for q := parts[0]; ; {
		<-q.until
		if q.err != nil && mcu+q.run.n-skip < total {
			return nil, q.err
		}
		r := *q.run
		r.drop(skip, p)
		if skip > 0 {
			joint.mcu = 0
			r.marks = append([]mark{joint}, r.marks...)
		}
		r.first, r.offset = mcu, offset
		if mcu+r.n > total {
			r.n = total - mcu
		}
		for len(r.marks) > 0 && r.marks[len(r.marks)-1].mcu >= r.n {
			r.marks = r.marks[:len(r.marks)-1]
		}
		runs = append(runs, &r)
		mcu += r.n
		if mcu >= total || q.next == nil {
			break
		}
		j := q.next.joins[q.at]
		for c := range offset {
			offset[c] += q.pred[c] - j.pred[c]
		}
		joint, skip, q = j, j.mcu, q.next
	}
	if mcu < total {
		return nil, ErrCorrupt
	}
	return runs, nil
}

// drop forgets the first k MCUs of a run.
func (r *run) drop(k int, p *plan) {
	n := k * len(p.comp)
	r.n -= k
	r.coefs, r.act = r.coefs[n*p.keep:], r.act[n:]
	i := 0
	for i < len(r.marks) && r.marks[i].mcu < k {
		i++
	}
	marks := make([]mark, 0, len(r.marks)-i)
	for _, m := range r.marks[i:] {
		m.mcu -= k
		marks = append(marks, m)
	}
	r.marks = marks
}

// decodePart decodes the first of parts until it falls into step with a later one.
func (p *plan) decodePart(data []byte, parts []*part, total int, stop *atomic.Bool) {
	q := parts[0]
	later := parts[1:]
	guessed := q.start > 0
	published := false
	publish := func() {
		if !published {
			published = true
			close(q.ready)
		}
	}
	defer close(q.until)
	defer publish()

	q.run = newRun(data, 0, total, p)
	d := decoder{bitReader: newBitReader(data, q.start), plan: p, run: q.run}
	cursor, tries := 0, 0 // cursor: in later[0].joins
	for q.run.n < total && !stop.Load() {
		pos := d.pos()
		for len(later) > 0 && pos >= later[0].start*8 {
			<-later[0].ready
			js := later[0].joins
			for cursor < len(js) && js[cursor].bit < pos {
				cursor++
			}
			if cursor == len(js) { // passed all its starts without meeting one
				later, cursor = later[1:], 0
				continue
			}
			if js[cursor].bit == pos {
				q.next, q.at, q.pred = later[0], cursor, d.pred
				return
			}
			break
		}
		if q.run.n%markEvery == 0 {
			q.run.marks = append(q.run.marks, d.mark())
		}
		if guessed && !published {
			q.joins = append(q.joins, d.mark())
			if len(q.joins) == joinMarks {
				publish()
			}
		}
		ok := d.mcu()
		if ok && d.pos() <= d.end {
			continue
		}
		if tries++; !ok && guessed && !published && tries < beginnings && d.p < len(data)-2*padding {
			// A wrong beginning ran into a code that does not exist: begin again a little later.
			at := d.pos()/8 + 1
			*q.run = run{data: data, coefs: q.run.coefs, act: q.run.act}
			clear(q.run.coefs[:min(len(q.run.coefs), (len(q.joins)+1)*len(p.comp)*p.keep)])
			q.joins = q.joins[:0]
			d = decoder{bitReader: newBitReader(data, at), plan: p, run: q.run}
			continue
		}
		// Past the end, or damaged: what was decoded before this MCU stands, and whoever needs more finds it missing.
		q.err = ErrCorrupt
		return
	}
}

package simulate

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/mailsink"
)

// letter is a mail as it arrived.
type letter struct {
	at   time.Time // of the simulated clock
	to   string
	from string // its return path, which carries the mail's own tag
	text string
	link string // that verifies an address, "" in other mails
}

// postOffice is the mail server of everybody whom verinym writes to. Its books say what has
// arrived, however often.
type postOffice struct {
	sink  *mailsink.Sink
	clock clock.Clock

	mu     sync.Mutex
	down   bool
	inbox  []letter        // not read yet by those whom they are for
	tags   map[string]int  // how often a mail came
	twice  []string        // those that came again, since the last look
	nobody map[string]bool // addresses that do not exist
}

var (
	outOfOrder = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "out of order"}
	noSuchUser = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
)

// take is the server's answer to a mail.
func (p *postOffice) take(m mailsink.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.down:
		return outOfOrder
	case p.nobody[m.To]:
		return noSuchUser
	}
	l := letter{at: p.clock.Now(), to: m.To, from: m.From, text: m.Text}
	for _, x := range m.Links {
		if strings.Contains(x, "/email/confirm/") {
			l.link = x
		}
	}
	if p.tags[m.From]++; p.tags[m.From] > 1 {
		p.twice = append(p.twice, m.From)
	}
	p.inbox = append(p.inbox, l)
	return nil
}

// empty hands out what has arrived, in an order that does not hang on chance.
func (p *postOffice) empty() []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.inbox
	p.inbox = nil
	slices.SortStableFunc(out, func(a, b letter) int { return strings.Compare(a.to, b.to) })
	return out
}

func (p *postOffice) setDown(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// unknown says that nobody has an address.
func (p *postOffice) unknown(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.nobody[address] = true
}

func (p *postOffice) isUnknown(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.nobody[address]
}

func (p *postOffice) close() { _ = p.sink.Close() }

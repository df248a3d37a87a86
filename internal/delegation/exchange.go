package delegation

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/miekg/dns"

	"github.com/verinym/verinym/internal/netguard"
)

// payload is how many bytes of UDP a server is told that we take (DNS flag day 2020).
const payload = 1232

// errBudget says that a look has asked all that it may.
var errBudget = errors.New("delegation: too many questions")

// reply is an answer, and whether it came over TCP.
type reply struct {
	*dns.Msg
	tcp bool
}

// exchange asks one server one question: over UDP, and over TCP when the answer was cut
// short or none came. recursive asks a resolver to do the work.
func (l *look) exchange(ctx context.Context, at netip.AddrPort, name string, kind uint16, recursive bool) (reply, error) {
	if !l.guard.May(at.Addr()) {
		return reply{}, netguard.ErrForbidden
	}
	q := new(dns.Msg)
	q.SetQuestion(name, kind)
	q.RecursionDesired = recursive
	q.SetEdns0(payload, false)
	m, err := l.over(ctx, "udp", q, at)
	if err == nil && !m.Truncated {
		return reply{m, false}, nil
	}
	if errors.Is(err, errBudget) || ended(ctx) {
		return reply{}, err
	}
	long, tcpErr := l.over(ctx, "tcp", q, at)
	if tcpErr != nil {
		if err == nil {
			return reply{m, false}, nil // cut short is better than nothing
		}
		return reply{}, err
	}
	return reply{long, true}, nil
}

// ended reports whether a look is over. A socket's deadline may be noticed a moment
// before the context's, which is the same one.
func ended(ctx context.Context) bool {
	at, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(at)
}

// over asks by one protocol. The socket takes datagrams from the server's address alone.
func (l *look) over(ctx context.Context, network string, q *dns.Msg, at netip.AddrPort) (*dns.Msg, error) {
	if l.left.Add(-1) < 0 {
		return nil, errBudget
	}
	ctx, cancel := context.WithTimeout(ctx, l.config.Try)
	defer cancel()
	client := &dns.Client{Net: network, Timeout: l.config.Try, UDPSize: payload}
	conn, err := client.DialContext(ctx, at.String())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })() // a look that has ended waits for nobody
	m, _, err := client.ExchangeWithConnContext(ctx, q, conn)
	if err != nil {
		return nil, err
	}
	if len(m.Question) != 1 || dns.CanonicalName(m.Question[0].Name) != q.Question[0].Name || m.Question[0].Qtype != q.Question[0].Qtype || !m.Response {
		return nil, errors.New("delegation: the answer is to another question")
	}
	return m, nil
}

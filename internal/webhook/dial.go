package webhook

import (
	"net"
	"net/http"
	"time"

	"github.com/verinym/verinym/internal/netguard"
)

// Limits of one try.
const (
	answerWithin = 15 * time.Second
	answerKept   = 1 << 10
	answerHeader = 16 << 10
)

// newClient returns a client that dials only what g lets pass, knows no proxy and
// follows no redirect.
func newClient(g netguard.Guard) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: g.Control}
	return &http.Client{
		Timeout:       answerWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: answerHeader, MaxIdleConnsPerHost: 1, IdleConnTimeout: 30 * time.Second,
		},
	}
}

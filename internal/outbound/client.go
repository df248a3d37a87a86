package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/verinym/verinym/internal/netguard"
)

// answerHeader is how many bytes the header of an answer may have.
const answerHeader = 16 << 10

// NewClient returns a client that dials only what g lets pass, knows no proxy and
// follows no redirect. An answer has to be there, whole, within a time.
func NewClient(g netguard.Guard, within time.Duration) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: g.Control}
	return &http.Client{
		Timeout:       within,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: answerHeader, MaxIdleConnsPerHost: 1, IdleConnTimeout: 30 * time.Second,
		},
	}
}

// Why names why there was no answer, without telling what the operator's network looks
// like: address_forbidden, timed_out, no_address, tls_failed, no_connection.
func Why(err error) string {
	var dns *net.DNSError
	var untrusted *tls.CertificateVerificationError
	var host x509.HostnameError
	var alert tls.AlertError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, netguard.ErrForbidden):
		return "address_forbidden"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "timed_out"
	case errors.As(err, &dns):
		return "no_address"
	case errors.As(err, &untrusted), errors.As(err, &host), errors.As(err, &alert), errors.As(err, &record):
		return "tls_failed"
	}
	return "no_connection"
}

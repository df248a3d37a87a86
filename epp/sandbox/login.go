package sandbox

import (
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/loginsec"
)

func (x *exchange) login() *refusal {
	if x.client != "" {
		return refuse(epp.CodeUse, "already logged in")
	}
	l := *x.request.Login
	if f := x.session.service.acceptable(&l); f != nil {
		return f
	}
	if f := x.secureLogin(&l); f != nil {
		return f
	}
	if n := len(l.NewPassword); n != 0 && n < shortestPassword {
		return refuse(epp.CodeValueSyntax, "passwords have at least %d characters", shortestPassword)
	}
	r := x.registry.registrars[l.ClientID]
	if r == nil || r.Password != l.Password {
		x.session.refused++
		if x.session.refused == loginAttempts {
			return refuse(epp.CodeAuthClosing, "too many attempts")
		}
		return refuse(epp.CodeAuthentication, "unknown client or wrong password")
	}
	if r.sessions >= x.server.config.MaxSessions {
		return refuse(epp.CodeSessionLimit, "at most %d sessions", x.server.config.MaxSessions)
	}
	if l.NewPassword != "" {
		r.Password, r.changed = strings.Clone(l.NewPassword), true
		x.registry.revision++
	}
	r.sessions++
	x.session.client = r.ID
	x.session.services = map[string]bool{}
	for _, uri := range slices.Concat(l.Objects, l.Extensions) {
		x.session.services[strings.Clone(uri)] = true
	}
	x.warn()
	return nil
}

const shortestPassword = 6

// secureLogin takes the passwords of the login security extension (RFC 8807
// section 3.1), and refuses long ones without it.
func (x *exchange) secureLogin(l *epp.Login) *refusal {
	for _, e := range x.request.Extensions {
		if e.Space != loginsec.NS || !slices.Contains(l.Extensions, loginsec.NS) {
			return refuse(epp.CodeExtension, "%s does not go with a login, or was not declared", e.Space)
		}
		security, err := loginsec.ParseLogin(e)
		if err != nil {
			return malformed(err)
		}
		for _, p := range []struct {
			have  *string
			given string
		}{{&l.Password, security.Password}, {&l.NewPassword, security.NewPassword}} {
			if *p.have != loginsec.Placeholder {
				continue
			}
			if *p.have = p.given; p.given == "" {
				return refuse(epp.CodeMissing, "the extension has no password")
			}
		}
		return nil
	}
	if max(len(l.Password), len(l.NewPassword)) > loginsec.LongestPassword {
		return refuse(epp.CodeValueSyntax, "passwords of more than %d characters need login security", loginsec.LongestPassword)
	}
	return nil
}

// warnBefore is how long before its end a client certificate is warned about.
const warnBefore = 30 * day

// warn tells a client that speaks login security of a certificate that will
// expire. TLS goes by the wall clock.
func (x *exchange) warn() {
	peers := x.session.nc.ConnectionState().PeerCertificates
	if !x.session.services[loginsec.NS] || len(peers) == 0 || time.Until(peers[0].NotAfter) > warnBefore {
		return
	}
	x.reply.Extensions = append(x.reply.Extensions, loginsec.Data{Events: []loginsec.Event{{
		Type: loginsec.EventCertificate, Level: loginsec.Warning, ExDate: peers[0].NotAfter, Text: "Certificate expiration soon", Lang: "en",
	}}})
}

// acceptable checks what a login asks for, before who asks.
func (v *service) acceptable(l *epp.Login) *refusal {
	switch {
	case l.Version != "1.0":
		return refuse(epp.CodeVersion, "version %s", l.Version)
	case l.Lang != "en":
		return refuse(epp.CodeOption, "language %s", l.Lang)
	case len(l.Objects) == 0:
		return refuse(epp.CodeMissing, "no objURI")
	}
	for _, uri := range l.Objects {
		if !slices.Contains(v.objects, uri) {
			return refuse(epp.CodeService, "%s is not served", uri)
		}
	}
	for _, uri := range l.Extensions {
		if !slices.Contains(v.extensions, uri) {
			return refuse(epp.CodeExtension, "%s is not implemented", uri)
		}
	}
	return nil
}

// Package loginsec is the login security extension of EPP (RFC 8807): passwords
// longer than the 16 characters of RFC 5730, and the registry's warnings about
// passwords and certificates that are about to expire.
//
// epp.Dial uses it by itself when a registry offers it. The warnings come with
// the answer to the login: [ParseData] of epp.Conn.LoginResponse's extension.
package loginsec

import (
	"fmt"
	"time"

	"github.com/verinym/verinym/epp/wire"
)

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:epp:loginSec-1.0"

// Placeholder stands in a login's pw or newPW when the real one is in the
// extension (section 3.1).
const Placeholder = "[LOGIN-SECURITY]"

// LongestPassword is what the pw element of RFC 5730 holds.
const LongestPassword = 16

// Login goes with a login. Empty fields are left out.
type Login struct {
	UserAgent   UserAgent
	Password    string // stands for Placeholder in pw
	NewPassword string // stands for Placeholder in newPW
}

// UserAgent says what the client is made of.
type UserAgent struct{ App, Tech, OS string }

func (Login) Namespace() string { return NS }

func (l Login) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "loginSec", "loginSec", NS)
	if l.UserAgent != (UserAgent{}) {
		b = append(b, "<loginSec:userAgent>"...)
		b = wire.AppendOptional(b, "loginSec:app", l.UserAgent.App)
		b = wire.AppendOptional(b, "loginSec:tech", l.UserAgent.Tech)
		b = wire.AppendOptional(b, "loginSec:os", l.UserAgent.OS)
		b = append(b, "</loginSec:userAgent>"...)
	}
	b = wire.AppendOptional(b, "loginSec:pw", l.Password)
	b = wire.AppendOptional(b, "loginSec:newPW", l.NewPassword)
	return append(b, "</loginSec:loginSec>"...)
}

// ParseLogin reads a loginSec:loginSec element.
func ParseLogin(e *wire.Element) (l Login, err error) {
	if !e.Is(NS, "loginSec") {
		return l, fmt.Errorf("loginSec: %w", wire.Missing("loginSec"))
	}
	if err = wire.Sequence(e, NS, "userAgent", "pw", "newPW"); err != nil {
		return l, fmt.Errorf("loginSec: %w", err)
	}
	agent := e.Child(NS, "userAgent")
	return Login{
		UserAgent: UserAgent{agent.ChildText(NS, "app"), agent.ChildText(NS, "tech"), agent.ChildText(NS, "os")},
		Password:  e.ChildText(NS, "pw"), NewPassword: e.ChildText(NS, "newPW"),
	}, nil
}

// Kinds of event (section 3.1).
const (
	EventPassword    = "password"
	EventCertificate = "certificate"
	EventCipher      = "cipher"
	EventTLSProtocol = "tlsProtocol"
	EventNewPW       = "newPW"
	EventStat        = "stat"
	EventCustom      = "custom"
)

// Levels of an event.
const (
	Warning = "warning"
	Error   = "error"
)

// Data is what a registry says about the security of a login.
type Data struct{ Events []Event }

// Event is one warning or error.
type Event struct {
	Type     string
	Name     string // of a statistic or a custom event
	Level    string
	ExDate   time.Time // when the password or certificate expires
	Value    string
	Duration string // that a statistic is about, as xs:duration
	Text     string
	Lang     string // of Text
}

func (Data) Namespace() string { return NS }

func (d Data) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "loginSec", "loginSecData", NS)
	for _, v := range d.Events {
		b = append(b, "<loginSec:event"...)
		b = wire.AppendAttr(b, "type", v.Type)
		b = appendAttr(b, "name", v.Name)
		b = wire.AppendAttr(b, "level", v.Level)
		if !v.ExDate.IsZero() {
			b = wire.AppendAttr(b, "exDate", v.ExDate.UTC().Format(wire.TimeFormat))
		}
		b = appendAttr(b, "value", v.Value)
		b = appendAttr(b, "duration", v.Duration)
		b = appendAttr(b, "lang", v.Lang)
		b = append(b, '>')
		b = wire.AppendText(b, v.Text)
		b = append(b, "</loginSec:event>"...)
	}
	return append(b, "</loginSec:loginSecData>"...)
}

func appendAttr(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return wire.AppendAttr(b, name, value)
}

// ParseData reads a loginSec:loginSecData element.
func ParseData(e *wire.Element) (d Data, err error) {
	if !e.Is(NS, "loginSecData") {
		return d, fmt.Errorf("loginSec: %w", wire.Missing("loginSecData"))
	}
	for _, c := range e.Children {
		if !c.Is(NS, "event") {
			continue
		}
		v := Event{
			Type: c.Attr("type"), Name: c.Attr("name"), Level: c.Attr("level"), Value: c.Attr("value"),
			Duration: c.Attr("duration"), Text: c.Value(), Lang: c.Attr("lang"),
		}
		if at := c.Attr("exDate"); at != "" {
			if v.ExDate, err = wire.ParseTime(at); err != nil {
				return d, fmt.Errorf("loginSec: %w", wire.Invalid("exDate", at))
			}
		}
		d.Events = append(d.Events, v)
	}
	return d, nil
}

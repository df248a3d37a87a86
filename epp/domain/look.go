package domain

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
)

// What an answer that was lost said, [epp.Pool.DoLooking] finds out with the Look
// methods. Each asks for the domain and compares.

// Look finds out whether a create was carried out: the domain is there, of client,
// made no earlier than the command was first sent, with this registrant and this
// password. A domain that is there and not so is somebody else's.
func (c Create) Look(client string, sent time.Time) epp.Look {
	return lookAt(c.Name, func(d *InfoData) epp.Fate {
		switch {
		case d == nil:
			return epp.FateNotDone
		case d.ClID == client && d.Registrant == c.Registrant && !d.CrDate.Before(sent.Truncate(time.Second)) && samePassword(c.AuthInfo, d.AuthInfo):
			return epp.FateDone
		}
		return epp.FateUnknown
	})
}

func samePassword(sent, shown *epp.AuthInfo) bool {
	return shown == nil || sent != nil && sent.PW == shown.PW
}

// Look finds out whether an update was carried out: all that it adds and changes is
// there, and nothing that it removes. One of a password alone cannot be told from
// one that was not carried out, if the registry does not show passwords.
func (u Update) Look() epp.Look {
	return lookAt(u.Name, func(d *InfoData) epp.Fate {
		switch {
		case d == nil:
			return epp.FateUnknown
		case u.shows(d):
			return epp.FateDone
		}
		return epp.FateNotDone
	})
}

func (u Update) shows(d *InfoData) bool {
	has := func(a AddRem, want bool) bool {
		for _, s := range a.Statuses {
			if d.Has(s.Value) != want {
				return false
			}
		}
		for _, c := range a.Contacts {
			if slices.Contains(d.Contacts, c) != want {
				return false
			}
		}
		for _, host := range a.NS.Objects {
			if slices.ContainsFunc(d.NS.Objects, func(h string) bool { return strings.EqualFold(h, host) }) != want {
				return false
			}
		}
		return true
	}
	if u.Chg.Registrant != "" && u.Chg.Registrant != d.Registrant {
		return false
	}
	if u.Chg.AuthInfo != nil && (d.AuthInfo == nil || d.AuthInfo.PW != u.Chg.AuthInfo.PW) {
		return false
	}
	return has(u.Add, true) && has(u.Rem, false)
}

// Look finds out whether a renewal was carried out: the domain expires on another
// date than the one that the command named.
func (r Renew) Look() epp.Look {
	return lookAt(r.Name, func(d *InfoData) epp.Fate {
		switch {
		case d == nil:
			return epp.FateUnknown
		case d.ExDate.UTC().Format(time.DateOnly) == r.CurExpDate.UTC().Format(time.DateOnly):
			return epp.FateNotDone
		}
		return epp.FateDone
	})
}

// Look finds out whether a deletion was carried out: the domain is gone, or on its
// way.
func (d Delete) Look() epp.Look {
	return lookAt(d.Name, func(found *InfoData) epp.Fate {
		if found == nil || found.Has(epp.PendingDelete) {
			return epp.FateDone
		}
		return epp.FateNotDone
	})
}

// lookAt asks for a domain; judge gets nil for one that does not exist.
func lookAt(name string, judge func(*InfoData) epp.Fate) epp.Look {
	return func(_ context.Context, ask func(epp.Command) (*epp.Response, error)) (epp.Fate, *epp.Response, error) {
		response, err := ask(epp.Command{Body: Info{Name: name}})
		if epp.CodeOf(err) == epp.CodeNotExists {
			return judge(nil), response, nil
		}
		if err != nil {
			return epp.FateUnknown, response, err
		}
		d, err := ParseInfoData(response.Data)
		if err != nil {
			return epp.FateUnknown, response, err
		}
		return judge(d), response, nil
	}
}

package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestNamesAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	long, tooLong := strings.Repeat("a", 63), strings.Repeat("a", 64)
	whole := strings.Repeat(strings.Repeat("a", 49)+".", 5) // 250 characters
	for typed, want := range map[string]string{
		"example.cn":                    "example.cn",
		"  Example.CN. ":                "example.cn",
		"EXAMPLE.CoM":                   "example.com",
		"例子.中国":                         "xn--fsqu00a.xn--fiqs8s",
		"例子。中国":                         "xn--fsqu00a.xn--fiqs8s",
		"XN--FSQU00A.cn":                "xn--fsqu00a.cn",
		"ｅｘａｍｐｌｅ．ｃｎ":                    "example.cn",
		"Bücher.com":                    "xn--bcher-kva.com",
		"a.cn":                          "a.cn",
		"a-b.cn":                        "a-b.cn",
		"a--b.cn":                       "a--b.cn",
		"1688.com":                      "1688.com",
		"www.example.cn":                "www.example.cn",
		long + ".cn":                    long + ".cn",
		whole + "cn":                    whole + "cn",
		"":                              "",
		".":                             "",
		"cn":                            "",
		".cn":                           "",
		"example..cn":                   "",
		"example.cn..":                  "",
		"-example.cn":                   "",
		"example-.cn":                   "",
		"ex--ample.cn":                  "", // places three and four are reserved (RFC 5891 4.2.3.1)
		"xn--a.cn":                      "",
		"exa mple.cn":                   "",
		"exa_mple.cn":                   "",
		"exam/ple.cn":                   "",
		"user@example.cn":               "",
		"http://example.cn":             "",
		"example.cn\x00":                "",
		"\u202eexample.cn":              "",
		tooLong + ".cn":                 "",
		whole + "aaa.cn":                "",
		strings.Repeat("例", 60) + ".cn": "",
	} {
		got, err := domain.Normalize(typed)
		if got != want || (err != nil) != (want == "") || err != nil && fault.Code(err) != "domain_name_invalid" {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
		if want == "" {
			continue
		}
		if again, err := domain.Normalize(domain.Display(got)); again != got || err != nil {
			t.Errorf("%q is shown as %q, which is %q when typed (%v)", got, domain.Display(got), again, err)
		}
	}
	for ascii, want := range map[string]string{"xn--fsqu00a.xn--fiqs8s": "例子.中国", "example.cn": "example.cn"} {
		if got := domain.Display(ascii); got != want {
			t.Errorf("%s is shown as %q, want %q", ascii, got, want)
		}
	}
}

func TestTwoVerdictsMakeOne(t *testing.T) {
	t.Parallel()
	const no, review, ok, failed, unneeded, never = domain.NotCompleted, domain.InReview, domain.Verified, domain.Failed, domain.NotRequired, domain.NotPossible
	for pair, want := range map[[2]domain.Verdict]domain.Verdict{
		{ok, ok}:             ok,
		{unneeded, ok}:       ok,
		{ok, unneeded}:       ok,
		{unneeded, unneeded}: unneeded,
		{never, never}:       never,
		{no, no}:             no,
		{review, review}:     review,
		{failed, failed}:     failed,
		{ok, review}:         review,
		{unneeded, review}:   review,
		{ok, no}:             no,
		{review, no}:         no,
		{unneeded, no}:       no,
		{ok, failed}:         failed,
		{review, failed}:     failed,
		{no, failed}:         failed,
		{unneeded, failed}:   failed,
	} {
		for _, d := range []domain.Domain{{NamingState: pair[0], HolderState: pair[1]}, {NamingState: pair[1], HolderState: pair[0]}} {
			if got := d.Verification(); got != want {
				t.Errorf("naming %s, holder %s: %s, want %s", d.NamingState, d.HolderState, got, want)
			}
		}
	}
}

func TestNormalIsDerived(t *testing.T) {
	t.Parallel()
	now := storetest.Monday
	with := func(change func(*domain.Domain)) domain.Domain {
		d := domain.Domain{State: domain.Registered, NamingState: domain.Verified, HolderState: domain.Verified, Statuses: []string{epp.StatusOK},
			InfoAt: store.At(now.Add(-time.Hour)), ExpiresAt: store.At(now.Add(day))}
		if change != nil {
			change(&d)
		}
		return d
	}
	shows := func(statuses ...string) domain.Domain {
		return with(func(d *domain.Domain) { d.Statuses = statuses })
	}
	for what, tt := range map[string]struct {
		domain domain.Domain
		want   domain.Status
	}{
		"all is well":             {with(nil), domain.StatusNormal},
		"nothing to verify":       {with(func(d *domain.Domain) { d.NamingState, d.HolderState = domain.NotRequired, domain.NotRequired }), domain.StatusNormal},
		"registrar's locks":       {shows(epp.ClientTransferProhibited, epp.ClientUpdateProhibited, epp.ClientDeleteProhibited, epp.ClientRenewProhibited), domain.StatusNormal},
		"registry's locks":        {shows(epp.ServerTransferProhibited, epp.ServerUpdateProhibited, epp.ServerDeleteProhibited, epp.ServerRenewProhibited), domain.StatusNormal},
		"without name servers":    {shows(epp.StatusInactive), domain.StatusNormal},
		"a change in doubt":       {with(func(d *domain.Domain) { d.DoubtedAt = store.At(now) }), domain.StatusUnknown},
		"in a grace period":       {shows(epp.StatusOK, "addPeriod", "autoRenewPeriod"), domain.StatusNormal},
		"in redemption":           {with(func(d *domain.Domain) { d.Grace = []string{"redemptionPeriod"} }), domain.StatusPending},
		"clientHold":              {shows(epp.ClientHold), domain.StatusClientHold},
		"serverHold":              {shows(epp.ServerHold), domain.StatusServerHold},
		"serverHold and lock":     {shows(epp.ServerHold, epp.ClientUpdateProhibited), domain.StatusServerHold},
		"both holds":              {shows(epp.ServerHold, epp.ClientHold), domain.StatusClientHold},
		"transfer pending":        {shows(epp.PendingTransfer), domain.StatusPending},
		"update pending":          {shows(epp.PendingUpdate), domain.StatusPending},
		"deletion pending":        {shows(epp.PendingDelete), domain.StatusPending},
		"creation pending":        {shows(epp.PendingCreate), domain.StatusPending},
		"held and pending":        {shows(epp.ServerHold, epp.PendingUpdate), domain.StatusServerHold},
		"expired this instant":    {with(func(d *domain.Domain) { d.ExpiresAt = store.At(now) }), domain.StatusExpired},
		"expires in an instant":   {with(func(d *domain.Domain) { d.ExpiresAt = store.At(now.Add(time.Microsecond)) }), domain.StatusNormal},
		"expired and held":        {with(func(d *domain.Domain) { d.ExpiresAt, d.Statuses = store.At(now.Add(-day)), []string{epp.ClientHold} }), domain.StatusExpired},
		"registry silent":         {with(func(d *domain.Domain) { d.InfoAt = store.Time{} }), domain.StatusUnknown},
		"just fresh":              {with(func(d *domain.Domain) { d.InfoAt = store.At(now.Add(-36 * time.Hour)) }), domain.StatusNormal},
		"stale":                   {with(func(d *domain.Domain) { d.InfoAt = store.At(now.Add(-36*time.Hour - time.Microsecond)) }), domain.StatusUnknown},
		"holder not submitted":    {with(func(d *domain.Domain) { d.HolderState = domain.NotCompleted }), domain.StatusNotDone},
		"cannot be verified":      {with(func(d *domain.Domain) { d.NamingState, d.HolderState = domain.NotPossible, domain.NotPossible }), domain.StatusNotDone},
		"name in review":          {with(func(d *domain.Domain) { d.NamingState = domain.InReview }), domain.StatusInReview},
		"holder failed":           {with(func(d *domain.Domain) { d.HolderState = domain.Failed }), domain.StatusFailed},
		"held, and holder failed": {with(func(d *domain.Domain) { d.HolderState, d.Statuses = domain.Failed, []string{epp.ServerHold} }), domain.StatusFailed},
		"held, holder in review":  {with(func(d *domain.Domain) { d.HolderState, d.Statuses = domain.InReview, []string{epp.ServerHold} }), domain.StatusInReview},
		"being registered":        {with(func(d *domain.Domain) { d.State = domain.Registering }), domain.StatusRegistering},
		"being imported":          {with(func(d *domain.Domain) { d.State = domain.Importing }), domain.StatusImporting},
		"never registered":        {with(func(d *domain.Domain) { d.State = domain.Unfulfilled }), domain.StatusUnfulfilled},
		"deleted":                 {with(func(d *domain.Domain) { d.State = domain.Deleted }), domain.StatusDeleted},
	} {
		if got := tt.domain.Status(now); got != tt.want {
			t.Errorf("%s: %s, want %s", what, got, tt.want)
		}
	}
}

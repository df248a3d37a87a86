package sandbox_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/secdns"
	"github.com/verinym/verinym/epp/vcode"
)

func ptr[T any](v T) *T { return &v }

// furnished is a registry with the contacts holder-1 and holder-2 and the domain
// example.cn of verinym, and the contact foreign and the domain foreign.cn of
// gaining.
func furnished(t *testing.T) *world {
	t.Helper()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.person("holder-2", "李四")
	w.register("example.cn", "holder-1")
	w.register("example.com", "")
	gaining := w.dial("gaining", nil)
	w.doOn(gaining, epp.CodeOK, personalContact("foreign", "王五"), cnnic.ContactCreate(identityOf(goodNumber)))
	w.doOn(gaining, epp.CodeOK, domain.Create{Name: "foreign.cn", Registrant: "foreign", AuthInfo: &epp.AuthInfo{PW: "foreign-pw"}})
	return w
}

func status(values ...string) domain.AddRem {
	return domain.AddRem{Statuses: domain.Statuses(values...)}
}

func TestDomainCommandsAreRefused(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	create := func(name, registrant string, others ...domain.Contact) domain.Create {
		return domain.Create{Name: name, Registrant: registrant, Contacts: others, AuthInfo: &epp.AuthInfo{}}
	}
	tests := map[string]struct {
		code       int
		body       epp.Body
		extensions []epp.Extension
	}{
		"name taken":                {epp.CodeExists, create("example.cn", "holder-1"), nil},
		"name taken, capitals":      {epp.CodeExists, create("EXAMPLE.cn", "holder-1"), nil},
		"zone not served":           {epp.CodePolicy, create("example.org", ""), nil},
		"two labels":                {epp.CodePolicy, create("www.example.cn", "holder-1"), nil},
		"no label":                  {epp.CodeValueSyntax, create("cn", "holder-1"), nil},
		"U-label":                   {epp.CodeValueSyntax, create("例子.cn", "holder-1"), nil},
		"hyphen at the end":         {epp.CodeValueSyntax, create("a-.cn", "holder-1"), nil},
		"long label":                {epp.CodeValueSyntax, create(strings.Repeat("a", 64)+".cn", "holder-1"), nil},
		"hyphens of an A-label":     {epp.CodeValueSyntax, create("ab--cd.cn", "holder-1"), nil},
		"no such A-label":           {epp.CodeValueSyntax, create("xn--zzzzz999999.cn", "holder-1"), nil},
		"A-label of ASCII":          {epp.CodeValueSyntax, create("xn--abc-.cn", "holder-1"), nil},
		"extension given twice":     {epp.CodeSyntax, create("new.cn", "holder-1"), []epp.Extension{cnnic.DomainCreate{Purveyor: "one"}, cnnic.DomainCreate{Purveyor: "two"}}},
		"digest of another form":    {epp.CodeValueSyntax, domain.Update{Name: "example.cn"}, []epp.Extension{secdns.Update{Add: secdns.Records{DS: []secdns.DS{{Digest: "49F"}}}}}},
		"no registrant":             {epp.CodeMissing, create("new.cn", ""), nil},
		"unknown registrant":        {epp.CodeNotExists, create("new.cn", "nobody"), nil},
		"other's registrant":        {epp.CodeAuthorization, create("new.cn", "foreign"), nil},
		"unknown admin":             {epp.CodeNotExists, create("new.cn", "holder-1", domain.Contact{Type: "admin", ID: "nobody"}), nil},
		"registrant in thin zone":   {epp.CodePolicy, create("new.com", "holder-1"), nil},
		"admin in thin zone":        {epp.CodePolicy, create("new.com", "", domain.Contact{Type: "admin", ID: "holder-1"}), nil},
		"eleven years":              {epp.CodeRange, domain.Create{Name: "new.com", Period: domain.Years(11)}, nil},
		"a hundred years":           {epp.CodeValueSyntax, domain.Create{Name: "new.com", Period: domain.Years(100)}, nil},
		"months":                    {epp.CodePolicy, domain.Create{Name: "new.com", Period: domain.Period{Value: 12, Unit: "m"}}, nil},
		"weeks":                     {epp.CodeValueSyntax, domain.Create{Name: "new.com", Period: domain.Period{Value: 12, Unit: "w"}}, nil},
		"renewal for months":        {epp.CodePolicy, domain.Renew{Name: "example.cn", CurExpDate: start.AddDate(1, 0, 0), Period: domain.Period{Value: 6, Unit: "m"}}, nil},
		"transfer for months":       {epp.CodePolicy, domain.Transfer{Op: "request", Name: "foreign.cn", Period: domain.Period{Value: 12, Unit: "m"}, AuthInfo: &epp.AuthInfo{PW: "foreign-pw"}}, nil},
		"twelve statuses":           {epp.CodeSyntax, domain.Update{Name: "example.cn", Add: status(slices.Repeat([]string{epp.ClientHold}, 12)...)}, nil},
		"eleven, not the client's":  {epp.CodePolicy, domain.Update{Name: "example.cn", Rem: status(slices.Repeat([]string{epp.ServerHold}, 11)...)}, nil},
		"no purveyor":               {epp.CodeMissing, create("new.cn", "holder-1"), []epp.Extension{cnnic.DomainCreate{Type: "I"}}},
		"purveyor in thin zone":     {epp.CodePolicy, create("new.com", ""), []epp.Extension{cnnic.DomainCreate{Purveyor: "agent"}}},
		"contact's extension":       {epp.CodeExtension, create("new.cn", "holder-1"), []epp.Extension{cnnic.ContactCreate(identityOf(goodNumber))}},
		"codes on create":           {epp.CodeExtension, create("new.com", ""), []epp.Extension{vcode.Info{}}},
		"info of nothing":           {epp.CodeNotExists, domain.Info{Name: "new.cn"}, nil},
		"info with wrong password":  {epp.CodeAuthInfo, domain.Info{Name: "foreign.cn", AuthInfo: &epp.AuthInfo{PW: "wrong"}}, nil},
		"update of nothing":         {epp.CodeNotExists, domain.Update{Name: "new.cn", Add: status(epp.ClientHold)}, nil},
		"update of other's":         {epp.CodeAuthorization, domain.Update{Name: "foreign.cn", Add: status(epp.ClientHold)}, nil},
		"empty update":              {epp.CodeMissing, domain.Update{Name: "example.cn"}, nil},
		"serverHold added":          {epp.CodePolicy, domain.Update{Name: "example.cn", Add: status(epp.ServerHold)}, nil},
		"serverHold removed":        {epp.CodePolicy, domain.Update{Name: "example.cn", Rem: status(epp.ServerHold)}, nil},
		"ok added":                  {epp.CodePolicy, domain.Update{Name: "example.cn", Add: status(epp.StatusOK)}, nil},
		"added and removed":         {epp.CodePolicy, domain.Update{Name: "example.cn", Add: status(epp.ClientHold), Rem: status(epp.ClientHold)}, nil},
		"registrant removed":        {epp.CodePolicy, domain.Update{Name: "example.cn", Chg: domain.Change{RemoveRegistrant: true}}, nil},
		"to unknown registrant":     {epp.CodeNotExists, domain.Update{Name: "example.cn", Chg: domain.Change{Registrant: "nobody"}}, nil},
		"to other's registrant":     {epp.CodeAuthorization, domain.Update{Name: "example.cn", Chg: domain.Change{Registrant: "foreign"}}, nil},
		"registrant to thin domain": {epp.CodePolicy, domain.Update{Name: "example.com", Chg: domain.Change{Registrant: "holder-1"}}, nil},
		"renewal on another date":   {epp.CodePolicy, domain.Renew{Name: "example.cn", CurExpDate: start, Period: domain.Years(1)}, nil},
		"renewal too far":           {epp.CodeRange, domain.Renew{Name: "example.cn", CurExpDate: start.AddDate(1, 0, 0), Period: domain.Years(10)}, nil},
		"renewal of other's":        {epp.CodeAuthorization, domain.Renew{Name: "foreign.cn", CurExpDate: start.AddDate(1, 0, 0)}, nil},
		"deletion of other's":       {epp.CodeAuthorization, domain.Delete{Name: "foreign.cn"}, nil},
		"transfer without password": {epp.CodeMissing, domain.Transfer{Op: "request", Name: "foreign.cn"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			response := w.do(tt.code, tt.body, tt.extensions...)
			if len(response.Results[0].Reasons) == 0 {
				t.Error("no reason given")
			}
		})
	}
}

func TestContactCommandsAreRefused(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	identity := func(alter func(*cnnic.Contact)) []epp.Extension {
		c := identityOf(goodNumber)
		alter(&c)
		return []epp.Extension{cnnic.ContactCreate(c)}
	}
	create := func(alter func(*contact.Create)) contact.Create {
		c := personalContact("new-1", "张三")
		alter(&c)
		return c
	}
	good := create(func(*contact.Create) {})
	change := func(c contact.Change) contact.Update { return contact.Update{ID: "holder-1", Chg: c} }
	tests := map[string]struct {
		code       int
		body       epp.Body
		extensions []epp.Extension
	}{
		"taken":                       {epp.CodeExists, personalContact("holder-1", "张三"), nil},
		"short identifier":            {epp.CodeValueSyntax, create(func(c *contact.Create) { c.ID = "ab" }), nil},
		"two of a type":               {epp.CodeValueSyntax, create(func(c *contact.Create) { c.Postal[1].Type = contact.Loc }), nil},
		"Chinese in int":              {epp.CodeValueSyntax, create(func(c *contact.Create) { c.Postal[1].Name = "张三" }), nil},
		"no city":                     {epp.CodeMissing, create(func(c *contact.Create) { c.Postal[0].Addr.City = "" }), nil},
		"no country":                  {epp.CodeValueSyntax, create(func(c *contact.Create) { c.Postal[0].Addr.CC = "CHN" }), nil},
		"a country of nobody":         {epp.CodeRange, create(func(c *contact.Create) { c.Postal[0].Addr.CC = "ZZ" }), nil},
		"an alias of a country":       {epp.CodeRange, create(func(c *contact.Create) { c.Postal[1].Addr.CC = "UK" }), nil},
		"a country in small letters":  {epp.CodeValueSyntax, create(func(c *contact.Create) { c.Postal[0].Addr.CC = "cn" }), nil},
		"moved to no country":         {epp.CodeRange, change(contact.Change{Postal: []contact.PostalChange{{Type: contact.Loc, Addr: &contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", CC: "ZZ"}}}}), nil},
		"four streets":                {epp.CodeValueSyntax, create(func(c *contact.Create) { c.Postal[0].Addr.Street = make([]string, 4) }), nil},
		"bad number":                  {epp.CodeValueSyntax, create(func(c *contact.Create) { c.Voice.Number = "13800000000" }), nil},
		"bad e-mail":                  {epp.CodeValueSyntax, create(func(c *contact.Create) { c.Email = "nobody" }), nil},
		"unknown holder type":         {epp.CodeValueSyntax, good, identity(func(c *cnnic.Contact) { c.Type = "X" })},
		"unknown document":            {epp.CodeRange, good, identity(func(c *cnnic.Contact) { c.IDType = "XYZ" })},
		"a person's licence":          {epp.CodePolicy, good, identity(func(c *cnnic.Contact) { c.IDType = cnnic.YYZZ })},
		"an organisation's passport":  {epp.CodePolicy, good, identity(func(c *cnnic.Contact) { c.Type, c.IDType = cnnic.Enterprise, cnnic.HZ })},
		"an organisation without org": {epp.CodeMissing, good, identity(func(c *cnnic.Contact) { c.Type, c.IDType = cnnic.Enterprise, cnnic.TYDM })},
		"no number":                   {epp.CodeValueSyntax, good, identity(func(c *cnnic.Contact) { c.IDNumber = "" })},
		"info of nothing":             {epp.CodeNotExists, contact.Info{ID: "nobody"}, nil},
		"info of other's":             {epp.CodeAuthorization, contact.Info{ID: "foreign"}, nil},
		"info with wrong password":    {epp.CodeAuthInfo, contact.Info{ID: "foreign", AuthInfo: &epp.AuthInfo{PW: "wrong"}}, nil},
		"update of other's":           {epp.CodeAuthorization, contact.Update{ID: "foreign", Chg: contact.Change{Email: "a@b"}}, nil},
		"empty update":                {epp.CodeMissing, contact.Update{ID: "holder-1"}, nil},
		"linked added":                {epp.CodePolicy, contact.Update{ID: "holder-1", Add: contact.Statuses(epp.StatusLinked)}, nil},
		"another holder":              {epp.CodePolicy, change(contact.Change{Postal: []contact.PostalChange{{Type: contact.Loc, Name: "李四"}}}), nil},
		"another number":              {epp.CodePolicy, contact.Update{ID: "holder-1"}, []epp.Extension{cnnic.ContactUpdate{Chg: cnnic.Contact{IDNumber: "1"}}}},
		"number removed":              {epp.CodePolicy, contact.Update{ID: "holder-1"}, []epp.Extension{cnnic.ContactUpdate{Rem: cnnic.Contact{IDNumber: goodNumber}}}},
		"deletion while linked":       {epp.CodeAssociation, contact.Delete{ID: "holder-1"}, nil},
		"deletion of other's":         {epp.CodeAuthorization, contact.Delete{ID: "foreign"}, nil},
		"domain's extension":          {epp.CodeExtension, good, []epp.Extension{cnnic.DomainCreate{Purveyor: "agent"}}},
		"extension nobody knows":      {epp.CodeExtension, good, []epp.Extension{epp.RawExtension{XML: []byte(`<x xmlns="urn:x"/>`)}}},
		"an object nobody knows":      {epp.CodeService, epp.RawBody{Name: epp.VerbCheck, XML: []byte(`<check><x:check xmlns:x="urn:x"/></check>`)}, nil},
		"another verb's object":       {epp.CodeSyntax, epp.RawBody{Name: epp.VerbInfo, XML: []byte(`<info><c:check xmlns:c="` + contact.NS + `"><c:id>abc</c:id></c:check></info>`)}, nil},
		"elements in the wrong order": {epp.CodeSyntax, epp.RawBody{Name: epp.VerbInfo, XML: []byte(`<info><c:info xmlns:c="` + contact.NS + `"><c:authInfo><c:pw/></c:authInfo><c:id>abc</c:id></c:info></info>`)}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { w.do(tt.code, tt.body, tt.extensions...) })
	}
}

func TestRegistrantNeedsAnIdentity(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.do(epp.CodeOK, personalContact("no-id", "张三"))
	w.do(epp.CodePolicy, domain.Create{Name: "example.cn", Registrant: "no-id", AuthInfo: &epp.AuthInfo{}})
	w.do(epp.CodeOK, contact.Update{ID: "no-id"}, cnnic.ContactUpdate{Add: identityOf(goodNumber)})
	w.do(epp.CodeOK, domain.Create{Name: "example.cn", Registrant: "no-id", AuthInfo: &epp.AuthInfo{}})
}

func TestCheckTellsWhatIsFree(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	response := w.do(epp.CodeOK, domain.Check{Names: []string{"new.cn", "example.cn", "new.org", "-.cn"}})
	names, err := domain.ParseCheckData(response.Data)
	if err != nil {
		t.Fatal(err)
	}
	want := domain.CheckData{
		{Name: "new.cn", Available: true}, {Name: "example.cn", Reason: "In use"},
		{Name: "new.org", Reason: "Zone not served"}, {Name: "-.cn", Reason: "Invalid name"},
	}
	for i := range want {
		if names[i] != want[i] {
			t.Errorf("%+v, want %+v", names[i], want[i])
		}
	}
	response = w.do(epp.CodeOK, contact.Check{IDs: []string{"new-1", "foreign"}})
	ids, err := contact.ParseCheckData(response.Data)
	if err != nil || !ids[0].Available || ids[1].Available {
		t.Errorf("%+v, %v", ids, err)
	}
}

func TestStatusesFollowTheRules(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	update := func(code int, add, rem domain.AddRem) {
		t.Helper()
		w.do(code, domain.Update{Name: "example.cn", Add: add, Rem: rem})
	}
	none := domain.AddRem{}

	update(epp.CodeOK, status(epp.ClientHold, epp.ClientDeleteProhibited), none)
	update(epp.CodeOK, status(epp.ClientHold), none)
	if got := w.statuses("example.cn"); got != "clientHold clientDeleteProhibited" {
		t.Errorf("statuses %s", got)
	}
	w.do(epp.CodeStatus, domain.Delete{Name: "example.cn"})
	update(epp.CodeOK, status(epp.ClientRenewProhibited), status(epp.ClientHold))
	w.do(epp.CodeStatus, domain.Renew{Name: "example.cn", CurExpDate: start.AddDate(1, 0, 0)})

	update(epp.CodeOK, status(epp.ClientUpdateProhibited), none)
	update(epp.CodeStatus, status(epp.ClientHold), none)
	update(epp.CodeStatus, status(epp.ClientHold), status(epp.ClientUpdateProhibited))
	update(epp.CodeOK, none, status(epp.ClientUpdateProhibited))
	update(epp.CodeOK, none, status(epp.ClientDeleteProhibited, epp.ClientRenewProhibited))
	if got := w.statuses("example.cn"); got != epp.StatusOK {
		t.Errorf("statuses %s", got)
	}
	update(epp.CodeOK, none, domain.AddRem{NS: domain.NameServers{Objects: []string{"ns1.example.net"}}})
	if got := w.statuses("example.cn"); got != epp.StatusInactive {
		t.Errorf("without name servers: %s", got)
	}
}

func TestDomainLivesAndDies(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	w.do(epp.CodeOK, domain.Create{
		Name: "Life.CN", Registrant: "holder-1", Period: domain.Years(2), AuthInfo: &epp.AuthInfo{PW: "life-pw"},
		Contacts: []domain.Contact{{Type: "admin", ID: "holder-2"}}, NS: domain.NameServers{Objects: []string{"ns1.example.net"}},
	}, cnnic.DomainCreate{Type: cnnic.Individual, Purveyor: "agent-1"})
	response := w.do(epp.CodeOK, domain.Info{Name: "life.cn"})
	info, err := domain.ParseInfoData(response.Data)
	if err != nil {
		t.Fatal(err)
	}
	if info.Name != "life.cn" || info.ClID != "verinym" || info.AuthInfo.PW != "life-pw" || !info.ExDate.Equal(start.AddDate(2, 0, 0)) || len(info.Contacts) != 1 {
		t.Errorf("created %+v", info)
	}
	if p, err := cnnic.ParseDomainInfo(response.Extension(cnnic.NSDomain)); err != nil || p.Purveyor != "agent-1" {
		t.Errorf("purveyor %+v, %v", p, err)
	}

	w.do(epp.CodeOK, domain.Update{
		Name: "life.cn",
		Add:  domain.AddRem{NS: domain.NameServers{Objects: []string{"ns2.example.net"}}, Contacts: []domain.Contact{{Type: "tech", ID: "holder-2"}}},
		Rem:  domain.AddRem{NS: domain.NameServers{Objects: []string{"ns1.example.net"}}, Contacts: []domain.Contact{{Type: "admin", ID: "holder-2"}}},
		Chg:  domain.Change{AuthInfo: &epp.AuthInfo{PW: "other-pw"}},
	}, cnnic.DomainUpdate{Chg: cnnic.Domain{Purveyor: "agent-2"}})
	w.do(epp.CodeOK, domain.Renew{Name: "life.cn", CurExpDate: start.AddDate(2, 0, 0), Period: domain.Years(1)})
	if info, _ = w.info("life.cn"); info.NS.Objects[0] != "ns2.example.net" || len(info.NS.Objects) != 1 || info.Contacts[0].Type != "tech" ||
		info.AuthInfo.PW != "other-pw" || !info.ExDate.Equal(start.AddDate(3, 0, 0)) || info.UpID != "verinym" {
		t.Errorf("updated %+v", info)
	}

	w.do(epp.CodeAssociation, contact.Delete{ID: "holder-2"})
	w.do(epp.CodeOK, domain.Delete{Name: "life.cn"})
	w.do(epp.CodeOK, contact.Delete{ID: "holder-2"})
	w.do(epp.CodeOK, domain.Create{Name: "life.cn", Registrant: "holder-1", AuthInfo: &epp.AuthInfo{}})
}

func TestContactLivesAndDies(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.do(epp.CodeOK, contact.Update{
		ID: "holder-1", Add: contact.Statuses(epp.ClientDeleteProhibited),
		Chg: contact.Change{
			Email: "new@example.cn", Voice: &contact.Phone{}, Fax: &contact.Phone{Number: "+86.1058813001"}, AuthInfo: &epp.AuthInfo{PW: "other-pw"},
			Postal: []contact.PostalChange{{Type: contact.Int, Name: "Zhang San", Org: ptr("Example"), Addr: &contact.Address{City: "Shanghai", CC: "CN"}}},
		},
	}, cnnic.ContactUpdate{Chg: cnnic.Contact{Mobile: "+86.13900000000", Purveyor: "agent-1"}})
	response := w.do(epp.CodeOK, contact.Info{ID: "holder-1"})
	info, err := contact.ParseInfoData(response.Data)
	if err != nil {
		t.Fatal(err)
	}
	if p := info.PostalOf(contact.Int); p.Name != "Zhang San" || p.Org != "Example" || p.Addr.City != "Shanghai" {
		t.Errorf("int %+v", p)
	}
	if info.Email != "new@example.cn" || info.Voice.Number != "" || info.Fax.Number == "" || info.AuthInfo.PW != "other-pw" || !info.Has(epp.ClientDeleteProhibited) {
		t.Errorf("updated %+v", info)
	}
	identity, err := cnnic.ParseContactInfo(response.Extension(cnnic.NSContact))
	if err != nil || identity.Mobile != "+86.13900000000" || identity.IDNumber != goodNumber {
		t.Errorf("identity %+v, %v", identity, err)
	}

	w.do(epp.CodeStatus, contact.Delete{ID: "holder-1"})
	w.do(epp.CodeOK, contact.Update{ID: "holder-1", Add: contact.Statuses(epp.ClientUpdateProhibited), Rem: contact.Statuses(epp.ClientDeleteProhibited)})
	w.do(epp.CodeStatus, contact.Update{ID: "holder-1", Chg: contact.Change{Email: "a@b"}})
	w.do(epp.CodeOK, contact.Update{ID: "holder-1", Rem: contact.Statuses(epp.ClientUpdateProhibited)})
	w.do(epp.CodeOK, contact.Delete{ID: "holder-1"})
	w.do(epp.CodeNotExists, contact.Info{ID: "holder-1"})
}

func TestOtherRegistrarsSeeLittle(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	public, err := domain.ParseInfoData(w.do(epp.CodeOK, domain.Info{Name: "foreign.cn"}).Data)
	if err != nil || public.Registrant != "" || public.AuthInfo != nil || public.ClID != "gaining" {
		t.Errorf("public %+v, %v", public, err)
	}
	full, err := domain.ParseInfoData(w.do(epp.CodeOK, domain.Info{Name: "foreign.cn", AuthInfo: &epp.AuthInfo{PW: "foreign-pw"}}).Data)
	if err != nil || full.Registrant != "foreign" {
		t.Errorf("with the password %+v, %v", full, err)
	}
	w.do(epp.CodeOK, contact.Info{ID: "foreign", AuthInfo: &epp.AuthInfo{PW: "contact-pw"}})
}

func TestEachRegistrarHasItsOwnQueue(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	w.server.Advance(naming)
	w.expect("example.cn: after custom naming-verification verified, pendingCompliance")
	gaining := w.dial("gaining", nil)
	first := w.doOn(gaining, epp.CodeMessage, epp.Poll{})
	again := w.doOn(gaining, epp.CodeMessage, epp.Poll{})
	if first.Queue.Count != 1 || *first.Queue != *again.Queue {
		t.Errorf("%+v, then %+v", first.Queue, again.Queue)
	}
	w.doOn(gaining, epp.CodeNotExists, epp.Ack{ID: "1"})
	w.doOn(gaining, epp.CodeOK, epp.Ack{ID: first.Queue.ID})
	w.doOn(gaining, epp.CodeNotExists, epp.Ack{ID: first.Queue.ID})
	w.doOn(gaining, epp.CodeNoMessages, epp.Poll{})
}

func TestSeedIsThereFromTheStart(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) {
		c.Seed = sandbox.Seed{
			Contacts: []sandbox.SeedContact{{ClientID: "verinym", Contact: personalContact("seed-1", "张三"), Identity: identityOf(goodNumber)}},
			Domains:  []sandbox.SeedDomain{{ClientID: "verinym", Domain: domain.Create{Name: "seed.cn", Registrant: "seed-1"}}},
		}
	})
	if info, _ := w.info("seed.cn"); info.Registrant != "seed-1" {
		t.Errorf("%+v", info)
	}
	config := sandbox.DefaultConfig()
	config.Seed.Domains = []sandbox.SeedDomain{{ClientID: "verinym", Domain: domain.Create{Name: "seed.cn", Registrant: "nobody"}}}
	if _, err := sandbox.Start(t.Context(), config); err == nil {
		t.Error("started with a seed that its own rules refuse")
	}
}

package sandbox_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/signedcode"
	"github.com/verinym/verinym/epp/vcode"
)

const suffix = ".xn--ses554g"

// provided is a registry with a provider, and a session with that.
type provided struct {
	*world
	vsp *epp.Conn
}

func withProvider(t *testing.T, change func(*sandbox.Config)) *provided {
	t.Helper()
	w := open(t, func(c *sandbox.Config) {
		c.VSP.Listen = "127.0.0.1:0"
		if change != nil {
			change(c)
		}
	})
	conn, err := epp.Dial(t.Context(), w.server.VSPAddr(), epp.Options{TLS: w.server.TLS(), ClientID: "verinym", Password: "verinym-pw", KeepAlive: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &provided{w, conn}
}

// verify asks for a verification that is decided with the answer.
func (w *provided) verify(code int, input nv.Input) nv.CreateData {
	w.Helper()
	data, err := nv.ParseCreateData(w.doOn(w.vsp, code, nv.Create{Input: input, AuthInfo: &epp.AuthInfo{PW: "code-pw"}}).Data)
	if err != nil {
		w.Fatal(err)
	}
	return data
}

func label(name string) nv.Input { return nv.Input{DNV: &nv.DNV{Name: name}} }

func holder(name, number string, documents ...nv.Document) nv.Input {
	return nv.Input{RNV: &nv.RNV{Role: nv.Person, Name: name, Num: number, ProofType: nv.ProofOfCitizen, Documents: documents}}
}

var picture = nv.Document{FileType: "jpg", Content: []byte("front image")}

// The whole road of a zone whose registrars bring codes.
func TestDomainIsVerifiedByCodes(t *testing.T) {
	t.Parallel()
	w := withProvider(t, nil)
	const name = "example" + suffix
	create := domain.Create{Name: name, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}, NS: domain.NameServers{Objects: []string{"ns1.example.net"}}}
	w.do(epp.CodePolicy, create)
	dnv := w.verify(epp.CodeOK, label("example"))
	w.do(epp.CodeOK, create, vcode.SignedCodes{dnv.EncodedSignedCode})
	_, v := w.info(name)
	p := v.Profile("china")
	if v.Status != vcode.PendingCompliance || p.Set[0].Code != dnv.Code.Value || p.Missing[0].Type != vcode.TypeRealName || !p.Missing[0].Due.Equal(start.Add(hold)) {
		t.Errorf("created: %+v", v)
	}

	w.server.Advance(hold)
	w.expect(name + ": after update server-hold verification_missing, nonCompliant serverHold")
	rnv := w.verify(epp.CodeOK, holder("张三", goodNumber, picture))
	w.do(epp.CodeOK, domain.Update{Name: name}, vcode.SignedCodes{rnv.EncodedSignedCode})
	if _, v = w.info(name); v.Status != vcode.Compliant || len(v.Profile("china").Set) != 2 {
		t.Errorf("with both codes: %+v", v)
	}
	w.server.Advance(release)
	w.expect(name + ": after update server-release verified, compliant")
	if got := w.statuses(name); got != epp.StatusOK {
		t.Errorf("released: %s", got)
	}

	only, err := vcode.ParseInfoData(w.do(epp.CodeOK, domain.Info{Name: name}, vcode.Info{Profile: "other"}).Extension(vcode.NS))
	if err != nil || only.Status != vcode.NotApplicable {
		t.Errorf("another profile: %+v, %v", only, err)
	}
}

// Codes may come with a renewal, and with a transfer, when that has gone through.
func TestCodesComeWithOtherCommands(t *testing.T) {
	t.Parallel()
	w := withProvider(t, nil)
	const name = "example" + suffix
	dnv := vcode.SignedCodes{w.verify(epp.CodeOK, label("example")).EncodedSignedCode}
	rnv := vcode.SignedCodes{w.verify(epp.CodeOK, holder("张三", goodNumber, picture)).EncodedSignedCode}
	w.do(epp.CodeOK, domain.Create{Name: name, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}, dnv)
	gaining := w.dial("gaining", nil)
	request := domain.Transfer{Op: epp.TransferOpRequest, Name: name, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}
	standing := func(conn *epp.Conn, want string) {
		t.Helper()
		v, err := vcode.ParseInfoData(w.doOn(conn, epp.CodeOK, domain.Info{Name: name}).Extension(vcode.NS))
		if err != nil || v.Status != want {
			t.Errorf("%+v, %v, want %s", v, err, want)
		}
	}
	w.doOn(gaining, epp.CodePending, request, rnv)
	standing(w.conn, vcode.PendingCompliance)
	w.do(epp.CodeOK, domain.Transfer{Op: epp.TransferOpReject, Name: name})
	standing(w.conn, vcode.PendingCompliance)
	w.doOn(gaining, epp.CodePending, request, rnv)
	w.do(epp.CodeOK, domain.Transfer{Op: epp.TransferOpApprove, Name: name})
	standing(gaining, vcode.Compliant)

	second := "second" + suffix
	w.do(epp.CodeOK, domain.Create{Name: second, AuthInfo: &epp.AuthInfo{}}, vcode.SignedCodes{w.verify(epp.CodeOK, label("second")).EncodedSignedCode})
	w.do(epp.CodeOK, domain.Renew{Name: second, CurExpDate: start.AddDate(1, 0, 0), Period: domain.Years(1)}, rnv)
	if _, v := w.info(second); v.Status != vcode.Compliant {
		t.Errorf("after the renewal: %+v", v)
	}
}

func TestCodesAreRefused(t *testing.T) {
	t.Parallel()
	w := withProvider(t, nil)
	dnv := w.verify(epp.CodeOK, label("example")).EncodedSignedCode
	rnv := w.verify(epp.CodeOK, holder("张三", goodNumber, picture)).EncodedSignedCode
	create := func(name string) domain.Create { return domain.Create{Name: name, AuthInfo: &epp.AuthInfo{}} }
	tests := map[string]struct {
		code  int
		body  epp.Body
		codes vcode.SignedCodes
	}{
		"only the holder's":        {epp.CodePolicy, create("example" + suffix), vcode.SignedCodes{rnv}},
		"another name's":           {epp.CodePolicy, create("other" + suffix), vcode.SignedCodes{dnv}},
		"altered":                  {epp.CodeValueSyntax, create("example" + suffix), vcode.SignedCodes{"AAAA" + dnv}},
		"not base64":               {epp.CodeValueSyntax, create("example" + suffix), vcode.SignedCodes{"%%%"}},
		"in a zone without":        {epp.CodePolicy, create("example.com"), vcode.SignedCodes{dnv}},
		"with a command for info":  {epp.CodeExtension, domain.Info{Name: "example.com"}, vcode.SignedCodes{dnv}},
		"with a name that is free": {epp.CodeNotExists, domain.Update{Name: "free" + suffix}, vcode.SignedCodes{dnv}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { w.do(tt.code, tt.body, tt.codes) })
	}
}

// A provider of the operator's own, such as one under test.
func TestCodesOfOtherProvidersAreBelieved(t *testing.T) {
	t.Parallel()
	other := withProvider(t, func(c *sandbox.Config) { c.VSP.ID = "7" })
	provider, ok := other.server.VSPProvider()
	if !ok {
		t.Fatal("no provider")
	}
	dnv := other.verify(epp.CodeOK, label("example"))
	w := open(t, func(c *sandbox.Config) { c.Providers = []signedcode.Provider{provider} })
	w.do(epp.CodeOK, domain.Create{Name: "example" + suffix, AuthInfo: &epp.AuthInfo{}}, vcode.SignedCodes{dnv.EncodedSignedCode})
	stranger := withProvider(t, nil)
	w.do(epp.CodePolicy, domain.Create{Name: "second" + suffix, AuthInfo: &epp.AuthInfo{}}, vcode.SignedCodes{stranger.verify(epp.CodeOK, label("second")).EncodedSignedCode})
}

func TestProviderDecidesByMagicValues(t *testing.T) {
	t.Parallel()
	w := withProvider(t, nil)
	for name, tt := range map[string]struct {
		input   nv.Input
		code    int
		status  string
		message string
	}{
		"a good label":         {label("good"), epp.CodeOK, nv.Compliant, ""},
		"a prohibited label":   {label("failing"), epp.CodeRange, nv.NonCompliant, "name_prohibited"},
		"a label in review":    {label("pending"), epp.CodePending, nv.PendingCompliant, ""},
		"a good holder":        {holder("张三", goodNumber, picture), epp.CodeOK, nv.Compliant, ""},
		"a refused holder":     {holder("FAIL-db_mismatch", goodNumber, picture), epp.CodeRange, nv.NonCompliant, "db_mismatch"},
		"a holder in review":   {holder("PENDING", goodNumber, picture), epp.CodePending, nv.PendingCompliant, ""},
		"no document":          {holder("张三", goodNumber), epp.CodeRange, nv.NonCompliant, "document_missing"},
		"an empty document":    {holder("张三", goodNumber, nv.Document{FileType: "jpg"}), epp.CodeRange, nv.NonCompliant, "document_missing"},
		"a number that is off": {holder("张三", "110105194912310020", picture), epp.CodeRange, nv.NonCompliant, "number_checksum"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := w.verify(tt.code, tt.input); got.Status != tt.status || got.Message != tt.message {
				t.Errorf("%+v", got)
			}
		})
	}
	response := w.doOn(w.vsp, epp.CodeOK, nv.Check{Names: []string{"good", "failing"}})
	data, err := nv.ParseCheckData(response.Data)
	if err != nil || !data[0].Available || data[1].Available || data[1].Reason != "In Prohibited Lists." {
		t.Errorf("%+v, %v", data, err)
	}
}

func TestProofFitsItsHolder(t *testing.T) {
	t.Parallel()
	w := withProvider(t, nil)
	for _, tt := range []struct {
		role, proof string
		code        int
	}{
		{nv.Organisation, nv.ProofOfCitizen, epp.CodePolicy},
		{nv.Person, nv.ProofOfEntity, epp.CodePolicy},
		{nv.Person, "passport", epp.CodeValueSyntax},
		{nv.Organisation, nv.ProofOfOther, epp.CodeOK},
		{nv.Person, nv.ProofOfOther, epp.CodeOK},
	} {
		input := holder("张三", goodNumber, picture)
		input.RNV.Role, input.RNV.ProofType = tt.role, tt.proof
		w.doOn(w.vsp, tt.code, nv.Create{Input: input, AuthInfo: &epp.AuthInfo{PW: "code-pw"}})
	}
}

func TestProviderTakesItsTime(t *testing.T) {
	t.Parallel()
	w := withProvider(t, func(c *sandbox.Config) { c.VSP.ReviewDelay, c.VSP.SlowDelay = review, slow })
	quick := w.verify(epp.CodePending, label("good"))
	late := w.verify(epp.CodePending, holder("SLOW 张三", goodNumber, picture))
	w.doOn(w.vsp, epp.CodeStatus, nv.Info{Code: quick.Code.Value})
	ended := func(code nv.Code, at time.Duration) {
		t.Helper()
		response := w.doOn(w.vsp, epp.CodeMessage, epp.Poll{})
		data, err := nv.ParsePendingData(response.Data)
		if err != nil || data.Code != code || data.Status != nv.Compliant || !data.Date.Equal(start.Add(at)) {
			t.Errorf("%+v, %v", data, err)
		}
		w.doOn(w.vsp, epp.CodeOK, epp.Ack{ID: response.Queue.ID})
		info, err := nv.ParseInfoData(w.doOn(w.vsp, epp.CodeOK, nv.Info{Code: code.Value}).Data)
		if err != nil || info.EncodedSignedCode == "" || info.Status != nv.Compliant {
			t.Errorf("%+v, %v", info, err)
		}
	}
	w.server.Advance(review)
	ended(quick.Code, review)
	w.server.Advance(slow - review)
	ended(late.Code, slow)
	w.do(epp.CodeNoMessages, epp.Poll{}) // the registry's queue is another
}

func TestCodesBelongToTheirClient(t *testing.T) {
	t.Parallel()
	w := withProvider(t, nil)
	rnv := w.verify(epp.CodeOK, holder("张三", goodNumber, picture))
	gaining, err := epp.Dial(t.Context(), w.server.VSPAddr(), epp.Options{TLS: w.server.TLS(), ClientID: "gaining", Password: "gaining-pw", KeepAlive: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer gaining.Close()
	code := rnv.Code.Value
	w.doOn(gaining, epp.CodeAuthorization, nv.Info{Code: code})
	w.doOn(gaining, epp.CodeAuthInfo, nv.Info{Code: code, AuthInfo: &epp.AuthInfo{PW: "wrong"}})
	w.doOn(gaining, epp.CodeAuthorization, nv.Update{Code: code, AuthInfo: &epp.AuthInfo{PW: "mine"}})
	w.doOn(gaining, epp.CodeNotExists, nv.Create{Input: nv.Input{DNV: &nv.DNV{Name: "a", RNVCode: code}}, AuthInfo: &epp.AuthInfo{}})
	w.doOn(w.vsp, epp.CodeOK, nv.Update{Code: code, AuthInfo: &epp.AuthInfo{PW: "new-pw"}})
	w.doOn(gaining, epp.CodeOK, nv.Info{Code: code, AuthInfo: &epp.AuthInfo{PW: "new-pw"}})
	w.doOn(w.vsp, epp.CodeOK, nv.Create{Input: nv.Input{DNV: &nv.DNV{Name: "a", RNVCode: code}}, AuthInfo: &epp.AuthInfo{}})
	w.doOn(w.vsp, epp.CodeNotExists, nv.Info{Code: "1-none"})
	input, err := nv.ParseInfoData(w.doOn(w.vsp, epp.CodeOK, nv.Info{Type: nv.InfoInput, Code: code}).Data)
	if err != nil || input.Input.RNV.Name != "张三" || len(input.Input.RNV.Documents) != 0 {
		t.Errorf("%+v, %v", input, err)
	}
}

// Pictures of documents are large, and are not kept.
func TestProviderKeepsNoDocuments(t *testing.T) {
	t.Parallel()
	w := withProvider(t, nil)
	large := bytes.Repeat([]byte("picture "), 1<<17)
	if got := w.verify(epp.CodeOK, holder("张三", goodNumber, nv.Document{FileType: "jpg", Content: large})); got.Status != nv.Compliant {
		t.Errorf("%+v", got)
	}
	for _, e := range w.server.Log() {
		if len(e.Frame) > 4<<10 || strings.Contains(e.Frame, goodNumber) {
			t.Errorf("the log keeps %d bytes of %s", len(e.Frame), e.Verb)
		}
	}
}

func TestRegistryAndProviderAreApart(t *testing.T) {
	t.Parallel()
	w := withProvider(t, nil)
	if !w.vsp.Greeting().Offers(nv.NS) || w.vsp.Greeting().Offers(domain.NS) || w.conn.Greeting().Offers(nv.NS) {
		t.Error("a greeting offers what is not served")
	}
	w.doOn(w.vsp, epp.CodeService, domain.Info{Name: "example.cn"})
	w.do(epp.CodeService, nv.Check{Names: []string{"a"}})
	for _, e := range w.server.LogOf("verification", "a") {
		if e.Verb != "check" || e.Channel != "epp" {
			t.Errorf("%+v", e)
		}
	}
}

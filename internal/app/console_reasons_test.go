package app_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/test/pictures/samples"
)

// A failed profile says why on its page: each reason has what to do and one button, which
// leads to the field that it points at.
func TestAFailedProfileLeadsToWhatIsToBeCorrected(t *testing.T) {
	t.Parallel()
	s := start(t)
	me := client.New(s.URL()).As(s.keys["registrant"])
	s.verifiedProfile(t, me, "cnnic") // and the address with it
	p, err := me.CreateProfile(t.Context(), client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "individual", Fields: client.Fields{
		"name_zh": "李思远FAIL-name_mismatch", "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000", "phone": "13800000000",
		"email": li, "document_kind": "resident_id", "document_number": "990000199003071171"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := me.UploadDocument(t.Context(), p.ID, client.Picture{Name: "id.jpg", Content: bytes.NewReader(samples.Li)}); err != nil {
		t.Fatal(err)
	}
	if _, err := me.SubmitProfile(t.Context(), p.ID, "sandbox"); err != nil {
		t.Fatal(err)
	}
	b := s.signedIn(t, li)
	var page opened
	soon(t, "the verdict", func() (bool, error) {
		page = b.get("/profiles/" + p.ID)
		return strings.Contains(page.words(), "Identity Verification Failed"), nil
	})
	page.wants(http.StatusOK, "Why it failed", "The name differs from the document", "Correct the name, or upload the document of this holder", "Can be corrected")
	b.get("/profiles").wants(http.StatusOK, "1 thing needs you", "one thing to correct")
	field := ""
	page.all(func(n *html.Node, attr map[string]string) {
		if path, at, found := strings.Cut(attr["href"], "#"); found && strings.HasPrefix(path, "/profiles/"+p.ID+"/edit/") {
			field = at
			if b.get(path).field(at) == nil {
				t.Errorf("%s leads to a page that has no field %s", attr["href"], at)
			}
		}
	})
	if field != "name_zh" {
		t.Errorf("the reason leads to %q, want the name", field)
	}
}

// The contact of an organisation is somebody technical at best, and is not verified: the
// form says so beside the field.
func TestTheFormSaysWhoTheContactIs(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	p := b.get("/profiles/new")
	p = b.post("/profiles/new", p.fill("", "holder_type", "organization"))
	p.wants(http.StatusOK, "Contact person (Chinese)", "Preferably someone technical. This person is not verified.")
	if f := p.field("name_zh"); f["aria-describedby"] != "name_zh-hint" {
		t.Errorf("the advice is not said of the field: %v", f)
	}
}

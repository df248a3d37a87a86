package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/test/pictures/samples"
)

// demoFile is what a demonstration says of itself.
type demoFile struct {
	APIURL   string `json:"api_url"`
	MailURL  string `json:"mail_url"`
	EPPAddr  string `json:"epp_addr"`
	EPPCA    string `json:"epp_ca_file"`
	EPPLogin struct {
		Password string `json:"password"`
	} `json:"epp_login"`
	Accounts []struct{ Role, Email, Password string }
}

// registrar is a session of one at the embedded registry.
func (f demoFile) registrar(ctx context.Context, id string) (*epp.Conn, error) {
	pem, err := os.ReadFile(f.EPPCA)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return epp.Dial(ctx, f.EPPAddr, epp.Options{TLS: &tls.Config{RootCAs: roots}, ClientID: id, Password: f.EPPLogin.Password})
}

// addScenery makes what a demonstration does not have by itself: a webhook, a name that is to
// come from another registrar, a change of holder that waits for both, a name that asks for
// papers, a list of names to import, and what somebody asks about their data.
func (d demo) addScenery(ctx context.Context, f demoFile, me *client.Client) error {
	for _, x := range []struct {
		what string
		make func(context.Context, demoFile, *client.Client) error
	}{
		{"webhook", d.addWebhook},
		{"transfer", d.addTransfer},
		{"change of holder", d.addHolderChange},
		{"papers", d.addPapers},
		{"list of names", d.addImport},
		{"data requests", d.addDataRequests},
	} {
		if err := x.make(ctx, f, me); err != nil {
			return fmt.Errorf("%s: %w", x.what, err)
		}
	}
	return d.findLinks(ctx, f)
}

func (d demo) addWebhook(ctx context.Context, _ demoFile, me *client.Client) error {
	w, err := me.CreateWebhook(ctx, "https://hooks.registrant.example/verinym", "Ticket system")
	if err != nil {
		return err
	}
	d.ids["webhook"] = w.ID
	test, err := me.TestWebhook(ctx, w.ID)
	d.ids["delivery"] = test.ID
	return err
}

// addTransfer has another registrar hold a name, and asks for it.
func (d demo) addTransfer(ctx context.Context, f demoFile, me *client.Client) error {
	rival, err := f.registrar(ctx, "gaining")
	if err != nil {
		return err
	}
	defer rival.Close()
	if _, err := rival.Do(ctx, epp.Command{Body: domain.Create{Name: "specimen-coming.com", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}}); err != nil {
		return err
	}
	t, err := me.RequestTransfer(ctx, "specimen-coming.com", d.ids["common"], "domain-pw", 1)
	d.ids["transfer"] = t.ID
	return err
}

// addHolderChange asks for another holder of a generic name, to which both have to agree.
func (d demo) addHolderChange(ctx context.Context, _ demoFile, me *client.Client) error {
	to, err := d.verified(ctx, me, client.NewProfile{Accreditation: "mainland", Kind: "common", HolderType: "individual", Fields: client.Fields{
		"name_zh": "王若溪", "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "样张区虚构路18号院3号楼501室",
		"postal_code": "310000", "phone": "138 0000 0000",
		"email": "li@registrant.example", "document_kind": "resident_id", "document_number": "990000198711242467",
	}}, samples.Wang)
	if err != nil {
		return err
	}
	t, err := me.ChangeHolder(ctx, to, "hello-verinym.com")
	d.ids["change"] = t.ID
	return err
}

// ownPolicy is a policy of an operator's own, as the demonstration has it: .net asks for
// what .商标 asks for. One of its golden cases is wrong.
const ownPolicy = `version: 1
suffixes:
  - suffix: net
    a_label: net
    kind: gTLD
    registry: {operator: VeriSign Global Registry Services, back_end: Verisign, rdap: null, sources: [], confidence: {operator: assumed, back_end: assumed}}
    mainland:
      regime: thin
      qualification:
        any_of:
          - {documents: [trademark_certificate]}
          - {documents: [subject_proof, trademark_use_authorization], role: supplier_to_caterers}
        holder_equals: trademark_registrant
        label_patterns: [{id: A, zh: 商标, en: mark}, {id: B, zh: 商标+商品, en: mark + goods}]
        takes: {days: [5, 10]}
        sources: []
        confidence: assumed
    overseas: {offered: false, sources: [], confidence: assumed}
`

const ownCases = `version: 1
cases:
  - name: .net is not offered overseas
    when: {accreditation: overseas, domain: .net}
    then: {offered: false}
  - name: .net asks for ten days of grace after a change of holder
    when: {accreditation: mainland, domain: .net}
    then: {hold.after_holder_change: P10D}
`

// writePolicy puts the operator's own policy into a folder.
func writePolicy(dir string) error {
	return errors.Join(os.MkdirAll(filepath.Join(dir, "cases"), 0o755),
		os.WriteFile(filepath.Join(dir, "suffixes-own.yaml"), []byte(ownPolicy), 0o644),
		os.WriteFile(filepath.Join(dir, "cases", "own.yaml"), []byte(ownCases), 0o644))
}

// addPapers orders a name that asks for papers.
func (d demo) addPapers(ctx context.Context, _ demoFile, me *client.Client) error {
	if _, err := me.PlaceOrder(ctx, "specimen-mark.net", d.ids["common"], 1); err != nil {
		return err
	}
	q, err := me.QualificationOf(ctx, "specimen-mark.net")
	if q != nil {
		d.ids["papers"] = q.ID
	}
	return err
}

// addImport has names at the registry that nobody holds here, and sends a list with them and
// with some that cannot be imported. A list is sent in the console only.
func (d demo) addImport(ctx context.Context, f demoFile, _ *client.Client) error {
	own, err := f.registrar(ctx, "verinym-gtld") // as whom the demonstration holds such names
	if err != nil {
		return err
	}
	defer own.Close()
	for _, name := range []string{"specimen-old.com", "specimen-older.com"} {
		if _, err := own.Do(ctx, epp.Command{Body: domain.Create{Name: name, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}}); err != nil {
			return err
		}
	}
	_, page, err := d.visit(ctx, "operator", http.MethodGet, "/imports", "", nil)
	if err != nil {
		return err
	}
	once := regexp.MustCompile(`name="once" value="([^"]+)"`).FindSubmatch(page)
	if once == nil {
		return errors.New("the form has no token")
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	file, err := w.CreateFormFile("file", "names-of-2019.csv")
	if err != nil {
		return err
	}
	_, err = file.Write([]byte("specimen-old.com\nspecimen-older.com\nspecimen-nowhere.com\nspecimen-coming.com\nhello-verinym.cn\nspecimen-beside.invalid\n"))
	for name, value := range map[string]string{"once": string(once[1]), "account": d.ids["account"], "accreditation": "mainland"} {
		err = errors.Join(err, w.WriteField(name, value))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	at, _, err := d.visit(ctx, "operator", http.MethodPost, "/imports", w.FormDataContentType(), &body)
	if err != nil {
		return err
	}
	d.ids["import"] = strings.TrimPrefix(at, "/imports/")
	for { // until each name was looked up
		_, page, err := d.visit(ctx, "operator", http.MethodGet, at, "", nil)
		if err != nil || bytes.Contains(page, []byte(at+"/start")) {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// visit asks for a page of the console as somebody, and returns where it stands and what it
// says.
func (d demo) visit(ctx context.Context, as, method, path, contentType string, body io.Reader) (at string, page []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, method, d.url+path, body)
	if err != nil {
		return "", nil, err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Cookie", "verinym_session="+d.sessions[as])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	page, err = io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", path, resp.Status)
	}
	return resp.Request.URL.Path, page, err
}

// addDataRequests has somebody ask for a copy of their data, which is ready at once, and for
// the erasure of a profile, which waits for an answer.
func (d demo) addDataRequests(ctx context.Context, _ demoFile, me *client.Client) error {
	asked, err := me.DataRequests(ctx, false)
	if err != nil {
		return err
	}
	for _, x := range asked {
		d.ids[x.Kind] = x.ID
	}
	for kind, profile := range map[string]string{"export": "", "erasure": d.ids["common"]} {
		if d.ids[kind] != "" {
			continue
		}
		x, err := me.AskData(ctx, client.DataWish{Kind: kind, Profile: profile})
		if err != nil {
			return err
		}
		d.ids[kind] = x.ID
	}
	for {
		x, err := me.DataRequest(ctx, d.ids["export"])
		if err != nil || x.File != nil {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// verified makes a profile and waits until the sandbox's authority has verified it.
func (d demo) verified(ctx context.Context, me *client.Client, wanted client.NewProfile, picture []byte) (string, error) {
	p, err := me.CreateProfile(ctx, wanted)
	if err != nil {
		return "", err
	}
	if _, err := me.UploadDocument(ctx, p.ID, client.Picture{Name: "document.jpg", Content: bytes.NewReader(picture), AskPerson: true}); err != nil {
		return "", err
	}
	if _, err := me.SubmitProfile(ctx, p.ID, "sandbox"); err != nil {
		return "", err
	}
	for p.State != "verified" {
		if p, err = me.Profile(ctx, p.ID); err != nil || p.State == "failed" {
			return "", fmt.Errorf("%s: %w", p.State, err)
		}
		time.Sleep(200 * time.Millisecond)
	}
	return p.ID, nil
}

// findLinks waits for the mails that ask somebody, and takes the links out of them.
func (d demo) findLinks(ctx context.Context, f demoFile) error {
	wanted := map[string]string{"consent": "/holder-change/", "address": "/email/confirm/"}
	for len(wanted) > 0 {
		var mails []struct {
			To    string
			Links []string
		}
		if err := getJSON(ctx, f.MailURL+"/messages", &mails); err != nil {
			return err
		}
		for _, m := range mails {
			for what, path := range wanted {
				if i := strings.Index(strings.Join(m.Links, " "), path); i >= 0 && (what == "consent" || m.To == "ops@registrant.example") {
					u, err := url.Parse(m.Links[0])
					if err != nil {
						return err
					}
					d.ids[what] = u.Path
					delete(wanted, what)
				}
			}
		}
		time.Sleep(200 * time.Millisecond)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func getJSON(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return json.NewDecoder(resp.Body).Decode(into)
}

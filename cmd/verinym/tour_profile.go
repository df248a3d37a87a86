package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "golang.org/x/image/bmp"  // pictures of --document
	_ "golang.org/x/image/webp" // likewise

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/test/pictures/samples"
)

func (t *tour) readPicture() ([]byte, error) {
	if t.Document == "" {
		return samples.Li, nil
	}
	b, err := os.ReadFile(t.Document)
	if err != nil {
		return nil, err
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(b)); err != nil {
		return nil, usage("--document %s: %v", t.Document, err)
	}
	return b, nil
}

func (t *tour) signIn(ctx context.Context) (string, error) {
	var err error
	var session client.Session
	if t.me, session, err = t.as(ctx, "registrant"); err != nil {
		return "", err
	}
	if t.desk, _, err = t.as(ctx, "reviewer"); err != nil {
		return "", err
	}
	if t.office, _, err = t.as(ctx, "operator"); err != nil {
		return "", err
	}
	t.account = session.Account
	if _, err := t.office.AssertIdentity(ctx, t.account, true, "customer register"); err != nil {
		return "", err
	}
	a, err := t.me.Account(ctx)
	if err != nil {
		return "", err
	}
	if a.IdentityState != "verified" {
		return "", fmt.Errorf("the account's identity is %s", a.IdentityState)
	}
	return fmt.Sprintf("%s signed in; account identity %s (asserted by %s)", session.Name, a.IdentityState, a.IdentitySource), nil
}

// misspelt is how the registrant types their own name at first: the reviewer notices.
const misspelt = "李思元"

func (t *tour) createProfile(ctx context.Context) (string, error) {
	p, err := t.me.CreateProfile(ctx, client.NewProfile{
		Accreditation: "mainland", Kind: "cnnic", HolderType: "individual",
		Fields: chineseFields(misspelt, liNumber, "li@registrant.example"),
	})
	if err != nil {
		return "", err
	}
	t.cnnic = p
	for field, want := range map[string]string{"name_en": "li si yuan", "province_en": "zhe jiang", "phone": "+8613800000000"} {
		if got := p.Field(field); got != want {
			return "", fmt.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if strings.Contains(p.Field("document_number"), "19900307") {
		return "", errors.New("the document number is shown in clear")
	}
	return fmt.Sprintf("%s: English form %q, phone %s, number %s, state %s", p.ID, p.Field("name_en"), p.Field("phone"), p.Field("document_number"), p.State), nil
}

func (t *tour) verifyEmail(ctx context.Context) (string, error) {
	address := t.cnnic.Field("email")
	asked, err := t.me.RequestEmailVerification(ctx, address)
	if err != nil {
		return "", err
	}
	link := ""
	err = t.until(ctx, "the mail", func() (bool, string, error) {
		mails, err := t.mails(ctx)
		for _, m := range mails {
			if m.To == address && len(m.Links) > 0 {
				link = m.Links[0]
			}
		}
		return link != "", "not in the mail sink", err
	})
	if err != nil {
		return "", err
	}
	for range 3 {
		if _, err := fetch(ctx, http.MethodGet, link); err != nil {
			return "", err
		}
	}
	looked, err := t.me.EmailVerification(ctx, asked.ID)
	if err != nil {
		return "", err
	}
	if looked.State != "pending" {
		return "", fmt.Errorf("after looking at the link the address is %s, want pending", looked.State)
	}
	if _, err := fetch(ctx, http.MethodPost, link); err != nil {
		return "", err
	}
	confirmed, err := t.me.EmailVerification(ctx, asked.ID)
	if err != nil {
		return "", err
	}
	if confirmed.State != "verified" {
		return "", fmt.Errorf("after confirming the address is %s", confirmed.State)
	}
	return fmt.Sprintf("%s: three GETs left it %s, the posted confirmation made it %s", address, looked.State, confirmed.State), nil
}

// sunkMail is a message as the mail sink shows it.
type sunkMail struct {
	To    string   `json:"to"`
	Links []string `json:"links"`
}

func (t *tour) mails(ctx context.Context) (out []sunkMail, err error) {
	b, err := fetch(ctx, http.MethodGet, t.app.MailURL()+"/messages")
	if err != nil {
		return nil, err
	}
	return out, json.Unmarshal(b, &out)
}

// fetch does what a browser would with a link or a form.
func fetch(ctx context.Context, method, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s", method, url, resp.Status)
	}
	return b, err
}

func (t *tour) upload(ctx context.Context) (string, error) {
	picture, _, err := image.Decode(bytes.NewReader(t.picture))
	if err != nil {
		return "", fmt.Errorf("the sample picture: %w", err)
	}
	refused := []string{}
	for _, bad := range []struct {
		what, want, name string
		bytes            []byte
	}{
		{"a PNG renamed to .jpg", "extension_mismatch", "id.jpg", asPNG(picture)},
		{"a grayscale copy", "grayscale", "id.jpg", asGray(picture)},
	} {
		_, err := t.me.UploadDocument(ctx, t.cnnic.ID, client.Picture{Name: bad.name, Content: bytes.NewReader(bad.bytes)})
		if err := mustRefuse(bad.what, bad.want, err); err != nil {
			return "", err
		}
		refused = append(refused, bad.want)
	}
	_, err = t.me.EditProfile(ctx, t.cnnic.ID, client.Fields{"document_number": wrongDigit(liNumber)})
	if err := mustRefuse("a number with a wrong check digit", "number_checksum", err); err != nil {
		return "", err
	}
	refused = append(refused, "number_checksum")
	d, err := t.me.UploadDocument(ctx, t.cnnic.ID, client.Picture{Name: documentName(t.Document), Content: bytes.NewReader(t.picture)})
	if err != nil {
		return "", err
	}
	if t.cnnic, err = t.me.Profile(ctx, t.cnnic.ID); err != nil {
		return "", err
	}
	if len(t.cnnic.Documents) != 1 || t.cnnic.Documents[0].ID != d.ID {
		return "", fmt.Errorf("the profile has %d documents, want the good one alone", len(t.cnnic.Documents))
	}
	if err := t.sealed(); err != nil {
		return "", err
	}
	return fmt.Sprintf("refused at once, in two languages: %s\nkept: %s %d bytes, screening %s, sealed in the vault", strings.Join(refused, ", "), d.Format, d.Bytes, d.Verdict), nil
}

// mustRefuse checks that an error carries a code with a text in both languages.
func mustRefuse(what, want string, err error) error {
	var e *client.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s was not refused (%v)", what, err)
	}
	if !slices.Contains(e.Codes(), want) {
		return fmt.Errorf("%s was refused with %v, want %s", what, e.Codes(), want)
	}
	if e.Text.EN == "" || e.Text.ZH == "" {
		return fmt.Errorf("%s: the reason has no text in both languages", what)
	}
	return nil
}

func documentName(path string) string {
	if path == "" {
		return "id.jpg"
	}
	return filepath.Base(path)
}

// sealed looks for the picture's bytes in the data folder: none may be in clear.
func (t *tour) sealed() error {
	needle := t.picture[len(t.picture)/2 : len(t.picture)/2+64]
	return filepath.WalkDir(t.app.Data(), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.Contains(b, needle) {
			err = fmt.Errorf("%s holds the picture in clear", path)
		}
		return err
	})
}

func asPNG(m image.Image) []byte {
	small := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx()/2, m.Bounds().Dy()/2))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			small.Set(x, y, m.At(m.Bounds().Min.X+2*x, m.Bounds().Min.Y+2*y))
		}
	}
	var buf bytes.Buffer
	_ = png.Encode(&buf, small)
	return buf.Bytes()
}

func asGray(m image.Image) []byte {
	gray := image.NewGray(m.Bounds())
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			gray.Set(x, y, color.GrayModel.Convert(m.At(x, y)))
		}
	}
	var buf bytes.Buffer
	_ = jpeg.Encode(&buf, gray, &jpeg.Options{Quality: 90})
	return buf.Bytes()
}

// wrongDigit changes the check digit of a number.
func wrongDigit(number string) string {
	last := number[len(number)-1]
	other := byte('0')
	if last == '0' {
		other = '1'
	}
	return number[:len(number)-1] + string(other)
}

func (t *tour) review(ctx context.Context) (string, error) {
	p, err := t.me.SubmitProfile(ctx, t.cnnic.ID, "")
	if err != nil {
		return "", err
	}
	if p.State != "in_review" || p.Review == nil || p.Review.ExpectedDay == "" {
		return "", fmt.Errorf("after submission the profile is %s, without an expected date", p.State)
	}
	expected := p.Review.ExpectedDay
	if err := t.decide(ctx, false, client.GivenReason{Code: "name_mismatch", Note: "证件上的姓名是“" + liName + "”。", StaffNote: "typed 元 for 远"}); err != nil {
		return "", err
	}
	failed, err := t.me.Profile(ctx, t.cnnic.ID)
	if err != nil {
		return "", err
	}
	if failed.State != "failed" || failed.Review == nil || len(failed.Review.Reasons) != 1 || failed.Review.Reasons[0].Field != "name_zh" {
		return "", fmt.Errorf("after the failed review the profile is %s and its reason does not point at name_zh", failed.State)
	}
	reason := failed.Review.Reasons[0]
	corrected, err := t.me.EditProfile(ctx, t.cnnic.ID, client.Fields{"name_zh": liName})
	if err != nil {
		return "", err
	}
	if corrected.Version != failed.Version+1 || corrected.State != "unverified" {
		return "", fmt.Errorf("the corrected profile is version %d, %s", corrected.Version, corrected.State)
	}
	if _, err := t.me.SubmitProfile(ctx, t.cnnic.ID, ""); err != nil {
		return "", err
	}
	if err := t.decide(ctx, true); err != nil {
		return "", err
	}
	if t.cnnic, err = t.me.Profile(ctx, t.cnnic.ID); err != nil {
		return "", err
	}
	if t.cnnic.State != "verified" {
		return "", fmt.Errorf("after the second review the profile is %s", t.cnnic.State)
	}
	return fmt.Sprintf("answer expected on %s; failed: %s at %s — %q\nversion %d: %s / %s", expected, reason.Code, reason.Field, reason.Title.EN, t.cnnic.Version, t.cnnic.Status.EN, t.cnnic.Status.ZH), nil
}

// decide has the reviewer claim the one case in the queue and decide it.
func (t *tour) decide(ctx context.Context, pass bool, reasons ...client.GivenReason) error {
	if t.Without == "reviewer" {
		return t.until(ctx, "the reviewer's verdict", func() (bool, string, error) {
			p, err := t.me.Profile(ctx, t.cnnic.ID)
			return p.State != "in_review", p.State, err
		})
	}
	queue, err := t.desk.Reviews(ctx)
	if err != nil {
		return err
	}
	if len(queue) != 1 {
		return fmt.Errorf("the queue has %d cases, want 1", len(queue))
	}
	if _, err := t.desk.ClaimReview(ctx, queue[0].ID); err != nil {
		return err
	}
	c, err := t.desk.Review(ctx, queue[0].ID)
	if err != nil {
		return err
	}
	if c.Profile == nil || c.Profile.Field("document_number") != liNumber || len(c.Profile.Documents) != 1 {
		return errors.New("the reviewer does not see the number and the document of a claimed case")
	}
	for _, d := range c.Profile.Documents {
		if _, err := t.desk.OpenDocument(ctx, d.ID); err != nil {
			return err
		}
	}
	_, err = t.desk.DecideReview(ctx, queue[0].ID, pass, reasons...)
	return err
}

func (t *tour) otherProfiles(ctx context.Context) (string, error) {
	var err error
	if t.common, err = t.verifiedBySandbox(ctx, "common", liName, liNumber, t.picture, documentName(t.Document)); err != nil {
		return "", err
	}
	if t.wang, err = t.verifiedBySandbox(ctx, "cnnic", wangName, wangNumber, samples.Wang, "id.jpg"); err != nil {
		return "", err
	}
	return fmt.Sprintf("common profile of %s: %s\nCNNIC profile of %s: %s", liName, t.common.Status.EN, wangName, t.wang.Status.EN), nil
}

// verifiedBySandbox makes a profile and has the sandbox authority verify it.
func (t *tour) verifiedBySandbox(ctx context.Context, kind, name, number string, picture []byte, file string) (client.Profile, error) {
	p, err := t.me.CreateProfile(ctx, client.NewProfile{
		Accreditation: "mainland", Kind: kind, HolderType: "individual",
		Fields: chineseFields(name, number, "li@registrant.example"),
	})
	if err != nil {
		return p, err
	}
	if _, err := t.me.UploadDocument(ctx, p.ID, client.Picture{Name: file, Content: bytes.NewReader(picture)}); err != nil {
		return p, err
	}
	if _, err := t.me.SubmitProfile(ctx, p.ID, "sandbox"); err != nil {
		return p, err
	}
	err = t.until(ctx, "the sandbox authority's verdict", func() (bool, string, error) {
		p, err = t.me.Profile(ctx, p.ID)
		return p.State == "verified", p.State, err
	})
	return p, err
}

package form_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/form"
)

func request(parts ...string) *http.Request {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := 0; i < len(parts); i += 2 {
		if name, isFile := strings.CutPrefix(parts[i], "file:"); isFile {
			p, _ := w.CreateFormFile("file", name)
			_, _ = io.WriteString(p, parts[i+1])
		} else {
			_ = w.WriteField(parts[i], parts[i+1])
		}
	}
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/", &buf)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

func TestAFormIsReadUpToItsPicture(t *testing.T) {
	t.Parallel()
	var got document.Upload
	var content []byte
	take := func(u document.Upload) (err error) {
		got = u
		content, err = io.ReadAll(u.Body)
		return err
	}
	err := form.Picture(request("side", "back", "note", " as it is ", "ask_person", "true", "file:id.jpg", "picture", "side", "front"), document.Upload{Side: "front"}, "side", take)
	if err != nil || got.Side != "back" || got.Note != "as it is" || !got.AskPerson || got.FileName != "id.jpg" || got.DeclaredType != "" || string(content) != "picture" {
		t.Errorf("%+v, %q, %v", got, content, err)
	}
	for name, x := range map[string]struct {
		request *http.Request
		code    string
	}{
		"no picture":          {request("side", "front"), "field_required"},
		"none was chosen":     {request("side", "front", "file:", ""), "file_not_chosen"},
		"a part nobody knows": {request("colour", "red", "file:id.jpg", "x"), "field_unknown"},
		"neither yes nor no":  {request("ask_person", "perhaps", "file:id.jpg", "x"), "field_wrong_type"},
		"a note without end":  {request("note", strings.Repeat("x", 2001), "file:id.jpg", "x"), "field_too_long"},
		"bytes as a note":     {request("note", "\xff", "file:id.jpg", "x"), "field_wrong_type"},
		"no form":             {httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}")), "body_invalid"},
	} {
		if err := form.Picture(x.request, document.Upload{Side: "front"}, "side", take); fault.Code(err) != x.code {
			t.Errorf("%s: %v, want %s", name, err, x.code)
		}
	}
}

func TestWhatIsNoText(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"李思远": true, "": true, "a\x00b": false, "\xff": false, "\ufffd": true} {
		if err := form.NotText(s); (err == nil) != want {
			t.Errorf("%q: %v", s, err)
		}
	}
}

package rdap

import (
	"net/http"
	"testing"
)

func TestNoRedirectLeadsAwayFromHTTPS(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{"https://rdap.example/": true, "http://rdap.example/": false, "file:///etc/passwd": false} {
		req, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := newHTTP(Config{}).CheckRedirect(req, make([]*http.Request, 1)); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// FuzzAnswer: whatever a server sends, a record or an error comes of it.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{`{"objectClassName":"domain","ldhName":"a.example","status":["active"]}`, `{"objectClassName":"domain","events":[{}],"entities":[{"roles":["registrar"],"vcardArray":["vcard",[]]}],"secureDNS":{}}`, `[]`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := decode(b)
		if err != nil {
			return
		}
		r := recordOf(d)
		for _, s := range r.Statuses {
			if s == "active" {
				t.Errorf("active is ok in EPP: %v", r.Statuses)
			}
		}
	})
}

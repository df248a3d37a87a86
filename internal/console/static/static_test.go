package static

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestAFileIsKeptForGoodUnderItsDigest(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	Register(mux)
	for accept, want := range map[string]string{"gzip, br": "gzip", "": "", "gzip;q=0": "", "gzip;q=0.5": "gzip", "br": ""} {
		r := httptest.NewRequest(http.MethodGet, Path("app.css"), nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != want || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%q: %d %v", accept, w.Code, w.Header())
		}
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/static/app.css", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("without its digest the file is answered with %d", w.Code)
	}
}

// TestTheStylesheetStaysSmall: 14 KB packed is the budget.
func TestTheStylesheetStaysSmall(t *testing.T) {
	t.Parallel()
	if n := len(assets()["app.css"].gzipped); n > 14_000 {
		t.Errorf("app.css has %d bytes packed", n)
	}
}

// TestWhatOthersMadeHasItsLicence: each library in the folder stands beside its licence.
func TestWhatOthersMadeHasItsLicence(t *testing.T) {
	t.Parallel()
	for _, of := range []string{"htmx", "idiomorph", "daisyui", "tailwindcss", "lucide"} {
		if b, err := os.ReadFile("LICENSE." + of); err != nil || len(b) < 300 {
			t.Errorf("the licence of %s: %d bytes, %v", of, len(b), err)
		}
	}
}

// Package static serves the console's stylesheet, scripts and icon from the binary.
//
// app.css, htmx.min.js, idiomorph.min.js and the licences beside them are built by `make assets` from
// pinned packages; app.js and icon.svg are written by hand. Every address has a
// digest of the content in it, so that a browser may keep what it has for good and
// never sees a page with another version's style.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed app.css app.js desk.js passkey.js htmx.min.js idiomorph.min.js icon.svg
var files embed.FS

type asset struct {
	address, contentType string
	plain, gzipped       []byte
}

var types = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// assets are the files by name.
var assets = sync.OnceValue(func() map[string]asset {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("static: " + err.Error()) // they are in the binary
	}
	out := map[string]asset{}
	for _, e := range entries {
		plain, err := files.ReadFile(e.Name())
		if err != nil {
			panic("static: " + err.Error())
		}
		sum, ext := sha256.Sum256(plain), path.Ext(e.Name())
		out[e.Name()] = asset{
			address:     "/static/" + strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext,
			contentType: types[ext], plain: plain, gzipped: smallest(plain),
		}
	}
	return out
})

// Path is the address of a file.
func Path(name string) string { return assets()[name].address }

// smallest packs b as small as it goes.
func smallest(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// packers are writers that were used before: each has most of a megabyte of its own.
var packers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// Pack packs a page: quickly, as it is sent once.
func Pack(b []byte) []byte {
	var out bytes.Buffer
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// Packed reports whether the client of r takes gzip.
func Packed(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if q, _ := strings.CutPrefix(strings.TrimSpace(weight), "q="); coding == "gzip" && strings.Trim(q, "0.") != "" || coding == "gzip" && weight == "" {
			return true
		}
	}
	return false
}

// Register puts the files onto mux.
func Register(mux *http.ServeMux) {
	for _, a := range assets() {
		mux.HandleFunc("GET "+a.address, func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Type", a.contentType)
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
			h.Set("Vary", "Accept-Encoding")
			h.Set("X-Content-Type-Options", "nosniff")
			body := a.plain
			if Packed(r) {
				h.Set("Content-Encoding", "gzip")
				body = a.gzipped
			}
			h.Set("Content-Length", strconv.Itoa(len(body)))
			_, _ = w.Write(body)
		})
	}
}

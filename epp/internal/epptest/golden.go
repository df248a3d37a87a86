package epptest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Golden compares a frame with testdata/name.xml and returns the golden frame as
// one line. The file is indented for its readers; the indentation does not count.
func Golden(t testing.TB, name string, frame []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name+".xml")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, indent(frame), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := flatten(file)
	if !bytes.Equal(frame, want) {
		t.Errorf("%s:\ngot:\n%s\nwant:\n%s", path, indent(frame), indent(want))
	}
	return want
}

// Document reads testdata/name.xml as one line.
func Document(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	return flatten(file)
}

var betweenTags = regexp.MustCompile(`>\s*\n\s*<`)

// flatten takes the indentation out.
func flatten(file []byte) []byte {
	return betweenTags.ReplaceAll(bytes.TrimSpace(file), []byte("><"))
}

var tags = regexp.MustCompile(`<[^>]*>[^<]*`)

// indent puts each element on a line of its own, except for text with its tags.
func indent(frame []byte) []byte {
	var b strings.Builder
	depth, inText := 0, false
	for _, part := range tags.FindAllString(string(frame), -1) {
		closing := strings.HasPrefix(part, "</")
		if closing {
			depth--
		}
		if !inText || !closing {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(strings.Repeat("  ", depth))
		}
		b.WriteString(part)
		inText = !closing && !strings.HasSuffix(part, ">")
		if !closing && !strings.HasPrefix(part, "<?") && !strings.HasSuffix(part, "/>") {
			depth++
		}
	}
	return []byte(b.String() + "\n")
}

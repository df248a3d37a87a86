package screen

import "testing"

func TestSniffLooksAtContent(t *testing.T) {
	for name, tc := range map[string]struct {
		head string
		want Format
	}{
		"a phone's JPEG":            {"\xff\xd8\xff\xe1\x00\x10Exif", JPEG},
		"a PNG":                     {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", PNG},
		"a Windows bitmap":          {"BM\x36\x10\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x10\x00\x00\x00\x10\x00\x00\x00", BMP},
		"a text that starts so":     {"BM is not a bitmap, it is a remark", Unknown},
		"a WebP":                    {"RIFF\x00\x10\x00\x00WEBPVP8 ", WebP},
		"a sound in the same box":   {"RIFF\x00\x10\x00\x00WAVEfmt ", Unknown},
		"an iPhone's HEIC":          {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", HEIC},
		"a generic HEIF":            {"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1miaf", HEIC},
		"an AVIF with generic mark": {"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", AVIF},
		"a film":                    {"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", Unknown},
		"a GIF":                     {"GIF89a\x01\x00", GIF},
		"a TIFF":                    {"II*\x00\x08\x00\x00\x00", TIFF},
		"a PDF after a blank line":  {"\n%PDF-1.7\n", PDF},
		"nothing":                   {"", Unknown},
		"three bytes":               {"\xff\xd8\xff", JPEG},
		"a cut ftyp":                {"\x00\x00\x00\x18ftyp", Unknown},
	} {
		if got := Sniff([]byte(tc.head)); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func TestNameAgainstContent(t *testing.T) {
	for _, tc := range []struct {
		name, declared string
		f              Format
		want           string
	}{
		{"身份证.jpg", "image/jpeg", JPEG, ""},
		{"IMG_0001.JPEG", "", JPEG, ""},
		{"photo.jfif", "image/jpeg", JPEG, ""},
		{"IMG_0001.jpg", "image/jpeg", HEIC, ".jpg"},     // renamed, the usual case
		{"wechat.jpg", "", WebP, ".jpg"},                 // saved from a browser
		{"IMG_0001.heif", "image/heic", HEIC, ""},        // two names of one thing
		{"scan", "", PNG, ""},                            // no extension claims nothing
		{"licence 3.March 2026", "", JPEG, ""},           // a dot in a name is no extension
		{"licence.2026", "", JPEG, ""},                   //
		{"licence.docx", "", JPEG, ".docx"},              // claims another thing
		{`C:\Users\li\Desktop\id.png`, "", JPEG, ".png"}, // old browsers send the path
		{"id.jpg", "image/png", JPEG, "image/png"},       // the declared type disagrees
		{"id.jpg", "image/jpeg; charset=x", JPEG, ""},    //
		{"id.jpg", "application/octet-stream", JPEG, ""}, // says nothing
		{"id.jpg", "image/jpg", JPEG, ""},                // wrong, but common
		{"scan.pdf", "application/pdf", PDF, ""},         // agrees; that it is unsupported is another finding
	} {
		if got := mismatch(tc.f, tc.name, tc.declared); got != tc.want {
			t.Errorf("%s (%s) holding %s: %q, want %q", tc.name, tc.declared, tc.f, got, tc.want)
		}
	}
}

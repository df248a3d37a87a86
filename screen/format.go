package screen

import (
	"bytes"
	"path"
	"strings"
)

// Format is what the bytes are, whatever the file is called.
type Format string

// The formats that are told from each other. The first five are decoded, see [Policy] for those that a registry takes.
const (
	JPEG    Format = "JPEG"
	PNG     Format = "PNG"
	BMP     Format = "BMP"
	WebP    Format = "WebP"
	HEIC    Format = "HEIC"
	AVIF    Format = "AVIF"
	GIF     Format = "GIF"
	TIFF    Format = "TIFF"
	PDF     Format = "PDF"
	Unknown Format = "" // none of the above
)

// sniffLen is how many leading bytes Sniff wants to see.
const sniffLen = 64

// Sniff tells the format by content.
func Sniff(head []byte) Format {
	has := func(at int, magic string) bool {
		return len(head) >= at+len(magic) && string(head[at:at+len(magic)]) == magic
	}
	switch {
	case has(0, "\xff\xd8\xff"):
		return JPEG
	case has(0, "\x89PNG\r\n\x1a\n"):
		return PNG
	case has(0, "RIFF") && has(8, "WEBP"):
		return WebP
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return GIF
	case has(0, "II*\x00"), has(0, "MM\x00*"):
		return TIFF
	case has(4, "ftyp"):
		return sniffBMFF(head)
	case isBMP(head):
		return BMP
	case bytes.Contains(head[:min(len(head), sniffLen)], []byte("%PDF-")):
		return PDF
	}
	return Unknown
}

// sniffBMFF reads the brands of an ISO base media file: HEIF images coded as HEVC or as AV1 differ only there.
func sniffBMFF(head []byte) Format {
	n := min(len(head), int(uint32(head[0])<<24|uint32(head[1])<<16|uint32(head[2])<<8|uint32(head[3])))
	found := Unknown
	for at := 8; at+4 <= n; at += 4 {
		if at == 12 { // the minor version, not a brand
			continue
		}
		switch string(head[at : at+4]) {
		case "heic", "heix", "hevc", "hevx", "heim", "heis":
			return HEIC
		case "avif", "avis":
			found = AVIF
		case "mif1", "msf1":
			if found == Unknown {
				found = HEIC
			}
		}
	}
	return found
}

// isBMP asks for more than the two letters: text files start with "BM" too.
func isBMP(head []byte) bool {
	if len(head) < 26 || head[0] != 'B' || head[1] != 'M' {
		return false
	}
	switch uint32(head[14]) | uint32(head[15])<<8 | uint32(head[16])<<16 | uint32(head[17])<<24 {
	case 12, 40, 52, 56, 64, 108, 124: // sizes of the known information headers
		return true
	}
	return false
}

var byExtension = map[string]Format{
	".jpg": JPEG, ".jpeg": JPEG, ".jpe": JPEG, ".jfif": JPEG, ".png": PNG, ".bmp": BMP, ".dib": BMP, ".webp": WebP,
	".heic": HEIC, ".heif": HEIC, ".hif": HEIC, ".avif": AVIF, ".gif": GIF, ".tif": TIFF, ".tiff": TIFF, ".pdf": PDF,
}

var byType = map[string]Format{
	"image/jpeg": JPEG, "image/jpg": JPEG, "image/pjpeg": JPEG, "image/png": PNG, "image/x-png": PNG, "image/bmp": BMP,
	"image/x-bmp": BMP, "image/x-ms-bmp": BMP, "image/webp": WebP, "image/heic": HEIC, "image/heif": HEIC, "image/avif": AVIF,
	"image/gif": GIF, "image/tiff": TIFF, "application/pdf": PDF,
}

// mismatch compares the content with the name and the declared type. It returns what disagrees, as the user would
// recognise it (".jpg" or "image/png"), or "". A name without an extension, and a type that says nothing
// (application/octet-stream), claim nothing.
func mismatch(f Format, name, declared string) string {
	ext := strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/")))
	if claimed, ok := byExtension[ext]; ok && claimed != f {
		return ext
	} else if !ok && ext != "" && f != Unknown && plainExtension(ext) {
		return ext
	}
	declared, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(declared)), ";")
	if claimed, ok := byType[strings.TrimSpace(declared)]; ok && claimed != f {
		return strings.TrimSpace(declared)
	}
	return ""
}

// plainExtension tells an extension of another kind of file (".doc") from a dot inside a name ("Scan 3.March 2026").
func plainExtension(ext string) bool {
	if len(ext) < 3 || len(ext) > 5 {
		return false
	}
	letters := 0
	for _, r := range ext[1:] {
		switch {
		case r >= 'a' && r <= 'z':
			letters++
		case r < '0' || r > '9':
			return false
		}
	}
	return letters > 0
}

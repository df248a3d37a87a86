// Package exif reads the one thing that screening takes from a picture's metadata: which way up it is to be shown.
package exif

import (
	"bytes"
	"encoding/binary"
)

// Prefix stands before the TIFF header in a JPEG's APP1 segment, and in some writers' WebP chunks.
const Prefix = "Exif\x00\x00"

const tagOrientation = 0x0112

// Orientation finds the tag in the first directory behind a TIFF header: 1 (upright) to 8 as Exif 2.32 numbers them, 0
// where nothing is said, or nothing that makes sense.
func Orientation(tiff []byte) int {
	tiff = bytes.TrimPrefix(tiff, []byte(Prefix))
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > int64(len(tiff)) {
		return 0
	}
	dir := tiff[at:]
	for i := range int(order.Uint16(dir)) {
		entry := 2 + 12*i
		if entry+12 > len(dir) {
			return 0
		}
		if order.Uint16(dir[entry:]) != tagOrientation {
			continue
		}
		if o := int(order.Uint16(dir[entry+8:])); o >= 1 && o <= 8 {
			return o
		}
		return 0
	}
	return 0
}

// InPNG reads the eXIf chunk (PNG, third edition, 11.3.5.1), wherever it stands.
func InPNG(b []byte) int {
	const signature, around = 8, 12 // length, type and check sum of a chunk
	for b = b[min(signature, len(b)):]; len(b) >= around; {
		n := int64(binary.BigEndian.Uint32(b))
		if n > int64(len(b)-around) {
			return 0
		}
		if string(b[4:8]) == "eXIf" {
			return Orientation(b[8 : 8+n])
		}
		b = b[around+n:]
	}
	return 0
}

// InWebP reads the EXIF chunk (RFC 9649, 2.7.1.5).
func InWebP(b []byte) int {
	const riff, around = 12, 8
	for b = b[min(riff, len(b)):]; len(b) >= around; {
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if n > int64(len(b)-around) {
			return 0
		}
		if string(b[:4]) == "EXIF" {
			return Orientation(b[around : around+n])
		}
		b = b[min(around+n+n&1, int64(len(b))):] // chunks begin at even places
	}
	return 0
}

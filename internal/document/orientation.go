package document

import (
	"bytes"
	"encoding/binary"
)

// orientation returns how a JPEG has to be turned, as its EXIF says: 1 (upright)
// to 8, 1 also where it says nothing or is no JPEG.
func orientation(picture []byte) int {
	if !bytes.HasPrefix(picture, []byte{0xff, 0xd8}) {
		return 1
	}
	// A chain of segments: marker, length of what follows (its own two bytes
	// included). EXIF stands in APP1, before the picture itself begins.
	for rest := picture[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, n := rest[1], 2+int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xda || n > len(rest) {
			break
		}
		if exif, ok := bytes.CutPrefix(rest[4:max(4, n)], []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return exifOrientation(exif)
		}
		rest = rest[n:]
	}
	return 1
}

// exifOrientation finds the tag 0x0112 in the first directory of a TIFF header.
func exifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	dir := tiff[at:]
	for i := range int(order.Uint16(dir)) {
		entry := 2 + 12*i
		if entry+12 > len(dir) {
			break
		}
		if order.Uint16(dir[entry:]) != 0x0112 {
			continue
		}
		if o := int(order.Uint16(dir[entry+8:])); o >= 1 && o <= 8 {
			return o
		}
		break
	}
	return 1
}

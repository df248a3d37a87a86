// Package heif reads what an HEIF file says about its picture without decoding it: how large it is and how it is turned
// (ISO/IEC 23008-12). The decoder needs a hundred bytes of memory a pixel, so its caller wants to know before.
package heif

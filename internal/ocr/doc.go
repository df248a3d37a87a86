// Package ocr has the writing on a picture recognised by a program of its own.
//
// What can recognise Chinese and Latin print is large, is written in C++ and is not part of this program: the engine of the
// module ocr/ (PP-OCRv4 on onnxruntime) or an installed tesseract. Both run as children that get pixels and nothing else: no
// file, no format to be decoded, no environment. Where neither is there, Find says so, and nothing is read.
//
// An engine promises lines of text, how sure it is of each, and where in the picture each stands. It does not know what a
// document is; that is package reading's affair.
package ocr

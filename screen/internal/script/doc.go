// Package script finds what is written on a document: the depth of its ink, its lines of text, and which way up the
// characters stand. It reads no character; whether strokes run as strokes do is enough.
package script

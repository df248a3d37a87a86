// Package ui is the console's one visual language: the frame of a page and the parts
// that pages are made of. The gallery page shows every part in each of its states;
// what a page needs and is not here belongs here first.
//
// Parts take what they show and know nothing of nouns. The request's language,
// theme and clock travel in the context (With); T and the dates read them there. A
// status is printed by Chip alone, from the one table in status.go. No part has a
// style attribute or a script: what has a variable size is SVG geometry.
package ui

// Package samples holds pictures of invented documents, for demonstrations and
// tests. Nobody and nothing in them exists; README.md says how they were made.
package samples

import _ "embed" // the pictures

var (
	// Li is the portrait side of the resident ID card of 李思远, 990000199003071171.
	//
	//go:embed resident-id-li.jpg
	Li []byte
	// Wang is that of 王若溪, 990000198711242467.
	//
	//go:embed resident-id-wang.jpg
	Wang []byte
	// WangBack is its emblem side.
	//
	//go:embed resident-id-wang-back.jpg
	WangBack []byte
	// LiHEIC is Li as a phone of Apple's saves it, smaller.
	//
	//go:embed resident-id-li.heic
	LiHEIC []byte
)

// Package form reads what clients and browsers send in: text that is text, and forms
// with a picture, part by part as they come.
//
// It knows the shape of a form, never whether what it says is right.
package form

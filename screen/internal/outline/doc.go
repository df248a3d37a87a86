// Package outline finds the edges of a document in a picture.
//
// The edge of a document is a change of material: card or paper on one side, desk on the other. Printed frames and lines
// of text are marks on one material. So text and thin lines are wiped out first (a closing: bright grows, then shrinks),
// and a line counts by how much of its length separates two colours, always in the same direction. Where the picture's
// own border cuts the document, the border takes the place of the missing side, and the state says so.
package outline

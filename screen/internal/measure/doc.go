// Package measure puts figures to what a reviewer sees inside the outline of a document: colour, light, sharpness. It
// judges nothing; thresholds belong to the caller.
package measure

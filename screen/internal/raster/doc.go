// Package raster holds a picture at the size at which it is judged.
package raster

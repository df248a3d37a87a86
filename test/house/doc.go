// Package house holds the shape of the code: which room stands on which floor,
// and who may import whom. It has tests only.
package house

package policy

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// Layered lays an operator's files over the shipped ones: a file of the same name
// takes the other's place, and a new one (suffixes-acme.yaml) adds to it.
func Layered(shipped, operator fs.FS) fs.FS { return layered{operator, shipped} }

// layered are file systems, the upper one first.
type layered []fs.FS

func (l layered) Open(name string) (fs.File, error) {
	var last error
	for _, files := range l {
		f, err := files.Open(name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
		last = err
	}
	return nil, last
}

// ReadDir lists the entries of all layers. It is what fs.Glob needs.
func (l layered) ReadDir(name string) ([]fs.DirEntry, error) {
	var out []fs.DirEntry
	var last error
	found := false
	for _, files := range l {
		entries, err := fs.ReadDir(files, name)
		if err != nil {
			last = err
			continue
		}
		found = true
		for _, e := range entries {
			if !slices.ContainsFunc(out, func(o fs.DirEntry) bool { return o.Name() == e.Name() }) {
				out = append(out, e)
			}
		}
	}
	if !found {
		return nil, last
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

// Package policies holds the data that decides what each suffix, document and
// reason means: files that an operator may read, replace and extend. It has no
// rules of its own; package policy reads it.
package policies

import "embed"

// FS is the shipped data. README.md explains the conventions of each file.
//
//go:embed *.yaml *.json
var FS embed.FS

// Schemas are the JSON Schemas of the files, schema/NAME.schema.json.
//
//go:embed schema/*.json
var Schemas embed.FS

// Cases are golden cases: questions and what the shipped files answer,
// cases/NAME.yaml.
//
//go:embed cases/*.yaml
var Cases embed.FS

// Package store opens the one database, SQLite file or PostgreSQL, and runs
// units of work in which rows, audit entries, events, jobs and registry commands
// are written together or not at all.
//
// It promises the same behaviour on both engines: times are UTC in integer
// microseconds, JSON is text, a unit of work sees its own writes, a commit is
// durable unless the caller asked for a relaxed one. On SQLite there is one
// writer connection; reads go through a pool of their own.
//
// It holds no noun: which rows exist is written in migrations, what they mean
// belongs to the package that owns them.
package store

-- +goose Up
-- What an operator should know of a registry account: open until it has passed or
-- somebody has closed it.
CREATE TABLE registry_finding (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    registry  TEXT NOT NULL,
    code      TEXT NOT NULL,
    subject   TEXT NOT NULL DEFAULT '',
    params    TEXT NOT NULL DEFAULT '{}',
    times     INTEGER NOT NULL,
    first_at  INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX registry_finding_open ON registry_finding (registry, code, subject) WHERE closed_at IS NULL;

-- +goose Up
-- A registry asked about all of its names at once, because an operator wants it.
CREATE TABLE reconciliation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  TEXT NOT NULL UNIQUE,
    registry   TEXT NOT NULL,
    author     TEXT NOT NULL,
    names      INTEGER NOT NULL,
    asked      INTEGER NOT NULL,
    last_id    INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER
);
CREATE UNIQUE INDEX reconciliation_open ON reconciliation (registry) WHERE ended_at IS NULL;
CREATE INDEX reconciliation_registry ON reconciliation (registry, id);

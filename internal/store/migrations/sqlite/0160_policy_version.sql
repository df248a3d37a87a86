-- +goose Up
-- The sets of policy files that servers have run with: the files as a ZIP archive, when a server first
-- had them, since when they are in force, and when a server was last seen to have them.
CREATE TABLE policy_version (
    digest         TEXT PRIMARY KEY,
    dated          TEXT NOT NULL,
    files          BLOB NOT NULL,
    first_seen_at  INTEGER NOT NULL,
    in_force_since INTEGER NOT NULL,
    last_seen_at   INTEGER NOT NULL
);
CREATE INDEX policy_version_in_force ON policy_version (in_force_since);

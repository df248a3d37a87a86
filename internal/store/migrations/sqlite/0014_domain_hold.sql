-- +goose Up
-- Why a domain is on clientHold: a set of causes, which is kept when they are lifted.
CREATE TABLE domain_hold (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    domain_id  INTEGER NOT NULL REFERENCES domain (id),
    cause      TEXT NOT NULL,
    author     TEXT NOT NULL,
    evidence   TEXT NOT NULL,
    placed_at  INTEGER NOT NULL,
    lifted_at  INTEGER,
    lifted_by  TEXT NOT NULL DEFAULT '',
    lifted_why TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX domain_hold_open ON domain_hold (domain_id, cause) WHERE lifted_at IS NULL;
CREATE INDEX domain_hold_domain ON domain_hold (domain_id, id);

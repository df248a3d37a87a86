-- +goose Up
-- Domains that another registrar has and that an account wants with us. A name is asked
-- for once at a time.
CREATE TABLE domain_transfer (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id   TEXT NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    name        TEXT NOT NULL,
    registry    TEXT NOT NULL,
    years       INTEGER NOT NULL,
    profile_id  INTEGER NOT NULL,
    version_id  INTEGER NOT NULL,
    domain_id   INTEGER NOT NULL DEFAULT 0,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    params      TEXT NOT NULL DEFAULT '{}',
    act_by      INTEGER,
    asked_at    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    row_version INTEGER NOT NULL
);
CREATE UNIQUE INDEX domain_transfer_open ON domain_transfer (name) WHERE state IN ('requesting', 'pending', 'cancelling');
CREATE INDEX domain_transfer_account ON domain_transfer (account_id, id);
CREATE INDEX domain_transfer_asked ON domain_transfer (asked_at) WHERE state IN ('pending', 'cancelling');

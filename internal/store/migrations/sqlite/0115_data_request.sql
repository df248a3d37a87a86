-- +goose Up
-- What a person asks about the data that are kept of them: a copy, or to have them erased.
CREATE TABLE data_request (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    TEXT NOT NULL UNIQUE,
    account_id   INTEGER NOT NULL REFERENCES account (id),
    profile_id   INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    state        TEXT NOT NULL,
    origin       TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    evidence     TEXT NOT NULL,
    asked_at     INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    act_at       INTEGER,
    first_by     TEXT NOT NULL,
    accepted_by  TEXT NOT NULL,
    refusal      TEXT NOT NULL,
    note         TEXT NOT NULL,
    ended_at     INTEGER,
    blob_key     TEXT NOT NULL,
    bytes        INTEGER NOT NULL,
    sha256       BLOB,
    open_until   INTEGER,
    row_version  INTEGER NOT NULL
);
CREATE INDEX data_request_account ON data_request (account_id, id);
CREATE INDEX data_request_act ON data_request (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX data_request_due ON data_request (due_at, id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX data_request_open ON data_request (account_id, profile_id, kind) WHERE state IN ('open', 'endorsed', 'under_way', 'deferred');
-- What an erasure is carried out in: a profile each, and the account itself.
CREATE TABLE data_request_part (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id INTEGER NOT NULL REFERENCES data_request (id),
    profile_id INTEGER NOT NULL,
    grounds    TEXT NOT NULL,
    erased_at  INTEGER,
    UNIQUE (request_id, profile_id)
);
-- Who the holder of a profile was is not known any more.
ALTER TABLE profile ADD COLUMN erased_at INTEGER;
-- What the people of an account did.
CREATE INDEX audit_account ON audit_entry (account_id, id);

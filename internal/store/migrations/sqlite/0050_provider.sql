-- +goose Up
-- Cases at outside providers, the messages that were taken from them, and how each
-- provider has answered lately.
CREATE TABLE provider_case (
    case_id     INTEGER PRIMARY KEY REFERENCES review_case (id),
    public_id   TEXT NOT NULL UNIQUE,
    authority   TEXT NOT NULL,
    state       TEXT NOT NULL,
    tries       INTEGER NOT NULL,
    failing_at  INTEGER,
    words       TEXT NOT NULL,
    reference   TEXT NOT NULL,
    next_at     INTEGER,
    row_version INTEGER NOT NULL
);
CREATE INDEX provider_case_withdrawing ON provider_case (next_at) WHERE state = 'withdrawing';
CREATE TABLE provider_message (
    authority TEXT NOT NULL,
    message   TEXT NOT NULL,
    case_id   TEXT NOT NULL,
    verdict   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (authority, message)
) WITHOUT ROWID;
CREATE INDEX provider_message_age ON provider_message (at);
CREATE TABLE provider_circuit (
    authority    TEXT PRIMARY KEY,
    state        TEXT NOT NULL,
    failures     INTEGER NOT NULL,
    failing_at   INTEGER,
    words        TEXT NOT NULL,
    paused_until INTEGER,
    row_version  INTEGER NOT NULL
) WITHOUT ROWID;

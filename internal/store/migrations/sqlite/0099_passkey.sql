-- +goose Up
-- Passkeys, by which people sign in without a password, and the questions that browsers are
-- asked for them, each once.
CREATE TABLE passkey (
    public_id     TEXT PRIMARY KEY,
    person_id     INTEGER NOT NULL REFERENCES person (id),
    name          TEXT NOT NULL,
    credential_id BLOB NOT NULL UNIQUE,
    credential    TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    used_at       INTEGER
);
CREATE INDEX passkey_person ON passkey (person_id, created_at);
CREATE TABLE passkey_question (
    hash       BLOB PRIMARY KEY,
    person_id  INTEGER NOT NULL,
    data       TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX passkey_question_expiry ON passkey_question (expires_at);

-- +goose Up
-- Passkeys, by which people sign in without a password, and the questions that browsers are
-- asked for them, each once.
CREATE TABLE passkey (
    public_id     TEXT PRIMARY KEY,
    person_id     BIGINT NOT NULL REFERENCES person (id),
    name          TEXT NOT NULL,
    credential_id BYTEA NOT NULL UNIQUE,
    credential    TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    used_at       BIGINT
);
CREATE INDEX passkey_person ON passkey (person_id, created_at);
CREATE TABLE passkey_question (
    hash       BYTEA PRIMARY KEY,
    person_id  BIGINT NOT NULL,
    data       TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_question_expiry ON passkey_question (expires_at);

-- +goose Up
-- Every mail: what is to go out, what went out, and what became of it. The identifier is
-- in the mail's return path and its Message-ID, so that what comes back is known by it.
CREATE TABLE mail (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id   TEXT NOT NULL UNIQUE,
    key         TEXT NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL,
    person_id   INTEGER NOT NULL,
    address     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    lang        TEXT NOT NULL,
    state       TEXT NOT NULL,
    tries       INTEGER NOT NULL,
    next_at     INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    sent_at     INTEGER,
    returned_at INTEGER,
    returned    TEXT NOT NULL
);
CREATE INDEX mail_due ON mail (next_at, id) WHERE state = 'waiting';
CREATE INDEX mail_sending ON mail (lease_until) WHERE state = 'sending';
CREATE INDEX mail_account ON mail (account_id, id);
CREATE INDEX mail_age ON mail (created_at);
-- The mail that a report is about, when it came back by itself.
ALTER TABLE email_bounce ADD COLUMN mail TEXT NOT NULL DEFAULT '';

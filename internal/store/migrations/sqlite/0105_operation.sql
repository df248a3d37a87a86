-- +goose Up
-- What operators look for: acts of a kind, accounts that may not act, mails by what
-- became of them, authorities that are left alone, and what was asked of them.
CREATE INDEX audit_action ON audit_entry (action, id);
ALTER TABLE account ADD COLUMN suspended_at INTEGER;
ALTER TABLE account ADD COLUMN suspended_by TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN suspension TEXT NOT NULL DEFAULT '';
-- What the mail server said the last time that it refused the mail.
ALTER TABLE mail ADD COLUMN words TEXT NOT NULL DEFAULT '';
CREATE INDEX mail_state ON mail (state, id);
CREATE INDEX mail_address ON mail (address, id);
CREATE TABLE authority_pause (
    authority TEXT PRIMARY KEY,
    at        INTEGER NOT NULL,
    author    TEXT NOT NULL,
    cause     TEXT NOT NULL
);
CREATE TABLE provider_call (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    authority TEXT NOT NULL,
    case_id   TEXT NOT NULL,
    method    TEXT NOT NULL,
    status    INTEGER NOT NULL,
    took      INTEGER NOT NULL,
    words     TEXT NOT NULL,
    at        INTEGER NOT NULL
);
CREATE INDEX provider_call_authority ON provider_call (authority, id);
CREATE INDEX provider_call_age ON provider_call (at);

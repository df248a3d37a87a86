-- +goose Up
-- The answers that registrants owe by a time: one row for each clock that was started,
-- kept as proof of what was asked, when, and who answered how.
CREATE TABLE domain_answer (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id   TEXT NOT NULL UNIQUE,
    domain_id   INTEGER NOT NULL REFERENCES domain (id),
    account_id  INTEGER NOT NULL,
    party       TEXT NOT NULL,
    version_id  INTEGER NOT NULL,
    address     TEXT NOT NULL,
    data        BLOB NOT NULL,
    cause       TEXT NOT NULL,
    state       TEXT NOT NULL,
    began_at    INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    next_at     INTEGER,
    ended_at    INTEGER,
    means       TEXT NOT NULL,
    author      TEXT NOT NULL,
    evidence    TEXT NOT NULL,
    row_version INTEGER NOT NULL
);
CREATE UNIQUE INDEX domain_answer_open ON domain_answer (domain_id) WHERE party = 'registrant' AND state IN ('awaited', 'expired');
CREATE UNIQUE INDEX domain_answer_holder ON domain_answer (account_id, address) WHERE party = 'account_holder' AND state IN ('awaited', 'expired');
CREATE INDEX domain_answer_domain ON domain_answer (domain_id, id);
CREATE INDEX domain_answer_due ON domain_answer (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX domain_answer_address ON domain_answer (account_id, address, id) WHERE state IN ('awaited', 'expired');
CREATE INDEX domain_answer_data ON domain_answer (account_id, data, ended_at) WHERE state = 'answered';
ALTER TABLE domain_order ADD COLUMN answer_by INTEGER;
-- Since when a rule wants an answer from an address that may have been verified
-- before, and when what was verified was last in doubt.
ALTER TABLE email_address ADD COLUMN asked_at INTEGER;
ALTER TABLE email_address ADD COLUMN doubted_at INTEGER;

-- +goose Up
-- News for members wait for the next mail to them: what, and when that mail is due.
ALTER TABLE mail ADD COLUMN content TEXT NOT NULL DEFAULT '{}';
CREATE TABLE mail_news (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    person_id  INTEGER NOT NULL,
    event_id   INTEGER NOT NULL,
    type       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    data       TEXT NOT NULL,
    UNIQUE (account_id, person_id, event_id)
);
CREATE TABLE mail_round (
    account_id INTEGER NOT NULL,
    person_id  INTEGER NOT NULL,
    due_at     INTEGER,
    last_at    INTEGER,
    PRIMARY KEY (account_id, person_id)
);
CREATE INDEX mail_round_due ON mail_round (due_at) WHERE due_at IS NOT NULL;
-- What a member of an account is mailed, and in which language; returned_at is when mail
-- to them came back, or they complained.
CREATE TABLE mail_setting (
    account_id  INTEGER NOT NULL,
    person_id   INTEGER NOT NULL,
    lang        TEXT NOT NULL,
    topics_off  TEXT NOT NULL,
    returned_at INTEGER,
    PRIMARY KEY (account_id, person_id)
);
-- When the registrant of a domain is next shown their registration data.
CREATE TABLE domain_reminder (
    domain_id  INTEGER PRIMARY KEY REFERENCES domain (id),
    account_id INTEGER NOT NULL,
    due_at     INTEGER NOT NULL
);
CREATE INDEX domain_reminder_due ON domain_reminder (due_at, domain_id);
CREATE INDEX domain_reminder_account ON domain_reminder (account_id, due_at);
INSERT INTO domain_reminder (domain_id, account_id, due_at) SELECT id, account_id, created_at + 31536000000000 FROM domain WHERE state = 'registered';

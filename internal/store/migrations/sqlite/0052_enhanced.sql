-- +goose Up
-- Enhanced verification of a domain or a profile, and what was uploaded for it.
CREATE TABLE enhanced_verification (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT NOT NULL UNIQUE,
    account_id    INTEGER NOT NULL REFERENCES account (id),
    domain_id     INTEGER NOT NULL,
    profile_id    INTEGER NOT NULL REFERENCES profile (id),
    version_id    INTEGER NOT NULL REFERENCES profile_version (id),
    title         TEXT NOT NULL,
    document_kind TEXT NOT NULL,
    state         TEXT NOT NULL,
    cause         TEXT NOT NULL,
    note          TEXT NOT NULL,
    due_at        INTEGER NOT NULL,
    opened_by     TEXT NOT NULL,
    opened_at     INTEGER NOT NULL,
    submitted_at  INTEGER,
    ended_at      INTEGER,
    holding       TEXT NOT NULL,
    hold_cause    TEXT NOT NULL,
    row_version   INTEGER NOT NULL
);
CREATE UNIQUE INDEX enhanced_verification_open ON enhanced_verification (domain_id, profile_id) WHERE state IN ('asked', 'in_review', 'expired');
CREATE INDEX enhanced_verification_account ON enhanced_verification (account_id, id);
CREATE INDEX enhanced_verification_due ON enhanced_verification (due_at) WHERE state = 'asked';
CREATE INDEX enhanced_verification_holding ON enhanced_verification (id) WHERE holding IN ('placing', 'lifting');
CREATE TABLE enhanced_document (
    verification_id INTEGER NOT NULL REFERENCES enhanced_verification (id),
    kind            TEXT NOT NULL,
    side            TEXT NOT NULL,
    document_id     INTEGER NOT NULL REFERENCES document (id),
    PRIMARY KEY (verification_id, kind, side)
) WITHOUT ROWID;
CREATE INDEX enhanced_document_document ON enhanced_document (document_id);
CREATE INDEX domain_hold_evidence ON domain_hold (evidence) WHERE lifted_at IS NULL;

-- +goose Up
-- What a few suffixes ask for beside an identity, and what was uploaded for it. The name's
-- own standing is kept with the domain.
CREATE TABLE qualification (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT NOT NULL UNIQUE,
    account_id    INTEGER NOT NULL REFERENCES account (id),
    name          TEXT NOT NULL,
    domain        TEXT NOT NULL,
    holder        TEXT NOT NULL,
    accreditation TEXT NOT NULL,
    version_id    INTEGER NOT NULL REFERENCES profile_version (id),
    document_kind TEXT NOT NULL,
    pattern       TEXT NOT NULL,
    state         TEXT NOT NULL,
    due_at        INTEGER,
    opened_at     INTEGER NOT NULL,
    submitted_at  INTEGER,
    ended_at      INTEGER,
    row_version   INTEGER NOT NULL
);
CREATE UNIQUE INDEX qualification_counts ON qualification (account_id, name) WHERE state <> 'cancelled';
CREATE INDEX qualification_account ON qualification (account_id, id);
CREATE TABLE qualification_document (
    qualification_id INTEGER NOT NULL REFERENCES qualification (id),
    document_id      INTEGER NOT NULL REFERENCES document (id),
    PRIMARY KEY (qualification_id, document_id)
) WITHOUT ROWID;
CREATE INDEX qualification_document_document ON qualification_document (document_id);
ALTER TABLE domain ADD COLUMN qualification_state TEXT NOT NULL DEFAULT 'not_required';
ALTER TABLE domain ADD COLUMN qualification_due_at INTEGER;

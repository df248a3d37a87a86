-- +goose Up
-- The words under which a profile is found. A search is a range of terms.
CREATE TABLE profile_term (
    account_id INTEGER NOT NULL,
    term       TEXT NOT NULL,
    profile_id INTEGER NOT NULL REFERENCES profile (id),
    PRIMARY KEY (account_id, term, profile_id)
) WITHOUT ROWID;
CREATE INDEX profile_term_profile ON profile_term (profile_id, term);
-- A deleted profile is kept for what rests on it, and shown to nobody.
ALTER TABLE profile ADD COLUMN deleted_at INTEGER;

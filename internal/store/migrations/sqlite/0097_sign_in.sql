-- +goose Up
-- Where somebody is signed in, and when they last proved who they are.
ALTER TABLE session ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN program TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN means TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN proved_at INTEGER;
CREATE INDEX session_person ON session (person_id, created_at);
-- Links that were mailed to people who have forgotten their password.
CREATE TABLE password_reset (
    hash       BLOB PRIMARY KEY,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
);
CREATE INDEX password_reset_person ON password_reset (person_id, created_at);
CREATE INDEX password_reset_age ON password_reset (created_at);

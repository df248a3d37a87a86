-- +goose Up
-- When the end of the document behind a verified version is looked at next. Those that are
-- verified already are looked at once, and find their day.
CREATE TABLE profile_document_end (
    version_id BIGINT PRIMARY KEY REFERENCES profile_version (id),
    due_at     BIGINT NOT NULL
);
CREATE INDEX profile_document_end_due ON profile_document_end (due_at, version_id);
INSERT INTO profile_document_end (version_id, due_at) SELECT id, 0 FROM profile_version WHERE state = 'verified' AND CAST(fields AS TEXT) LIKE '%"valid_to"%';

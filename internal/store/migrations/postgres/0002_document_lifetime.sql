-- +goose Up
-- How long a picture is kept, what it is shown as in lists, and who asked a person
-- to look at it.
ALTER TABLE document ADD COLUMN thumb_key TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN contested BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE document ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN rejected_at BIGINT;
ALTER TABLE document ADD COLUMN rejected_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN look_at BIGINT;
ALTER TABLE document ADD COLUMN erased_at BIGINT;
CREATE INDEX document_blob ON document (blob_key);
CREATE INDEX document_copy ON document (copy_key);
CREATE INDEX document_thumb ON document (thumb_key);
CREATE INDEX document_look ON document (look_at, id) WHERE erased_at IS NULL;
CREATE INDEX document_rejected ON document (sha256) WHERE rejected_at IS NOT NULL;
UPDATE document SET look_at = created_at;
ALTER TABLE profile ADD COLUMN requested_sides TEXT NOT NULL DEFAULT '[]';
CREATE INDEX domain_version ON domain (version_id);
CREATE INDEX domain_next_version ON domain (next_version_id) WHERE next_version_id <> 0;

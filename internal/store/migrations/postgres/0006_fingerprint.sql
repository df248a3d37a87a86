-- +goose Up
-- What a picture looks like, to know it again after it was scaled and saved.
ALTER TABLE document ADD COLUMN fingerprint BYTEA;
CREATE INDEX document_refused ON document (account_id, kind, id) WHERE rejected_at IS NOT NULL;

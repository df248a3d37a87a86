-- +goose Up
-- Decided cases are listed and counted by when that was.
CREATE INDEX review_case_decided ON review_case (decided_at, id) WHERE decided_at IS NOT NULL;
-- Where on its picture a document lies: four corners in pixels of the upright picture.
ALTER TABLE document ADD COLUMN corners TEXT NOT NULL DEFAULT '[]';

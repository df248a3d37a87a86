-- +goose Up
-- Decided cases are listed and counted by when that was.
CREATE INDEX review_case_decided ON review_case (decided_at, id) WHERE decided_at IS NOT NULL;
-- Where on its picture a document lies: four corners in pixels of the upright picture.
ALTER TABLE document ADD COLUMN corners TEXT NOT NULL DEFAULT '[]';
-- What an operator asks: which commands failed lately, and what somebody did.
CREATE INDEX registry_command_failed ON registry_command (registry, done_at) WHERE state = 'failed';
CREATE INDEX audit_actor ON audit_entry (actor, id);

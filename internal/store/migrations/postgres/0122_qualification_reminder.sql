-- +goose Up
-- When the registrant was reminded that the time for papers ends.
ALTER TABLE qualification ADD COLUMN reminded_at BIGINT;
CREATE INDEX qualification_due ON qualification (due_at) WHERE reminded_at IS NULL AND state IN ('asked', 'failed');

-- +goose Up
-- When a provider said first that it has a case, and how many requests were made about it.
ALTER TABLE provider_case ADD COLUMN sent_at INTEGER;
ALTER TABLE provider_case ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;

-- +goose Up
-- When the party was last told that what they agreed to has been carried out.
ALTER TABLE holder_consent ADD COLUMN told_at INTEGER;

-- +goose Up
-- Since when a registry may have carried out a change whose answer was lost.
ALTER TABLE domain ADD COLUMN doubted_at BIGINT;

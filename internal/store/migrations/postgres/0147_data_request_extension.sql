-- +goose Up
-- The time to answer a data request, extended: since when, by whom, and the reason that was told.
ALTER TABLE data_request ADD COLUMN extended_at BIGINT;
ALTER TABLE data_request ADD COLUMN extended_by TEXT NOT NULL DEFAULT '';
ALTER TABLE data_request ADD COLUMN extension TEXT NOT NULL DEFAULT '';
ALTER TABLE data_request ADD COLUMN extension_note TEXT NOT NULL DEFAULT '';

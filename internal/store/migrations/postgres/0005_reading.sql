-- +goose Up
-- What was read on a picture, sealed, and since when: nobody looks for it before.
ALTER TABLE document ADD COLUMN reading_sealed BYTEA;
ALTER TABLE document ADD COLUMN read_at BIGINT;

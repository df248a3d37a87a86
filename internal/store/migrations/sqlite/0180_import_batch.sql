-- +goose Up
-- Names that come into an account together: their owner is told of them once.
CREATE TABLE import_batch (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    ended_at   INTEGER
);
CREATE UNIQUE INDEX import_batch_open ON import_batch (account_id) WHERE ended_at IS NULL;
ALTER TABLE domain_import ADD COLUMN batch TEXT NOT NULL DEFAULT '';
CREATE INDEX domain_import_batch ON domain_import (batch, id) WHERE batch <> '';

-- +goose Up
-- Who holds a reservation, and whether the request under it has been carried out:
-- a reservation whose holder is gone can be taken over.
ALTER TABLE idempotency ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE idempotency ADD COLUMN carried_out BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Up
-- Nothing is sent to a registry while its account has a row here.
CREATE TABLE registry_pause (
    registry TEXT PRIMARY KEY,
    at       INTEGER NOT NULL,
    author   TEXT NOT NULL,
    cause    TEXT NOT NULL,
    offline  BOOLEAN NOT NULL
);

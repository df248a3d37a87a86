-- +goose Up
-- Codes of verification service providers: one for each holder, and for each name
-- with its holder. A row "unclaimed:<code>" keeps what a provider said of a code
-- before the answer that names the code was written down.
CREATE TABLE verification_code (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    registry   TEXT NOT NULL,
    type       TEXT NOT NULL,
    ref        TEXT NOT NULL,
    state      TEXT NOT NULL,
    code       TEXT NOT NULL DEFAULT '',
    signed     TEXT NOT NULL DEFAULT '',
    told       TEXT NOT NULL DEFAULT '',
    reason     TEXT NOT NULL DEFAULT '',
    updated_at INTEGER NOT NULL,
    UNIQUE (registry, type, ref)
);
CREATE INDEX verification_code_value ON verification_code (registry, code) WHERE code <> '';

-- +goose Up
-- Mail that came back, as a mail server or its operator reported it.
CREATE TABLE email_bounce (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    hard    BOOLEAN NOT NULL,
    status  TEXT NOT NULL,
    words   TEXT NOT NULL,
    author  TEXT NOT NULL,
    at      INTEGER NOT NULL
);
CREATE INDEX email_bounce_address ON email_bounce (address, id);
CREATE INDEX email_address_folded ON email_address (lower(address), id);

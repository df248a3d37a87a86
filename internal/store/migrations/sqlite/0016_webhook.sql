-- +goose Up
-- Endpoints of an account's own systems, what is on its way to them, and every try.
CREATE TABLE webhook_endpoint (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    TEXT NOT NULL UNIQUE,
    account_id   INTEGER NOT NULL REFERENCES account (id),
    url          TEXT NOT NULL,
    description  TEXT NOT NULL,
    events       TEXT NOT NULL,
    state        TEXT NOT NULL,
    disabled_for TEXT NOT NULL,
    secret       BLOB NOT NULL,
    old_secret   BLOB,
    old_until    INTEGER,
    failures     INTEGER NOT NULL,
    failing_at   INTEGER,
    paused_until INTEGER,
    created_at   INTEGER NOT NULL,
    row_version  INTEGER NOT NULL
);
CREATE INDEX webhook_endpoint_account ON webhook_endpoint (account_id, id);
CREATE TABLE webhook_delivery (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    TEXT NOT NULL UNIQUE,
    endpoint_id  INTEGER NOT NULL REFERENCES webhook_endpoint (id),
    account_id   INTEGER NOT NULL,
    event_id     INTEGER,
    type         TEXT NOT NULL,
    body         TEXT NOT NULL,
    state        TEXT NOT NULL,
    tries        INTEGER NOT NULL,
    claims       INTEGER NOT NULL,
    next_at      INTEGER NOT NULL,
    owner        TEXT NOT NULL,
    lease_until  INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    delivered_at INTEGER,
    UNIQUE (endpoint_id, event_id)
);
CREATE INDEX webhook_delivery_log ON webhook_delivery (endpoint_id, id);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_sending ON webhook_delivery (lease_until) WHERE state = 'sending';
CREATE INDEX webhook_delivery_failed ON webhook_delivery (endpoint_id, created_at) WHERE state = 'failed';
CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at);
CREATE TABLE webhook_attempt (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id INTEGER NOT NULL REFERENCES webhook_delivery (id),
    at          INTEGER NOT NULL,
    status      INTEGER NOT NULL,
    failure     TEXT NOT NULL,
    took_ms     INTEGER NOT NULL,
    answer      TEXT NOT NULL
);
CREATE INDEX webhook_attempt_delivery ON webhook_attempt (delivery_id, id);

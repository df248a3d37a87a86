-- +goose Up
-- Lists of names that are to be imported: the registries are asked about each before any
-- is taken over.
CREATE TABLE import_list (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id      TEXT NOT NULL UNIQUE,
    file_name      TEXT NOT NULL,
    state          TEXT NOT NULL,
    total          INTEGER NOT NULL,
    author         TEXT NOT NULL,
    author_account INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    ended_at       INTEGER,
    row_version    INTEGER NOT NULL
);
CREATE INDEX import_list_open ON import_list (state, id);
CREATE TABLE import_row (
    list_id       INTEGER NOT NULL REFERENCES import_list (id),
    position      INTEGER NOT NULL,
    line          INTEGER NOT NULL,
    "column"      INTEGER NOT NULL,
    name          TEXT NOT NULL,
    account       TEXT NOT NULL,
    account_id    INTEGER NOT NULL,
    accreditation TEXT NOT NULL,
    state         TEXT NOT NULL,
    reason        TEXT NOT NULL DEFAULT '',
    params        TEXT NOT NULL DEFAULT '{}',
    registry      TEXT NOT NULL DEFAULT '',
    registrant    TEXT NOT NULL DEFAULT '',
    statuses      TEXT NOT NULL DEFAULT '[]',
    expires_at    INTEGER,
    due_at        INTEGER,
    import_id     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (list_id, position)
);
CREATE INDEX import_row_state ON import_row (list_id, state, position);
CREATE INDEX import_row_import ON import_row (import_id);

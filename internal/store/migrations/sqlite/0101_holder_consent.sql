-- +goose Up
-- Since when transfers of a domain to another registrar are refused, and until when after
-- a change of its holder. next_lock is how long they will be after the change under way.
ALTER TABLE domain ADD COLUMN transferred_at INTEGER;
ALTER TABLE domain ADD COLUMN holder_changed_at INTEGER;
ALTER TABLE domain ADD COLUMN locked_until INTEGER;
ALTER TABLE domain ADD COLUMN next_lock INTEGER NOT NULL DEFAULT 0;
ALTER TABLE association_task ADD COLUMN transfer_lock TEXT NOT NULL DEFAULT '';

-- Where a contact that others have made is mailed.
ALTER TABLE registry_contact ADD COLUMN email TEXT NOT NULL DEFAULT '';

-- The word of one party to the changes of holder of a task, kept as proof.
CREATE TABLE holder_consent (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id   TEXT NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    task_id     INTEGER NOT NULL REFERENCES association_task (id),
    role        TEXT NOT NULL,
    address     TEXT NOT NULL,
    state       TEXT NOT NULL,
    began_at    INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    next_at     INTEGER,
    mailed_at   INTEGER,
    ended_at    INTEGER,
    means       TEXT NOT NULL DEFAULT '',
    author      TEXT NOT NULL DEFAULT '',
    evidence    TEXT NOT NULL DEFAULT '',
    row_version INTEGER NOT NULL,
    UNIQUE (task_id, role, address)
);
CREATE INDEX holder_consent_next ON holder_consent (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE holder_consent_token (
    hash       BLOB PRIMARY KEY,
    consent_id INTEGER NOT NULL REFERENCES holder_consent (id),
    created_at INTEGER NOT NULL
);
CREATE INDEX holder_consent_token_consent ON holder_consent_token (consent_id);

-- The domains whose change waits for such words: both, where both are asked for.
CREATE TABLE holder_change (
    domain_id INTEGER PRIMARY KEY REFERENCES domain (id),
    task_id   INTEGER NOT NULL REFERENCES association_task (id),
    prior_id  INTEGER NOT NULL DEFAULT 0,
    new_id    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX holder_change_prior ON holder_change (prior_id, domain_id);
CREATE INDEX holder_change_new ON holder_change (new_id, domain_id);

-- Registrants who have authorised the account to confirm for them.
CREATE TABLE designated_agent (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account (id),
    address    TEXT NOT NULL,
    author     TEXT NOT NULL,
    evidence   TEXT NOT NULL,
    began_at   INTEGER NOT NULL,
    ended_at   INTEGER,
    ended_by   TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX designated_agent_open ON designated_agent (account_id, address) WHERE ended_at IS NULL;

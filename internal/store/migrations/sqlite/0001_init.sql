-- +goose Up
CREATE TABLE lease (
    name     TEXT PRIMARY KEY,
    owner    TEXT NOT NULL,
    fence    INTEGER NOT NULL,
    until_at INTEGER NOT NULL
);

CREATE TABLE event (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL,
    type          TEXT NOT NULL,
    subject       TEXT NOT NULL,
    data          TEXT NOT NULL,
    at            INTEGER NOT NULL,
    state         TEXT NOT NULL,
    claimed_by    TEXT NOT NULL DEFAULT '',
    claimed_until INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX event_new ON event (id) WHERE state = 'new';
CREATE INDEX event_claimed ON event (claimed_until) WHERE state = 'claimed';
CREATE INDEX event_subject ON event (account_id, subject, id);

CREATE TABLE audit_entry (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    action     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    detail     TEXT NOT NULL,
    seq        INTEGER,
    prev       BLOB,
    hash       BLOB
);
CREATE INDEX audit_unsealed ON audit_entry (id) WHERE seq IS NULL;
CREATE UNIQUE INDEX audit_seq ON audit_entry (seq);
CREATE INDEX audit_subject ON audit_entry (subject, id);

CREATE TABLE account (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id       TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    identity_state  TEXT NOT NULL,
    identity_source TEXT NOT NULL DEFAULT '',
    identity_at     INTEGER,
    created_at      INTEGER NOT NULL,
    row_version     INTEGER NOT NULL
);
CREATE TABLE person (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT NOT NULL UNIQUE,
    email         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL
);
CREATE TABLE membership (
    person_id  INTEGER NOT NULL REFERENCES person (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL,
    PRIMARY KEY (person_id, account_id, role)
);
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX session_expiry ON session (expires_at);
CREATE TABLE api_key (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id   TEXT NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    name        TEXT NOT NULL,
    roles       TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    revoked_at  INTEGER
);
CREATE UNIQUE INDEX api_key_secret ON api_key (secret_hash);
CREATE TABLE idempotency (
    account_id  INTEGER NOT NULL,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status      INTEGER NOT NULL DEFAULT 0,
    body        BLOB,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

CREATE TABLE email_address (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id   TEXT NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    address     TEXT NOT NULL,
    state       TEXT NOT NULL,
    sent_at     INTEGER,
    verified_at INTEGER,
    created_at  INTEGER NOT NULL,
    row_version INTEGER NOT NULL,
    UNIQUE (account_id, address)
);
CREATE TABLE email_token (
    hash       BLOB PRIMARY KEY,
    address_id INTEGER NOT NULL REFERENCES email_address (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
);
CREATE INDEX email_token_address ON email_token (address_id);

CREATE TABLE document (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id   TEXT NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    kind        TEXT NOT NULL,
    side        TEXT NOT NULL,
    state       TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    format      TEXT NOT NULL,
    width       INTEGER NOT NULL,
    height      INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    sha256      BLOB NOT NULL,
    blob_key    TEXT NOT NULL,
    copy_key    TEXT NOT NULL DEFAULT '',
    copy_bytes  INTEGER NOT NULL DEFAULT 0,
    copy_sha256 BLOB,
    verdict     TEXT NOT NULL,
    findings    TEXT NOT NULL,
    created_at  INTEGER NOT NULL
);
CREATE INDEX document_account ON document (account_id, id);

CREATE TABLE profile (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT NOT NULL UNIQUE,
    account_id    INTEGER NOT NULL REFERENCES account (id),
    accreditation TEXT NOT NULL,
    kind          TEXT NOT NULL,
    holder_type   TEXT NOT NULL,
    is_default    BOOLEAN NOT NULL DEFAULT FALSE,
    version_id    INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    row_version   INTEGER NOT NULL
);
CREATE INDEX profile_account ON profile (account_id, id);
CREATE UNIQUE INDEX profile_default ON profile (account_id, accreditation, holder_type) WHERE is_default;
CREATE TABLE profile_version (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT NOT NULL UNIQUE,
    profile_id    INTEGER NOT NULL REFERENCES profile (id),
    account_id    INTEGER NOT NULL REFERENCES account (id),
    number        INTEGER NOT NULL,
    state         TEXT NOT NULL,
    fields        TEXT NOT NULL,
    holder_fold   TEXT NOT NULL,
    number_sealed BLOB,
    number_hash   BLOB,
    number_mask   TEXT NOT NULL DEFAULT '',
    submitted_at  INTEGER,
    decided_at    INTEGER,
    created_at    INTEGER NOT NULL,
    row_version   INTEGER NOT NULL,
    UNIQUE (profile_id, number)
);
CREATE TABLE profile_document (
    version_id  INTEGER NOT NULL REFERENCES profile_version (id),
    side        TEXT NOT NULL,
    document_id INTEGER NOT NULL REFERENCES document (id),
    PRIMARY KEY (version_id, side)
);

CREATE TABLE review_case (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id        TEXT NOT NULL UNIQUE,
    account_id       INTEGER NOT NULL REFERENCES account (id),
    subject_kind     TEXT NOT NULL,
    subject_id       INTEGER NOT NULL,
    authority        TEXT NOT NULL,
    state            TEXT NOT NULL,
    attempt          INTEGER NOT NULL,
    title            TEXT NOT NULL,
    magic            TEXT NOT NULL DEFAULT '',
    submitted_by     TEXT NOT NULL,
    submitted_at     INTEGER NOT NULL,
    expected_at      INTEGER NOT NULL,
    expected_certain BOOLEAN NOT NULL,
    next_poll_at     INTEGER,
    claimed_by       TEXT NOT NULL DEFAULT '',
    claimed_until    INTEGER,
    decided_by       TEXT NOT NULL DEFAULT '',
    decided_at       INTEGER,
    policy_version   TEXT NOT NULL,
    row_version      INTEGER NOT NULL
);
CREATE UNIQUE INDEX review_case_one_open ON review_case (subject_kind, subject_id) WHERE state IN ('open', 'claimed', 'waiting');
CREATE INDEX review_case_subject ON review_case (subject_kind, subject_id, id);
CREATE INDEX review_case_queue ON review_case (authority, expected_at, id) WHERE state IN ('open', 'claimed');
CREATE INDEX review_case_poll ON review_case (next_poll_at) WHERE state = 'waiting';
CREATE TABLE review_reason (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id     INTEGER NOT NULL REFERENCES review_case (id),
    position    INTEGER NOT NULL,
    code        TEXT NOT NULL,
    severity    TEXT NOT NULL,
    retryable   TEXT NOT NULL,
    points_kind TEXT NOT NULL,
    points_name TEXT NOT NULL,
    params      TEXT NOT NULL,
    note        TEXT NOT NULL,
    staff_note  TEXT NOT NULL,
    raw         TEXT NOT NULL,
    UNIQUE (case_id, position)
);

CREATE TABLE registry_contact (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    registry      TEXT NOT NULL,
    contact_id    TEXT NOT NULL,
    holder_ref    TEXT NOT NULL,
    ours          BOOLEAN NOT NULL,
    state         TEXT NOT NULL,
    evidence      TEXT NOT NULL,
    holder_type   TEXT NOT NULL,
    holder_name   TEXT NOT NULL,
    holder_fold   TEXT NOT NULL,
    number_hash   BLOB,
    updated_at    INTEGER NOT NULL,
    UNIQUE (registry, contact_id)
);
CREATE UNIQUE INDEX registry_contact_holder ON registry_contact (registry, holder_ref) WHERE ours;
CREATE TABLE registry_command (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    registry    TEXT NOT NULL,
    object      TEXT NOT NULL,
    via         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    lane        INTEGER NOT NULL,
    requires    TEXT NOT NULL DEFAULT '',
    subject     TEXT NOT NULL,
    payload     TEXT NOT NULL,
    secret      BLOB,
    state       TEXT NOT NULL,
    attempt     INTEGER NOT NULL DEFAULT 0,
    cltrid      TEXT NOT NULL DEFAULT '',
    owner       TEXT NOT NULL DEFAULT '',
    fence       INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    not_before  INTEGER NOT NULL DEFAULT 0,
    sent_at     INTEGER,
    svtrid      TEXT NOT NULL DEFAULT '',
    result_code INTEGER NOT NULL DEFAULT 0,
    result      TEXT NOT NULL DEFAULT '{}',
    failures    INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    done_at     INTEGER
);
CREATE INDEX registry_command_ready ON registry_command (registry, via, lane, id) WHERE state = 'ready';
CREATE INDEX registry_command_doubt ON registry_command (registry, id) WHERE state = 'doubt';
CREATE UNIQUE INDEX registry_command_flight ON registry_command (registry, object) WHERE state IN ('inflight', 'doubt');
CREATE INDEX registry_command_lease ON registry_command (registry, lease_until) WHERE state = 'inflight';
CREATE INDEX registry_command_waiting ON registry_command (registry, not_before) WHERE state = 'waiting';
CREATE INDEX registry_command_open ON registry_command (registry, object, id) WHERE state IN ('blocked', 'ready', 'inflight', 'doubt', 'waiting');
CREATE INDEX registry_command_blocked ON registry_command (registry, requires) WHERE state = 'blocked';
CREATE TABLE poll_inbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    registry    TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    raw         TEXT NOT NULL,
    state       TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    applied_at  INTEGER,
    UNIQUE (registry, message_id)
);
CREATE INDEX poll_inbox_new ON poll_inbox (registry, id) WHERE state = 'new';

CREATE TABLE domain (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id        TEXT NOT NULL UNIQUE,
    account_id       INTEGER NOT NULL REFERENCES account (id),
    name             TEXT NOT NULL,
    suffix           TEXT NOT NULL,
    accreditation    TEXT NOT NULL,
    registry         TEXT NOT NULL,
    state            TEXT NOT NULL,
    profile_id       INTEGER NOT NULL DEFAULT 0,
    version_id       INTEGER NOT NULL DEFAULT 0,
    next_version_id  INTEGER NOT NULL DEFAULT 0,
    registrant       TEXT NOT NULL DEFAULT '',
    holder_fold      TEXT NOT NULL DEFAULT '',
    number_hash      BLOB,
    naming_state     TEXT NOT NULL,
    naming_reason    TEXT NOT NULL DEFAULT '',
    holder_state     TEXT NOT NULL,
    holder_reason    TEXT NOT NULL DEFAULT '',
    sync_state       TEXT NOT NULL,
    statuses         TEXT NOT NULL DEFAULT '[]',
    due_at           INTEGER,
    registered_at    INTEGER,
    expires_at       INTEGER,
    info_at          INTEGER,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    row_version      INTEGER NOT NULL
);
CREATE UNIQUE INDEX domain_name ON domain (name) WHERE state NOT IN ('deleted', 'failed');
CREATE INDEX domain_account ON domain (account_id, name, id);
CREATE TABLE domain_order (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id   TEXT NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    name        TEXT NOT NULL,
    years       INTEGER NOT NULL,
    profile_id  INTEGER NOT NULL,
    version_id  INTEGER NOT NULL,
    domain_id   INTEGER NOT NULL DEFAULT 0,
    state       TEXT NOT NULL,
    failure     TEXT NOT NULL DEFAULT '',
    verdict_at  INTEGER,
    hold_at     INTEGER,
    safe_by     INTEGER,
    created_at  INTEGER NOT NULL,
    paid_at     INTEGER,
    row_version INTEGER NOT NULL
);
CREATE INDEX domain_order_account ON domain_order (account_id, id);
CREATE INDEX domain_order_domain ON domain_order (domain_id);
CREATE TABLE association_task (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id   TEXT NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    operation   TEXT NOT NULL,
    profile_id  INTEGER NOT NULL,
    version_id  INTEGER NOT NULL,
    state       TEXT NOT NULL,
    names       TEXT NOT NULL,
    total       INTEGER NOT NULL,
    expanded    INTEGER NOT NULL DEFAULT 0,
    succeeded   INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    row_version INTEGER NOT NULL
);
CREATE INDEX association_task_account ON association_task (account_id, id);
CREATE INDEX association_task_running ON association_task (id) WHERE state = 'running';
CREATE TABLE association_item (
    task_id   INTEGER NOT NULL REFERENCES association_task (id),
    position  INTEGER NOT NULL,
    name      TEXT NOT NULL,
    domain_id INTEGER NOT NULL DEFAULT 0,
    state     TEXT NOT NULL,
    reason    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (task_id, position)
);
CREATE INDEX association_item_open ON association_item (domain_id) WHERE state IN ('queued', 'at_registry');

CREATE TABLE message (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account (id),
    event_id   INTEGER NOT NULL UNIQUE,
    type       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    data       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    read_at    INTEGER
);
CREATE INDEX message_account ON message (account_id, id);

-- +goose Up
-- The kind of document that a contact was made with, as the registry calls it.
ALTER TABLE registry_contact ADD COLUMN document_code TEXT NOT NULL DEFAULT '';

-- What the registry said of a verdict, in its own words.
ALTER TABLE domain ADD COLUMN naming_words TEXT NOT NULL DEFAULT '';
ALTER TABLE domain ADD COLUMN holder_words TEXT NOT NULL DEFAULT '';

-- The values that the text of an item's reason takes.
ALTER TABLE association_item ADD COLUMN params TEXT NOT NULL DEFAULT '{}';

-- What became of each import. A name that could not be taken over is no domain of
-- the account's: the rows of earlier ones go.
CREATE TABLE domain_import (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account (id),
    name       TEXT NOT NULL,
    state      TEXT NOT NULL,
    reason     TEXT NOT NULL DEFAULT '',
    params     TEXT NOT NULL DEFAULT '{}',
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
);
CREATE INDEX domain_import_name ON domain_import (name, id);
INSERT INTO domain_import (public_id, account_id, name, state, created_at)
    SELECT 'imp_' || public_id, account_id, name, 'importing', created_at FROM domain WHERE state = 'importing';
DELETE FROM domain WHERE state = 'failed' AND NOT EXISTS (SELECT 1 FROM domain_order WHERE domain_id = domain.id);

-- An unpaid order expires, seven days after it was placed where it was placed before
-- this. An account has one open order for a name: of several, the newest stays.
ALTER TABLE domain_order ADD COLUMN pay_by INTEGER;
UPDATE domain_order SET pay_by = created_at + 604800000000;
UPDATE domain_order SET state = 'cancelled', row_version = row_version + 1
    WHERE state = 'awaiting_payment' AND EXISTS (SELECT 1 FROM domain_order AS o WHERE o.account_id = domain_order.account_id AND o.name = domain_order.name
        AND (o.state IN ('naming_review', 'registering') OR o.state = 'awaiting_payment' AND o.id > domain_order.id));
CREATE UNIQUE INDEX domain_order_open ON domain_order (account_id, name) WHERE state IN ('awaiting_payment', 'naming_review', 'registering');
CREATE INDEX domain_order_unpaid ON domain_order (pay_by) WHERE state = 'awaiting_payment';

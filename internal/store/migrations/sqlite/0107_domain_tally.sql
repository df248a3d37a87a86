-- +goose Up
-- How many names of an account, and of a version of a profile, stand so: what lists, the
-- rail and profiles count is read from these few rows, however many names there are.
-- domain_tally_change has what is not added up yet, on PostgreSQL alone: SQLite has one
-- writer, who changes the row itself.
CREATE TABLE domain_tally (
    account_id   INTEGER NOT NULL,
    version_id   INTEGER NOT NULL,
    state        TEXT NOT NULL,
    naming_state TEXT NOT NULL,
    holder_state TEXT NOT NULL,
    held         INTEGER NOT NULL,
    names        INTEGER NOT NULL,
    PRIMARY KEY (account_id, version_id, state, naming_state, holder_state, held)
) WITHOUT ROWID;
CREATE TABLE domain_tally_change (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   INTEGER NOT NULL,
    version_id   INTEGER NOT NULL,
    state        TEXT NOT NULL,
    naming_state TEXT NOT NULL,
    holder_state TEXT NOT NULL,
    held         INTEGER NOT NULL,
    names        INTEGER NOT NULL
);
CREATE INDEX domain_tally_none ON domain_tally (account_id) WHERE names = 0;
CREATE INDEX domain_tally_change_account ON domain_tally_change (account_id);
INSERT INTO domain_tally
SELECT account_id, version_id, state, naming_state, holder_state, statuses LIKE '%"serverHold"%' OR statuses LIKE '%"clientHold"%', count(*)
FROM domain GROUP BY 1, 2, 3, 4, 5, 6;
-- +goose StatementBegin
CREATE TRIGGER domain_tally_insert AFTER INSERT ON domain BEGIN
    INSERT INTO domain_tally
    VALUES (NEW.account_id, NEW.version_id, NEW.state, NEW.naming_state, NEW.holder_state, NEW.statuses LIKE '%"serverHold"%' OR NEW.statuses LIKE '%"clientHold"%', 1)
    ON CONFLICT DO UPDATE SET names = names + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER domain_tally_delete AFTER DELETE ON domain BEGIN
    UPDATE domain_tally SET names = names - 1
    WHERE account_id = OLD.account_id AND version_id = OLD.version_id AND state = OLD.state AND naming_state = OLD.naming_state
        AND holder_state = OLD.holder_state AND held = (OLD.statuses LIKE '%"serverHold"%' OR OLD.statuses LIKE '%"clientHold"%');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER domain_tally_update AFTER UPDATE ON domain
WHEN (OLD.account_id, OLD.version_id, OLD.state, OLD.naming_state, OLD.holder_state, OLD.statuses)
    IS NOT (NEW.account_id, NEW.version_id, NEW.state, NEW.naming_state, NEW.holder_state, NEW.statuses) BEGIN
    UPDATE domain_tally SET names = names - 1
    WHERE account_id = OLD.account_id AND version_id = OLD.version_id AND state = OLD.state AND naming_state = OLD.naming_state
        AND holder_state = OLD.holder_state AND held = (OLD.statuses LIKE '%"serverHold"%' OR OLD.statuses LIKE '%"clientHold"%');
    INSERT INTO domain_tally
    VALUES (NEW.account_id, NEW.version_id, NEW.state, NEW.naming_state, NEW.holder_state, NEW.statuses LIKE '%"serverHold"%' OR NEW.statuses LIKE '%"clientHold"%', 1)
    ON CONFLICT DO UPDATE SET names = names + 1;
END;
-- +goose StatementEnd
-- Lists: by what both verdicts say together, those that lack one by the day of their
-- hold, those on hold, those that expire first.
CREATE INDEX domain_verification ON domain (account_id, (CASE
    WHEN naming_state = 'failed' OR holder_state = 'failed' THEN 'failed'
    WHEN naming_state = 'not_completed' OR holder_state = 'not_completed' THEN 'not_completed'
    WHEN naming_state = 'in_review' OR holder_state = 'in_review' THEN 'in_review'
    WHEN naming_state = 'not_possible' OR holder_state = 'not_possible' THEN 'not_possible'
    WHEN naming_state = 'not_required' AND holder_state = 'not_required' THEN 'not_required'
    ELSE 'verified' END), name, id);
CREATE INDEX domain_lacking ON domain (account_id, coalesce(due_at, 9223372036854775807), name, id)
    WHERE (naming_state IN ('failed', 'not_completed', 'in_review') OR holder_state IN ('failed', 'not_completed', 'in_review'));
CREATE INDEX domain_held ON domain (account_id, name, id) WHERE (statuses LIKE '%"serverHold"%' OR statuses LIKE '%"clientHold"%');
CREATE INDEX domain_expires ON domain (account_id, coalesce(expires_at, 9223372036854775807), name, id);
CREATE INDEX domain_waiting ON domain (version_id, due_at) WHERE holder_state IN ('not_completed', 'in_review', 'failed');
CREATE INDEX message_unread ON message (account_id) WHERE read_at IS NULL;

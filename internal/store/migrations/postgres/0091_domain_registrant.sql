-- +goose Up
-- What is said of a contact is said of all domains that have it as their registrant. The
-- domains of a holder are gone through in the order of their rows.
CREATE INDEX domain_registrant ON domain (registrant, name);
DROP INDEX domain_version;
CREATE INDEX domain_version ON domain (version_id, id);
DROP INDEX domain_next_version;
CREATE INDEX domain_next_version ON domain (next_version_id, id) WHERE next_version_id <> 0;

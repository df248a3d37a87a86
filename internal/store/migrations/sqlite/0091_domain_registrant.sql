-- +goose Up
-- What is said of a contact is said of all domains that have it as their registrant.
CREATE INDEX domain_registrant ON domain (registrant, name);

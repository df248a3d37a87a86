-- +goose Up
-- A domain that another registrar has taken over may come back.
DROP INDEX domain_name;
CREATE UNIQUE INDEX domain_name ON domain (name) WHERE state NOT IN ('deleted', 'failed', 'transferred');

-- What the registry says about a domain's verification, in the words of verificationCode-1.0.
ALTER TABLE domain ADD COLUMN compliance TEXT NOT NULL DEFAULT '';

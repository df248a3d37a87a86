-- +goose Up
-- The few names of an account whose papers are missing.
CREATE INDEX domain_papers ON domain (account_id, name) WHERE qualification_state IN ('not_completed', 'failed');

-- +goose Up
-- When the registry was last asked about a domain of which nothing was heard.
ALTER TABLE domain ADD COLUMN asked_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX domain_asked ON domain (asked_at, id) WHERE state = 'registered';

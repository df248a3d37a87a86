-- +goose Up
-- What is known of a domain's statuses: grace periods, why it has a status where
-- somebody said so, and the name servers that the registry has.
ALTER TABLE domain ADD COLUMN grace TEXT NOT NULL DEFAULT '[]';
ALTER TABLE domain ADD COLUMN status_words TEXT NOT NULL DEFAULT '{}';
ALTER TABLE domain ADD COLUMN name_servers TEXT NOT NULL DEFAULT '[]';

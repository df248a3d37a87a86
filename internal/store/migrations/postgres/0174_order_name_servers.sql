-- +goose Up
-- The name servers that a name is ordered with, those of them that the registry had no host
-- object of then, and the one that it did not accept.
ALTER TABLE domain_order ADD COLUMN name_servers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE domain_order ADD COLUMN new_hosts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE domain_order ADD COLUMN refused_server TEXT NOT NULL DEFAULT '';

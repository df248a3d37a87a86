-- +goose Up
-- Which version of its holder a contact says now: details may change, the holder does not.
ALTER TABLE registry_contact ADD COLUMN details_ref TEXT NOT NULL DEFAULT '';
UPDATE registry_contact SET details_ref = holder_ref WHERE ours;
CREATE INDEX registry_contact_details ON registry_contact (registry, details_ref) WHERE ours;

-- +goose Up
-- A timeline tells what registries were told to do, and how they answered; what only asks
-- is not in it. A profile's begins with the contacts that were made of it.
CREATE INDEX registry_command_told ON registry_command (subject, done_at) WHERE done_at IS NOT NULL AND kind NOT IN ('domain_info', 'contact_info', 'domain_transfer_query');
CREATE INDEX registry_contact_ref ON registry_contact (holder_ref) WHERE ours;

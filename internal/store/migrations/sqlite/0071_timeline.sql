-- +goose Up
-- A timeline finds what was about one domain or profile.
CREATE INDEX association_item_domain ON association_item (domain_id, task_id);
CREATE INDEX association_task_profile ON association_task (profile_id, id);
CREATE INDEX domain_transfer_name ON domain_transfer (account_id, name);

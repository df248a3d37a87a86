-- +goose Up
-- cancelled counts the names that a task was cancelled for, walked is how far that has
-- come. origin names what a task was made for that nobody asked for.
ALTER TABLE association_task ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE association_task ADD COLUMN walked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE association_task ADD COLUMN origin TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX association_task_origin ON association_task (origin) WHERE origin <> '';
CREATE INDEX association_task_waiting ON association_task (profile_id) WHERE state = 'waiting';
CREATE INDEX association_task_open ON association_task (id) WHERE state IN ('running', 'cancelling');
DROP INDEX association_task_running;
CREATE INDEX domain_profile_failed ON domain (profile_id) WHERE holder_state = 'failed' AND state = 'registered';

-- +goose Up
-- When the registrant is to be reminded that the time for papers ends, as policy says when
-- they are asked for. Those that are asked for already were promised three days.
ALTER TABLE qualification ADD COLUMN remind_at BIGINT;
UPDATE qualification SET remind_at = due_at - 259200000000 WHERE due_at IS NOT NULL AND reminded_at IS NULL;
DROP INDEX qualification_due;
CREATE INDEX qualification_remind ON qualification (remind_at) WHERE reminded_at IS NULL AND state IN ('asked', 'failed');

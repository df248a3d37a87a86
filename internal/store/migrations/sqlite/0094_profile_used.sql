-- +goose Up
-- A version that nobody has submitted may be used where policy wants no verification of
-- its kind: since used_at it is frozen like one that was submitted.
ALTER TABLE profile_version ADD COLUMN used_at INTEGER;

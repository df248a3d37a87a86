-- +goose Up
-- What the verification of an account rests on.
ALTER TABLE account ADD COLUMN identity_evidence TEXT NOT NULL DEFAULT '';
-- The latest request of an account.
CREATE INDEX review_case_account_identity ON review_case (account_id, id) WHERE subject_kind = 'account_identity';

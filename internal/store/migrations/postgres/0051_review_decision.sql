-- +goose Up
-- By which rule of the policy a case came out as it did, and what an outside authority
-- had said of a case that a person then decides.
ALTER TABLE review_case ADD COLUMN rule TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN referred_by TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN referral TEXT NOT NULL DEFAULT '{}';

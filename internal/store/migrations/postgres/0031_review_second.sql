-- +goose Up
-- Why a case wants special care, for reviewers only; who was the first of two to
-- approve it; what became of its verdict; since when it is known to be late.
ALTER TABLE review_case ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE review_case ADD COLUMN first_by TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN escalation TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN reversed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN reversed_at BIGINT;
ALTER TABLE review_case ADD COLUMN reversal TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN late_at BIGINT;
CREATE INDEX review_case_late ON review_case (expected_at) WHERE late_at IS NULL AND state IN ('open', 'claimed', 'waiting');
CREATE INDEX document_sha256 ON document (sha256);
CREATE INDEX document_fingerprint ON document (fingerprint) WHERE fingerprint IS NOT NULL;
CREATE INDEX profile_version_number ON profile_version (number_hash) WHERE number_hash IS NOT NULL;

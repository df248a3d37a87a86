-- +goose Up
-- What the desk knows of a case beside its state.
ALTER TABLE review_case ADD COLUMN suffix TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN priority BIGINT NOT NULL DEFAULT 0;
ALTER TABLE review_case ADD COLUMN claim BIGINT NOT NULL DEFAULT 0;
ALTER TABLE review_case ADD COLUMN assigned_to TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN escalated_at BIGINT;
ALTER TABLE review_case ADD COLUMN staff_note TEXT NOT NULL DEFAULT '';
CREATE INDEX review_case_urgent ON review_case (authority, priority DESC, expected_at, id) WHERE state IN ('open', 'claimed');
CREATE INDEX review_case_hands ON review_case (claimed_by) WHERE state = 'claimed';
-- Which documents a reviewer looked at in which claim of a case.
CREATE TABLE review_opening (
    case_id  BIGINT NOT NULL REFERENCES review_case (id),
    claim    BIGINT NOT NULL,
    document TEXT NOT NULL,
    person   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (case_id, claim, document)
);
-- Reviewers who are away.
CREATE TABLE review_absence (
    person TEXT PRIMARY KEY,
    since  BIGINT NOT NULL
);

-- +goose Up
-- Who somebody is at the provider that they sign in at, and which customer's account is theirs.
CREATE TABLE person_identity (
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX person_identity_person ON person_identity (person_id);
CREATE TABLE account_customer (
    issuer     TEXT NOT NULL,
    customer   TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES account (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, customer)
);

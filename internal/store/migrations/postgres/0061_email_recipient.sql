-- +goose Up
-- Who reads an address, however it is spelt: mail to one person is bounded over all
-- accounts.
ALTER TABLE email_address ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
UPDATE email_address SET recipient = lower(address);
CREATE INDEX email_address_recipient ON email_address (recipient, id);

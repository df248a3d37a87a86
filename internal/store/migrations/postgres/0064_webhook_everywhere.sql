-- +goose Up
-- Endpoints of the registrar's own systems, which hear of what happens to every account.
ALTER TABLE webhook_endpoint ADD COLUMN everywhere BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX webhook_endpoint_everywhere ON webhook_endpoint (id) WHERE everywhere;

-- +goose Up
-- What the forecast of an order rests on: business days, and of how many verdicts they
-- were measured; 0 where they are policy's figure.
ALTER TABLE domain_order ADD COLUMN verdict_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE domain_order ADD COLUMN verdict_cases INTEGER NOT NULL DEFAULT 0;

-- +goose Up
-- A verdict that passed ends what reviews before it had asked for.
UPDATE profile SET requested_sides = '[]' WHERE requested_sides <> '[]'
    AND EXISTS (SELECT 1 FROM profile_version v WHERE v.id = profile.version_id AND v.state = 'verified');

-- +goose Up
-- The names that a task has still to take, some hundreds to a row: a list of half a million
-- is never read as a whole.
CREATE TABLE association_names (
    task_id  BIGINT NOT NULL REFERENCES association_task (id),
    position BIGINT NOT NULL,
    names    TEXT NOT NULL,
    PRIMARY KEY (task_id, position)
);
INSERT INTO association_names (task_id, position, names)
SELECT t.id, (n.place - 1) / 1000 * 1000, json_agg(n.value ORDER BY n.place)
FROM association_task t, json_array_elements_text(t.names::json) WITH ORDINALITY AS n (value, place)
WHERE t.expanded < t.total AND t.state <> 'cancelled' AND (n.place - 1) / 1000 * 1000 + 999 >= t.expanded
GROUP BY t.id, (n.place - 1) / 1000;
ALTER TABLE association_task DROP COLUMN names;

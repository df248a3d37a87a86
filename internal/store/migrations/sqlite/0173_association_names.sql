-- +goose Up
-- The names that a task has still to take, some hundreds to a row: a list of half a million
-- is never read as a whole.
CREATE TABLE association_names (
    task_id  INTEGER NOT NULL REFERENCES association_task (id),
    position INTEGER NOT NULL,
    names    TEXT NOT NULL,
    PRIMARY KEY (task_id, position)
);
INSERT INTO association_names (task_id, position, names)
SELECT t.id, n.key / 1000 * 1000, json_group_array(n.value ORDER BY n.key)
FROM association_task t, json_each(t.names) n
WHERE t.expanded < t.total AND t.state <> 'cancelled' AND n.key / 1000 * 1000 + 999 >= t.expanded
GROUP BY t.id, n.key / 1000;
ALTER TABLE association_task DROP COLUMN names;

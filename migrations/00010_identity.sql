-- Which events are others by now, or none; which part of an event an item read; and
-- which files say that a channel epoch exists.

-- +goose Up
ALTER TABLE event
    ADD COLUMN merged_into text REFERENCES event,
    ADD COLUMN decided_by  text NOT NULL DEFAULT 'catalogue' CHECK (decided_by IN ('catalogue', 'user')),
    ADD CONSTRAINT event_merged CHECK (merged_into IS NULL OR status = 'merged' AND merged_into <> id);
COMMENT ON COLUMN event.status IS 'active; merged into another or deleted: never due, and the next run removes its items';
COMMENT ON COLUMN event.merged_into IS 'the event that it is part of; NULL unless merged';
COMMENT ON COLUMN event.decided_by IS 'whose word the status is: that of the files loaded last, or that of a user, which no load changes';
-- Few of many events, looked for by every run.
CREATE INDEX event_retired ON event (id) WHERE status <> 'active';
CREATE INDEX event_merged_into ON event (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE event_alias ADD COLUMN merged_from text REFERENCES event ON DELETE CASCADE;
COMMENT ON COLUMN event_alias.merged_from IS 'the event that had the id before it was merged into event_id; NULL: event_id itself has it';
CREATE INDEX event_alias_merged_from ON event_alias (merged_from) WHERE merged_from IS NOT NULL;

-- For whether an event that is loaded has the origin of another. With the time, because there
-- are catalogues in which all origins have one id.
CREATE INDEX origin_id ON origin (id, time);

ALTER TABLE work_item ADD COLUMN origin_hash bytea;
COMMENT ON COLUMN work_item.origin_hash IS 'fingerprint of origin and magnitude alone, by which a changed event_hash is told to come from picks; NULL: not known';

CREATE TABLE channel_file (
    path       text   NOT NULL,
    channel_id bigint NOT NULL REFERENCES channel ON DELETE CASCADE,
    PRIMARY KEY (path, channel_id)
);
COMMENT ON TABLE channel_file IS 'which files gave a channel epoch when they were loaded last; an epoch without rows is older than this table, or its files are gone';
-- For the other files of an epoch, and where it goes.
CREATE INDEX channel_file_channel ON channel_file (channel_id);

-- +goose Down
DROP TABLE channel_file;
ALTER TABLE work_item DROP COLUMN origin_hash;
DROP INDEX origin_id;
UPDATE event_alias SET event_id = merged_from WHERE merged_from IS NOT NULL;
ALTER TABLE event_alias DROP COLUMN merged_from;
ALTER TABLE event DROP CONSTRAINT event_merged;
DROP INDEX event_retired, event_merged_into;
ALTER TABLE event DROP COLUMN decided_by, DROP COLUMN merged_into;
COMMENT ON COLUMN event.status IS NULL;

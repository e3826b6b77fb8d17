-- When failures began, and what a run came to in more detail.

-- +goose Up
ALTER TABLE work_item ADD COLUMN failed_since timestamptz;
COMMENT ON COLUMN work_item.failed_since IS 'start of the first of the runs, without another outcome between, in which the item failed, with whatever code, UTC; NULL unless it has failed';
-- What is known of failures from before: the run that met them last.
UPDATE work_item w SET failed_since = r.started_at FROM run r WHERE r.id = w.run_id AND w.status = 'failed';

ALTER TABLE file ADD COLUMN error_since timestamptz;
COMMENT ON COLUMN file.error_since IS 'the first of the loads, without a good one between, that found the file faulty, UTC; NULL without an error';
UPDATE file SET error_since = loaded_at WHERE error IS NOT NULL;
COMMENT ON COLUMN file.loaded_at IS 'when the file was last read, or tried to, UTC';

ALTER TABLE run
    ADD COLUMN codes    jsonb,
    ADD COLUMN reasons  jsonb,
    ADD COLUMN events   bigint,
    ADD COLUMN stations bigint;
COMMENT ON COLUMN run.codes IS 'failed and skipped items by code; NULL of runs from before these were kept, and of those without due items';
COMMENT ON COLUMN run.reasons IS 'due items by the reason for which they were; NULL as codes';
COMMENT ON COLUMN run.events IS 'distinct events among the items that were computed; NULL of a run that did not close its row, and of those from before';
COMMENT ON COLUMN run.stations IS 'distinct stations among them; NULL as events';

-- +goose Down
ALTER TABLE run DROP COLUMN codes, DROP COLUMN reasons, DROP COLUMN events, DROP COLUMN stations;
COMMENT ON COLUMN file.loaded_at IS NULL;
ALTER TABLE file DROP COLUMN error_since;
ALTER TABLE work_item DROP COLUMN failed_since;

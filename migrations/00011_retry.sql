-- Work that goes on after the database was away, and failures that are tried again more and
-- more seldom.

-- +goose Up
ALTER TABLE run ADD COLUMN batches bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN run.batches IS 'batches that were written: one whose commit was not answered is not counted twice';

ALTER TABLE work_item ADD COLUMN tries integer NOT NULL DEFAULT 1;
ALTER TABLE work_item ADD COLUMN next_try timestamptz;
COMMENT ON COLUMN work_item.attempts IS 'how often the item was computed';
COMMENT ON COLUMN work_item.tries IS 'how often in a row the item has ended with its status, without a change of what it reads';
COMMENT ON COLUMN work_item.next_try IS 'from when on a failure that may pass by itself is tried again, UTC; NULL: at the next run';
-- No index: both are looked at in rows that the primary key finds by label and event.

-- +goose Down
COMMENT ON COLUMN work_item.attempts IS NULL;
ALTER TABLE work_item DROP COLUMN next_try;
ALTER TABLE work_item DROP COLUMN tries;
ALTER TABLE run DROP COLUMN batches;

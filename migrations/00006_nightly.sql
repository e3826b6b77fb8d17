-- What the nightly job wants to know.

-- +goose Up

-- An old event is a nightly job's matter if it came, or changed, after the label began: then
-- its items are late. Labels that are there began, by this rule, now: what they left out stays so.
ALTER TABLE label ADD COLUMN since_revision bigint NOT NULL DEFAULT 0;
UPDATE label SET since_revision = (SELECT value FROM revision);
COMMENT ON COLUMN label.since_revision IS 'revision at which the label began: older events that have come or changed since are due whatever their age';

-- What a label has once selected stays due, however many nights did not come to its end.
ALTER TABLE label ADD COLUMN recent_from timestamptz;
COMMENT ON COLUMN label.recent_from IS 'the earliest origin time that a nightly job of the label was about, UTC; NULL: there was none';

-- For removing old runs, which must be those of no row; as work_item_run of the next migration.
CREATE INDEX measurement_run ON measurement (run_id);

-- +goose Down
DROP INDEX measurement_run;
ALTER TABLE label DROP COLUMN recent_from, DROP COLUMN since_revision;

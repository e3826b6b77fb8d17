-- What analysts settle about the data of an event.

-- +goose Up
CREATE TABLE review (
    event_id     text NOT NULL,
    network      text NOT NULL,
    station      text NOT NULL,
    location     text NOT NULL,
    channel      text NOT NULL,
    verdict      text CHECK (verdict IN ('accept', 'reject')),
    noise_from   timestamptz CHECK (isfinite(noise_from)),
    noise_until  timestamptz CHECK (isfinite(noise_until)),
    signal_from  timestamptz CHECK (isfinite(signal_from)),
    signal_until timestamptz CHECK (isfinite(signal_until)),
    highpass     double precision CHECK (highpass > 0 AND highpass < 'Infinity'),
    lowpass      double precision CHECK (lowpass > 0 AND lowpass < 'Infinity'),
    comment      text NOT NULL DEFAULT '',
    author       text NOT NULL DEFAULT '',
    reviewed_at  timestamptz NOT NULL CHECK (isfinite(reviewed_at)),
    revision     bigint NOT NULL,
    -- It begins with the event because reviews are read by events, a page of them at a time.
    PRIMARY KEY (event_id, network, station, location, channel),
    CHECK ((noise_from IS NULL) = (noise_until IS NULL) AND noise_from < noise_until),
    CHECK ((signal_from IS NULL) = (signal_until IS NULL) AND signal_from < signal_until),
    CHECK (highpass < lowpass)
);
COMMENT ON TABLE review IS 'one row per event and channel, or instrument: what goes before the recipe, with every label. Change it with seisbatch review, which notes what has changed; nothing else writes it';
COMMENT ON COLUMN review.event_id IS 'a public id of the event, as in event_alias.alias';
COMMENT ON COLUMN review.channel IS 'a channel code, or band and instrument code for all components; where both are there, the channel''s goes before';
COMMENT ON COLUMN review.verdict IS 'accept: somebody has looked; reject: not to be measured; NULL: nothing is said';
COMMENT ON COLUMN review.noise_from IS 'start of the noise window, UTC; NULL: as the recipe has it';
COMMENT ON COLUMN review.noise_until IS 'end of the noise window, UTC';
COMMENT ON COLUMN review.signal_from IS 'start of the signal window, UTC; NULL: as the recipe has it';
COMMENT ON COLUMN review.signal_until IS 'end of the signal window, UTC';
COMMENT ON COLUMN review.highpass IS 'Hz; NULL: as the recipe has it';
COMMENT ON COLUMN review.lowpass IS 'Hz; NULL: as the recipe has it';
COMMENT ON COLUMN review.reviewed_at IS 'UTC';
COMMENT ON COLUMN review.revision IS 'in which the row was last written';

ALTER TABLE work_item ADD COLUMN review_hash bytea;
COMMENT ON COLUMN work_item.review_hash IS 'fingerprint part: the reviews of the components; NULL if there are none';

-- Marking finds the items of a review by the primary key of work_item.
ALTER TABLE change DROP CONSTRAINT change_kind_check;
ALTER TABLE change ADD CONSTRAINT change_kind_check CHECK (kind IN ('waveform', 'channel', 'event', 'review'));
ALTER TABLE work_item DROP CONSTRAINT work_item_suspect_check;
ALTER TABLE work_item ADD CONSTRAINT work_item_suspect_check CHECK (suspect IN ('data', 'metadata', 'event', 'review'));

-- +goose Down
-- What was computed with a review is due: without its data's fingerprint, an item is computed.
UPDATE work_item SET suspect = 'data', data_hash = CASE WHEN review_hash IS NULL THEN data_hash ELSE '' END
WHERE review_hash IS NOT NULL OR suspect = 'review';
DELETE FROM change WHERE kind = 'review';
ALTER TABLE change DROP CONSTRAINT change_kind_check;
ALTER TABLE change ADD CONSTRAINT change_kind_check CHECK (kind IN ('waveform', 'channel', 'event'));
ALTER TABLE work_item DROP CONSTRAINT work_item_suspect_check;
ALTER TABLE work_item ADD CONSTRAINT work_item_suspect_check CHECK (suspect IN ('data', 'metadata', 'event'));
ALTER TABLE work_item DROP COLUMN review_hash;
DROP TABLE review;

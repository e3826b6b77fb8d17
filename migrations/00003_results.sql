-- Labels, runs, work items and measurements.

-- +goose Up
CREATE TABLE label (
    name            text PRIMARY KEY,
    recipe          text NOT NULL,
    recipe_hash     bytea NOT NULL,
    marked_revision bigint NOT NULL DEFAULT 0
);
COMMENT ON COLUMN label.marked_revision IS 'changes up to this revision have been marked on the items of the label';

CREATE TABLE run (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL,
    label       text NOT NULL,
    status      text NOT NULL CHECK (status IN ('running', 'done', 'failed', 'interrupted', 'lost')),
    selection   json NOT NULL,
    version     text NOT NULL,
    host        text NOT NULL,
    pid         integer NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    due         bigint NOT NULL DEFAULT 0,
    done        bigint NOT NULL DEFAULT 0,
    failed      bigint NOT NULL DEFAULT 0,
    skipped     bigint NOT NULL DEFAULT 0,
    verified    bigint NOT NULL DEFAULT 0,
    message     text NOT NULL DEFAULT ''
);
COMMENT ON COLUMN run.due IS 'items that had to be computed';
COMMENT ON COLUMN run.verified IS 'items whose inputs were touched but turned out equal: not computed';

CREATE TABLE work_item (
    label         text NOT NULL,
    event_id      text NOT NULL,
    network       text NOT NULL,
    station       text NOT NULL,
    location      text NOT NULL,
    instrument    text NOT NULL,
    status        text NOT NULL CHECK (status IN ('done', 'failed', 'skipped')),
    code          text,
    stage         text,
    file          text,
    message       text,
    attempts      integer NOT NULL DEFAULT 1,
    read_from     timestamptz,
    read_until    timestamptz,
    data_hash     bytea,
    metadata_hash bytea,
    event_hash    bytea,
    recipe_hash   bytea NOT NULL,
    algorithm     integer NOT NULL,
    revision      bigint NOT NULL,
    suspect       text CHECK (suspect IN ('data', 'metadata', 'event')),
    run_id        bigint NOT NULL REFERENCES run,
    PRIMARY KEY (label, event_id, network, station, location, instrument)
);
-- For marking what changed. It ends with the times because changes are mostly of the
-- last days, items of all years. It is on an expression so that nothing else takes it: before
-- the first ANALYZE the planner thinks as well of the plain columns as of the primary key, and
-- then each row of measurement would look through all items of its station.
CREATE INDEX work_item_station ON work_item
    ((network || '.' || station || '.' || location || '.' || instrument), read_until, read_from);
CREATE INDEX work_item_failed ON work_item (label, code) WHERE status = 'failed';
COMMENT ON TABLE work_item IS 'one row per label, event and instrument; an event that cannot be used at all has one row with empty codes';
COMMENT ON COLUMN work_item.read_from IS 'start of what the item reads: its window of waveform data, or the origin time by which metadata are chosen, UTC';
COMMENT ON COLUMN work_item.read_until IS 'end of that window, UTC';
COMMENT ON COLUMN work_item.data_hash IS 'fingerprint part: the decoded samples of the windows';
COMMENT ON COLUMN work_item.metadata_hash IS 'fingerprint part: coordinates, orientation and response of the channels';
COMMENT ON COLUMN work_item.event_hash IS 'fingerprint part: origin, magnitude and arrivals';
COMMENT ON COLUMN work_item.algorithm IS 'fingerprint part: version of the computation';
COMMENT ON COLUMN work_item.revision IS 'the item is true to the database as of this revision';
COMMENT ON COLUMN work_item.suspect IS 'what kind of input changed since; the next run compares fingerprints';

CREATE TABLE measurement (
    label        text NOT NULL,
    event_id     text NOT NULL,
    network      text NOT NULL,
    station      text NOT NULL,
    location     text NOT NULL,
    instrument   text NOT NULL,
    component    text NOT NULL,
    mean         double precision,
    rms          double precision,
    min          double precision,
    max          double precision,
    std          double precision,
    skewness     double precision,
    kurtosis     double precision,
    snr          double precision,
    pga          double precision,
    pga_at       timestamptz,
    pgv          double precision,
    pgv_at       timestamptz,
    pgd          double precision,
    pgd_at       timestamptz,
    arias        double precision,
    cav          double precision,
    d5_75        double precision,
    d5_95        double precision,
    psa          double precision[],
    stalta_max   double precision,
    dominant_frequency double precision,
    distance     double precision,
    azimuth      double precision,
    sample_rate  double precision,
    highpass     double precision,
    lowpass      double precision,
    p_at         timestamptz,
    s_at         timestamptz,
    time_source  text,
    noise_start  timestamptz,
    noise_end    timestamptz,
    signal_start timestamptz,
    signal_end   timestamptz,
    flags        text[] NOT NULL DEFAULT '{}',
    run_id       bigint NOT NULL REFERENCES run,
    PRIMARY KEY (label, event_id, network, station, location, instrument, component),
    FOREIGN KEY (label, event_id, network, station, location, instrument) REFERENCES work_item ON DELETE CASCADE
);
COMMENT ON TABLE measurement IS 'one row per label, event, instrument and component; a component is the last letter of a channel code, or RotD50, RotD100';
COMMENT ON COLUMN measurement.mean IS 'm/s^2, acceleration in the measurement window';
COMMENT ON COLUMN measurement.rms IS 'm/s^2';
COMMENT ON COLUMN measurement.min IS 'm/s^2';
COMMENT ON COLUMN measurement.max IS 'm/s^2';
COMMENT ON COLUMN measurement.std IS 'm/s^2, divided by n';
COMMENT ON COLUMN measurement.skewness IS '1, biased';
COMMENT ON COLUMN measurement.kurtosis IS '1, biased, normal = 0';
COMMENT ON COLUMN measurement.snr IS '1, rms of the signal over rms of the noise';
COMMENT ON COLUMN measurement.pga IS 'm/s^2';
COMMENT ON COLUMN measurement.pgv IS 'm/s';
COMMENT ON COLUMN measurement.pgd IS 'm';
COMMENT ON COLUMN measurement.arias IS 'm/s';
COMMENT ON COLUMN measurement.cav IS 'm/s';
COMMENT ON COLUMN measurement.d5_75 IS 's';
COMMENT ON COLUMN measurement.d5_95 IS 's';
COMMENT ON COLUMN measurement.psa IS 'm/s^2, at the periods of the recipe of the label';
COMMENT ON COLUMN measurement.stalta_max IS '1';
COMMENT ON COLUMN measurement.dominant_frequency IS 'Hz';
COMMENT ON COLUMN measurement.distance IS 'm, epicentral';
COMMENT ON COLUMN measurement.azimuth IS 'degrees, from the event to the station';
COMMENT ON COLUMN measurement.sample_rate IS 'Hz';
COMMENT ON COLUMN measurement.highpass IS 'Hz';
COMMENT ON COLUMN measurement.lowpass IS 'Hz';
COMMENT ON COLUMN measurement.time_source IS 'where p_at and s_at come from: arrival, or the travel-time model';

CREATE VIEW measurement_narrow AS
SELECT m.label, m.event_id, m.network, m.station, m.location, m.instrument, m.component, v.name, v.value
FROM measurement m CROSS JOIN LATERAL (VALUES
    ('mean', m.mean), ('rms', m.rms), ('min', m.min), ('max', m.max), ('std', m.std),
    ('skewness', m.skewness), ('kurtosis', m.kurtosis), ('snr', m.snr),
    ('pga', m.pga), ('pgv', m.pgv), ('pgd', m.pgd), ('arias', m.arias), ('cav', m.cav),
    ('d5_75', m.d5_75), ('d5_95', m.d5_95), ('stalta_max', m.stalta_max),
    ('dominant_frequency', m.dominant_frequency)) v (name, value)
WHERE v.value IS NOT NULL;
COMMENT ON VIEW measurement_narrow IS 'the scalar measurements, one row each, in the units of measurement';

-- +goose Down
DROP VIEW measurement_narrow;
DROP TABLE measurement, work_item, run, label;

-- Stations, events and what changed when.

-- +goose Up

-- One row. Every load increments it in its first statement and holds the row's
-- lock until it commits, so that revisions commit in their own order: who has
-- read revision n has seen everything up to n.
CREATE TABLE revision (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    value  bigint NOT NULL
);
INSERT INTO revision (value) VALUES (0);

-- What a load changed, so that a run finds the items it touches from the change
-- and not by looking at every item.
CREATE TABLE change (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    revision   bigint NOT NULL,
    kind       text   NOT NULL CHECK (kind IN ('waveform', 'channel', 'event')),
    network    text   NOT NULL DEFAULT '',
    station    text   NOT NULL DEFAULT '',
    location   text   NOT NULL DEFAULT '',
    channel    text   NOT NULL DEFAULT '',
    event_id   text   NOT NULL DEFAULT '',
    from_time  timestamptz NOT NULL DEFAULT '-infinity',
    until_time timestamptz NOT NULL DEFAULT 'infinity'
);
CREATE INDEX change_revision ON change (revision);
COMMENT ON COLUMN change.from_time IS 'start of the data or metadata that changed, UTC';
COMMENT ON COLUMN change.until_time IS 'end of the data or metadata that changed, UTC';

CREATE TABLE station (
    network    text NOT NULL,
    code       text NOT NULL,
    from_time  timestamptz NOT NULL,
    until_time timestamptz NOT NULL,
    name       text NOT NULL DEFAULT '',
    latitude   double precision NOT NULL,
    longitude  double precision NOT NULL,
    elevation  double precision,
    PRIMARY KEY (network, code, from_time)
);
COMMENT ON TABLE station IS 'one row per epoch of a station; open ends are -infinity and infinity';
COMMENT ON COLUMN station.latitude IS 'degrees, WGS84';
COMMENT ON COLUMN station.longitude IS 'degrees, WGS84';
COMMENT ON COLUMN station.elevation IS 'm above the geoid';

CREATE TABLE channel (
    id                    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network               text NOT NULL,
    station               text NOT NULL,
    location              text NOT NULL,
    channel               text NOT NULL,
    from_time             timestamptz NOT NULL,
    until_time            timestamptz NOT NULL,
    latitude              double precision NOT NULL,
    longitude             double precision NOT NULL,
    elevation             double precision,
    depth                 double precision,
    azimuth               double precision,
    dip                   double precision,
    sample_rate           double precision,
    sensor                text NOT NULL DEFAULT '',
    sensitivity           double precision,
    sensitivity_frequency double precision,
    input_units           text NOT NULL DEFAULT '',
    response              json,
    response_hash         bytea NOT NULL,
    revision              bigint NOT NULL,
    UNIQUE (network, station, location, channel, from_time)
);
COMMENT ON TABLE channel IS 'one row per epoch of a channel. Where epochs overlap, the one that starts latest is used; loading an epoch with the same start replaces it';
COMMENT ON COLUMN channel.latitude IS 'degrees, WGS84';
COMMENT ON COLUMN channel.longitude IS 'degrees, WGS84';
COMMENT ON COLUMN channel.elevation IS 'm above the geoid';
COMMENT ON COLUMN channel.depth IS 'm below the surface';
COMMENT ON COLUMN channel.azimuth IS 'degrees clockwise from north';
COMMENT ON COLUMN channel.dip IS 'degrees down from horizontal';
COMMENT ON COLUMN channel.sample_rate IS 'Hz';
COMMENT ON COLUMN channel.sensitivity IS 'counts per input unit at sensitivity_frequency';
COMMENT ON COLUMN channel.sensitivity_frequency IS 'Hz';
COMMENT ON COLUMN channel.response_hash IS 'SHA-256 of the values of the response, not of the XML text';

CREATE TABLE event (
    id                     text PRIMARY KEY,
    type                   text NOT NULL DEFAULT '',
    description            text NOT NULL DEFAULT '',
    preferred_origin_id    text NOT NULL DEFAULT '',
    preferred_magnitude_id text NOT NULL DEFAULT '',
    status                 text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'merged', 'deleted')),
    content_hash           bytea NOT NULL,
    revision               bigint NOT NULL
);
COMMENT ON COLUMN event.id IS 'public id of the event';
COMMENT ON COLUMN event.content_hash IS 'SHA-256 of the values of the event, its origins, magnitudes and arrivals';

CREATE TABLE event_alias (
    alias    text PRIMARY KEY,
    short    text NOT NULL,
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE
);
CREATE INDEX event_alias_short ON event_alias (short);
CREATE INDEX event_alias_event ON event_alias (event_id);
COMMENT ON TABLE event_alias IS 'every public id that was given to an event; short is the part after the last / or =';

CREATE TABLE origin (
    event_id          text NOT NULL REFERENCES event ON DELETE CASCADE,
    id                text NOT NULL,
    time              timestamptz NOT NULL,
    latitude          double precision NOT NULL,
    longitude         double precision NOT NULL,
    depth             double precision,
    evaluation_mode   text NOT NULL DEFAULT '',
    evaluation_status text NOT NULL DEFAULT '',
    agency            text NOT NULL DEFAULT '',
    preferred         boolean NOT NULL,
    PRIMARY KEY (event_id, id)
);
CREATE UNIQUE INDEX origin_preferred ON origin (event_id) WHERE preferred;
CREATE INDEX origin_time ON origin (time, event_id) WHERE preferred;
COMMENT ON COLUMN origin.latitude IS 'degrees, WGS84';
COMMENT ON COLUMN origin.longitude IS 'degrees, WGS84';
COMMENT ON COLUMN origin.depth IS 'm, positive down';

CREATE TABLE magnitude (
    event_id  text NOT NULL REFERENCES event ON DELETE CASCADE,
    id        text NOT NULL,
    origin_id text NOT NULL DEFAULT '',
    type      text NOT NULL DEFAULT '',
    value     double precision NOT NULL,
    agency    text NOT NULL DEFAULT '',
    preferred boolean NOT NULL,
    PRIMARY KEY (event_id, id)
);
CREATE UNIQUE INDEX magnitude_preferred ON magnitude (event_id) WHERE preferred;

CREATE TABLE arrival (
    event_id  text NOT NULL REFERENCES event ON DELETE CASCADE,
    origin_id text NOT NULL,
    id        text NOT NULL,
    pick_id   text NOT NULL DEFAULT '',
    phase     text NOT NULL,
    time      timestamptz NOT NULL,
    network   text NOT NULL,
    station   text NOT NULL,
    location  text NOT NULL DEFAULT '',
    channel   text NOT NULL DEFAULT '',
    PRIMARY KEY (event_id, origin_id, id)
);

-- +goose Down
DROP TABLE arrival, magnitude, origin, event_alias, event, channel, station, change, revision;

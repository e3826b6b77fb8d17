-- Files of the waveform archive and the continuous data in them.

-- +goose Up
CREATE TABLE file (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    archive      text NOT NULL,
    path         text NOT NULL UNIQUE,
    size         bigint NOT NULL,
    mtime        timestamptz NOT NULL,
    content_hash bytea,
    format       text NOT NULL DEFAULT '',
    error_code   text,
    error        text,
    loaded_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX file_archive ON file (archive, path);
COMMENT ON COLUMN file.archive IS 'the folder, or file, that was loaded';
COMMENT ON COLUMN file.path IS 'absolute path of the file';
COMMENT ON COLUMN file.size IS 'bytes';
COMMENT ON COLUMN file.error IS 'what is wrong with the file; what could be read of it is in segment all the same';

CREATE TABLE segment (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file_id     bigint NOT NULL REFERENCES file ON DELETE CASCADE,
    network     text NOT NULL,
    station     text NOT NULL,
    location    text NOT NULL,
    channel     text NOT NULL,
    quality     text NOT NULL DEFAULT '',
    start_time  timestamptz NOT NULL,
    end_time    timestamptz NOT NULL,
    sample_rate double precision NOT NULL,
    samples     bigint NOT NULL,
    content_hash bytea NOT NULL,
    extents     bigint[] NOT NULL
);
CREATE INDEX segment_file ON segment (file_id);
CREATE INDEX segment_time ON segment USING gist (tstzrange(start_time, end_time, '[]'));
COMMENT ON COLUMN segment.end_time IS 'time of the last sample, UTC';
COMMENT ON COLUMN segment.sample_rate IS 'Hz';
COMMENT ON COLUMN segment.content_hash IS 'SHA-256 of the records of the segment';
COMMENT ON COLUMN segment.extents IS 'where the records are: byte offset, length, start and end (ns since 1970) of each extent, one after the other';

-- +goose Down
DROP TABLE segment, file;

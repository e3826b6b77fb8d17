-- Runs of parts of a label, beside one another.

-- +goose Up
CREATE TABLE label_shard (
    label           text NOT NULL REFERENCES label ON DELETE CASCADE,
    count           integer NOT NULL,
    index           integer NOT NULL CHECK (index BETWEEN 1 AND count),
    marked_revision bigint NOT NULL,
    PRIMARY KEY (label, count, index)
);
COMMENT ON TABLE label_shard IS 'how far the changes are marked on the items of a part of a label; what all parts have marked, the label has';
COMMENT ON COLUMN label_shard.marked_revision IS 'as in label, for the items of this part; where the label''s is greater, that counts';

ALTER TABLE run ADD COLUMN shard text NOT NULL DEFAULT '';
COMMENT ON COLUMN run.shard IS 'the part of the label that was processed, as 2/3; empty for the whole';

-- +goose Down
ALTER TABLE run DROP COLUMN shard;
DROP TABLE label_shard;

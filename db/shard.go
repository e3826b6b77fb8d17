package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Shard is part Index of Count of the events, 1 <= Index <= Count. The zero value is the
// whole. Which part an event belongs to depends on its id and on Count alone, so that
// Count processes cover a selection exactly once without talking.
type Shard struct{ Index, Count int }

// ParseShard reads a part such as 2/3.
func ParseShard(text string) (Shard, error) {
	index, count, found := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(index)
	n, err2 := strconv.Atoi(count)
	if s := (Shard{i, n}); found && err1 == nil && err2 == nil && i >= 1 && s.valid() {
		return s, nil
	}
	return Shard{}, fmt.Errorf("%q is no part: want 1/3, 2/3 or 3/3 for three of them", text)
}

func (s Shard) String() string {
	if s == (Shard{}) {
		return "whole"
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Count)
}

// MarshalText writes a part as 2/3, and the whole as "".
func (s Shard) MarshalText() ([]byte, error) {
	if s == (Shard{}) {
		return nil, nil
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads a part as 2/3, and "" as the whole.
func (s *Shard) UnmarshalText(text []byte) (err error) {
	*s = Shard{}
	if len(text) > 0 {
		*s, err = ParseShard(string(text))
	}
	return err
}

// Value is the text in the database, "" for the whole.
func (s Shard) Value() (driver.Value, error) {
	text, err := s.MarshalText()
	return string(text), err
}

// Scan reads the text in the database.
func (s *Shard) Scan(value any) (err error) {
	text, ok := value.(string)
	switch {
	case !ok:
		return fmt.Errorf("db: a part of a label is %T, want text", value)
	case text == "":
		*s = Shard{}
		return nil
	}
	*s, err = ParseShard(text)
	return err
}

func (s Shard) valid() bool {
	return s == (Shard{}) || s.Index >= 1 && s.Index <= s.Count
}

// holds is the condition that an event, by the name of its id's column, is in the part.
func (s Shard) holds(column string) string {
	if s == (Shard{}) {
		return "true"
	}
	return fmt.Sprintf("('x' || left(md5(%s), 8))::bit(32)::bigint %% %d = %d", column, s.Count, s.Index-1)
}

// marked is the revision up to which the part of label $1 has marked the changes.
func (s Shard) marked() string {
	return fmt.Sprintf(`(SELECT GREATEST(l.marked_revision, p.marked_revision) FROM label l
		LEFT JOIN label_shard p ON p.label = l.name AND p.count = %d AND p.index = %d WHERE l.name = $1)`, s.Count, s.Index)
}

// saveMarked remembers that a part, or the whole, of a label has marked the changes up
// to a revision.
func saveMarked(ctx context.Context, tx *sqlx.Tx, label string, shard Shard, revision int64) error {
	if shard == (Shard{}) {
		_, err := tx.ExecContext(ctx, "UPDATE label SET marked_revision = $2 WHERE name = $1", label, revision)
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO label_shard (label, count, index, marked_revision) SELECT name, $2, $3, $4 FROM label WHERE name = $1
		ON CONFLICT (label, count, index) DO UPDATE SET marked_revision = EXCLUDED.marked_revision`, label, shard.Count, shard.Index, revision)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE label SET marked_revision = of_all.marked
		FROM (SELECT min(marked_revision) AS marked FROM label_shard WHERE label = $1 AND count = $2 HAVING count(*) = $2) AS of_all
		WHERE name = $1 AND marked_revision < of_all.marked`, label, shard.Count)
	return err
}

// IsSerialization reports whether a transaction failed for nothing but another one beside
// it, so that it may be tried again.
func IsSerialization(err error) bool {
	var failed *pq.Error
	return errors.As(err, &failed) && (failed.Code == "40001" || failed.Code == "40P01")
}

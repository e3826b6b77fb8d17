package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// File is a file of an archive.
type File struct {
	ID          int64     `db:"id"`
	Archive     string    `db:"archive"`
	Path        string    `db:"path"`
	Size        int64     `db:"size"`
	ModTime     time.Time `db:"mtime"`
	ContentHash []byte    `db:"content_hash"`
	Format      string    `db:"format"`
	ErrorCode   *string   `db:"error_code"`
	Error       *string   `db:"error"`
}

const fileColumns = `id, archive, path, size, mtime, content_hash, format, error_code, error`

// Segment is continuous data in a file.
type Segment struct {
	FileID      int64     `db:"file_id"`
	Network     string    `db:"network"`
	Station     string    `db:"station"`
	Location    string    `db:"location"`
	Channel     string    `db:"channel"`
	Quality     string    `db:"quality"`
	Start       time.Time `db:"start_time"`
	End         time.Time `db:"end_time"`
	SampleRate  float64   `db:"sample_rate"`
	Samples     int64     `db:"samples"`
	ContentHash []byte    `db:"content_hash"`
	Extents     Ints      `db:"extents"`
}

// FilesUnder reads what is known of a file, or of the files below a folder, by path.
func FilesUnder(ctx context.Context, q sqlx.QueryerContext, path string) (map[string]File, error) {
	var files []File
	err := sqlx.SelectContext(ctx, q, &files, `SELECT `+fileColumns+` FROM file
		WHERE path = $1 OR starts_with(path, $2)`, path, strings.TrimSuffix(path, "/")+"/")
	if err != nil {
		return nil, fmt.Errorf("reading files: %w", err)
	}
	return byPath(files), nil
}

// EachFile hands over what is known of the files below a path, of a file there, and of those of the
// archive of that name, which may lie elsewhere; a row at a time, in no order. The file is valid until each returns.
func EachFile(ctx context.Context, q sqlx.QueryerContext, path string, each func(*File)) error {
	rows, err := q.QueryxContext(ctx, `SELECT `+fileColumns+` FROM file WHERE path = $1 OR starts_with(path, $2) OR archive = $1`,
		path, strings.TrimSuffix(path, "/")+"/")
	if err != nil {
		return fmt.Errorf("reading files: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var f File
		if err := rows.StructScan(&f); err != nil {
			return fmt.Errorf("reading files: %w", err)
		}
		each(&f)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading files: %w", err)
	}
	return nil
}

// FilesAt reads what is known of files by their paths.
func FilesAt(ctx context.Context, q sqlx.QueryerContext, paths []string) (map[string]File, error) {
	var files []File
	if err := sqlx.SelectContext(ctx, q, &files, `SELECT `+fileColumns+` FROM file WHERE path = ANY($1)`, pq.Array(paths)); err != nil {
		return nil, fmt.Errorf("reading files: %w", err)
	}
	return byPath(files), nil
}

func byPath(files []File) map[string]File {
	m := make(map[string]File, len(files))
	for _, f := range files {
		m[f.Path] = f
	}
	return m
}

// FindFile reads what is known of a file; the zero File if nothing is.
func FindFile(ctx context.Context, q sqlx.QueryerContext, path string) (File, error) {
	var f File
	err := sqlx.GetContext(ctx, q, &f, `SELECT `+fileColumns+` FROM file WHERE path = $1`, path)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return f, fmt.Errorf("reading file %s: %w", path, err)
	}
	return f, nil
}

// TouchFile notes a new modification time, and size, of a file whose content is the same.
func TouchFile(ctx context.Context, tx *sqlx.Tx, f File) error {
	_, err := tx.ExecContext(ctx, `UPDATE file SET mtime = $2, size = $3, archive = $4, loaded_at = now() WHERE path = $1`,
		f.Path, microseconds(f.ModTime), f.Size, f.Archive)
	if err != nil {
		return fmt.Errorf("touching file %s: %w", f.Path, err)
	}
	return nil
}

// SaveFile writes a file and its segments in place of what was known of the path,
// and logs what differs as changes of the revision.
func SaveFile(ctx context.Context, tx *sqlx.Tx, revision int64, f File, segments []Segment) error {
	err := tx.GetContext(ctx, &f.ID, `INSERT INTO file (archive, path, size, mtime, content_hash, format, error_code, error, error_since)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $8::text IS NOT NULL THEN now() END)
		ON CONFLICT (path) DO UPDATE SET archive = EXCLUDED.archive, size = EXCLUDED.size, mtime = EXCLUDED.mtime,
			content_hash = EXCLUDED.content_hash, format = EXCLUDED.format, error_code = EXCLUDED.error_code,
			error = EXCLUDED.error, loaded_at = now(), `+errorSince+`
		RETURNING id`, f.Archive, f.Path, f.Size, microseconds(f.ModTime), f.ContentHash, f.Format, f.ErrorCode, validError(f.Error))
	if err != nil {
		return fmt.Errorf("writing file %s: %w", f.Path, err)
	}
	old, err := takeSegments(ctx, tx, f.ID)
	if err != nil {
		return err
	}
	for i := range segments {
		segments[i].FileID = f.ID
	}
	if err := insert(ctx, tx, "segment", segments, ""); err != nil {
		return err
	}
	return logChanges(ctx, tx, differences(revision, old, segments))
}

// errorSince keeps, of a row of file that is written over, the time of its first error.
const errorSince = `error_since = CASE WHEN EXCLUDED.error IS NOT NULL THEN COALESCE(file.error_since, now()) END`

func validError(text *string) *string {
	if text == nil {
		return nil
	}
	valid := validText(*text)
	return &valid
}

// NoteFault notes what is wrong with a file that cannot be read now, and keeps what
// is known of its content.
func NoteFault(ctx context.Context, tx *sqlx.Tx, f File) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO file (archive, path, size, mtime, format, error_code, error, error_since)
		VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7::text IS NOT NULL THEN now() END)
		ON CONFLICT (path) DO UPDATE SET error_code = EXCLUDED.error_code, error = EXCLUDED.error, loaded_at = now(), `+errorSince,
		f.Archive, f.Path, f.Size, microseconds(f.ModTime), f.Format, f.ErrorCode, validError(f.Error))
	if err != nil {
		return fmt.Errorf("writing file %s: %w", f.Path, err)
	}
	return nil
}

// RemoveFile forgets a file that is gone.
func RemoveFile(ctx context.Context, tx *sqlx.Tx, revision int64, path string) error {
	var id int64
	switch err := tx.GetContext(ctx, &id, `SELECT id FROM file WHERE path = $1`, path); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	old, err := takeSegments(ctx, tx, id)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM file WHERE id = $1`, id); err != nil {
		return err
	}
	return logChanges(ctx, tx, differences(revision, old, nil))
}

const segmentColumns = `file_id, network, station, location, channel, quality, start_time, end_time, sample_rate, samples, content_hash, extents`

// takeSegments deletes the segments of a file and returns them.
func takeSegments(ctx context.Context, tx *sqlx.Tx, fileID int64) ([]Segment, error) {
	var old []Segment
	if err := tx.SelectContext(ctx, &old, `DELETE FROM segment WHERE file_id = $1 RETURNING `+segmentColumns, fileID); err != nil {
		return nil, fmt.Errorf("replacing segments: %w", err)
	}
	return old, nil
}

// differences lists the segments that are in one list only.
func differences(revision int64, old, now []Segment) []Change {
	var changes []Change
	only := func(list, other []Segment) {
		known := make(map[segmentIdentity]bool, len(other))
		for i := range other {
			known[other[i].identity()] = true
		}
		for i := range list {
			s := &list[i]
			if !known[s.identity()] {
				changes = append(changes, Change{Revision: revision, Kind: WaveformChange, Network: s.Network, Station: s.Station,
					Location: s.Location, Channel: s.Channel, From: From(s.Start), Until: Until(s.End)})
			}
		}
	}
	only(old, now)
	only(now, old)
	return changes
}

// segmentIdentity is what two segments with the same data have in common.
type segmentIdentity struct{ network, station, location, channel, hash string }

func (s *Segment) identity() segmentIdentity {
	return segmentIdentity{s.Network, s.Station, s.Location, s.Channel, string(s.ContentHash)}
}

// LocatedSegment is a segment and where its file is.
type LocatedSegment struct {
	Path   string `db:"path"`
	Format string `db:"format"`
	Segment
}

// Segments reads the segments that overlap a time, of the stations named (network.station).
// Their order does not depend on that of loading.
func Segments(ctx context.Context, q sqlx.QueryerContext, from, until time.Time, stations []string) ([]LocatedSegment, error) {
	var all []LocatedSegment
	err := sqlx.SelectContext(ctx, q, &all, `SELECT f.path, f.format, s.file_id, s.network, s.station, s.location, s.channel, s.quality,
			s.start_time, s.end_time, s.sample_rate, s.samples, s.content_hash, s.extents
		FROM segment s JOIN file f ON f.id = s.file_id
		WHERE tstzrange(s.start_time, s.end_time, '[]') && tstzrange($1, $2)
		  AND s.network || '.' || s.station = ANY($3)
		ORDER BY s.network, s.station, s.location, s.channel, s.start_time, f.path, s.id`, from, until, pq.Array(stations))
	if err != nil {
		return nil, fmt.Errorf("reading segments: %w", err)
	}
	return all, nil
}

// ChannelCodes names a channel.
type ChannelCodes struct {
	Network  string `db:"network"`
	Station  string `db:"station"`
	Location string `db:"location"`
	Channel  string `db:"channel"`
}

// ChannelsWithoutMetadata lists, for each of several times, the channels that have
// data between it and span later, but no epoch that holds at it.
func ChannelsWithoutMetadata(ctx context.Context, q sqlx.QueryerContext, times []time.Time, span time.Duration) ([][]ChannelCodes, error) {
	var found []struct {
		At int `db:"at"`
		ChannelCodes
	}
	err := sqlx.SelectContext(ctx, q, &found, `SELECT DISTINCT e.at, s.network, s.station, s.location, s.channel
		FROM unnest($1::timestamptz[]) WITH ORDINALITY AS e (t, at)
		JOIN segment s ON tstzrange(s.start_time, s.end_time, '[]') && tstzrange(e.t, e.t + $2::interval)
		WHERE NOT EXISTS (SELECT FROM channel c WHERE c.network = s.network AND c.station = s.station AND c.location = s.location
			AND c.channel = s.channel AND c.from_time <= e.t AND c.until_time > e.t)
		ORDER BY 1, 2, 3, 4, 5`, pq.Array(times), fmt.Sprintf("%d microseconds", span.Microseconds()))
	if err != nil {
		return nil, fmt.Errorf("looking for data without metadata: %w", err)
	}
	codes := make([][]ChannelCodes, len(times))
	for _, f := range found {
		codes[f.At-1] = append(codes[f.At-1], f.ChannelCodes)
	}
	return codes, nil
}

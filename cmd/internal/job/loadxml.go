package job

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

// LoadStations reads StationXML files, or those below folders, into the database.
// One transaction a file; a file that is damaged leaves what could be read of it, and
// a row that says what is wrong.
func LoadStations(ctx context.Context, pool *sqlx.DB, paths []string, o LoadOptions) (LoadSummary, error) {
	return loadXML(ctx, pool, paths, o, xmlKind{
		format: formatStationXML, foreign: stationxml.ErrNotStationXML,
		other: func(r io.Reader) error {
			_, err := quakeml.ReadFunc(r, func(waveform.Event) error { return errEnough })
			return err
		},
		load: func(ctx context.Context, tx *sqlx.Tx, revision int64, f *os.File) (db.Saved, []string, error) {
			stations, problems, readErr := stationxml.Read(bufio.NewReader(f))
			rows, channels, err := stationRows(stations)
			if err != nil {
				return db.Saved{}, nil, err
			}
			saved, err := db.SaveStations(ctx, tx, revision, rows, channels)
			if err != nil {
				return saved, nil, writeError{err}
			}
			return saved, texts(problems), readErr
		},
	})
}

// LoadEvents reads QuakeML files, or those below folders, into the database, as
// LoadStations does.
func LoadEvents(ctx context.Context, pool *sqlx.DB, paths []string, o LoadOptions) (LoadSummary, error) {
	return loadXML(ctx, pool, paths, o, xmlKind{
		format: formatQuakeML, foreign: quakeml.ErrNotQuakeML,
		other: func(r io.Reader) error {
			_, err := stationxml.ReadFunc(r, func(waveform.Station) error { return errEnough })
			return err
		},
		load: func(ctx context.Context, tx *sqlx.Tx, revision int64, f *os.File) (db.Saved, []string, error) {
			events, problems, readErr := quakeml.Read(bufio.NewReader(f))
			rows := make([]db.Event, len(events))
			for i, e := range events {
				rows[i] = eventRow(e)
			}
			saved, err := db.SaveEvents(ctx, tx, revision, rows)
			if err != nil {
				return saved, nil, writeError{err}
			}
			return saved, texts(problems), readErr
		},
	})
}

// xmlKind is what differs between the two.
type xmlKind struct {
	format  string
	foreign error                 // what a document of another kind gives
	other   func(io.Reader) error // reads the beginning of a document of the other kind
	load    func(ctx context.Context, tx *sqlx.Tx, revision int64, f *os.File) (saved db.Saved, problems []string, readErr error)
}

// errEnough ends the reading of a document whose kind is all that matters.
var errEnough = errors.New("enough")

// isOther reports whether the file is a document of the other kind, which a walk for
// this one passes over. An error page of a web server is neither.
func (k xmlKind) isOther(f *os.File) bool {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return false
	}
	err := k.other(bufio.NewReader(f))
	return !errors.Is(err, stationxml.ErrNotStationXML) && !errors.Is(err, quakeml.ErrNotQuakeML)
}

// writeError is an error of the database, not of the file.
type writeError struct{ error }

func (e writeError) Unwrap() error { return e.error }

func texts[P fmt.Stringer](problems []P) []string {
	out := make([]string, len(problems))
	for i, p := range problems {
		out[i] = p.String()
	}
	return out
}

// listed names the first problems and counts the rest.
func listed(problems []string) string {
	const most = 3
	if len(problems) <= most {
		return strings.Join(problems, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(problems[:most], "; "), len(problems)-most)
}

func loadXML(ctx context.Context, pool *sqlx.DB, paths []string, o LoadOptions, kind xmlKind) (LoadSummary, error) {
	o.defaults()
	var sum LoadSummary
	err := walk(ctx, paths, func(f found) error {
		asked := f.path == f.archive
		if stopped(o.Stop) || !asked && !isXML(f.path) && f.err == nil {
			return nil
		}
		err := kind.file(ctx, pool, f, asked, o, &sum)
		o.Progress(Progress{Done: int64(sum.Files), Failed: int64(sum.Failed), Bytes: sum.Bytes, Note: f.path})
		return err
	})
	if err == nil && !stopped(o.Stop) {
		err = kind.forget(ctx, pool, paths, &sum)
	}
	return sum, err
}

func isXML(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xml", ".stationxml", ".quakeml", ".qml":
		return true
	}
	return false
}

// file loads one file in one transaction. In a folder, a document of the other kind
// is passed over.
func (k xmlKind) file(ctx context.Context, pool *sqlx.DB, f found, asked bool, o LoadOptions, sum *LoadSummary) error {
	return changing(ctx, pool, func(tx *sqlx.Tx, revision int64) error {
		var saved db.Saved
		var problems []string
		var readErr error
		var in *os.File
		if f.err == nil {
			if in, f.err = os.Open(f.path); f.err == nil {
				defer in.Close()
				saved, problems, readErr = k.load(ctx, tx, revision, in)
			}
		}
		if errors.As(readErr, new(writeError)) {
			return fmt.Errorf("%s: %w", f.path, readErr)
		}
		if !asked && errors.Is(readErr, k.foreign) && k.isOther(in) {
			return nil
		}
		row := k.row(f, problems, readErr)
		sum.Files++
		sum.Loaded++
		sum.Bytes += f.size
		sum.Found += saved.Found
		sum.Changed += saved.Changed
		if row.Error != nil {
			sum.Failed++
			o.Log.Warn("file has faults", "file", f.path, "code", *row.ErrorCode, "message", *row.Error)
		}
		known, err := db.FindFile(ctx, tx, f.path)
		if err != nil || known.Format != "" && known.Format != k.format {
			return err // what is known of a file of another kind is not this load's to change
		}
		return db.SaveFile(ctx, tx, revision, row, nil)
	})
}

// forget removes the rows of documents below the paths that are gone. What was read
// from them stays.
func (k xmlKind) forget(ctx context.Context, pool *sqlx.DB, paths []string, sum *LoadSummary) error {
	return changing(ctx, pool, func(tx *sqlx.Tx, revision int64) error {
		for _, p := range paths {
			root, err := filepath.Abs(p)
			if err != nil {
				return err
			}
			files, err := db.FilesUnder(ctx, tx, root)
			if err != nil {
				return err
			}
			for path, f := range files {
				if _, err := os.Stat(path); f.Format != k.format || !errors.Is(err, fs.ErrNotExist) {
					continue
				}
				if err := db.RemoveFile(ctx, tx, revision, path); err != nil {
					return fmt.Errorf("forgetting %s: %w", path, err)
				}
				sum.Removed++
			}
		}
		return nil
	})
}

func (k xmlKind) row(f found, problems []string, readErr error) db.File {
	switch {
	case f.err != nil:
		return f.unreadable(f.err)
	case f.size == 0:
		return f.row(k.format, codeEmpty, "the file is empty; get it again")
	case errors.Is(readErr, k.foreign):
		return f.row("", codeUnsupported, fmt.Sprintf("%v; this command reads %s", readErr, k.format))
	case readErr != nil:
		return f.row(k.format, codeBadXML, fmt.Sprintf("%v; what came before was loaded; get the file again", readErr))
	case len(problems) > 0:
		return f.row(k.format, codeBadMetadata, listed(problems)+"; correct the file, or ask its source for a better one")
	}
	return f.row(k.format, "", "")
}

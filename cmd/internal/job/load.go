package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
)

// Codes of files that could not be used, or not whole.
const (
	codeUnreadable  = "unreadable_file" // the system refuses
	codeMissing     = "file_missing"    // a table names it
	codeEmpty       = "empty_file"
	codeNotMiniSEED = "not_miniseed"
	codeUnsupported = "unsupported_format"
	codeBadRecord   = "bad_record"   // some records are good
	codeBadXML      = "bad_xml"      // cut off, or not well formed
	codeBadMetadata = "bad_metadata" // read, with something left out
)

// The formats of files of metadata, as their rows have them; those of waveforms are
// named by package archive. Of a database of CSS 3.0, the row is that of one table.
const (
	formatStationXML = "StationXML"
	formatRESP       = "RESP"
	formatSite       = "CSS 3.0 site"
	formatQuakeML    = "QuakeML"
	formatEventText  = "FDSN event text"
	formatComCat     = "ComCat CSV"
	formatOrigin     = "CSS 3.0 origin"
	formatWfdisc     = "CSS 3.0 wfdisc"
)

// isMetadata reports whether a row's format is of metadata, which lie in archives too.
func isMetadata(format string) bool {
	switch format {
	case formatStationXML, formatRESP, formatSite, formatQuakeML, formatEventText, formatComCat, formatOrigin, formatWfdisc:
		return true
	}
	return false
}

func (o *LoadOptions) defaults() {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
}

// stopped reports whether a stop was asked for.
func stopped(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// row is the file's row, with what is wrong with it if code is not empty.
func (f found) row(format, code, message string) db.File {
	r := db.File{Archive: f.archive, Path: f.path, Size: f.size, Format: format}
	if f.info != nil {
		r.ModTime = f.info.ModTime()
	}
	if code != "" {
		r.ErrorCode, r.Error = &code, &message
	}
	return r
}

// unreadable is the row of a file that the system does not let us read.
func (f found) unreadable(err error) db.File {
	hint := "check the file"
	switch {
	case errors.Is(err, errName):
		hint = "rename it, or its folder"
	case errors.Is(err, fs.ErrPermission):
		hint = "let the user of this program read it"
	case errors.Is(err, fs.ErrNotExist):
		hint = "it was there a moment ago, or it is a link to nothing; load again"
	}
	return f.row("", codeUnreadable, fmt.Sprintf("%v: %s", err, hint))
}

// changing runs a transaction that changes stations, events or files.
func changing(ctx context.Context, pool *sqlx.DB, f func(tx *sqlx.Tx, revision int64) error) error {
	return inTx(ctx, pool, func(tx *sqlx.Tx) error {
		revision, err := db.NextRevision(ctx, tx)
		if err != nil {
			return err
		}
		return f(tx, revision)
	})
}

// inTx runs f in a transaction: committed if it returns nil, else rolled back.
func inTx(ctx context.Context, pool *sqlx.DB, f func(tx *sqlx.Tx) error) error {
	tx, err := pool.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("starting a transaction: %w", err)
	}
	defer tx.Rollback() // nothing, once committed
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

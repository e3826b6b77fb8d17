package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
)

// Codes of files that could not be used, or not whole.
const (
	codeUnreadable  = "unreadable_file" // the system refuses
	codeEmpty       = "empty_file"
	codeNotMiniSEED = "not_miniseed"
	codeUnsupported = "unsupported_format"
	codeBadRecord   = "bad_record"   // some records are good
	codeBadXML      = "bad_xml"      // cut off, or not well formed
	codeBadMetadata = "bad_metadata" // read, with something left out
)

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

// found is a file met on a walk.
type found struct {
	path    string // absolute
	archive string // the path that was asked for, absolute
	size    int64
	info    fs.FileInfo
	err     error // why it cannot be looked at
}

// walk hands every regular file at or below the paths to each, in lexical order,
// hidden ones left out. A path that does not exist is an error; what cannot be looked
// at below one is handed over with its error.
func walk(ctx context.Context, paths []string, each func(found) error) error {
	for _, p := range paths {
		root, err := filepath.Abs(p)
		if err != nil {
			return err
		}
		if _, err := os.Stat(root); err != nil {
			return fmt.Errorf("nothing to load: %w", err)
		}
		err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return context.Cause(ctx)
			case err != nil:
				return each(found{path: path, archive: root, err: err})
			case path != root && strings.HasPrefix(d.Name(), "."):
				if d.IsDir() {
					return filepath.SkipDir
				}
				return nil
			case d.IsDir():
				return nil
			}
			info, err := os.Stat(path) // follows links
			if err == nil && !info.Mode().IsRegular() {
				return nil
			}
			f := found{path: path, archive: root, info: info, err: err}
			if err == nil {
				f.size = info.Size()
			}
			return each(f)
		})
		if err != nil {
			return err
		}
	}
	return nil
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

package job

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/css"
)

// namedFile is a waveform file that wfdisc tables name.
type namedFile struct {
	archive string        // the path that was asked for, or that of the load that walks the file's folder
	table   string        // the first that names the file, without folder
	changed bool          // one of the tables says something else than when it was loaded before
	rows    []css.Segment // of samples without headers; none of a file that says itself what is in it
}

// look is the file as a walk would hand it over.
func (n *namedFile) look(path string) found {
	f := found{path: path, archive: n.archive}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		f.err = err
	case !info.Mode().IsRegular():
		f.info, f.err = info, fmt.Errorf("%s names it, and it is no file", n.table)
	default:
		f.info, f.size = info, info.Size()
	}
	return f
}

// table notes what files a database names, before any is read.
func (l *waveformLoad) table(ctx context.Context, d *tables) error {
	l.known.see(d.path, l.roots)
	var segments []css.Segment
	var problems []css.Problem
	err := d.err
	if err == nil {
		segments, problems, err = d.Segments()
	}
	l.whole = l.whole && err == nil // what a damaged table named is not gone
	segments, wrong := legible(segments)
	hash := hashSegments(segments)
	known, findErr := patiently(ctx, l.o.patience(l.pool), func() (db.File, error) { return db.FindFile(ctx, l.pool, d.path) })
	if findErr != nil {
		return findErr
	}
	changed := !bytes.Equal(known.ContentHash, hash)
	if err := l.recallNamed(ctx, segments); err != nil {
		return err
	}
	for _, s := range segments {
		l.name(d, s, changed)
	}
	row := d.row(formatWfdisc, "", "")
	switch texts := append(cssTexts(problems, l.problemOptions(segments)), wrong...); {
	case d.err != nil:
		row = d.unreadable(d.err)
	case err != nil:
		row = d.row(formatWfdisc, codeBadMetadata, fmt.Sprintf("%v; the files that it names are as they were; get the table again", err))
	case len(texts) > 0:
		row = d.row(formatWfdisc, codeBadMetadata, listed(texts)+"; correct the file, or ask its source for a better one")
	}
	row.ContentHash = hash
	return l.saveTable(ctx, d, known, row)
}

// legible leaves out the segments whose file has a name that the database cannot keep.
func legible(segments []css.Segment) (good []css.Segment, wrong []string) {
	for _, s := range segments {
		if utf8.ValidString(s.Path) && !strings.Contains(s.Path, "\x00") {
			good = append(good, s)
		} else {
			wrong = append(wrong, fmt.Sprintf("%q: %v: left out", s.Path, errName))
		}
	}
	return good, wrong
}

// recallNamed reads what is known of the files of segments, which another load may have met.
func (l *waveformLoad) recallNamed(ctx context.Context, segments []css.Segment) error {
	paths := map[string]bool{}
	for _, s := range segments {
		paths[s.Path] = true
	}
	files, err := patiently(ctx, l.o.patience(l.pool), func() (map[string]db.File, error) {
		return db.FilesAt(ctx, l.pool, slices.Collect(maps.Keys(paths)))
	})
	for _, f := range files {
		l.known.learn(&f)
	}
	return err
}

// problemOptions are the options by which problems are told: without network codes from the
// tables it is no fault where files have their own.
func (l *waveformLoad) problemOptions(segments []css.Segment) LoadOptions {
	for _, s := range segments {
		if !hasHeaders(s) {
			return l.o
		}
	}
	return LoadOptions{Network: css.DefaultNetwork}
}

// hasHeaders reports whether a segment's file says itself what is in it: miniSEED and SAC.
func hasHeaders(s css.Segment) bool { return s.IsMiniSEED() || s.Datatype == "sc" }

// name notes a file that a table names.
func (l *waveformLoad) name(d *tables, s css.Segment, changed bool) {
	n := l.named[s.Path]
	if n == nil {
		n = &namedFile{archive: d.archive, table: filepath.Base(d.path)}
		if k, ok := l.known.file(s.Path); ok && isBelow(s.Path, k.Archive) {
			n.archive = k.Archive
		}
		l.named[s.Path] = n
	}
	if !hasHeaders(s) {
		n.rows = append(n.rows, s)
		n.changed = n.changed || changed
	}
}

// saveTable writes the row of a table, if it says anything new.
func (l *waveformLoad) saveTable(ctx context.Context, d *tables, known db.File, row db.File) error {
	l.sum.Files++
	same := func(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
	if known.Path != "" && d.err == nil && !isChanged(d.found, known) && bytes.Equal(known.ContentHash, row.ContentHash) && same(known.Error, row.Error) {
		l.sum.Unchanged++
		return nil
	}
	l.sum.Loaded++
	l.sum.Bytes += d.size
	if row.Error != nil {
		l.sum.Failed++
		l.o.Log.Warn("file has faults", "file", d.path, "code", *row.ErrorCode, "message", *row.Error)
	}
	return l.o.changing(ctx, l.pool, func(tx *sqlx.Tx, revision int64) error { return db.SaveFile(ctx, tx, revision, row, nil) })
}

// hashSegments tells whether tables say the same of waveforms.
func hashSegments(segments []css.Segment) []byte {
	sum := sha256.New()
	for _, s := range segments {
		fmt.Fprintf(sum, "%v %d %v %d %s %d %s\n", s.ID, s.Start.UnixNano(), s.SampleRate, s.Samples, s.Path, s.Offset, s.Datatype)
	}
	return sum.Sum(nil)
}
